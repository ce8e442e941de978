import type { Resolution, ResolveReport } from '../../actions/resolve.ts'
import type { Style } from './style.ts'

/** What was recorded of a revision that had stopped half-way. */
export function renderResolution({ revision, resolution }: ResolveReport, style: Style): string {
  return `Revision ${style.yellow(revision)} ${MEANINGS[resolution]}.`
}

const MEANINGS: Readonly<Record<Resolution, string>> = {
  applied: 'counts as applied',
  'not applied': 'counts as not applied',
  resume: 'is half-way, and the next run may go on with it',
}
