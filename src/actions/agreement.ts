import type { Ledger } from '../database/ledger.ts'
import { ChangedRevisionsError, UnknownRevisionsError } from '../errors/history-errors.ts'
import { missedRevisions } from '../plan/upgrade.ts'
import type { RevisionId } from '../revision/revision.ts'
import { appliedSet } from './applied-set.ts'
import type { History } from './read-history.ts'
import type { ScriptReader } from './script-reader.ts'

/** Where a database and this checkout disagree; ids in the order they were applied, `missed` in the order to apply. */
export interface Disagreement {
  /** Applied, but without a file here. */
  readonly unknown: readonly RevisionId[]
  /** Applied, and the up script is another one now. */
  readonly changed: readonly { readonly id: RevisionId; readonly file: string }[]
  /** Required by what is applied, and not applied themselves. */
  readonly missed: readonly RevisionId[]
  /** Stopped half-way. */
  readonly incomplete: readonly RevisionId[]
}

/** Compares a database's ledger with the revision files. Reads the up script of each applied revision that `scripts` has not seen. */
export function compareWithLedger(
  { graph, revisions }: History,
  ledger: Ledger,
  scripts: Pick<ScriptReader, 'hasChecksum'>,
): Disagreement {
  const changed = ledger.revisions.flatMap(({ id, checksum, pending }) => {
    const file = revisions.get(id)?.parts.up
    const isChanged = file !== undefined && pending === undefined && !scripts.hasChecksum(file, checksum)
    return isChanged ? [{ id, file }] : []
  })
  return {
    unknown: ledger.revisions.filter(({ id }) => !graph.has(id)).map(({ id }) => id),
    changed,
    missed: missedRevisions(graph, appliedSet(ledger)),
    incomplete: ledger.revisions.filter(({ pending }) => pending !== undefined).map(({ id }) => id),
  }
}

/** What a run may pass over. */
export interface Tolerance {
  readonly ignoreChanged?: boolean
  readonly ignoreUnknown?: boolean
}

/** Throws `UnknownRevisionsError` or `ChangedRevisionsError` unless one of the tolerances lets that pass. */
export function requireAgreement(
  { unknown, changed }: Disagreement,
  ...tolerances: readonly (Tolerance | undefined)[]
): void {
  const lets = (pass: keyof Tolerance) => tolerances.some(tolerance => tolerance?.[pass])
  if (unknown.length > 0 && !lets('ignoreUnknown')) throw new UnknownRevisionsError(unknown)
  if (changed.length > 0 && !lets('ignoreChanged')) throw new ChangedRevisionsError(changed)
}
