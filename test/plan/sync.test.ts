import test from 'ava'
import { planReapply } from '../../src/plan/reapply.ts'
import { planSync } from '../../src/plan/sync.ts'
import { draw, drawGraph } from '../support/draw.ts'

interface Case {
  readonly files: string
  /** The ledger, all of it applied. */
  readonly ledger: string
  readonly steps: string
  readonly headsAfter: string
}

const syncs = test.macro((t, { files, ledger, steps, headsAfter }: Case) => {
  const rows = draw(ledger)
  const plan = planSync(drawGraph(files), rows, new Set(rows.map(({ id }) => id)))
  t.is(plan.steps.map(({ direction, revision }) => `${direction} ${revision}`).join(', '), steps)
  t.is(plan.headsAfter.join(' '), headsAfter)
})

test('sync leaves one branch and goes over to the other', syncs, {
  files: 'a <- c1 <- c2',
  ledger: 'a <- b1 <- b2',
  steps: 'down b2, down b1, up c1, up c2',
  headsAfter: 'c2',
})

test('sync on a database in step has nothing to do', syncs, {
  files: 'a <- b',
  ledger: 'a <- b',
  steps: '',
  headsAfter: 'b',
})

test('sync reverts a merge point that has no file, and keeps the parents that have', syncs, {
  files: `a <- b
          a <- c`,
  ledger: `a <- b <- m
           a <- c <- m`,
  steps: 'down m',
  headsAfter: 'b c',
})

test(
  'sync reverts what was applied upon a revision without a file, and applies it again where it stands now',
  syncs,
  {
    files: 'a <- c <- d',
    ledger: 'a <- b <- c <- d',
    steps: 'down d, down c, down b, up c, up d',
    headsAfter: 'd',
  },
)

test('sync reverts what depended on a revision without a file', syncs, {
  files: `a <- c`,
  ledger: `a <- b
           a <- c(b)`,
  steps: 'down c, down b, up c',
  headsAfter: 'c',
})

test('sync of a history with another base leaves nothing of the old one', syncs, {
  files: 'x <- y',
  ledger: 'a <- b',
  steps: 'down b, down a, up x, up y',
  headsAfter: 'y',
})

test('reapplying is refused where other revisions were applied upon it, by the files or by the ledger', t => {
  const rows = draw('a <- b <- c')
  const applied = new Set(rows.map(({ id }) => id))
  const plan = planReapply(drawGraph('a <- b <- c'), rows, applied, 'c')
  t.deepEqual(
    plan.steps.map(({ direction, revision }) => `${direction} ${revision}`),
    ['down c', 'up c'],
  )
  t.deepEqual([plan.headsBefore.map(String), plan.headsAfter.map(String)], [['c'], ['c']])
  for (const files of ['a <- b <- c', 'a <- b\na <- c'])
    t.throws(() => planReapply(drawGraph(files), rows, applied, 'b'), {
      code: 'BUILT_UPON',
      message: /: c\.$/,
    })
  t.throws(() => planReapply(drawGraph('a <- b <- c <- d'), rows, applied, 'd'), { code: 'NOT_APPLIED' })
})
