import test from 'ava'
import { readState } from '../../src/actions/read-state.ts'
import { upgrade } from '../../src/actions/upgrade.ts'
import { debianServer } from '../support/debian-server.ts'
import { driverFor } from '../support/driver.ts'
import { until } from '../support/embedded-project.ts'
import { appliedIn } from '../support/ledger-rows.ts'
import { writeProject } from '../support/written-project.ts'

const heads = { targets: ['heads'] }

test('a standby is refused, read, and passed over where target_session_attrs says so', async t => {
  const primary = debianServer(t)
  if (primary === undefined) return
  primary.start()
  const standby = debianServer(t, { primary })
  if (standby === undefined) return
  standby.start()
  const folderOf = ({ url }: typeof primary) => new URL(url).searchParams.get('host')
  const both = `postgresql:///postgres?user=postgres&host=${folderOf(standby)},${folderOf(primary)}`
  const projectAt = (url: string) => writeProject(t, url, { a: 'create table a ();' }).settings

  await t.throwsAsync(upgrade(projectAt(standby.url), heads), {
    code: 'READ_ONLY_DATABASE',
    message: /standby/,
  })
  await t.throwsAsync(upgrade(projectAt(both), heads), { code: 'READ_ONLY_DATABASE' })
  for (const attrs of ['read-only', 'standby', 'prefer-standby'])
    await t.throwsAsync(upgrade(projectAt(`${both}&target_session_attrs=${attrs}`), heads), {
      code: 'READ_ONLY_DATABASE',
    })
  await t.throwsAsync(upgrade(projectAt(`${standby.url}&target_session_attrs=primary`), heads), {
    code: 'NO_SUITABLE_SERVER',
  })
  for (const attrs of ['read-write', 'primary'])
    await upgrade(projectAt(`${both}&target_session_attrs=${attrs}`), heads)

  const sql = driverFor(primary.url)
  t.is(await appliedIn(sql), 'a')
  await sql.end()
  await until(async () => {
    const { pending } = await readState(projectAt(standby.url))
    return pending.length === 0
  }, 'the standby has what the primary has')
})
