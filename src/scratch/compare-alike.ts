import type { Fact, FactBase, StableId } from '@supabase/pg-delta/core'
import type { Plan } from '@supabase/pg-delta/plan'
import type { Catalog } from './compare.ts'
import { loadPlanning } from './compare-package.ts'
import { fullName, type Rename } from './compare-rename.ts'

/** An object that goes where another like it comes: names as `--rename` takes them. */
export interface PossibleRename extends Rename {
  readonly kind: StableId['kind']
  /** Whether only these two are like each other. */
  readonly isOnlyOne: boolean
}

/** What of the first schema may be in the second under another name. */
export async function findPossibleRenames(before: Catalog, after: Catalog): Promise<PossibleRename[]> {
  const { plan } = await loadPlanning()
  const assumedRoles = [...before.roles, ...after.roles]
  const { renameCandidates } = plan(before.facts, after.facts, { assumedRoles, renames: 'prompt' })
  const alike = renameCandidates.filter(isAlike(before.facts, after.facts))
  const renames = alike.map(({ from, to, status }) => asRename(from, to, status === 'unambiguous'))
  return [...renames, ...indexRenames(before.facts, after.facts)]
}

type Candidate = Plan['renameCandidates'][number]

/** Any two tables are candidates; those that have half of their columns in common may be one. */
function isAlike(before: FactBase, after: FactBase): (candidate: Candidate) => boolean {
  return ({ kind, from, to, status }) => {
    if (status !== 'nearMiss') return true
    if (kind !== 'table') return kind === 'column'
    const [old, now] = [columnsOf(before, from), columnsOf(after, to)]
    const common = old.filter(name => now.includes(name)).length
    return common * 2 >= Math.max(old.length, now.length)
  }
}

function columnsOf(facts: FactBase, table: StableId): string[] {
  return facts.childrenOf(table).flatMap(({ id }) => (id.kind === 'column' ? [id.name] : []))
}

/** The definition of an index holds its name, so that two of them are alike only without it. */
function indexRenames(before: FactBase, after: FactBase): PossibleRename[] {
  const come = indexesBeside(after, before)
  const alike = indexesBeside(before, after).flatMap(from =>
    come.filter(to => nameless(to) === nameless(from)).map(to => ({ from, to })),
  )
  return alike.map(({ from, to }) => {
    const pairs = alike.filter(pair => pair.from === from || pair.to === to)
    return asRename(from.id, to.id, pairs.length === 1)
  })
}

/** The indexes that only the first of two schemas has. */
function indexesBeside(facts: FactBase, others: FactBase): Fact[] {
  return facts.facts().filter(({ id }) => id.kind === 'index' && !others.has(id))
}

function nameless({ payload: { def } }: Fact): string {
  return String(def).replace(/ INDEX ("(?:[^"]|"")+"|\S+) ON /, ' INDEX ON ')
}

function asRename(from: StableId, to: StableId, isOnlyOne: boolean): PossibleRename {
  return { kind: from.kind, from: fullName(from), to: fullName(to), isOnlyOne }
}
