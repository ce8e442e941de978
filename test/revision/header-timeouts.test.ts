import test from 'ava'
import { parseHeader } from '../../src/revision/header.ts'

for (const value of ['0', '500ms', '5s', '5 s', '2min', '1h']) {
  test(`a script may set its limits: lock_timeout: ${value}`, t => {
    const { header, problems } = parseHeader(`-- lock_timeout: ${value}\n-- statement_timeout: ${value}\n`)
    t.deepEqual(problems, [])
    t.is(header.lock_timeout, value)
    t.is(header.statement_timeout, value)
  })
}

for (const value of ['5', '-1s', "1s'; drop table x; --", 'soon']) {
  test(`a time without a unit, or none at all, is refused: ${value}`, t => {
    const { header, problems } = parseHeader(`-- lock_timeout: ${value}\n`)
    t.deepEqual(
      problems.map(({ code, line }) => ({ code, line })),
      [{ code: 'BAD_TIMEOUT', line: 1 }],
    )
    t.is(header.lock_timeout, undefined)
  })
}
