import test from 'ava'
import { explainRevision } from '../../src/actions/explain-revision.ts'
import { readBranches } from '../../src/actions/read-branches.ts'
import { readHeads, requireAtMost } from '../../src/actions/read-heads.ts'
import { readHistoryRange } from '../../src/actions/read-history-range.ts'
import { readNamedRevisions } from '../../src/actions/read-named-revisions.ts'
import { upgrade } from '../../src/actions/upgrade.ts'
import { renderBranchPoint } from '../../src/cli/render/branches.ts'
import { detailsRenderer } from '../../src/cli/render/details.ts'
import { revisionDetailsDocument, revisionDocument } from '../../src/cli/render/documents.ts'
import { BOX, renderHistoryGraph } from '../../src/cli/render/history-graph.ts'
import { renderHistory, renderRevisions } from '../../src/cli/render/revision-list.ts'
import { PLAIN } from '../../src/cli/render/style.ts'
import { withDatabase } from '../support/database.ts'
import { id } from '../support/draw.ts'
import { writeProject } from '../support/written-project.ts'

const NOWHERE = 'postgres://nobody@127.0.0.1:1/none'

const branched = {
  a: { up: 'create table a ()', down: 'drop table a' },
  b: { up: 'create table b ()', header: 'labels: billing' },
  c: { up: 'create table c ()', parents: ['a'] },
  d: { up: 'create table d ()', parents: ['c'] },
  e: { up: 'create table e ()', parents: ['a'], header: 'labels: net\ndepends: b' },
}

test('a history is listed as Alembic lists it, and no database is asked', async t => {
  const { settings } = writeProject(t, NOWHERE, branched)
  const view = await readHistoryRange(settings, { range: ':' })
  t.deepEqual(
    [...renderHistory(view, {}, PLAIN)],
    [
      'a (b) -> e (net) (head), add e',
      'c -> d (head), add d',
      'a -> c, add c',
      'a -> b (billing) (effective head), add b',
      '<base> -> a (branch point), add a',
    ],
  )
  t.deepEqual([...renderHistory(view, { maxCount: 1 }, PLAIN)], ['a (b) -> e (net) (head), add e'])
})

test('beside a database a history says what is applied, pending, changed, and what has no file here', async t => {
  await withDatabase(t, async ({ url }) => {
    const project = writeProject(t, url, { ...branched, x: { up: 'create table x ()', parents: ['c'] } })
    await upgrade(project.settings, { targets: ['x', 'b'] })
    project.remove('x')
    project.write({ b: { up: 'create table b (id int)', parents: ['a'], header: 'labels: billing' } })
    const view = await readHistoryRange(project.settings, { range: ':', withStandings: true })
    t.deepEqual(
      [...renderHistoryGraph(view, { alphabet: BOX }, PLAIN)],
      [
        '?  x (head) (current) (not in this checkout), add x',
        '│ ○  e (net) (head) (pending), add e [depends on b]',
        '│ │ !  b (billing) (effective head) (current) (changed since it was applied), add b',
        '│ ├─╯',
        '│ │ ○  d (head) (pending), add d',
        '├─│─╯',
        '● │  c (branch point), add c',
        '├─╯',
        '●  a (branch point), add a',
      ],
    )
    t.like(revisionDocument(id('x'), view), { file: null, state: 'unknown', isCurrent: true, parents: ['c'] })
    t.like(revisionDocument(id('d'), view), { state: 'pending', isCurrent: false })
  })
})

test('a range that counts from the database reads it, and shows nothing of it unless asked', async t => {
  await withDatabase(t, async ({ url }) => {
    const { settings } = writeProject(t, url, branched)
    await upgrade(settings, { targets: ['c'] })
    const view = await readHistoryRange(settings, { range: '-1:current' })
    t.deepEqual([...renderHistory(view, {}, PLAIN)], ['a -> c, add c', '<base> -> a (branch point), add a'])
  })
})

test('a revision is shown with its place in the graph', async t => {
  const { settings } = writeProject(t, NOWHERE, branched)
  const view = await readNamedRevisions(settings, { target: 'billing', command: 'show' })
  const lines = detailsRenderer(view, PLAIN)(id('b'))
  for (const line of [
    'revision:     b (effective head)',
    'parents:      a',
    'labels:       billing',
    'branch:       billing',
    'needed by:    e',
  ])
    t.true(lines.includes(line), lines.join('\n'))
  t.like(revisionDetailsDocument(id('a'), view), { children: ['b', 'c', 'e'], isOnTrunk: true, branches: [] })
})

test('a revision that only the database knows can be shown', async t => {
  await withDatabase(t, async ({ url }) => {
    const project = writeProject(t, url, { a: 'create table a ()', x: 'create table x ()' })
    await upgrade(project.settings, { targets: ['heads'] })
    project.remove('x')
    const request = { target: 'x', command: 'show', withStandings: true }
    const view = await readNamedRevisions(project.settings, request)
    const lines = [...renderRevisions(view.named, view, { verbose: true }, PLAIN)]
    t.true(lines.includes('database:     not in this checkout'), lines.join('\n'))
    t.true(lines.includes('parents:      a'))
    t.regex(lines.join('\n'), /^applied: {6}\d{4}-\d\d-\d\dT\S+Z by \w+$/m)
  })
})

test('more heads than allowed are refused, with the ways out', t => {
  const found = readHeads(writeProject(t, NOWHERE, branched).settings)
  t.notThrows(() => requireAtMost(3, found))
  const error = t.throws(() => requireAtMost(1, found), {
    code: 'TOO_MANY_HEADS',
    message: /3 heads.*b, d, e/,
  })
  t.like(error, { suggestions: ['sqlbraid merge b d e'], heads: ['b', 'd', 'e'], most: 1 })
})

test('a branch point lists its children and the heads that diverged from it', t => {
  const found = readBranches(writeProject(t, NOWHERE, branched).settings)
  t.deepEqual(
    found.branchPoints.flatMap(point => renderBranchPoint(point, found, PLAIN).split('\n')),
    [
      'a (branch point), add a',
      '    -> b (billing) (effective head), add b',
      '    -> c, add c',
      '    -> e (net) (head), add e',
      '    diverged: b by 1 revision, d by 2 revisions',
      '    diverged: b by 1 revision, e by 1 revision',
      '    diverged: d by 2 revisions, e by 1 revision',
    ],
  )
})

test('an explanation leaves out what is applied, and needs no database for targets that count from none', async t => {
  const { settings } = writeProject(t, NOWHERE, branched)
  const request = { revision: 'billing', targets: ['net@head'] }
  t.like((await explainRevision(settings, request)).explanation, {
    state: 'planned',
    path: [{ revision: 'e', required: 'b', reason: 'dependency' }],
  })
  await withDatabase(t, async ({ url }) => {
    const project = writeProject(t, url, branched)
    await upgrade(project.settings, { targets: ['c'] })
    const counted = await explainRevision(project.settings, { revision: 'd', targets: ['+1'] })
    t.like(counted.explanation, { revision: 'd', state: 'planned' })
    const applied = await explainRevision(project.settings, {
      ...request,
      revision: 'a',
      withStandings: true,
    })
    t.is(applied.explanation.state, 'applied')
  })
})
