import type { LedgerEntry } from '../ledger/bookkeeping.ts'
import type { Revision } from '../revision/revision.ts'
import type { ScriptReader } from './script-reader.ts'

/** What the ledger keeps of a revision that no script is run of: what is wrong with its scripts is no matter. */
export function entryOf(revision: Revision, scripts: ScriptReader): LedgerEntry {
  const up = scripts.read(revision.parts.up)
  const down = revision.parts.down === undefined ? undefined : scripts.read(revision.parts.down)
  return { ...revision, checksum: up.checksum, upScript: up.text, ...(down && { downScript: down.text }) }
}
