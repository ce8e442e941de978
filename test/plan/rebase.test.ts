import test from 'ava'
import { heads } from '../../src/graph/lineage.ts'
import { appliedOutOfOrder, planRebase } from '../../src/plan/rebase.ts'
import { drawGraph, ids } from '../support/draw.ts'
import { branchOffABranch, fork, twoRoots } from '../support/topologies.ts'

interface Rebased {
  readonly graph: string
  /** As on the command line: `feature --onto t1`. */
  readonly rebase: string
  /** `b1: a -> c2`, joined by `; `. */
  readonly changes: string
  readonly heads: string
}

const rebases = test.macro((t, { graph: drawing, rebase, changes, heads: expected }: Rebased) => {
  const plan = planned(drawing, rebase)
  t.is(plan.changes.map(({ revision, from, to }) => `${revision}: ${from} -> ${to}`).join('; '), changes)
  t.is(heads(plan.graph).join(' '), expected)
})

const refuses = test.macro((t, graph: string, rebase: string, code: string, message: RegExp) => {
  t.throws(() => planned(graph, rebase), { code, message })
})

function planned(drawing: string, rebase: string) {
  const [name = '', onto = ''] = rebase.split(' --onto ')
  return planRebase(drawGraph(drawing), name, onto)
}

test('a labelled branch moves to the tip of the other side: two heads become one line', rebases, {
  graph: fork,
  rebase: 'left --onto c2',
  changes: 'b1: a -> c2',
  heads: 'b2',
})
test('a branch is named by any of its revisions, and by the beginning of its label', rebases, {
  graph: fork,
  rebase: 'lef --onto c1',
  changes: 'b1: a -> c1',
  heads: 'b2 c2',
})
test('of a revision moves what the other side has not', rebases, {
  graph: fork,
  rebase: 'c2 --onto b2',
  changes: 'c1: a -> b2',
  heads: 'c2',
})
test('two roots become one line', rebases, {
  graph: twoRoots,
  rebase: 'p2 --onto n2',
  changes: 'p1:  -> n2',
  heads: 'p2',
})
test('a branch off a branch leaves it, and what stands on it moves along', rebases, {
  graph: branchOffABranch,
  rebase: 'sub --onto t1',
  changes: 's1: b1 -> t1',
  heads: 'b2 s2',
})
test('a branch moves with the branches that stand on it', rebases, {
  graph: branchOffABranch,
  rebase: 'feature --onto t1',
  changes: 'b1: a -> t1',
  heads: 'b2 s2',
})
test('a branch that merged what it moves onto merges it no longer', rebases, {
  graph: 'a <- c1 <- c2\n a <- b1 <- m <- b2\n c1 <- m',
  rebase: 'b2 --onto c2',
  changes: 'b1: a -> c2; m: b1,c1 -> b1',
  heads: 'b2',
})
test('a branch that stands there already stays as it is', rebases, {
  graph: 'a <- b1[left] <- b2',
  rebase: 'left --onto a',
  changes: '',
  heads: 'b2',
})
test(
  'what is contained cannot move',
  refuses,
  'a <- b <- c',
  'b --onto c',
  'NOTHING_TO_REBASE',
  /c contains b/,
)
test(
  'a branch cannot move onto itself',
  refuses,
  fork,
  'left --onto b2',
  'REBASE_CYCLE',
  /b1 → b2 → b1|b2 → b1/,
)
test(
  'a dependency can close a cycle too',
  refuses,
  'a <- b1[left]\n a <- c1(b1)',
  'left --onto c1',
  'REBASE_CYCLE',
  /c1 → b1 → c1|b1 → c1 → b1/,
)
test('an unknown branch is an unknown target', refuses, fork, 'nope --onto c2', 'UNKNOWN_TARGET', /nope/)

for (const [applied, misplaced] of [
  ['a', ''],
  ['a c1 c2', ''],
  ['a c1 c2 b1 b2', ''],
  ['a b1', 'b1'],
  ['a b1 c1 c2 b2', 'b1'],
  ['a c1 b1 b2 c2 d', 'b1 b2'],
] as const) {
  test(`after ${applied} the revisions out of order are: ${misplaced || 'none'}`, t => {
    const graph = drawGraph(`${fork}\n a <- d`)
    const plan = planRebase(graph, 'left', 'c2')
    t.is(appliedOutOfOrder(graph, plan, ids(...applied.split(' '))).join(' '), misplaced)
  })
}
