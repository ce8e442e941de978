import test from 'ava'
import { type ScriptedStep, sqlScript } from '../../src/plan/sql-script.ts'
import type { ExpectedRevision } from '../../src/plan/sql-script-guard.ts'
import { planUpgrade } from '../../src/plan/upgrade.ts'
import type { RevisionId } from '../../src/revision/revision.ts'
import { splitStatements } from '../../src/script/statements.ts'
import { drawGraph } from '../support/draw.ts'
import { diamond } from '../support/topologies.ts'

interface Given {
  readonly drawing?: string
  readonly expected?: readonly ExpectedRevision[]
  readonly schema?: string
  readonly step?: Partial<ScriptedStep>
}

/** The script of `upgrade heads` where every revision selects its own name. */
function scriptFor({ drawing = diamond, expected = [], schema = 'sqlbraid', step = {} }: Given): string {
  const applied = new Set(expected.map(({ id }) => id as RevisionId))
  const plan = planUpgrade(drawGraph(drawing), applied, ['heads'])
  const steps = plan.steps.map(({ revision }): ScriptedStep => {
    const text = `select '${revision}'`
    const entry = {
      ...{ id: revision, parents: [], depends: [], labels: [], created: '', message: '' },
      ...{ checksum: '', upScript: text },
    }
    const script = { text, statements: splitStatements(text) }
    const fixed = {
      revision,
      message: '',
      script,
      transaction: 'on',
      limits: { lockTimeout: '5s', statementTimeout: '0' },
    } as const
    return { ...fixed, ...step, direction: 'up', entry }
  })
  const options = {
    action: 'upgrade',
    toolVersion: '1',
    lockWait: 0,
    transaction: 'each',
    lexer: {},
  } as const
  return sqlScript(plan, steps, { ...options, schema, expected }).text
}

test('the script says what it goes from and to, and runs the steps in their order', t => {
  const script = scriptFor({ expected: [{ id: 'a' }] })
  t.regex(script, /^-- sqlbraid 1: upgrade heads\n-- from a to m\n/)
  t.deepEqual(script.match(/^\\echo .*$/gm), ["\\echo 'up b1'", "\\echo 'up b2'", "\\echo 'up m'"])
  t.is(script.match(/^commit;$/gm)?.length, 3)
})

test('the same bytes, whatever the order in which revisions are read', t => {
  const expected = ['a', 'b2', 'b1'].map(id => ({ id }))
  const other = { drawing: 'a <- b2 <- m\n a <- b1 <- m', expected: expected.toReversed() }
  t.is(scriptFor({ expected }), scriptFor(other))
})

test('a script that has nothing to do holds no SQL', t => {
  const script = scriptFor({ expected: ['a', 'b1', 'b2', 'm'].map(id => ({ id })) })
  t.true(script.split('\n').every(line => line === '' || line.startsWith('--')))
})

test('a revision that stopped half-way is part of the state', t => {
  const expected = [{ id: 'a', pending: { direction: 'up', statementsDone: 2 } }] as const
  t.true(scriptFor({ expected }).includes("array['a (up, 2 done)']::text[]"))
})

test('no name breaks out of its quotes', t => {
  const script = scriptFor({ schema: `a"b'c$sqlbraid$`, step: { message: "x'\n\\! touch y" } })
  t.true(script.includes(`'"a""b''c$sqlbraid$".version'`))
  t.true(script.includes('do $sqlbraid1$'))
  t.true(script.includes("\\echo 'up a x'' \\\\! touch y'"))
})
