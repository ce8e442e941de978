import type { View } from '../../actions/read-view.ts'
import type { Standing } from '../../actions/standing.ts'
import type { GraphRevision } from '../../graph/revision-graph.ts'
import { type EdgeReason, toGraphlib } from '../../graph/to-graphlib.ts'
import type { RevisionId } from '../../revision/revision.ts'
import { revisionDocument } from './documents.ts'
import { printableLine } from './printable.ts'

/** The whole graph as Graphviz reads it: newest on top, dependencies dashed, merge points with a second border. */
export function renderDot(view: View): string {
  const { nodes, edges } = elementsOf(view)
  return [
    'digraph history {',
    '  rankdir=BT;',
    '  node [shape=box, style="rounded,filled", fillcolor=white, fontname="sans-serif"];',
    ...nodes.map(node => `  ${dotText([node.id])} [${dotAttributes(node, view)}];`),
    ...edges.map(({ from, to, reason }) => `  ${dotText([from])} -> ${dotText([to])}${DOT_EDGES[reason]};`),
    '}',
  ].join('\n')
}

/** The whole graph as Mermaid reads it: newest on top, dependencies dotted, merge points as hexagons. */
export function renderMermaid(view: View): string {
  const { nodes, edges } = elementsOf(view)
  // A name of ours for each revision: an id such as `end` is a word of Mermaid's.
  const names = new Map(nodes.map(({ id }, index) => [id, `r${index}`]))
  const [open, close] = [
    { plain: '["', merge: '{{"' },
    { plain: '"]', merge: '"}}' },
  ] as const
  return [
    'flowchart BT',
    ...nodes.map(node => {
      const shape = node.parents.length > 1 ? 'merge' : 'plain'
      const text = captionOf(node).map(mermaidText).join('<br/>')
      return `  ${names.get(node.id)}${open[shape]}${text}${close[shape]}${mermaidClass(node.id, view)}`
    }),
    ...edges.map(({ from, to, reason }) => `  ${names.get(from)} ${MERMAID_EDGES[reason]} ${names.get(to)}`),
    ...(view.standings === undefined ? [] : MERMAID_CLASSES),
  ].join('\n')
}

/** The whole graph as data: the revisions as `history --json` has them, and an edge for each parent and dependency. */
export function graphDocument(view: View) {
  const { nodes, edges } = elementsOf(view)
  return { revisions: nodes.map(({ id }) => revisionDocument(id, view)), edges }
}

/** An edge runs from the revision that is required to the one that requires it. */
export interface Edge {
  readonly from: RevisionId
  readonly to: RevisionId
  readonly reason: EdgeReason
}

function elementsOf({ graph }: View): { readonly nodes: GraphRevision[]; readonly edges: Edge[] } {
  const drawn = toGraphlib(graph)
  const edges = drawn.edges().flatMap(edge => {
    const [from, to, reason] = [drawn.node(edge.v), drawn.node(edge.w), drawn.edge(edge)]
    return from && to && reason ? [{ from: from.id, to: to.id, reason }] : []
  })
  return { nodes: drawn.nodes().flatMap(key => drawn.node(key) ?? []), edges }
}

/** The lines of text in a revision's box. */
function captionOf({ id, labels, message }: GraphRevision): string[] {
  const title = labels.length === 0 ? id : `${id} (${labels.join(', ')})`
  return message === '' ? [title] : [title, printableLine(message)]
}

const FILLS: Readonly<Record<Standing, string>> = {
  applied: '#d7f0d7',
  changed: '#f6c6c6',
  incomplete: '#f6c6c6',
  pending: '#fff3c4',
  unknown: '#e3d3f5',
}

const DOT_EDGES: Readonly<Record<EdgeReason, string>> = {
  parent: '',
  dependency: ' [style=dashed, constraint=false]',
}

const MERMAID_EDGES: Readonly<Record<EdgeReason, string>> = { parent: '-->', dependency: '-.->' }

const MERMAID_CLASSES = Object.entries(FILLS).map(
  ([standing, fill]) => `  classDef ${standing} fill:${fill},stroke:#333,color:#000`,
)

function dotAttributes(node: GraphRevision, { standings }: View): string {
  return [
    `label=${dotText(captionOf(node))}`,
    ...(node.parents.length > 1 ? ['peripheries=2'] : []),
    ...(standings ? [`fillcolor="${FILLS[standings.standingOf(node.id)]}"`] : []),
  ].join(', ')
}

/** A quoted string of DOT; its lines are centred. */
function dotText(lines: readonly string[]): string {
  return `"${lines.map(line => line.replace(/["\\]/g, '\\$&')).join('\\n')}"`
}

/** Mermaid takes a character by its number, and reads markup, quotes and its own syntax nowhere else. */
function mermaidText(text: string): string {
  return text.replace(/[^\p{L}\p{N} .,_():/+-]/gu, character => `#${character.codePointAt(0)};`)
}

function mermaidClass(id: RevisionId, { standings }: View): string {
  return standings === undefined ? '' : `:::${standings.standingOf(id)}`
}
