import type { VerifyReport } from '../../actions/verify.ts'
import { isProved, type Outcome, type RevisionProof } from '../../scratch/revision-proof.ts'
import { printable, printableLine } from './printable.ts'
import { proofWarnings, renderDifference, renderExcerpt } from './proof.ts'
import type { Style } from './style.ts'

/** All that was found of a range: what is not as it should be, in full, and the counts. */
export function renderVerifyReport({ proofs, cached }: VerifyReport, style: Style): string {
  const notable = proofs.filter(proof => !isProved(proof) || proofWarnings(proof).length > 0)
  const fromCache = cached === 0 ? '' : ` (${cached} known from before)`
  return [...notable.flatMap(proof => renderProof(proof, style)), countsOf(proofs) + fromCache].join('\n')
}

/** A proof in one line, as it is made. */
export function renderOutcome({ revision, outcome }: RevisionProof, style: Style): string {
  return `${style.yellow(revision)}  ${paintOf(outcome, style)(SENTENCES[outcome])}`
}

/** Whether each revision keeps its promise, for scripts. */
export function verifyDocument({ proofs, cached }: VerifyReport) {
  return { proved: proofs.filter(isProved).length, total: proofs.length, cached, revisions: proofs }
}

const SENTENCES: Readonly<Record<Outcome, string>> = {
  proved: 'proved',
  irreversible: 'goes up; declared irreversible',
  'no down': 'goes up, but has no down script and is not declared irreversible',
  'up fails': 'its up script fails',
  'down fails': 'its down script fails',
  'down does not restore': 'its down script does not restore what was there',
  'down loses rows': 'up and down lose rows',
  'up is not repeatable': 'going up again after the down does not give the same',
  'branches conflict': 'the branches that it joins do not converge, its own script included',
  'not reached': 'not reached: what comes before it fails',
}

function renderProof(proof: RevisionProof, style: Style): string[] {
  const { failure, changes, sql, lostRows } = proof
  const message = failure ? [`  ${style.red(printable(failure.message))}`] : []
  return [
    renderOutcome(proof, style),
    ...message,
    ...(failure ? renderExcerpt(failure, style) : []),
    ...renderDifference(changes, sql, style),
    ...lostRows.map(({ table, before, after }) => `  ${printableLine(table)}: ${before} rows, then ${after}`),
    ...proofWarnings(proof).map(warning => `  ${style.yellow('warning:')} ${printableLine(warning)}`),
  ]
}

function countsOf(proofs: readonly RevisionProof[]): string {
  const outcomes = new Map<Outcome, number>()
  for (const { outcome } of proofs) outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1)
  const counts = [...outcomes].map(([outcome, count]) => `${count} ${outcome}`).join(', ')
  return `${proofs.length === 1 ? '1 revision' : `${proofs.length} revisions`}: ${counts || 'nothing to prove'}`
}

function paintOf(outcome: Outcome, style: Style): (text: string) => string {
  if (outcome === 'proved') return style.green
  return outcome === 'irreversible' || outcome === 'no down' ? style.yellow : style.red
}
