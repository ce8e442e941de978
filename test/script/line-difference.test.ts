import test from 'ava'
import fc from 'fast-check'
import { lineDifference } from '../../src/script/line-difference.ts'

const text = fc.array(fc.constantFrom('', 'a', 'b', '\ud800', '𝒳', ' '), { maxLength: 12 })

test('what is removed is of the text before, what is added of the one after, and nothing is lost', t => {
  fc.assert(
    fc.property(text, text, (before, after) => {
      const runs = lineDifference(before.join('\n'), after.join('\n'))
      const without = (kind: string) =>
        runs
          .filter(run => run.kind !== kind)
          .flatMap(({ lines }) => lines)
          .join('\n')
      t.is(without('added'), before.join('\n').trimEnd())
      t.is(without('removed'), after.join('\n').trimEnd())
    }),
  )
})

test('one line among many thousand different ones is found', t => {
  const lines = Array.from({ length: 70_000 }, (_, index) => `line ${index}`)
  const changed = lines.with(60_000, 'another')
  const runs = lineDifference(lines.join('\n'), changed.join('\r\n'))
  t.deepEqual(
    runs.filter(({ kind }) => kind !== 'same'),
    [
      { kind: 'removed', lines: ['line 60000'] },
      { kind: 'added', lines: ['another'] },
    ],
  )
})
