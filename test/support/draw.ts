import { buildGraph, type GraphRevision, type RevisionGraph } from '../../src/graph/revision-graph.ts'
import type { RevisionId } from '../../src/revision/revision.ts'

interface Drawn {
  readonly parents: RevisionId[]
  readonly labels: string[]
  readonly depends: string[]
  created: string
}

const WORD = /^(?<id>[\w.]+)(?:\[(?<labels>[^\]]+)\])?(?:\((?<depends>[^)]+)\))?(?:\{(?<created>[^}]+)\})?$/

/**
 * Revisions from a drawing. Each line is a chain, parent first: `a <- b <- c`. A revision may be drawn in
 * several lines, and what follows its id adds up: `b[label,label]`, `b(dependency,dependency)`, `b{created}`.
 */
export function draw(drawing: string): GraphRevision[] {
  const drawn = new Map<RevisionId, Drawn>()
  for (const line of drawing
    .split('\n')
    .map(text => text.trim())
    .filter(text => text !== '')) {
    let below: RevisionId | undefined
    for (const word of line.split(/\s*<-\s*/)) {
      const drawnId = drawWord(word, drawn)
      const parents = drawn.get(drawnId)?.parents
      if (below !== undefined && !parents?.includes(below)) parents?.push(below)
      below = drawnId
    }
  }
  return [...drawn].map(([id, revision]) => ({ id, message: `add ${id}`, ...revision }))
}

/** The graph of a drawing. */
export function drawGraph(drawing: string): RevisionGraph {
  return buildGraph(draw(drawing))
}

/** An id from a word, as a test writes it. */
export function id(word: string): RevisionId {
  return word as RevisionId
}

/** Ids from words, as a test writes them. */
export function ids(...words: readonly string[]): RevisionId[] {
  return words as RevisionId[]
}

function drawWord(word: string, drawn: Map<RevisionId, Drawn>): RevisionId {
  const { id, labels, depends, created } = WORD.exec(word)?.groups ?? {}
  if (id === undefined) throw new TypeError(`Not a drawn revision: ${word}`)
  const known = drawn.get(id as RevisionId) ?? { parents: [], labels: [], depends: [], created: '' }
  known.labels.push(...(labels?.split(',') ?? []))
  known.depends.push(...(depends?.split(',') ?? []))
  known.created = created ?? known.created
  drawn.set(id as RevisionId, known)
  return id as RevisionId
}
