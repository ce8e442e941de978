import type { ServerMessage } from '../../errors/database-errors.ts'
import { ConflictingBranchesError } from '../../errors/proof-errors.ts'
import { type Place, RevisionFailedError, type StepReport } from '../../errors/run-errors.ts'
import { SqlbraidError } from '../../errors/sqlbraid-error.ts'
import { printable } from './printable.ts'
import { renderConflict } from './proof.ts'
import type { Style } from './style.ts'

/** An error as a person reads it, with a line end. Anything that is not ours to expect comes with its stack. */
export function renderError(error: unknown, style: Style): string {
  if (error instanceof SqlbraidError) return `${renderExpected(error, style).join('\n')}\n`
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return `${style.red('This is a bug in sqlbraid.')} Please report it with the lines below.\n${stack}\n`
}

/** An error as `--json` prints it: `code`, `message`, `suggestions` and the facts of the error's class. */
export function errorDocument(error: unknown): { readonly error: Readonly<Record<string, unknown>> } {
  if (error instanceof SqlbraidError) {
    const { code, message, suggestions, ...facts } = { ...error, message: error.message }
    return { error: { code, message, suggestions, ...facts } }
  }
  const message = error instanceof Error ? error.message : String(error)
  return { error: { code: 'BUG', message, suggestions: [] } }
}

function renderExpected(error: SqlbraidError, style: Style): string[] {
  return [
    `${style.red('error:')} ${printable(error.message)}`,
    ...(error instanceof RevisionFailedError ? renderFailure(error, style) : []),
    ...(error instanceof ConflictingBranchesError
      ? error.conflicts.flatMap(conflict => renderConflict(conflict, style))
      : []),
    ...error.suggestions.map(
      (suggestion, index) => `${index === 0 ? style.cyan('try:') : '    '} ${printable(suggestion)}`,
    ),
  ]
}

function renderFailure(error: RevisionFailedError, style: Style): string[] {
  const { steps } = error
  const { place, server } = error.failure
  return [
    ...(place ? renderPlace(place, style) : []),
    ...(server ? renderServer(server) : []),
    stateLeft(error),
    ...renderOthers('done before it', steps, 'applied'),
    ...renderOthers('not run', steps, 'not run'),
  ]
}

/** Names a few, counts many. */
function renderOthers(title: string, steps: readonly StepReport[], state: StepReport['state']): string[] {
  const ids = steps.filter(step => step.state === state).map(step => step.revision)
  if (ids.length === 0) return []
  return [`  ${title}: ${ids.length > 8 ? `${ids.length} revisions` : ids.join(', ')}`]
}

function renderPlace({ file, line, column, excerpt }: Place, style: Style): string[] {
  const indented = printable(excerpt)
    .split('\n')
    .map(text => `    ${text}`)
  return [`  ${style.bold(printable(`${file}:${line}:${column}`))}`, ...indented]
}

function renderServer({ detail, hint, where, sqlState, severity }: ServerMessage): string[] {
  const parts = { detail, hint, context: where, code: `${sqlState} (${severity})` }
  return Object.entries(parts)
    .filter(([, text]) => text !== undefined)
    .map(([name, text]) => printable(`  ${name}: ${text?.replaceAll('\n', '\n    ')}`))
}

function stateLeft({ code, transaction, failure: { progress } }: RevisionFailedError): string {
  if (code === 'REVISION_INCOMPLETE')
    return `  What its statements did up to here stays (${progress?.statementsDone} of ${progress?.statementsTotal}); the ledger has noted it.`
  return transaction === 'all'
    ? '  The whole run was undone: the database is as it was before it.'
    : '  The revision was undone: the database is as it was before it.'
}
