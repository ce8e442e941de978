import { readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import test from 'ava'
import { autogenerate } from '../../src/actions/autogenerate.ts'
import { SCHEMA_PAIRS } from '../support/schema-pairs.ts'
import { withScratchProject } from '../support/scratch-project.ts'

const { enum_value, enum_value_used, ...others } = SCHEMA_PAIRS

/** States that scripts are generated and proved that turn all pairs at once, each in a schema of its own, and back. */
const generates = test.macro((t, pairs: typeof SCHEMA_PAIRS, mode: 'on' | 'off') => {
  const schemaOf = (side: 'from' | 'to') =>
    Object.entries(pairs)
      .map(([name, pair]) => `create schema "${name}"; set search_path = "${name}"; ${pair[side]};`)
      .join('\n')
  return withScratchProject('a', { a: schemaOf('from') }, async ({ root, settings }) => {
    const file = join(root, 'schema.sql')
    await writeFile(file, schemaOf('to'))
    const request = { message: 'all', renames: [], allowDestructive: true }
    const { revision, notCompared } = await autogenerate({ ...settings, schema: [file] }, request)
    const up = readFileSync(revision?.parts.up ?? '', 'utf8')
    t.is(/^-- transaction: off$/m.test(up), mode === 'off')
    for (const name of Object.keys(pairs)) t.true(up.includes(name), `${name} is changed`)
    t.deepEqual([...notCompared], [])
  })
})

test('every kind of change is generated in both directions, in one transaction', generates, others, 'on')

test(
  'a new value of an enum that is used at once takes more than one transaction',
  generates,
  { ...(enum_value && { enum_value }), ...(enum_value_used && { enum_value_used }) },
  'off',
)
