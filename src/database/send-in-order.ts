import { StatementError } from '../errors/database-errors.ts'
import { readFileData } from '../revision/file-data.ts'
import type { CopyData } from '../script/copy-data.ts'
import { dataAt, type GappedText } from '../script/gaps.ts'
import type { Statement } from '../script/statements.ts'
import { rollsBackToSavepoint } from '../script/transaction-control.ts'
import type { Cells, Session } from './session.ts'

/** A text that is sent as one. */
export interface Sendable {
  readonly text: string
  /** For a COPY … FROM stdin; can be read anew for another attempt. */
  readonly copyData?: Iterable<string | Buffer>
  /** It would make an aborted transaction go on, so it is not sent before all in front of it has passed. */
  readonly recovers?: boolean
}

/** The statements of `script`, ready to be sent. */
export function sendables(script: GappedText, statements: readonly Statement[]): Sendable[] {
  return statements.map(statement => ({
    text: statement.text,
    recovers: rollsBackToSavepoint(statement),
    ...(statement.copyData && { copyData: linesOf(script, statement.copyData) }),
  }))
}

function linesOf(script: GappedText, { start, end }: CopyData): Iterable<string | Buffer> {
  const data = dataAt(script, start)
  return { [Symbol.iterator]: () => (data ? readFileData(data) : chunks(script.text, start, end)) }
}

/**
 * Sends texts within the open transaction, with as few round trips as they allow: one, and more only where COPY
 * data or a ROLLBACK TO stand in between. Gives the cells of each text's rows, none for a COPY.
 * Throws as `Session.pipeline`.
 */
export async function sendInOrder(
  session: Session,
  texts: readonly Sendable[],
): Promise<readonly (readonly Cells[])[]> {
  const answers: (readonly Cells[])[] = []
  for (const batch of batchesOf(texts)) {
    const sent = answers.length
    try {
      answers.push(...(await sendBatch(session, batch)))
    } catch (error) {
      if (!(error instanceof StatementError)) throw error
      throw new StatementError(error.server, sent + error.textIndex, { cause: error.cause })
    }
  }
  return answers
}

/** A COPY with its data makes a batch of its own. */
function batchesOf(texts: readonly Sendable[]): Sendable[][] {
  const batches: Sendable[][] = []
  for (const text of texts) {
    const batch = batches.at(-1)
    const joins = batch?.at(-1)?.copyData === undefined && !text.copyData && !text.recovers
    if (batch && joins) batch.push(text)
    else batches.push([text])
  }
  return batches
}

async function sendBatch(
  session: Session,
  batch: readonly Sendable[],
): Promise<readonly (readonly Cells[])[]> {
  const [first] = batch
  if (!first?.copyData) return session.pipeline(batch.map(({ text }) => text))
  await session.copyIn(first.text, first.copyData)
  return [[]]
}

const CHUNK = 65_536

function* chunks(text: string, from: number, to: number): Generator<string> {
  for (let start = from, end = from; start < to; start = end) {
    end = Math.min(start + CHUNK, to)
    if ((text.codePointAt(end - 1) ?? 0) > 0xffff) end++ // not between the halves of a surrogate pair
    yield text.slice(start, end)
  }
}
