import test from 'ava'
import { missedRevisions, planUpgrade } from '../../src/plan/upgrade.ts'
import { drawGraph, ids } from '../support/draw.ts'
import { plans, refuses } from '../support/plans.ts'
import {
  braid,
  branchOffABranch,
  crissCross,
  dependencyAcrossRoots,
  diamond,
  fork,
  line,
  mergeOfThree,
  twoRoots,
} from '../support/topologies.ts'

test('head of a line applies all of it', plans, {
  graph: line,
  command: 'upgrade head',
  steps: 'up a, up b, up c, up d',
  headsAfter: 'd',
})
test('head applies only what is missing', plans, {
  graph: line,
  heads: 'b',
  command: 'upgrade head',
  steps: 'up c, up d',
  headsAfter: 'd',
})
test('an applied target leaves nothing to do', plans, {
  graph: line,
  heads: 'c',
  command: 'upgrade b',
  steps: '',
  headsAfter: 'c',
})
test('base leaves nothing to do', plans, {
  graph: line,
  heads: 'c',
  command: 'upgrade base',
  steps: '',
  headsAfter: 'c',
})
test('the head of an empty history leaves nothing to do', plans, {
  graph: '',
  command: 'upgrade head',
  steps: '',
  headsAfter: '',
})
test('a merge is applied once, after both its parents', plans, {
  graph: diamond,
  heads: 'b1',
  command: 'upgrade head',
  steps: 'up b2, up m',
  headsAfter: 'm',
})
test('a diamond goes up from nothing', plans, {
  graph: diamond,
  command: 'upgrade head',
  steps: 'up a, up b1, up b2, up m',
  headsAfter: 'm',
})
test('two sides of two interleave by (created, id)', plans, {
  graph: braid,
  command: 'upgrade head',
  steps: 'up a, up b1, up b2, up c1, up c2, up m',
  headsAfter: 'm',
})
test('the older of two ready revisions goes first', plans, {
  graph: `a{1} <- z{2} <- y{4}
          a <- b{3}`,
  command: 'upgrade heads',
  steps: 'up a, up z, up b, up y',
  headsAfter: 'b y',
})
test('criss-cross merges pull in both sides', plans, {
  graph: crissCross,
  heads: 'b1',
  command: 'upgrade n1',
  steps: 'up b2, up m1, up n1',
  headsAfter: 'n1',
})
test('all heads of a criss-cross', plans, {
  graph: crissCross,
  command: 'upgrade heads',
  steps: 'up a, up b1, up b2, up m1, up m2, up n1, up n2',
  headsAfter: 'n1 n2',
})
test('a merge of three waits for all three', plans, {
  graph: mergeOfThree,
  heads: 'b2',
  command: 'upgrade m',
  steps: 'up b1, up b3, up m',
  headsAfter: 'm',
})
test('one of two roots is upgraded alone', plans, {
  graph: twoRoots,
  command: 'upgrade p2',
  steps: 'up p1, up p2',
  headsAfter: 'p2',
})
test('several targets at once', plans, {
  graph: twoRoots,
  command: 'upgrade n1 p1',
  steps: 'up n1, up p1',
  headsAfter: 'n1 p1',
})
test('a label is the revision that carries it, not the head of its branch', plans, {
  graph: fork,
  command: 'upgrade left',
  steps: 'up a, up b1',
  headsAfter: 'b1',
})
test('label@head is the head of its lineage', plans, {
  graph: fork,
  command: 'upgrade left@head',
  steps: 'up a, up b1, up b2',
  headsAfter: 'b2',
})
test('rev@head is the head of its lineage', plans, {
  graph: fork,
  heads: 'b1',
  command: 'upgrade c1@head',
  steps: 'up c1, up c2',
  headsAfter: 'b1 c2',
})
test('label@heads are all heads of its lineage', plans, {
  graph: branchOffABranch,
  heads: 'b1',
  command: 'upgrade feature@heads',
  steps: 'up b2, up s1, up s2',
  headsAfter: 'b2 s2',
})
test('a branch off a branch has a head of its own', plans, {
  graph: branchOffABranch,
  command: 'upgrade sub@head',
  steps: 'up a, up b1, up s1, up s2',
  headsAfter: 's2',
})
test('a dependency in another root is pulled in', plans, {
  graph: dependencyAcrossRoots,
  command: 'upgrade net@head',
  steps: 'up a1, up a2, up n1, up n2, up n3',
  headsAfter: 'a2 n3',
})
test('a dependency given as a label is the revision that carries it', plans, {
  graph: `n1 <- n2(acct)
          a1[acct] <- a2`,
  command: 'upgrade n2',
  steps: 'up a1, up n1, up n2',
  headsAfter: 'a1 n2',
})
test('an inserted ancestor that was never applied is applied', plans, {
  graph: line,
  applied: 'a c',
  command: 'upgrade head',
  steps: 'up b, up d',
  headsAfter: 'd',
})
test('a revision waits for what it requires through an applied one', plans, {
  graph: 'z <- y <- a',
  applied: 'y',
  command: 'upgrade head',
  steps: 'up z, up a',
  headsAfter: 'a',
})
test('unknown applied revisions are passed through', plans, {
  graph: line,
  applied: 'a b lost',
  command: 'upgrade c',
  steps: 'up c',
  headsAfter: 'c lost',
})
test('two applied heads, one depending on the other, are no obstacle', plans, {
  graph: dependencyAcrossRoots,
  applied: 'a1 a2 n1 n2',
  command: 'upgrade heads',
  steps: 'up n3',
  headsAfter: 'a2 n3',
})
test('the beginning of an id is enough when only one begins so', plans, {
  graph: '4f1c2ab39d07 <- 9a0b1c2d3e4f',
  command: 'upgrade 9',
  steps: 'up 4f1c2ab39d07, up 9a0b1c2d3e4f',
  headsAfter: '9a0b1c2d3e4f',
})
test('the beginning of a label is enough too', plans, {
  graph: fork,
  command: 'upgrade le@head',
  steps: 'up a, up b1, up b2',
  headsAfter: 'b2',
})
test('a lineage settles an ambiguous beginning', plans, {
  graph: `a <- x77a1[left]
          a <- x77b2`,
  command: 'upgrade left@x77',
  steps: 'up a, up x77a1',
  headsAfter: 'x77a1',
})

test('+1 goes one up from the applied head', plans, {
  graph: line,
  heads: 'b',
  command: 'upgrade +1',
  steps: 'up c',
  headsAfter: 'c',
})
test('+2 goes two up from the applied head', plans, {
  graph: line,
  heads: 'b',
  command: 'upgrade +2',
  steps: 'up c, up d',
  headsAfter: 'd',
})
test('+1 of an empty database is the base', plans, {
  graph: line,
  command: 'upgrade +1',
  steps: 'up a',
  headsAfter: 'a',
})
test('current+1 is +1', plans, {
  graph: line,
  heads: 'b',
  command: 'upgrade current+1',
  steps: 'up c',
  headsAfter: 'c',
})
test('+1 of one side of a merge takes the other side along', plans, {
  graph: diamond,
  heads: 'b1',
  command: 'upgrade +1',
  steps: 'up b2, up m',
  headsAfter: 'm',
})
test('+1 of both sides of a merge is the merge, as after -1', plans, {
  graph: diamond,
  heads: 'b1 b2',
  command: 'upgrade +1',
  steps: 'up m',
  headsAfter: 'm',
})
test('label@+1 goes up within the lineage', plans, {
  graph: fork,
  heads: 'a',
  command: 'upgrade left@+1',
  steps: 'up b1',
  headsAfter: 'b1',
})
test('label@+N counts from the applied head within the lineage', plans, {
  graph: fork,
  heads: 'b1 c1',
  command: 'upgrade left@+1',
  steps: 'up b2',
  headsAfter: 'b2 c1',
})
test('label@+N counts from what is applied below, with another branch further on', plans, {
  graph: fork,
  heads: 'c2',
  command: 'upgrade left@+2',
  steps: 'up b1, up b2',
  headsAfter: 'b2 c2',
})
test('label@+N of an empty database counts from the base', plans, {
  graph: twoRoots,
  command: 'upgrade n2@+1',
  steps: 'up n1',
  headsAfter: 'n1',
})
test('rev+N counts from the revision', plans, {
  graph: line,
  command: 'upgrade a+2',
  steps: 'up a, up b, up c',
  headsAfter: 'c',
})
test('base+N counts from nothing', plans, {
  graph: line,
  command: 'upgrade base+2',
  steps: 'up a, up b',
  headsAfter: 'b',
})
test('label@rev+N chooses the way at a fork', plans, {
  graph: fork,
  command: 'upgrade left@a+2',
  steps: 'up a, up b1, up b2',
  headsAfter: 'b2',
})
test('label@base+N counts from nothing within the lineage', plans, {
  graph: fork,
  command: 'upgrade left@base+3',
  steps: 'up a, up b1, up b2',
  headsAfter: 'b2',
})
test('rev-N counts down from the revision', plans, {
  graph: line,
  command: 'upgrade d-2',
  steps: 'up a, up b',
  headsAfter: 'b',
})
test('head-N counts down from the head', plans, {
  graph: line,
  command: 'upgrade head-1',
  steps: 'up a, up b, up c',
  headsAfter: 'c',
})
test('heads-N counts down where there is one head', plans, {
  graph: line,
  command: 'upgrade heads-1',
  steps: 'up a, up b, up c',
  headsAfter: 'c',
})
test('head-1 below a merge point are all its parents', plans, {
  graph: diamond,
  command: 'upgrade head-1',
  steps: 'up a, up b1, up b2',
  headsAfter: 'b1 b2',
})
test('label@head-N chooses the way below a merge point', plans, {
  graph: braid,
  command: 'upgrade left@head-2',
  steps: 'up a, up b1',
  headsAfter: 'b1',
})
test('a count that ends below the base is base', plans, {
  graph: line,
  command: 'upgrade b-2',
  steps: '',
  headsAfter: '',
})

test('head of two heads is refused, with both', refuses, {
  graph: fork,
  command: 'upgrade head',
  code: 'MULTIPLE_HEADS',
  message: /2 heads: b2, c2\./,
  suggests: [
    'sqlbraid upgrade heads',
    'sqlbraid upgrade b2@head',
    'sqlbraid upgrade c2@head',
    'sqlbraid merge b2 c2',
  ],
})
test('label@head of a lineage with two heads is refused', refuses, {
  graph: branchOffABranch,
  command: 'upgrade feature@head',
  code: 'MULTIPLE_HEADS',
  message: /lineage of feature has 2 heads: b2, s2\./,
  suggests: ['sqlbraid upgrade feature@heads'],
})
test('head and heads agree about dependencies', refuses, {
  graph: dependencyAcrossRoots,
  command: 'upgrade head',
  code: 'MULTIPLE_HEADS',
  message: /a2, n3/,
})
test('+1 from several applied heads is refused, with all of them', refuses, {
  graph: twoRoots,
  heads: 'n1 p1',
  command: 'upgrade +1',
  code: 'AMBIGUOUS_TARGET',
  message: /n1, p1/,
  suggests: ['sqlbraid upgrade n1@+1', 'sqlbraid upgrade p1@+1'],
})
test('+1 does not guess that only one of two applied heads can go on', refuses, {
  graph: twoRoots,
  heads: 'n2 p1',
  command: 'upgrade +1',
  code: 'AMBIGUOUS_TARGET',
  suggests: ['sqlbraid upgrade p1@+1'],
})
test('+1 before a fork is refused, with its ways', refuses, {
  graph: fork,
  heads: 'a',
  command: 'upgrade +1',
  code: 'AMBIGUOUS_TARGET',
  message: /fork.* b1, c1/,
  suggests: ['sqlbraid upgrade b1@+1', 'sqlbraid upgrade c1@+1'],
})
test('+1 of an empty database with two bases is refused', refuses, {
  graph: twoRoots,
  command: 'upgrade +1',
  code: 'AMBIGUOUS_TARGET',
  message: /n1, p1/,
})
test('+N past the head is refused, with how far it goes', refuses, {
  graph: line,
  heads: 'b',
  command: 'upgrade +3',
  code: 'WALKED_TOO_FAR',
  message: /there are 2 revisions/,
  suggests: ['sqlbraid upgrade +2'],
})
test('rev+N past the head is refused', refuses, {
  graph: line,
  command: 'upgrade c+2',
  code: 'WALKED_TOO_FAR',
  message: /there is 1 revision /,
  suggests: ['sqlbraid upgrade c+1'],
})
test('rev-N past the base is refused', refuses, {
  graph: line,
  command: 'upgrade b-3',
  code: 'WALKED_TOO_FAR',
  suggests: ['sqlbraid upgrade b-2'],
})
test('a count through a merge point is refused, with its parents', refuses, {
  graph: diamond,
  command: 'upgrade head-2',
  code: 'AMBIGUOUS_TARGET',
  message: /merge point.* b1, b2/,
  suggests: ['sqlbraid upgrade b1@head-2'],
})
test('heads-1 of two heads is refused', refuses, {
  graph: fork,
  command: 'upgrade heads-1',
  code: 'AMBIGUOUS_TARGET',
  message: /b2, c2/,
  suggests: ['sqlbraid upgrade b2@heads-1'],
})
test('-1 is not an upgrade', refuses, {
  graph: line,
  heads: 'b',
  command: 'upgrade -1',
  code: 'BAD_TARGET',
  suggests: ['sqlbraid downgrade -1'],
})
test('label@-1 is not an upgrade', refuses, {
  graph: fork,
  heads: 'b2',
  command: 'upgrade left@-1',
  code: 'BAD_TARGET',
  suggests: ['sqlbraid downgrade left@-1'],
})
test('a revision outside the lineage is refused', refuses, {
  graph: fork,
  command: 'upgrade left@c1',
  code: 'NOT_IN_LINEAGE',
  message: /c1 .* left/,
})
test('an ambiguous beginning is refused, with every candidate', refuses, {
  graph: 'x1 <- x2 <- x3 <- x4[x5]',
  command: 'upgrade x',
  code: 'AMBIGUOUS_ID',
  message: /5 names: x1, x2, x3, x4, x5/,
  suggests: ['sqlbraid upgrade x1', 'sqlbraid upgrade x5'],
})
test('an ambiguous lineage is refused, with every candidate', refuses, {
  graph: 'x1 <- x2',
  command: 'upgrade x@head',
  code: 'AMBIGUOUS_ID',
  suggests: ['sqlbraid upgrade x1@head', 'sqlbraid upgrade x2@head'],
})
test('an unknown revision is refused', refuses, {
  graph: line,
  command: 'upgrade nowhere',
  code: 'UNKNOWN_TARGET',
})
test('HEAD is refused, and head suggested', refuses, {
  graph: line,
  command: 'upgrade HEAD',
  code: 'UNKNOWN_TARGET',
  message: /Did you mean 'head'/,
  suggests: ['sqlbraid upgrade head'],
})
test('a near miss of a label is refused, and the label suggested', refuses, {
  graph: fork,
  command: 'upgrade letf@head',
  code: 'UNKNOWN_TARGET',
  suggests: ['sqlbraid upgrade left@head'],
})

test('a plan says what was asked for, and where the database stood', t => {
  const plan = planUpgrade(drawGraph(twoRoots), new Set(ids('n1')), ['n2', 'p1@head'])
  t.is(plan.target, 'n2 p1@head')
  t.deepEqual(plan.headsBefore, ids('n1'))
})

test('missed revisions are the unapplied requirements of applied ones, in order', t => {
  t.deepEqual(missedRevisions(drawGraph(line), new Set(ids('d', 'b'))), ids('a', 'c'))
  t.deepEqual(missedRevisions(drawGraph(dependencyAcrossRoots), new Set(ids('n1', 'n2'))), ids('a1', 'a2'))
  t.deepEqual(missedRevisions(drawGraph(line), new Set(ids('a', 'b', 'lost'))), [])
})
