import type { RunnableStep } from '../database/runnable-step.ts'
import { buildGraph } from '../graph/revision-graph.ts'
import type { Revision } from '../revision/revision.ts'
import type { FileContent } from '../revision/write-files.ts'
import { downSteps, type ReplaySettings, upSteps } from './scratch-steps.ts'

/**
 * Prepares one revision to be applied in a throw-away database, and to be reverted where it has a down script; `files`
 * are those of its files that are not written yet. Throws as `prepareSteps`.
 */
export function stepsAlone(
  settings: ReplaySettings,
  revision: Revision,
  files: readonly FileContent[] = [],
): { readonly up: RunnableStep; readonly down?: RunnableStep } {
  const { id, parts } = revision
  const alone = { graph: buildGraph([]), revisions: new Map([[id, revision]]) }
  const drafts = new Map(files.map(({ path, text }) => [path, text]))
  const [up] = upSteps(alone, settings, [id], drafts)
  const [down] = parts.down === undefined ? [] : downSteps(alone, settings, [id], drafts)
  return { up: up as RunnableStep, ...(down && { down }) } // one revision makes one step
}

/** Prepares a file to be run as if it were a revision of its own, so that it is a part of the states that are kept. */
export function fileStep(
  settings: ReplaySettings,
  { file, ...named }: Pick<Revision, 'id' | 'parents' | 'message'> & { readonly file: string },
): RunnableStep {
  const revision = { ...named, labels: [], depends: [], replaces: [], created: '', parts: { up: file } }
  return stepsAlone(settings, revision).up
}
