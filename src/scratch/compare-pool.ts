import type { Session } from '../database/session.ts'
import { StatementError } from '../errors/database-errors.ts'

type Pool = Parameters<typeof import('@supabase/pg-delta/extract').extract>[0]
type Rows = readonly unknown[]

/**
 * Our session in the shape that pg-delta reads from, so that every way to connect that we know works there too. With
 * `isInTransaction`, the transaction that is open goes on. What a session was asked the last time it is asked at once
 * the next time: of some forty questions, waiting for each answer takes longer than most answers.
 */
export async function poolOf(
  session: Session,
  { isInTransaction }: { readonly isInTransaction: boolean },
): Promise<Pool> {
  const foreseen = await readAtOnce(session, questions.get(session) ?? [], isInTransaction)
  const asked: string[] = []
  questions.set(session, asked)
  const query = async (text: string) => {
    asked.push(text)
    if (isInTransaction && controlsTransaction(text)) return { rows: [] }
    return { rows: foreseen.get(text) ?? (await readRows(session, text)) }
  }
  const client = { query, release: () => {} }
  return { connect: async () => client, query } as unknown as Pool
}

const questions = new WeakMap<Session, readonly string[]>()

/** Nothing where a question is out of place by now; inside a transaction that fails it. */
async function readAtOnce(
  session: Session,
  asked: readonly string[],
  isInTransaction: boolean,
): Promise<ReadonlyMap<string, Rows>> {
  const texts = isInTransaction ? asked.filter(text => !controlsTransaction(text)) : asked
  try {
    const answers = await session.pipeline(texts.map(text => (isQuestion(text) ? asJson(text) : text)))
    return new Map(texts.map((text, index) => [text, (answers[index] ?? []).map(([found]) => found)]))
  } catch (error) {
    if (isInTransaction || !(error instanceof StatementError)) throw error
    await session.rollBack()
    return new Map()
  }
}

async function readRows(session: Session, text: string): Promise<Rows> {
  if (!isQuestion(text)) return session.query(text)
  const rows = await session.query(asJson(text))
  return rows.map(({ found }) => found)
}

/** Rows travel as JSON: the session reads arrays only so. */
function asJson(text: string): string {
  return `select row_to_json(found) as found from (${text}\n) as found`
}

function isQuestion(text: string): boolean {
  return /^\s*(select|with)\b/i.test(text)
}

function controlsTransaction(text: string): boolean {
  return /^\s*(begin|commit|rollback)\b/i.test(text)
}
