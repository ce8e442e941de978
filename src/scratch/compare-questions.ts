import type { Session } from '../database/session.ts'
import { loadExtraction } from './compare-package.ts'
import { type Ask, poolOf } from './compare-pool.ts'

/** The rows that a session gave to each of pg-delta's questions, as JSON. */
export type Answers = ReadonlyMap<string, readonly string[]>

export interface Asking {
  /** Whether a transaction is open, and must go on. */
  readonly isInTransaction?: boolean
}

/** The texts of what pg-delta is going to ask. */
export type Questions = readonly string[]

/**
 * Asks at once all that pg-delta is going to ask: of some forty questions, waiting for each answer takes longer than most
 * answers. Throws what the session throws; inside a transaction that has failed then.
 */
export async function askAtOnce(
  session: Session,
  { isInTransaction = false }: Asking,
  questions?: Questions,
): Promise<Answers> {
  const foreseen = questions ?? (await foresee(session))
  const texts = foreseen.filter(text => !isInTransaction || !controlsTransaction(text))
  const answers = await session.pipeline(texts.map(text => (isQuestion(text) ? asJson(text) : text)))
  return new Map(texts.map((text, index) => [text, (answers[index] ?? []).map(([row]) => String(row))]))
}

/** Answers what pg-delta asks from what was asked at once, and the rest from the session, which is remembered for the next time. */
export function askingMore(session: Session, answers: Answers, { isInTransaction = false }: Asking): Ask {
  const asked: string[] = []
  lastAsked.set(session, Promise.resolve(asked))
  return async text => {
    asked.push(text)
    if (isInTransaction && controlsTransaction(text)) return []
    return rowsOf(text, answers) ?? readRows(session, text)
  }
}

/** Answers from what was asked at once, later and without a session. Throws `UnforeseenQuestionError`. */
export function askingNoMore(answers: Answers): Ask {
  return async text => {
    if (!isQuestion(text)) return []
    const rows = rowsOf(text, answers)
    if (rows === undefined) throw new UnforeseenQuestionError(text)
    return rows
  }
}

/** pg-delta asks what was not asked at once, and nobody is there any more to answer it. */
export class UnforeseenQuestionError extends Error {}

/**
 * Whether two sessions gave the same answers, whatever the order of their rows: where that matters, a question orders them,
 * and rows that it cannot tell apart could have come in any.
 */
export function areSame(one: Answers, other: Answers): boolean {
  return one.size === other.size && [...one].every(([text, rows]) => haveSameRows(rows, other.get(text)))
}

function haveSameRows(one: readonly string[], other: readonly string[] | undefined): boolean {
  if (one.length !== other?.length) return false
  if (one.every((row, index) => row === other[index])) return true
  const surplus = new Map<string, number>()
  for (const row of one) addTo(surplus, row, 1)
  for (const row of other) addTo(surplus, row, -1)
  const unnumbered = new Map<string, number>()
  for (const [row, count] of surplus) if (count !== 0) addTo(unnumbered, withoutNumbers(row), count)
  return [...unnumbered.values()].every(count => count === 0)
}

function addTo(counts: Map<string, number>, row: string, count: number): void {
  counts.set(row, (counts.get(row) ?? 0) + count)
}

/**
 * The server names the tables of its own that hold long values by numbers that are never the same. What a script wrote
 * cannot look so, for a quote within a JSON string has a backslash before it.
 */
function withoutNumbers(row: string): string {
  return row.replaceAll(/("schema" : "pg_toast", "name" : "pg_toast_)\d+/g, '$1')
}

/**
 * Answers without the rows about what lies in a schema: they describe what can be compared, and are most of them. What pg-delta warns
 * of, it warns of by what remains.
 */
export function withoutSchemas(answers: Answers): Answers {
  return new Map([...answers].map(([text, rows]) => [text, rows.filter(row => !/"schema" ?:/.test(row))]))
}

/**
 * What pg-delta asked of a session the last time; the first time what it asks of a database without anything in it. Any
 * database of a server can tell; what was told once is remembered.
 */
export function foresee(server: Asked): Promise<Questions> {
  const known = lastAsked.get(server)
  if (known) return known
  const questions = askOfNothing(server)
  lastAsked.set(server, questions)
  questions.catch(() => lastAsked.delete(server))
  return questions
}

type Asked = Pick<Session, 'query'>

const lastAsked = new WeakMap<Asked, Promise<Questions>>()

/** What is asked of no table is told truly, for some of the other questions hang on that. */
async function askOfNothing(server: Asked): Promise<Questions> {
  const { extract } = await loadExtraction()
  const asked: string[] = []
  const ask: Ask = async text => {
    asked.push(text)
    return isQuestion(text) && !/\bfrom\b/i.test(text) ? readRows(server, text) : []
  }
  await extract(poolOf(ask))
  return asked
}

function rowsOf(text: string, answers: Answers): unknown[] | undefined {
  return answers.get(text)?.map(row => JSON.parse(row))
}

async function readRows(session: Asked, text: string): Promise<readonly unknown[]> {
  if (!isQuestion(text)) return session.query(text)
  const rows = await session.query(asJson(text))
  return rows.map(({ found }) => JSON.parse(String(found)))
}

/** Rows travel as JSON: the session reads arrays only so. */
function asJson(text: string): string {
  return `select row_to_json(found)::text as found from (${text}\n) as found`
}

function isQuestion(text: string): boolean {
  return /^\s*(select|with)\b/i.test(text)
}

function controlsTransaction(text: string): boolean {
  return /^\s*(begin|commit|rollback)\b/i.test(text)
}
