import test from 'ava'
import { type Divergence, divergences } from '../../src/graph/divergence.ts'
import { drawGraph } from '../support/draw.ts'
import { braid, branchOffABranch, crissCross, twoRoots } from '../support/topologies.ts'

const diverges = test.macro((t, graph: string, expected: readonly string[]) => {
  t.deepEqual(divergences(drawGraph(graph)).map(describe), expected)
})

test('each pair of heads has a common ancestor, and counts what it has since', diverges, branchOffABranch, [
  'b2 +1, s2 +2 since b1',
  'b2 +2, t1 +1 since a',
  's2 +3, t1 +1 since a',
])
test('what was merged has not diverged', diverges, braid, [])
test('heads without a base in common have not diverged', diverges, twoRoots, [])
test('after a criss-cross merge there are two nearest ancestors', diverges, crissCross, [
  'n1 +2, n2 +2 since b1, b2',
])

function describe({ heads, ancestors }: Divergence): string {
  return `${heads.map(({ head, revisions }) => `${head} +${revisions}`).join(', ')} since ${ancestors.join(', ')}`
}
