import { NO_LEDGER } from '../database/ledger.ts'
import type { RunListener } from '../database/run-options.ts'
import type { RunnableStep } from '../database/runnable-step.ts'
import type { Step } from '../plan/plan.ts'
import type { RevisionId } from '../revision/revision.ts'
import type { Replay } from '../scratch/replay.ts'
import { touchesRoles } from '../scratch/roles.ts'
import type { Settings } from '../settings/settings.ts'
import { prepareSteps } from './prepare-steps.ts'
import type { History } from './read-history.ts'
import { type Drafts, type ScriptSettings, scriptReader } from './script-reader.ts'

/** What of the settings decides what a script does to a throw-away database. */
export type ReplaySettings = Pick<Settings, 'ledgerSchema' | 'statementTimeout'> & ScriptSettings

/** How to run `steps`, all those that a command runs in throw-away databases. */
export function replayOptions(
  { ledgerSchema }: Pick<Settings, 'ledgerSchema'>,
  listener: RunListener,
  steps: readonly RunnableStep[],
): Replay {
  return { ledgerSchema, listener, hasOwnRoles: steps.some(touchesRoles) }
}

/** Prepares revisions to be applied in a throw-away database, in the order given, drafts among them. Throws as `prepareSteps`. */
export function upSteps(
  history: History,
  settings: ReplaySettings,
  ids: readonly RevisionId[],
  drafts?: Drafts,
): RunnableStep[] {
  return prepare({ history, settings, drafts }, ids, 'up')
}

/** The same, to be reverted. */
export function downSteps(
  history: History,
  settings: ReplaySettings,
  ids: readonly RevisionId[],
  drafts?: Drafts,
): RunnableStep[] {
  return prepare({ history, settings, drafts }, ids, 'down')
}

interface Source {
  readonly history: History
  readonly settings: ReplaySettings
  readonly drafts: Drafts | undefined
}

function prepare(
  { history, settings, drafts }: Source,
  ids: readonly RevisionId[],
  direction: Step['direction'],
): RunnableStep[] {
  const steps = ids.map(revision => ({ revision, direction }))
  const plan = { target: '', steps, headsBefore: [], headsAfter: [] }
  return prepareSteps(plan, {
    history,
    ledger: NO_LEDGER,
    scripts: scriptReader(settings, drafts),
    downs: 'files',
    keptScripts: new Map(),
    lexer: {},
    limits: { lockTimeout: '0', statementTimeout: `${settings.statementTimeout}ms` },
  })
}
