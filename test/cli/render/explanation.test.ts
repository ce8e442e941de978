import test from 'ava'
import { renderExplanation } from '../../../src/cli/render/explanation.ts'
import { PLAIN } from '../../../src/cli/render/style.ts'
import { explain } from '../../../src/plan/explain.ts'
import { drawGraph, ids } from '../../support/draw.ts'
import { dependencyAcrossRoots } from '../../support/topologies.ts'

interface Asked {
  readonly revision: string
  readonly targets: readonly string[]
  readonly applied?: readonly string[]
}

const says = test.macro((t, { revision, targets, applied = [] }: Asked, expected: readonly string[]) => {
  const graph = drawGraph(dependencyAcrossRoots)
  const explanation = explain(graph, new Set(ids(...applied)), targets, revision)
  const text = renderExplanation({ graph, revisions: new Map(), explanation }, targets, PLAIN)
  t.deepEqual(text.split('\n'), expected)
})

test('link by link from what was asked for', says, { revision: 'a1', targets: ['net@head'] }, [
  'a1 is applied by `upgrade net@head`, because',
  '  n3 (head), add n3 is what was asked for',
  '  n2, add n2 is needed by n3 as its parent',
  '  a2 (effective head), add a2 is needed by n2 as its dependency',
  '  a1 (acct), add a1 is needed by a2 as its parent',
])
test('a target itself', says, { revision: 'n1', targets: ['n1', 'a1'] }, [
  'n1 is applied by `upgrade n1 a1`, because',
  '  n1 (net), add n1 is what was asked for',
])
test('what no target needs', says, { revision: 'n1', targets: ['acct@head'] }, [
  'n1 is not applied by `upgrade acct@head`: no target needs it.',
])
test('what is applied and needed', says, { revision: 'a1', targets: ['a2'], applied: ['a1'] }, [
  'a1 is applied already; `upgrade a2` needs it, because',
  '  a2 (effective head), add a2 is what was asked for',
  '  a1 (acct), add a1 is needed by a2 as its parent',
])
test('what is applied and not needed', says, { revision: 'n1', targets: ['a2'], applied: ['n1'] }, [
  'n1 is applied already.',
])
