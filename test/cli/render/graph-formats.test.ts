import test from 'ava'
import type { View } from '../../../src/actions/read-view.ts'
import { graphDocument, renderDot, renderMermaid } from '../../../src/cli/render/graph-formats.ts'
import { buildGraph } from '../../../src/graph/revision-graph.ts'
import { draw, id } from '../../support/draw.ts'

const DRAWING = 'end <- b[left] <- m\nend <- __proto__ <- m\n1 <- 2(end)'
const NASTY = 'a "b" \\ <script> & # ; `x` [y] {z}\u001b[31m\nnext'

const view: View = {
  graph: buildGraph(
    draw(DRAWING).map(revision => (revision.id === 'm' ? { ...revision, message: NASTY } : revision)),
  ),
  revisions: new Map(),
}

test('dot: every id and text is quoted, merge points stand out, dependencies are dashed', t => {
  const lines = renderDot(view).split('\n')
  t.is(lines[0], 'digraph history {')
  for (const line of [
    '  "end" [label="end\\nadd end"];',
    '  "b" [label="b (left)\\nadd b"];',
    '  "m" [label="m\\na \\"b\\" \\\\ <script> & # ; `x` [y] {z}\\\\x1b[31m next", peripheries=2];',
    '  "__proto__" -> "m";',
    '  "end" -> "2" [style=dashed, constraint=false];',
  ])
    t.true(lines.includes(line), `${line}\n\n${lines.join('\n')}`)
  t.is(lines.filter(line => line.includes(' -> ')).length, 6)
})

test('mermaid: ids are never words of its own, and text never is its syntax', t => {
  const lines = renderMermaid(view).split('\n')
  const name = (word: string) => `r${view.graph.ids.indexOf(id(word))}`
  t.is(lines[0], 'flowchart BT')
  t.true(lines.includes(`  ${name('end')}["end<br/>add end"]`))
  t.true(lines.includes(`  ${name('end')} -.-> ${name('2')}`))
  const merge = lines.find(line => line.startsWith(`  ${name('m')}{{`)) ?? ''
  t.regex(merge, /^ {2}r\d\{\{"m<br\/>[\p{L}\p{N} .,_():/+#;-]*"\}\}$/u)
  t.true(merge.includes('#60;script#62;'))
})

test('beside a database the colours say where it stands', t => {
  const standings = {
    applied: new Set(view.graph.ids.slice(0, 1)),
    current: new Set(view.graph.ids.slice(0, 1)),
    standingOf: () => 'pending' as const,
    entryOf: () => undefined,
  }
  t.is(renderDot({ ...view, standings }).match(/fillcolor="#/g)?.length, 6)
  t.is(renderMermaid({ ...view, standings }).match(/:::pending/g)?.length, 6)
})

test('json: revisions as history has them, and an edge for each parent and dependency', t => {
  const { revisions, edges } = graphDocument(view)
  t.deepEqual(
    revisions.map(({ revision }) => revision),
    [...view.graph.ids],
  )
  t.deepEqual(edges.map(({ from, to, reason }) => `${from} ${to} ${reason}`).sort(), [
    '1 2 parent',
    '__proto__ m parent',
    'b m parent',
    'end 2 dependency',
    'end __proto__ parent',
    'end b parent',
  ])
})
