import test from 'ava'
import type { HistoryRange } from '../../../src/actions/read-history-range.ts'
import type { Standing } from '../../../src/actions/standing.ts'
import { ASCII, BOX, renderHistoryGraph } from '../../../src/cli/render/history-graph.ts'
import { COLOURED, PLAIN } from '../../../src/cli/render/style.ts'
import { historyRange } from '../../../src/graph/history-range.ts'
import { headsOf } from '../../../src/graph/lineage.ts'
import type { RevisionId } from '../../../src/revision/revision.ts'
import { drawGraph } from '../../support/draw.ts'
import {
  braid,
  branchOffABranch,
  crissCross,
  dependencyAcrossRoots,
  diamond,
  line,
  mergeOfThree,
  twoRoots,
} from '../../support/topologies.ts'

interface Drawn {
  readonly graph: string
  readonly range?: string
  readonly standings?: Readonly<Record<string, Standing>>
}

const draws = test.macro((t, drawn: Drawn, expected: string) => {
  const lines = [...renderHistoryGraph(viewOf(drawn), { alphabet: BOX }, PLAIN)]
  t.deepEqual(lines, rowsOf(expected))
})

test(
  'a line',
  draws,
  { graph: line },
  `
  ●  d (head), add d
  ●  c, add c
  ●  b, add b
  ●  a, add a`,
)

test(
  'a diamond',
  draws,
  { graph: diamond },
  `
  ●  m (head) (merge point), add m
  ├─╮
  │ ●  b2, add b2
  ● │  b1, add b1
  ├─╯
  ●  a (branch point), add a`,
)

test(
  'lines that cross',
  draws,
  { graph: crissCross },
  `
  ●  n2 (head), add n2
  ●  m2 (merge point), add m2
  ├─╮
  │ │ ●  n1 (head), add n1
  │ │ ●  m1 (merge point), add m1
  │ │ ├─╮
  │ ├─╯ │
  ├─│───╯
  ● │  b2 (branch point), add b2
  │ ●  b1 (branch point), add b1
  ├─╯
  ●  a (branch point), add a`,
)

test(
  'a merge of three',
  draws,
  { graph: mergeOfThree },
  `
  ●  m (head) (merge point), add m
  ├─┬─╮
  │ │ ●  b3, add b3
  │ ● │  b2, add b2
  │ ├─╯
  ● │  b1, add b1
  ├─╯
  ●  a (branch point), add a`,
)

test(
  'two roots do not touch',
  draws,
  { graph: twoRoots },
  `
  ●  p2 (head), add p2
  ●  p1, add p1

  ●  n2 (head), add n2
  ●  n1, add n1`,
)

test(
  'a branch off a branch',
  draws,
  { graph: branchOffABranch },
  `
  ●  t1 (head), add t1
  │ ●  s2 (head), add s2
  │ ●  s1 (sub), add s1
  │ │ ●  b2 (head), add b2
  │ ├─╯
  │ ●  b1 (feature) (branch point), add b1
  ├─╯
  ●  a (branch point), add a`,
)

test(
  'a lane closes up when one to its left has ended',
  draws,
  {
    graph: `a <- b <- m
            a <- c <- m
            b <- y`,
  },
  `
  ●  y (head), add y
  │ ●  m (head) (merge point), add m
  │ ├─╮
  ├─╯ │
  │ ╭─╯
  │ ●  c, add c
  ● │  b (branch point), add b
  ├─╯
  ●  a (branch point), add a`,
)

test(
  'a dependency is said in words, and an effective head is called so',
  draws,
  { graph: dependencyAcrossRoots },
  `
  ●  n3 (head), add n3
  ●  n2, add n2 [depends on a2]
  │ ●  a2 (effective head), add a2
  │ ●  a1 (acct), add a1
  ●  n1 (net), add n1`,
)

test(
  'a range draws only the lines between its revisions',
  draws,
  { graph: braid, range: 'b1:' },
  `
  ●  m (head) (merge point), add m
  ●  b2, add b2
  ●  b1 (left), add b1`,
)

test(
  'beside a database each revision says how that one has it',
  draws,
  {
    graph: 'a <- b <- c <- d <- e',
    standings: { a: 'applied', b: 'changed', c: 'applied', d: 'pending', e: 'unknown' },
  },
  `
  ?  e (head) (current) (not in this checkout), add e
  ○  d (pending), add d
  ●  c, add c
  !  b (changed since it was applied), add b
  ●  a, add a`,
)

test('of many revisions the newest can be drawn alone, with the lines that go on', t => {
  const lines = renderHistoryGraph(viewOf({ graph: braid }), { alphabet: BOX, maxCount: 2 }, PLAIN)
  t.deepEqual([...lines], rowsOf('\n●  m (head) (merge point), add m\n├─╮\n│ ●  c2, add c2'))
})

test('in ASCII', t => {
  const lines = [...renderHistoryGraph(viewOf({ graph: mergeOfThree }), { alphabet: ASCII }, PLAIN)]
  t.deepEqual(lines.slice(0, 5), [
    '*  m (head) (merge point), add m',
    '+-+-\\',
    '| | *  b3, add b3',
    '| * |  b2, add b2',
    '| +-/',
  ])
  t.regex(lines.join('\n'), /^[ -~\n]+$/)
})

test('details stand beside the lanes', t => {
  const lines = [...renderHistoryGraph(viewOf({ graph: diamond }), { alphabet: BOX, verbose: true }, PLAIN)]
  t.deepEqual(lines.slice(0, 7), [
    '●  revision:     m (head) (merge point)',
    '│  merges:       b1, b2',
    '│  branch:       the trunk',
    '│',
    '│      add m',
    '│',
    '├─╮',
  ])
})

test('on a terminal each lane has its colour, and the text is the same', t => {
  const coloured = [...renderHistoryGraph(viewOf({ graph: crissCross }), { alphabet: BOX }, COLOURED)]
  const plain = [...renderHistoryGraph(viewOf({ graph: crissCross }), { alphabet: BOX }, PLAIN)]
  const start = String.fromCharCode(27)
  t.deepEqual(
    coloured.map(text => text.replaceAll(new RegExp(`${start}\\[\\d+m`, 'g'), '')),
    plain,
  )
  t.true(new Set(coloured.join('').match(/\[3\dm(?=│)/g)).size > 1)
})

function viewOf({ graph: drawing, range = ':', standings }: Drawn): HistoryRange {
  const graph = drawGraph(drawing)
  const applied = new Set(graph.ids.filter(id => standings && standings[id] !== 'pending'))
  return {
    graph,
    revisions: new Map(),
    range: historyRange(graph, range),
    ...(standings && {
      standings: {
        applied,
        current: new Set(headsOf(graph, applied)),
        standingOf: (id: RevisionId) => standings[id] ?? 'pending',
        entryOf: () => undefined,
      },
    }),
  }
}

function rowsOf(drawing: string): string[] {
  const rows = drawing.split('\n').slice(1)
  const indent = /^ */.exec(rows[0] ?? '')?.[0].length ?? 0
  return rows.map(row => row.slice(indent))
}
