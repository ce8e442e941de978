import type { LedgerEntry } from '../ledger/bookkeeping.ts'
import type { Revision } from '../revision/revision.ts'
import { keptText } from '../script/kept-text.ts'
import type { LexerOptions } from '../script/lexer.ts'
import type { ScriptReader } from './script-reader.ts'

/** What the ledger keeps of a revision that no script is run of: what is wrong with its scripts is no matter. */
export function entryOf(revision: Revision, scripts: ScriptReader, lexer?: LexerOptions): LedgerEntry {
  const up = scripts.read(revision.parts.up, lexer)
  const down = revision.parts.down === undefined ? undefined : scripts.read(revision.parts.down, lexer)
  return {
    ...revision,
    checksum: up.checksum(),
    upScript: keptText(up),
    ...(down && { downScript: keptText(down) }),
  }
}
