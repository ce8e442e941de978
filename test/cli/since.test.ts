import test from 'ava'
import { parseSince } from '../../src/cli/since.ts'

const now = new Date('2026-11-22T12:00:00Z')
const since = (text: string) => parseSince(text, now).toISOString()

test('so long ago, or a date or time, which is UTC unless it says', t => {
  t.is(since('90s'), '2026-11-22T11:58:30.000Z')
  t.is(since('2h'), '2026-11-22T10:00:00.000Z')
  t.is(since('1w'), '2026-11-15T12:00:00.000Z')
  t.is(since('2026-11-01'), '2026-11-01T00:00:00.000Z')
  t.is(since('2026-11-01 12:30'), '2026-11-01T12:30:00.000Z')
  t.is(since('2026-11-01T12:30:15+01:00'), '2026-11-01T11:30:15.000Z')
})

test('anything else is wrong usage', t => {
  for (const text of ['', 'yesterday', '2 months', '2026-13-01', '1e3s']) {
    t.throws(() => since(text), { message: /^--since ".*" is no time/ })
  }
})
