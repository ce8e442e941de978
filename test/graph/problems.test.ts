import test from 'ava'
import { findGraphProblems } from '../../src/graph/problems.ts'
import { draw } from '../support/draw.ts'
import { braid, crissCross, dependencyAcrossRoots } from '../support/topologies.ts'

test('the drawings the other tests use are clean', t => {
  for (const drawing of [braid, crissCross, dependencyAcrossRoots])
    t.deepEqual(findGraphProblems(draw(drawing)), [])
})

const finds = test.macro(
  (
    t,
    drawing: string,
    ...expected: readonly (readonly [code: string, revision: string, key: string, message: string])[]
  ) => {
    const found = findGraphProblems(draw(drawing)).map(({ code, revision, key, message }) => [
      code,
      revision,
      key,
      message,
    ])
    t.deepEqual(found, expected as unknown as string[][])
  },
)

test('a cycle is shown as its path', finds, 'a <- b <- c <- a', [
  'CYCLE',
  'a',
  'parents',
  'Revisions stand on each other: a → c → b → a.',
])
test('a cycle through a dependency points at the dependency', finds, 'a(b) <- b', [
  'CYCLE',
  'a',
  'depends',
  'Revisions stand on each other: a → b → a.',
])
test('a cycle through a label is found', finds, 'a(tip) <- b[tip]', [
  'CYCLE',
  'a',
  'depends',
  'Revisions stand on each other: a → b → a.',
])
test('a revision that is its own parent', finds, 'a <- a', [
  'OWN_PARENT',
  'a',
  'parents',
  'Revision a names itself as its parent.',
])
test('a revision that depends on itself', finds, 'a(a)', [
  'OWN_DEPENDENCY',
  'a',
  'depends',
  'Revision a depends on itself.',
])
test('an unknown dependency', finds, 'a <- b(acct)\nd[account]', [
  'UNKNOWN_DEPENDENCY',
  'b',
  'depends',
  'Revision b depends on acct, which does not exist.',
])
test('an unknown dependency that is nearly a label', finds, 'a <- b(acount)\nd[account]', [
  'UNKNOWN_DEPENDENCY',
  'b',
  'depends',
  'Revision b depends on acount, which does not exist (did you mean account?).',
])
test('a dependency twice', finds, 'a\nb(a)\nb(a)', [
  'DUPLICATE_DEPENDENCY',
  'b',
  'depends',
  'Revision b names dependency a twice.',
])
test('a label on two revisions', finds, 'a[x] <- b[x]', [
  'DUPLICATE_LABEL',
  'b',
  'labels',
  'Label x of revision b is already carried by revision a.',
])
test('a label twice on one revision', finds, 'a[x,x]', [
  'DUPLICATE_LABEL',
  'a',
  'labels',
  'Revision a names label x twice.',
])
test('a label that is an id', finds, 'a <- b[a]', [
  'LABEL_IS_REVISION',
  'b',
  'labels',
  'Label a of revision b is the id of a revision.',
])

test('an unknown parent, with the label or the id that was probably meant', t => {
  const [known] = draw('4f1c2ab39d07[billing]')
  const wrong = draw('billing <- x\n4f1c2ab39d08 <- y\nlost <- z').filter(({ parents }) => parents.length > 0)
  t.deepEqual(
    findGraphProblems([...(known ? [known] : []), ...wrong]).map(({ message }) => message),
    [
      'Revision x names parent billing, which does not exist (did you mean 4f1c2ab39d07?).',
      'Revision y names parent 4f1c2ab39d08, which does not exist (did you mean 4f1c2ab39d07?).',
      'Revision z names parent lost, which does not exist.',
    ],
  )
})

test('a parent twice', t => {
  const [a, b] = draw('a <- b')
  const twice = a && b ? [a, { ...b, parents: [a.id, a.id] }] : []
  t.like(findGraphProblems(twice), {
    length: 1,
    0: { code: 'DUPLICATE_PARENT', revision: 'b', key: 'parents' },
  })
})

test('everything is reported at once', t => {
  const revisions = [
    ...draw('a <- b <- c <- b\nd(none) <- d\ne[x] <- f[x]\nlost <- g').filter(({ id }) => id !== 'lost'),
    ...draw('e'),
  ]
  t.deepEqual(
    findGraphProblems(revisions).map(({ code, revision }) => `${code} ${revision}`),
    [
      'DUPLICATE_REVISION e',
      'DUPLICATE_LABEL f',
      'OWN_PARENT d',
      'UNKNOWN_DEPENDENCY d',
      'UNKNOWN_PARENT g',
      'CYCLE b',
    ],
  )
})

test('two knots are two cycles', t => {
  const cycles = findGraphProblems(draw('a <- b <- a\nb <- c <- d <- c'))
  t.deepEqual(
    cycles.map(({ message }) => message),
    ['Revisions stand on each other: a → b → a.', 'Revisions stand on each other: c → d → c.'],
  )
})

test('the order in which revisions are given makes no difference', t => {
  const revisions = draw('a <- b <- c <- b\nd(none) <- d\ne[x] <- f[x]')
  t.deepEqual(findGraphProblems(revisions.toReversed()), findGraphProblems(revisions))
})

test('a cycle of 20,000 revisions is found', t => {
  const names = Array.from({ length: 20_000 }, (_, index) => `r${index}`)
  const problems = findGraphProblems(draw([...names, 'r0'].join(' <- ')))
  t.deepEqual(
    problems.map(({ code }) => code),
    ['CYCLE'],
  )
})
