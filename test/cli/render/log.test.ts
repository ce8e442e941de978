import test from 'ava'
import { renderLog } from '../../../src/cli/render/log.ts'
import { PLAIN } from '../../../src/cli/render/style.ts'
import type { LoggedEvent } from '../../../src/database/event-log.ts'

const done: LoggedEvent = {
  runId: '1b2c3d4e-0000-4000-8000-000000000000',
  action: 'upgrade',
  revision: '4f1c2ab39d07',
  outcome: 'done',
  happenedAt: '2026-11-22T14:03:59.120Z',
  durationMs: 12,
  databaseUser: 'deploy',
  osUser: 'ci',
  host: 'runner-7',
  gitCommit: '928d388aa0000000000000000000000000000000',
  toolVersion: '1.0.0',
}
const failed: LoggedEvent = {
  ...done,
  outcome: 'failed',
  error: { message: 'relation "\x1b[31mx" does not exist' },
}

test('an event is a row, and what failed says why', t => {
  t.is(
    renderLog([failed, done], 200, PLAIN),
    [
      'when (UTC)           run       what            revision      took   by                    commit',
      '2026-11-22 14:03:59  1b2c3d4e  upgrade failed  4f1c2ab39d07  12 ms  deploy (ci@runner-7)  928d388a',
      '    relation "\\x1b[31mx" does not exist',
      '2026-11-22 14:03:59  1b2c3d4e  upgrade         4f1c2ab39d07  12 ms  deploy (ci@runner-7)  928d388a',
    ].join('\n'),
  )
})

test('no line is wider than the terminal', t => {
  for (const line of renderLog([failed, done], 30, PLAIN).split('\n')) t.true(line.length <= 30, line)
})
