import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import test from 'ava'
import { BIN, cleanEnvironment, lineOfRevisions, withCliProject } from '../support/cli.ts'
import { type TestDatabase, withDatabase } from '../support/database.ts'
import { appliedIn } from '../support/ledger-rows.ts'

const SLEEPING = lineOfRevisions(['r1', 'r2', 'r3'], { r2: 'create table r2 ();\nselect pg_sleep(600);' })

for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const) {
  test(`the first ${signal} cancels the running revision, which is undone, and the exit code is ${code}`, t =>
    withDatabase(t, ({ url, sql }) =>
      withCliProject(SLEEPING, async ({ root }) => {
        const run = start(root, ['upgrade', 'heads', '--url', url])
        await isSleeping(sql)
        run.kill(signal)
        t.deepEqual(await run.ended, [code, null])
        t.regex(await run.said, new RegExp(`^${signal}: cancelling the running revision`, 'm'))
        t.regex(await run.said, /1 of 3 steps are done/)
        t.is(await appliedIn(sql), 'r1')
        t.deepEqual([...(await sql`select from pg_tables where tablename = 'r2'`)], [])
      }),
    ))
}

test('with --finish-current the running revision is completed, and no other is begun', t =>
  withDatabase(t, ({ url, sql }) =>
    withCliProject(
      lineOfRevisions(['r1', 'r2', 'r3'], {
        r2: 'do $$ begin while not exists (select from may_go_on) loop perform pg_sleep(0.05); end loop; end $$;',
      }),
      async ({ root }) => {
        await sql`create table may_go_on (yes boolean)`
        const run = start(root, ['upgrade', 'heads', '--finish-current', '--url', url])
        await isSleeping(sql)
        run.kill('SIGTERM')
        await run.until('ending after the running revision')
        await sql`insert into may_go_on values (true)`
        t.deepEqual(await run.ended, [143, null])
        t.is(await appliedIn(sql), 'r1 r2')
      },
    ),
  ))

test('a second signal ends the process at once; the server undoes what was under way', t =>
  withDatabase(t, ({ url, sql }) =>
    withCliProject(SLEEPING, async ({ root }) => {
      const run = start(root, ['upgrade', 'heads', '--finish-current', '--url', url])
      await isSleeping(sql)
      run.kill('SIGINT')
      await run.until('ending after the running revision')
      run.kill('SIGINT')
      t.deepEqual(await run.ended, [130, null])
      t.is(await appliedIn(sql), 'r1')
    }),
  ))

interface Run {
  readonly kill: (signal: 'SIGINT' | 'SIGTERM') => void
  readonly ended: Promise<unknown[]>
  /** All that it wrote to stderr, once it has ended. */
  readonly said: Promise<string>
  /** Resolves as soon as it has said these words. */
  readonly until: (words: string) => Promise<void>
}

function start(cwd: string, args: readonly string[]): Run {
  const child = spawn(process.execPath, [BIN, ...args], {
    cwd,
    env: cleanEnvironment(),
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let written = ''
  child.stderr.on('data', chunk => {
    written += String(chunk)
  })
  return {
    kill: signal => child.kill(signal),
    ended: once(child, 'exit'),
    said: once(child, 'close').then(() => written),
    until: async words => {
      while (!written.includes(words)) await once(child.stderr, 'data')
    },
  }
}

/** Resolves when a statement of the run under test sleeps. */
async function isSleeping(sql: TestDatabase['sql']): Promise<void> {
  for (;;) {
    const found = await sql`
      select from pg_stat_activity
      where datname = current_database() and wait_event = 'PgSleep' and state = 'active'`
    if (found.length > 0) return
    await pause(20)
  }
}
