import test from 'ava'
import { upgrade } from '../../src/actions/upgrade.ts'
import { withDatabase } from '../support/database.ts'
import { appliedIn } from '../support/ledger-rows.ts'
import { writeProject } from '../support/written-project.ts'

test('readers of a table that an idle transaction holds never wait longer than lock_timeout', t =>
  withDatabase(t, async ({ url, sql }) => {
    await sql`create table held (id int)`
    const { settings } = writeProject(
      t,
      url,
      { a: 'alter table held add column a int;' },
      { lock_timeout: '300ms' },
    )
    const idle = await sql.reserve()
    await idle`begin`
    await idle`select from held`
    let retries = 0
    let isOver = false
    const upgrading = upgrade(
      settings,
      { targets: ['heads'] },
      {
        onRetry: () => {
          retries++
          if (retries === 2) void idle`rollback`.then(() => idle.release())
        },
      },
    ).finally(() => {
      isOver = true
    })
    let reads = 0
    while (!isOver) {
      // The server itself refuses the reader whose patience, that of the run and some room, is at its end.
      await sql.begin(async transaction => {
        await transaction`set local lock_timeout = '2s'`
        await transaction`select from held`
      })
      reads++
    }
    await upgrading
    t.is(retries, 2)
    t.true(reads > 0)
    t.is(await appliedIn(sql), 'a')
  }))
