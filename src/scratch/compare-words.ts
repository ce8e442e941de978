import type { Delta, DependencyEdge, StableId } from '@supabase/pg-delta/core'
import type { SchemaChange } from '../errors/proof-errors.ts'
import { describeValues, type Sides } from './compare-values.ts'

/**
 * Deltas in words, sorted by object: `type integer before, bigint after`. What hangs on an object that only one side
 * has is not told apart; edges between objects show in their definitions.
 */
export function describeChanges(deltas: readonly Delta[], sides: Sides): SchemaChange[] {
  const [first, second] = sides
  const added = namesOf(deltas, 'add')
  const removed = namesOf(deltas, 'remove')
  const changes = deltas.flatMap(delta => {
    switch (delta.verb) {
      case 'add':
        return hangsOn(delta.fact.id, added) ? [] : [change(delta.fact.id, `only ${second}`)]
      case 'remove':
        return hangsOn(delta.fact.id, removed) ? [] : [change(delta.fact.id, `only ${first}`)]
      case 'set':
        return [change(delta.id, describeValues(delta.attr, delta.from, delta.to, sides))]
      case 'unlink':
        return ownedBy(delta.edge, removed, first)
      case 'link':
        return ownedBy(delta.edge, added, second)
      default:
        return delta satisfies never
    }
  })
  return changes.sort((one, other) => one.object.localeCompare(other.object))
}

/** What is there on one side only has its owner there only. */
function ownedBy({ from, to, kind }: DependencyEdge, alone: ReadonlySet<string>, side: string) {
  return kind === 'owner' && !alone.has(nameOf(from)) ? [change(from, `owned by ${nameOf(to)} ${side}`)] : []
}

function change(id: StableId, what: string): SchemaChange {
  return { object: nameOf(id), what }
}

/** `table public.invoice`, `column public.invoice.amount`, `comment on table public.invoice`. */
export function nameOf(id: StableId): string {
  if (id.kind === 'comment') return `comment on ${nameOf(id.target)}`
  if (id.kind === 'acl')
    return `grant on ${nameOf(id.target)}${id.column ? `.${id.column}` : ''} to ${id.grantee}`
  if (id.kind === 'securityLabel') return `security label on ${nameOf(id.target)}`
  const { kind, ...parts } = id
  const words = kind.replace(/[A-Z]/g, letter => ` ${letter.toLowerCase()}`)
  if ('args' in parts) return `${words} ${parts.schema}.${parts.name}(${parts.args.join(', ')})`
  return `${words} ${Object.values(parts)
    .filter(part => typeof part === 'string')
    .join('.')}`
}

function namesOf(deltas: readonly Delta[], verb: 'add' | 'remove'): Set<string> {
  return new Set(deltas.flatMap(delta => (delta.verb === verb ? [nameOf(delta.fact.id)] : [])))
}

/** Whether the object that `id` belongs to is itself among `names`. */
function hangsOn(id: StableId, names: ReadonlySet<string>): boolean {
  return ownersOf(id).some(name => names.has(name))
}

function ownersOf(id: StableId): string[] {
  if ('target' in id) return [nameOf(id.target), ...ownersOf(id.target)]
  if ('table' in id) {
    const relations = ['table', 'view', 'materialized view', 'foreign table', 'domain']
    const column = id.kind === 'default' ? [`column ${id.schema}.${id.table}.${id.name}`] : []
    return [...column, ...relations.map(kind => `${kind} ${id.schema}.${id.table}`)]
  }
  if ('type' in id) return [`type ${id.schema}.${id.type}`]
  if ('publication' in id) return [`publication ${id.publication}`]
  return []
}
