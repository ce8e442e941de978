import { setTimeout as pause } from 'node:timers/promises'
import type { IndexName } from '../script/index-statement.ts'
import { quoteLiteral } from '../script/literal.ts'
import type { Row, Session } from './session.ts'

/** How far a CREATE INDEX CONCURRENTLY in another session is. */
export interface IndexBuildProgress {
  readonly index: string
  readonly pid: number
  readonly phase: string
  /** 0 to 100; undefined in phases that PostgreSQL does not count. */
  readonly percent: number | undefined
}

/** What an earlier attempt left of an index. */
export type IndexRemains = 'none' | 'valid' | 'dropped'

interface ClearingOptions {
  /** Fails when another run has taken over. */
  readonly claim: readonly string[]
  readonly onProgress: (progress: IndexBuildProgress) => void
}

/**
 * Clears the way for building an index concurrently once more: waits while another session still builds it,
 * finds that it is complete, or drops what a failed build left behind (an index that PostgreSQL marks as invalid).
 * That is renamed first, so that a DROP which comes late never meets the index that was built since.
 */
export async function clearIndexRemains(
  session: Session,
  name: IndexName,
  { claim, onProgress }: ClearingOptions,
): Promise<IndexRemains> {
  for (let remains: IndexRemains = 'none'; ; ) {
    const found = await findIndex(session, name)
    if (!found) return remains
    if (found.isValid) return 'valid'
    if (found.progress) {
      onProgress(found.progress)
      await pause(1000)
      continue
    }
    if (!found.isSetAside)
      await session.query(
        ['begin', ...claim, `alter index ${found.index} rename to ${found.aside}`, 'commit'].join('; '),
      )
    await session.query(`drop index concurrently ${found.schema}.${found.aside}`)
    remains = 'dropped'
  }
}

interface FoundIndex {
  /** Quoted, as all names here. */
  readonly schema: string
  /** With its schema. */
  readonly index: string
  /** What it is called once it waits to be dropped. */
  readonly aside: string
  readonly isSetAside: boolean
  readonly isValid: boolean
  readonly progress?: IndexBuildProgress
}

/** An index lies in the schema of its table; one of that name on another table is none of ours. */
async function findIndex(session: Session, { index, table }: IndexName): Promise<FoundIndex | undefined> {
  const [row] = await session.query(`
    select i.indexrelid::regclass::text as shown, format('%I', n.nspname) as schema,
      format('%I.%I', n.nspname, c.relname) as index, a.name as aside, c.relname = a.name as "isSetAside",
      i.indisvalid as "isValid", p.pid, p.phase, p.blocks_done, p.blocks_total
    from pg_catalog.pg_index i
    join pg_catalog.pg_class c on c.oid = i.indexrelid
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    cross join lateral (select 'sqlbraid_invalid_' || i.indexrelid) as a (name)
    left join pg_catalog.pg_stat_progress_create_index p on p.index_relid = i.indexrelid
    where i.indrelid = to_regclass(${quoteLiteral(table)})
      and (c.relname = ${quoteLiteral(index)} or c.relname = a.name and not i.indisvalid)
    order by 5 desc`)
  if (!row) return undefined
  const { schema, index: qualified, aside, isSetAside, isValid } = row as unknown as FoundIndex
  return { schema, index: qualified, aside, isSetAside, isValid, ...progressIn(row) }
}

function progressIn(row: Row): { readonly progress?: IndexBuildProgress } {
  if (row['pid'] === null) return {}
  const total = Number(row['blocks_total'] ?? 0)
  const percent = total === 0 ? undefined : Math.floor((100 * Number(row['blocks_done'])) / total)
  return {
    progress: { index: String(row['shown']), pid: Number(row['pid']), phase: String(row['phase']), percent },
  }
}
