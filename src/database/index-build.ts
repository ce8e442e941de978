import { setTimeout as pause } from 'node:timers/promises'
import type { IndexName } from '../script/index-statement.ts'
import { quoteLiteral } from '../script/literal.ts'
import type { Session } from './session.ts'

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

/**
 * Clears the way for building an index concurrently once more: waits while another session still builds it,
 * finds that it is complete, or drops what a failed build left behind (an index that PostgreSQL marks as invalid).
 */
export async function clearIndexRemains(
  session: Session,
  name: IndexName,
  onProgress: (progress: IndexBuildProgress) => void,
): Promise<IndexRemains> {
  for (;;) {
    const found = await findIndex(session, name)
    if (!found) return 'none'
    if (found.isValid) return 'valid'
    if (!found.progress) {
      await session.query(`drop index concurrently ${found.index}`)
      return 'dropped'
    }
    onProgress(found.progress)
    await pause(1000)
  }
}

interface FoundIndex {
  /** Qualified and quoted. */
  readonly index: string
  readonly isValid: boolean
  readonly progress?: IndexBuildProgress
}

/** An index lies in the schema of its table; one of that name on another table is none of ours. */
async function findIndex(session: Session, { index, table }: IndexName): Promise<FoundIndex | undefined> {
  const [row] = await session.query(`
    select i.indexrelid::regclass::text as index_name, format('%I.%I', n.nspname, c.relname) as index, i.indisvalid,
      p.pid, p.phase, p.blocks_done, p.blocks_total
    from pg_catalog.pg_index i
    join pg_catalog.pg_class c on c.oid = i.indexrelid
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    left join pg_catalog.pg_stat_progress_create_index p on p.index_relid = i.indexrelid
    where i.indrelid = to_regclass(${quoteLiteral(table)}) and c.relname = ${quoteLiteral(index)}`)
  if (!row) return undefined
  const total = Number(row['blocks_total'] ?? 0)
  const percent = total === 0 ? undefined : Math.floor((100 * Number(row['blocks_done'])) / total)
  return {
    index: String(row['index']),
    isValid: row['indisvalid'] === true,
    ...(row['pid'] === null
      ? {}
      : {
          progress: {
            index: String(row['index']),
            pid: Number(row['pid']),
            phase: String(row['phase']),
            percent,
          },
        }),
  }
}
