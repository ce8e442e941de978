import test from 'ava'
import fc from 'fast-check'
import { escapeVariables, expandVariables } from '../../src/settings/variables.ts'

test('what is escaped expands to itself, whatever the environment', t => {
  const text = fc.array(fc.constantFrom('$', '{', '}', '${', 'A', '$${A}', '\\')).map(parts => parts.join(''))
  fc.assert(
    fc.property(fc.oneof(text, fc.string()), written => {
      const { text, unset } = expandVariables(escapeVariables(written), { A: 'x' })
      t.is(text, written)
      t.deepEqual(unset, [])
    }),
  )
})

test('what a variable holds is not expanded again', t => {
  t.is(expandVariables('a${A}b', { A: '${B}', B: 'x' }).text, 'a${B}b')
})

test('every unset variable is named', t => {
  t.deepEqual(expandVariables('${A} ${B} ${C}', { B: '' }).unset, ['A', 'C'])
})
