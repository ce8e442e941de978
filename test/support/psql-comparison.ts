import { readFileSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import type { ExecutionContext } from 'ava'
import type { MigrateListener } from '../../src/actions/migrate.ts'
import type { ServerMessage } from '../../src/errors/database-errors.ts'
import { type Place, RevisionFailedError } from '../../src/errors/run-errors.ts'
import type { PsqlOutcome } from './psql.ts'
import type { PsqlMessage } from './psql-messages.ts'

/** What was told while a script ran; an error is the last message. */
export interface RunOutcome {
  readonly echoes: readonly string[]
  readonly messages: readonly { readonly text: string; readonly place?: Place | undefined }[]
}

/** Runs revisions up to the end or to a script that fails, and tells of each that was begun. Throws everything else. */
export async function outcomesOf(
  run: (listener: MigrateListener) => Promise<unknown>,
): Promise<RunOutcome[]> {
  const outcomes = new Map<
    string,
    { echoes: string[]; messages: { text: string; place?: Place | undefined }[] }
  >()
  const listener: MigrateListener = {
    onStepStarted: ({ revision }) => outcomes.set(revision, { echoes: [], messages: [] }),
    onEcho: ({ revision }, text) =>
      outcomes.get(revision)?.echoes.push(...text.split('\n').filter(line => line !== '')),
    onNotice: ({ revision }, notice) => outcomes.get(revision)?.messages.push({ text: asPsqlWrites(notice) }),
  }
  try {
    await run(listener)
  } catch (error) {
    if (!(error instanceof RevisionFailedError) || !error.failure.server) throw error
    const { server, place } = error.failure
    outcomes.get(error.revision)?.messages.push({ text: asPsqlWrites(server), place })
  }
  return [...outcomes.values()]
}

/** Whether a script failed. */
export function hasFailed({ messages }: Pick<RunOutcome, 'messages'>): boolean {
  return messages.some(({ text }) => isError(text))
}

/**
 * Holds one script's outcome against psql's in `folder`: all that was said, and where errors are. psql echoes as it goes,
 * and goes no further than an error. `newline` is how a value with a newline is written where it is substituted.
 */
export function assertSaysTheSame(
  t: ExecutionContext,
  ours: RunOutcome | undefined,
  theirs: PsqlOutcome | undefined,
  { folder, title, newline }: { readonly folder: string; readonly title: string; readonly newline?: string },
): void {
  if (!ours || !theirs) {
    t.fail(`${title} was not run`)
    return
  }
  t.deepEqual(
    ours.messages.map(({ text }) => text),
    theirs.messages.map(({ text }) => text.replace(/\nDATATYPE NAME: {2}.*/, '')),
    title,
  )
  t.deepEqual(
    hasFailed(theirs) ? ours.echoes.slice(0, theirs.echoes.length) : ours.echoes,
    theirs.echoes,
    title,
  )
  for (const [index, { place }] of ours.messages.entries()) {
    const message = theirs.messages[index]
    if (place && message) assertSamePlace(t, place, message, { folder, title, newline })
  }
}

function asPsqlWrites(said: ServerMessage): string {
  const { severity, sqlState, message, detail, hint, where, schema, table, column, constraint } = said
  const context = isError(severity) ? where : undefined // as psql's SHOW_CONTEXT has it
  const names = { SCHEMA: schema, TABLE: table, COLUMN: column, CONSTRAINT: constraint }
  const more = Object.entries({
    DETAIL: detail,
    HINT: hint,
    CONTEXT: context,
    ...Object.fromEntries(Object.entries(names).map(([key, name]) => [`${key} NAME`, name])),
  })
  const lines = more.flatMap(([key, text]) => (text === undefined ? [] : `${key}:  ${text}`))
  return [`${severity}:  ${sqlState}: ${message}`, ...lines].join('\n')
}

function isError(text: string): boolean {
  return text.startsWith('ERROR')
}

function assertSamePlace(
  t: ExecutionContext,
  place: Place,
  message: PsqlMessage,
  { folder, title, newline }: { folder: string; title: string; newline: string | undefined },
): void {
  const { line, column, excerpt } = place
  t.is(place.file, join(realpathSync(folder), message.file), title)
  t.is(line, lineOf(message, readFileSync(place.file, 'utf8'), newline), `${title}\n${message.text}`)
  const marked = message.mark
  const isVerbatim = marked && /^[ -~]+$/.test(marked.text) && excerpt.split('\n')[0]?.includes(marked.text)
  if (isVerbatim) t.is(column, excerpt.indexOf(marked.text) + marked.column, `${title}\n${message.text}`)
}

/** Where psql's message points to in its file: it counts from the start of the statement, and knows where that ends. */
function lineOf({ line, text, mark, statement = '' }: PsqlMessage, file: string, newline = '\0'): number {
  const [, dataLine] = /^CONTEXT: {2}COPY .*?, line (\d+)/m.exec(text) ?? []
  if (dataLine !== undefined) return endOfCopy(file, line) + Number(dataLine)
  const lines = (part: string) => part.replaceAll(newline, '').split('\n').length
  const upToMark = statement
    .split('\n')
    .slice(0, mark?.line ?? 1)
    .join('\n')
  return line - (lines(statement) - lines(upToMark))
}

/** The line that ends the COPY statement whose data end in line `end`. */
function endOfCopy(file: string, end: number): number {
  return file.split('\n').findLastIndex((text, index) => index < end && /from stdin/i.test(text)) + 1
}
