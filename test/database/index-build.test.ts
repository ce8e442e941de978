import test from 'ava'
import { upgrade } from '../../src/actions/upgrade.ts'
import type { IndexBuildProgress } from '../../src/database/index-build.ts'
import { withDatabase } from '../support/database.ts'
import { driverFor } from '../support/driver.ts'
import { until } from '../support/embedded-project.ts'
import { appliedIn } from '../support/ledger-rows.ts'
import { writeProject } from '../support/written-project.ts'

const heads = { targets: ['heads'] }

test('an index that another session still builds is waited for, with its progress, and not built again', t =>
  withDatabase(t, async ({ url, sql }) => {
    const off = (up: string) => ({ up, header: 'transaction: off' })
    const project = writeProject(t, url, { a: 'create table t (id int);', b: off('select 1 / 0;') })
    await t.throwsAsync(upgrade(project.settings, heads), { code: 'REVISION_INCOMPLETE' })
    const inTheWay = await sql.reserve()
    await inTheWay`begin`
    await inTheWay`insert into t values (1)`
    const builder = driverFor(url)
    const building = builder`create index concurrently t_id on t (id)`.execute()
    const isInvalid = async () => (await sql`select from pg_index where not indisvalid`).length === 1
    await until(isInvalid, 'the index is there, not yet valid')

    project.write({ b: off('create index concurrently t_id on t (id);') })
    const seen: IndexBuildProgress[] = []
    await upgrade(project.settings, heads, {
      onIndexBuild: (_, progress) => {
        if (seen.push(progress) === 1) void inTheWay`rollback`.then(() => inTheWay.release())
      },
    })
    await building
    await builder.end()
    t.like(seen[0], { index: 't_id' })
    t.regex(seen[0]?.phase ?? '', /waiting for writers/)
    t.is(await appliedIn(sql), 'a b')
    t.is((await sql`select from pg_index where indrelid = 't'::regclass and indisvalid`).length, 1)
  }))

test('what was renamed to be dropped, by a run that then died, is dropped by the next', t =>
  withDatabase(t, async ({ url, sql }) => {
    const up = 'create unique index concurrently t_id on t (id);'
    const project = writeProject(t, url, {
      a: 'create table t (id int);\ninsert into t values (1), (1);',
      b: { up, header: 'transaction: off' },
    })
    await t.throwsAsync(upgrade(project.settings, heads), { code: 'REVISION_INCOMPLETE' })
    const [row] = await sql`select indexrelid as oid from pg_index where not indisvalid`
    await sql`alter index t_id rename to ${sql(`sqlbraid_invalid_${row?.['oid']}`)}`
    await sql`delete from t where ctid = (select min(ctid) from t)`
    await upgrade(project.settings, heads)
    const indexes =
      await sql`select indexrelid::regclass::text as name from pg_index where indrelid = 't'::regclass`
    t.deepEqual(
      indexes.map(({ name }) => name),
      ['t_id'],
    )
  }))
