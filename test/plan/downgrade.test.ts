import test from 'ava'
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

test('a target keeps itself and loses what stands on it', plans, {
  graph: line,
  heads: 'd',
  command: 'downgrade b',
  steps: 'down d, down c',
  headsAfter: 'b',
})
test('base reverts everything', plans, {
  graph: line,
  heads: 'c',
  command: 'downgrade base',
  steps: 'down c, down b, down a',
  headsAfter: '',
})
test('base of an empty database leaves nothing to do', plans, {
  graph: line,
  command: 'downgrade base',
  steps: '',
  headsAfter: '',
})
test('the applied head leaves nothing to do', plans, {
  graph: line,
  heads: 'c',
  command: 'downgrade c',
  steps: '',
  headsAfter: 'c',
})

test('one parent of a merge point undoes the merge, and leaves both parents', plans, {
  graph: braid,
  heads: 'm',
  command: 'downgrade b2',
  steps: 'down m',
  headsAfter: 'b2 c2',
})
test('one branch goes down, its sibling stays', plans, {
  graph: braid,
  heads: 'b2 c2',
  command: 'downgrade c1',
  steps: 'down c2',
  headsAfter: 'b2 c1',
})
test('further down one side of a merge point', plans, {
  graph: braid,
  heads: 'm',
  command: 'downgrade b1',
  steps: 'down m, down b2',
  headsAfter: 'b1 c2',
})
test('rev@rev reverts only its own side of the fork', plans, {
  graph: fork,
  heads: 'b1 c1',
  command: 'downgrade b1@a',
  steps: 'down b1',
  headsAfter: 'c1',
})
test('label@rev reverts only its own side of the fork', plans, {
  graph: fork,
  heads: 'b1 c1',
  command: 'downgrade left@a',
  steps: 'down b1',
  headsAfter: 'c1',
})
test('a branch point alone reverts both sides', plans, {
  graph: fork,
  heads: 'b1 c1',
  command: 'downgrade a',
  steps: 'down c1, down b1',
  headsAfter: 'a',
})
test('shared@base unwinds every branch of its lineage', plans, {
  graph: fork,
  heads: 'b2 c1',
  command: 'downgrade a@base',
  steps: 'down c1, down b2, down b1, down a',
  headsAfter: '',
})
test('label@base reverts the branch, and keeps what a sibling stands on', plans, {
  graph: fork,
  heads: 'b2 c1',
  command: 'downgrade left@base',
  steps: 'down b2, down b1',
  headsAfter: 'c1',
})
test('label@base reverts the shared base too when no sibling is applied', plans, {
  graph: fork,
  heads: 'b2',
  command: 'downgrade left@base',
  steps: 'down b2, down b1, down a',
  headsAfter: '',
})
test('label@base reverts a merge of the branch with it', plans, {
  graph: braid,
  heads: 'm',
  command: 'downgrade left@base',
  steps: 'down m, down b2, down b1',
  headsAfter: 'c2',
})
test('-1 on a merge point undoes the merge', plans, {
  graph: braid,
  heads: 'm',
  command: 'downgrade -1',
  steps: 'down m',
  headsAfter: 'b2 c2',
})
test('-1 on a merge of three leaves all three', plans, {
  graph: mergeOfThree,
  heads: 'm',
  command: 'downgrade -1',
  steps: 'down m',
  headsAfter: 'b1 b2 b3',
})
test('a criss-cross comes apart one merge at a time', plans, {
  graph: crissCross,
  heads: 'n1 n2',
  command: 'downgrade m1',
  steps: 'down n1',
  headsAfter: 'm1 n2',
})
test('a side of a criss-cross takes both merges along', plans, {
  graph: crissCross,
  heads: 'n1 n2',
  command: 'downgrade b1',
  steps: 'down n2, down n1, down m2, down m1',
  headsAfter: 'b1 b2',
})

test('a lone target within the other root leaves dependencies applied', plans, {
  graph: dependencyAcrossRoots,
  heads: 'n3',
  command: 'downgrade n1',
  steps: 'down n3, down n2',
  headsAfter: 'a2 n1',
})
test('label@base leaves what the branch depended on', plans, {
  graph: dependencyAcrossRoots,
  heads: 'n3',
  command: 'downgrade net@base',
  steps: 'down n3, down n2, down n1',
  headsAfter: 'a2',
})
test('label@base takes dependents along', plans, {
  graph: dependencyAcrossRoots,
  heads: 'n3',
  command: 'downgrade acct@base',
  steps: 'down n3, down n2, down a2, down a1',
  headsAfter: 'n1',
})
test('a revision that is depended on stays without its dependents being touched', plans, {
  graph: dependencyAcrossRoots,
  heads: 'n3',
  command: 'downgrade a2',
  steps: '',
  headsAfter: 'a2 n3',
})

test('-2 goes two down', plans, {
  graph: line,
  heads: 'd',
  command: 'downgrade -2',
  steps: 'down d, down c',
  headsAfter: 'b',
})
test('-N of all reaches base', plans, {
  graph: line,
  heads: 'b',
  command: 'downgrade -2',
  steps: 'down b, down a',
  headsAfter: '',
})
test('rev-N undoes the revision and what stands on it', plans, {
  graph: line,
  heads: 'd',
  command: 'downgrade c-1',
  steps: 'down d, down c',
  headsAfter: 'b',
})
test('rev-N leaves a sibling branch', plans, {
  graph: fork,
  heads: 'b2 c2',
  command: 'downgrade b1-1',
  steps: 'down b2, down b1',
  headsAfter: 'c2',
})
test('rev-1 of a merge point undoes the merge', plans, {
  graph: diamond,
  heads: 'm',
  command: 'downgrade m-1',
  steps: 'down m',
  headsAfter: 'b1 b2',
})
test('rev+N goes down to a revision counted upwards', plans, {
  graph: line,
  heads: 'd',
  command: 'downgrade a+1',
  steps: 'down d, down c',
  headsAfter: 'b',
})
test('base+N goes down to a revision counted from the base', plans, {
  graph: line,
  heads: 'd',
  command: 'downgrade base+1',
  steps: 'down d, down c, down b',
  headsAfter: 'a',
})
test('head-N goes down from the head of the files', plans, {
  graph: line,
  heads: 'd',
  command: 'downgrade head-1',
  steps: 'down d',
  headsAfter: 'c',
})
test('label@-1 undoes the last of the lineage', plans, {
  graph: fork,
  heads: 'b2 c2',
  command: 'downgrade left@-1',
  steps: 'down b2',
  headsAfter: 'b1 c2',
})
test('label@-N chooses its own side below a merge point', plans, {
  graph: braid,
  heads: 'm',
  command: 'downgrade left@-2',
  steps: 'down m, down b2',
  headsAfter: 'b1 c2',
})
test('label@-N never takes a sibling branch along', plans, {
  graph: fork,
  heads: 'b2 c2',
  command: 'downgrade left@-3',
  steps: 'down b2, down b1',
  headsAfter: 'c2',
})
test('label@rev-N counts down within the lineage', plans, {
  graph: braid,
  heads: 'm',
  command: 'downgrade left@m-2',
  steps: 'down m, down b2',
  headsAfter: 'b1 c2',
})
test('label@head is a place to go down to', plans, {
  graph: fork,
  heads: 'b2 c2',
  command: 'downgrade left@head',
  steps: '',
  headsAfter: 'b2 c2',
})
test('a branch off a branch goes alone', plans, {
  graph: branchOffABranch,
  heads: 'b2 s2 t1',
  command: 'downgrade sub@b1',
  steps: 'down s2, down s1',
  headsAfter: 'b2 t1',
})
test('a branch takes the branch off it along', plans, {
  graph: branchOffABranch,
  heads: 'b2 s2 t1',
  command: 'downgrade feature@base',
  steps: 'down s2, down s1, down b2, down b1',
  headsAfter: 't1',
})
test('several targets at once', plans, {
  graph: fork,
  heads: 'b2 c2',
  command: 'downgrade b1 c1',
  steps: 'down c2, down b2',
  headsAfter: 'b1 c1',
})
test('heads are several targets', plans, {
  graph: twoRoots,
  heads: 'n2 p2',
  command: 'downgrade heads',
  steps: '',
  headsAfter: 'n2 p2',
})
test('a gap in the applied set is stepped over', plans, {
  graph: line,
  applied: 'a b d',
  command: 'downgrade a',
  steps: 'down d, down b',
  headsAfter: 'a',
})
test('an unapplied target with applied descendants is gone down to', plans, {
  graph: line,
  applied: 'a d',
  command: 'downgrade b',
  steps: 'down d',
  headsAfter: 'a',
})
test('unknown applied revisions are passed through', plans, {
  graph: line,
  applied: 'a b lost',
  command: 'downgrade base',
  steps: 'down b, down a',
  headsAfter: 'lost',
})
test('-1 does not count an unknown applied revision', plans, {
  graph: line,
  applied: 'a b lost',
  command: 'downgrade -1',
  steps: 'down b',
  headsAfter: 'a lost',
})

test('-1 with several applied heads is refused, with all of them', refuses, {
  graph: fork,
  heads: 'b2 c2',
  command: 'downgrade -1',
  code: 'AMBIGUOUS_TARGET',
  message: /applied heads b2, c2/,
  suggests: ['sqlbraid downgrade b2@-1', 'sqlbraid downgrade c2@-1'],
})
test('-N through a merge point is refused, with its parents', refuses, {
  graph: diamond,
  heads: 'm',
  command: 'downgrade -2',
  code: 'AMBIGUOUS_TARGET',
  message: /b1, b2/,
  suggests: ['sqlbraid downgrade b1@-2', 'sqlbraid downgrade b2@-2'],
})
test('-N past the base is refused', refuses, {
  graph: line,
  heads: 'b',
  command: 'downgrade -3',
  code: 'WALKED_TOO_FAR',
  message: /there are 2 revisions/,
  suggests: ['sqlbraid downgrade -2'],
})
test('-1 of an empty database is refused', refuses, {
  graph: line,
  command: 'downgrade -1',
  code: 'WALKED_TOO_FAR',
  message: /there are 0 revisions/,
})
test('label@-1 with nothing of the lineage applied is refused', refuses, {
  graph: twoRoots,
  heads: 'n2',
  command: 'downgrade p1@-1',
  code: 'WALKED_TOO_FAR',
})
test('label@-1 of a forked lineage is refused', refuses, {
  graph: branchOffABranch,
  heads: 'b2 s2',
  command: 'downgrade feature@-1',
  code: 'AMBIGUOUS_TARGET',
  message: /b2, s2/,
  suggests: ['sqlbraid downgrade s2@-1'],
})
test('+1 is not a downgrade', refuses, {
  graph: line,
  heads: 'b',
  command: 'downgrade +1',
  code: 'BAD_TARGET',
  suggests: ['sqlbraid upgrade +1'],
})
test('label@+1 is not a downgrade', refuses, {
  graph: fork,
  heads: 'b1',
  command: 'downgrade left@+1',
  code: 'BAD_TARGET',
  suggests: ['sqlbraid upgrade left@+1'],
})
test('a target that is not applied is refused', refuses, {
  graph: line,
  heads: 'b',
  command: 'downgrade d',
  code: 'NOT_APPLIED',
  message: /d is not applied/,
  suggests: ['sqlbraid upgrade d'],
})
test('a revision outside the lineage is refused', refuses, {
  graph: fork,
  heads: 'b2 c2',
  command: 'downgrade left@c1',
  code: 'NOT_IN_LINEAGE',
})
