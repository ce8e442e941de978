import type { LedgerEntry } from '../ledger/bookkeeping.ts'
import type { Revision } from '../revision/revision.ts'
import type { LexerOptions } from '../script/lexer.ts'
import type { ScriptReader } from './script-reader.ts'

/** What the ledger keeps of a revision whose scripts are not run: what may be wrong with them is no matter. */
export function entryOf(revision: Revision, scripts: ScriptReader, lexer?: LexerOptions): LedgerEntry {
  const { parts } = revision
  const up = scripts.read(parts.up, lexer)
  const down = parts.down === undefined ? undefined : scripts.read(parts.down, lexer)
  return { ...revision, checksum: up.checksum, upScript: up.text, ...(down && { downScript: down.text }) }
}
