import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'ava'
import fc from 'fast-check'
import { createBranch } from '../../src/actions/create-branch.ts'
import { createMerge } from '../../src/actions/create-merge.ts'
import { createRevision, type RevisionRequest } from '../../src/actions/create-revision.ts'
import { readHistory } from '../../src/actions/read-history.ts'
import type { SqlbraidError } from '../../src/errors/sqlbraid-error.ts'
import { oneLine } from '../../src/revision/one-line.ts'
import type { Revision } from '../../src/revision/revision.ts'
import { type DrawnProject, withDrawnProject } from '../support/drawn-project.ts'
import { branchOffABranch, fork, line } from '../support/topologies.ts'

const labelledFork = 'a <- b1[left] <- b2\n a <- c1[right] <- c2'
const labelledRoots = 'n1[net] <- n2\n p1[pay] <- p2'
const twoTrunks = 'a <- b\n a <- c'
const long = 'abc111 <- abc222 <- def333[feature] <- def444\n abc222 <- t1'

/** As typed: `revision`, `branch NAME` or `merge NAME …`, with `--option value` for each field of the request. */
function author(project: DrawnProject, command: string): Revision {
  const [verb, ...words] = command.split(' ')
  const flag = (name: string) => {
    const at = words.indexOf(`--${name}`)
    return at === -1 ? undefined : words[at + 1]
  }
  const list = (name: string) => words.flatMap((word, at) => (words[at - 1] === `--${name}` ? [word] : []))
  const named = words.slice(
    0,
    [...words, '--'].findIndex(word => word.startsWith('--')),
  )
  const options = { id: flag('rev-id'), folder: flag('path'), labels: list('label') }
  const settings = project.settings()
  if (verb === 'branch')
    return createBranch(settings, { ...options, name: named[0] ?? '', from: flag('from') })
  if (verb === 'merge') return createMerge(settings, { ...options, targets: named })
  const { branch, head } = { branch: flag('branch'), head: flag('head') }
  const request = { ...options, branch, head, splice: words.includes('--splice'), depends: list('depends') }
  return createRevision(settings, { ...request, message: 'new' })
}

const writes = test.macro((t, graph: string, command: string, expected: Partial<Revision>) =>
  withDrawnProject(graph, {}, project => {
    const written = author(project, command)
    t.like(written, expected)
    t.deepEqual(readHistory(project.settings()).revisions.get(written.id), written)
  }),
)

const refuses = test.macro(
  (t, graph: string, command: string, code: string, suggests: readonly string[] = [], says: RegExp = /./) =>
    withDrawnProject(graph, {}, project => {
      const before = filesOf(project)
      const error = t.throws(() => author(project, command), { code, message: says }) as SqlbraidError
      for (const suggestion of suggests)
        t.true(error?.suggestions.includes(suggestion), error?.suggestions.join('; '))
      t.deepEqual(filesOf(project), before)
    }),
)

function filesOf({ root }: DrawnProject): string[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' }).sort()
}

const on = (...parents: readonly string[]) => ({ parents }) as unknown as Partial<Revision>
const and = (fields: object, ...parents: readonly string[]) => ({ ...on(...parents), ...fields }) as never

test('revision: the first one is a base', writes, '', 'revision', on())
test('revision: it continues the trunk, not a branch', writes, branchOffABranch, 'revision', on('t1'))
test(
  'revision --branch: it continues that branch',
  writes,
  branchOffABranch,
  'revision --branch sub',
  on('s2'),
)
test(
  'revision --branch: a beginning of a label will do',
  writes,
  branchOffABranch,
  'revision --branch su',
  on('s2'),
)
test('revision --head: it stands on a head', writes, branchOffABranch, 'revision --head b2', on('b2'))
test(
  'revision --head: what was typed as a beginning is written in full',
  writes,
  long,
  'revision --head def4',
  on('def444'),
)
test(
  'revision --head base: it makes a new base',
  writes,
  line,
  'revision --head base --label other',
  and({ labels: ['other'] }),
)
test(
  'revision --splice: it may stand on a revision with children',
  writes,
  line,
  'revision --head b --splice',
  on('b'),
)
test(
  'revision --depends: ids and labels are written in full',
  writes,
  long,
  'revision --head t1 --depends def4 --depends feat',
  and({ depends: ['def444', 'feature'] }, 't1'),
)
test(
  'revision --rev-id: the id is the one that was given',
  writes,
  line,
  'revision --rev-id e.5_X',
  and({ id: 'e.5_X' }, 'd'),
)
test(
  'revision: several labels',
  writes,
  line,
  'revision --label x --label y',
  and({ labels: ['x', 'y'] }, 'd'),
)

test('revision: a trunk that forked has two tips', refuses, twoTrunks, 'revision', 'MULTIPLE_HEADS', [
  'sqlbraid merge b c',
  'sqlbraid rebase c --onto b',
  'sqlbraid revision --head c',
])
test('revision: without a trunk the branches are listed', refuses, labelledRoots, 'revision', 'NO_TRUNK', [
  'sqlbraid revision --branch net …',
  'sqlbraid revision --branch pay …',
])
test(
  'revision --branch: an unknown branch, with the nearest',
  refuses,
  fork,
  'revision --branch lefd',
  'UNKNOWN_TARGET',
  ['sqlbraid branches'],
  /left/,
)
test(
  'revision --branch: a beginning of two labels',
  refuses,
  'a <- b[left]\n a <- c[lean]',
  'revision --branch le',
  'AMBIGUOUS_ID',
  ['sqlbraid revision --branch left …', 'sqlbraid revision --branch lean …'],
)
test(
  'revision --branch: a branch that forked',
  refuses,
  'a <- b[x] <- c\n b <- d',
  'revision --branch x',
  'MULTIPLE_HEADS',
  ['sqlbraid merge c d'],
)
test('revision --head: a revision with children', refuses, line, 'revision --head b', 'NOT_A_HEAD', [
  'sqlbraid revision --head b --splice …',
  'sqlbraid branch NAME --from b',
])
test('revision --head: a beginning of two ids', refuses, long, 'revision --head abc', 'AMBIGUOUS_ID', [
  'sqlbraid revision --head abc111',
])
test('revision --head: of two heads none is guessed', refuses, fork, 'revision --head head', 'MULTIPLE_HEADS')
test('revision --head: a database is not asked', refuses, line, 'revision --head +1', 'TARGET_NEEDS_DATABASE')
test(
  'revision --label: a label that is taken',
  refuses,
  fork,
  'revision --label left',
  'NAME_TAKEN',
  ['sqlbraid revision --branch left …'],
  /b1/,
)
test('revision --label: an id is no label', refuses, fork, 'revision --label b2', 'NAME_TAKEN')
test('revision --label: twice the same', refuses, line, 'revision --label x --label x', 'BROKEN_NEW_REVISION')
test('revision --label: its own id', refuses, line, 'revision --rev-id x --label x', 'BROKEN_NEW_REVISION')
test('revision --label: two in one word', refuses, line, 'revision --label x,a', 'BROKEN_NEW_REVISION')
test('revision --label: a reserved word', refuses, line, 'revision --label HEAD', 'BROKEN_NEW_REVISION')
test('revision --rev-id: an id that is taken', refuses, line, 'revision --rev-id b', 'NAME_TAKEN', [
  'sqlbraid show b',
])
test('revision --rev-id: a label that is taken', refuses, fork, 'revision --rev-id left', 'NAME_TAKEN')
test(
  'revision --rev-id: more than an id',
  refuses,
  line,
  'revision --rev-id x\n--\tparents:\ta',
  'BROKEN_NEW_REVISION',
)
test('revision --depends: unknown', refuses, line, 'revision --depends nope', 'UNKNOWN_TARGET')
test(
  'revision --depends: twice the same',
  refuses,
  line,
  'revision --depends b --depends b',
  'BROKEN_NEW_REVISION',
)
test(
  'revision --path: a folder that is not read',
  refuses,
  line,
  'revision --path elsewhere',
  'UNKNOWN_FOLDER',
)

test(
  'branch: it leaves from the tip of the trunk',
  writes,
  fork,
  'branch x',
  and({ labels: ['x'], message: 'begin branch x' }, 'c2'),
)
test('branch --from: it leaves from any revision', writes, line, 'branch x --from b', on('b'))
test('branch --from: from the tip of another branch', writes, fork, 'branch x --from left@head', on('b2'))
test('branch --from base: it is a base', writes, line, 'branch x --from base', on())
test('branch: a label that is taken', refuses, fork, 'branch left', 'NAME_TAKEN', [
  'sqlbraid revision --branch left …',
])
test('branch: a name that is no label', refuses, line, 'branch a/b', 'BROKEN_NEW_REVISION')
test('branch: no trunk to leave from', refuses, labelledRoots, 'branch x', 'NO_TRUNK', [
  'sqlbraid branch x --from net@head',
])
test('branch: an empty history', refuses, '', 'branch x', 'NO_REVISIONS')

test(
  'merge NAME: a branch is joined with the trunk',
  writes,
  fork,
  'merge left',
  and({ message: 'merge left' }, 'c2', 'b2'),
)
test('merge NAME: a beginning of the label means its tip too', writes, fork, 'merge le', on('c2', 'b2'))
test(
  'merge A B: a label means the tip of its branch',
  writes,
  labelledFork,
  'merge left right',
  on('b2', 'c2'),
)
test('merge A B C: three at once', writes, 'a <- b\n a <- c\n a <- d', 'merge d b c', on('d', 'b', 'c'))
test('merge heads: all heads', writes, branchOffABranch, 'merge heads', on('b2', 's2', 't1'))
test('merge: nothing named means all heads', writes, fork, 'merge', on('b2', 'c2'))
test(
  'merge: two roots',
  writes,
  labelledRoots,
  'merge net pay --label all',
  and({ labels: ['all'] }, 'n2', 'p2'),
)
test('merge: one is not enough', refuses, line, 'merge d', 'NOTHING_TO_MERGE', ['sqlbraid heads'])
test('merge: one head is not enough', refuses, line, 'merge heads', 'NOTHING_TO_MERGE')
test('merge: the same twice is one', refuses, fork, 'merge b2 b2', 'NOTHING_TO_MERGE', [
  'sqlbraid merge b2 c2',
])
test(
  'merge: without a trunk the other heads are suggested',
  refuses,
  labelledRoots,
  'merge net',
  'NOTHING_TO_MERGE',
  ['sqlbraid merge n2 p2'],
)
test(
  'merge: an ancestor and its descendant',
  refuses,
  line,
  'merge b d',
  'NOTHING_TO_MERGE',
  [],
  /d already contains b/,
)
test(
  'merge: a branch that was merged',
  refuses,
  'a <- b[x] <- m\n a <- c <- m',
  'merge x',
  'NOTHING_TO_MERGE',
  [],
  /m already contains b/,
)
test('merge: an unknown name', refuses, fork, 'merge nope', 'UNKNOWN_TARGET')

test('the folder is the one named, else the parent’s, else the first', t =>
  withDrawnProject('', {}, project => {
    project.write('sqlbraid.toml', 'migrations = ["migrations", "teams/*"]')
    project.write('teams/pay/p.up.sql', '-- revision: p\n-- parents: none\n-- labels: pay\n')
    const folderOf = (revision: Revision) => revision.parts.up.slice(project.root.length + 1).split('/2')[0]
    const create = (request: Partial<RevisionRequest>) =>
      folderOf(createRevision(project.settings(), { message: 'x', ...request }))
    t.is(create({ branch: 'pay' }), 'teams/pay')
    t.is(create({ head: 'base' }), 'migrations')
    t.is(create({ folder: join(project.root, 'teams/pay/2026') }), 'teams/pay')
    t.throws(() => create({ folder: join(project.root, 'teams') }), { code: 'UNKNOWN_FOLDER' })
    t.false(existsSync(join(project.root, 'teams/*')))
  }))

test('new files begin with the template of the settings', t =>
  withDrawnProject('', {}, project => {
    project.write('sqlbraid.toml', 'template = "new.sql"')
    project.write('new.sql', '{header}\n-- author: Team Pay\n\nset local role owner;\n{body}')
    const { id, parts } = createRevision(project.settings(), { message: 'x' })
    t.regex(readFileSync(parts.up, 'utf8'), /-- author: Team Pay\n\nset local role owner;\n/)
    t.is(readHistory(project.settings()).revisions.get(id)?.author, 'Team Pay')
  }))

test('whatever is typed as a message is read back on one line, and breaks nothing', t =>
  withDrawnProject('', {}, project => {
    const hostile = [
      '-- parents: none',
      "'; drop table x; --",
      '\r\n-- revision: x',
      '../../x',
      '{revision} $& $1',
    ]
    const message = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom(...hostile))
    fc.assert(
      fc.property(message, text => {
        const written = createRevision(project.settings(), { message: text })
        t.is(written.message, oneLine(text))
        const read = readHistory(project.settings()).revisions.get(written.id)
        t.deepEqual(read, written)
        t.is(read?.parts.up.split('/').length, join(project.root, 'migrations/x').split('/').length)
      }),
      { numRuns: 50 },
    )
  }))
