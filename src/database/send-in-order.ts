import { StatementError } from '../errors/database-errors.ts'
import { readFileData } from '../revision/file-data.ts'
import type { CopyData } from '../script/copy-data.ts'
import { dataAt, type GappedText } from '../script/gaps.ts'
import { holdsParameter } from '../script/statement-tokens.ts'
import type { Statement } from '../script/statements.ts'
import type { FirstCell } from './convoy/batch.ts'
import type { ConvoyStatement } from './convoy/messages.ts'
import type { Session } from './session.ts'

/** A statement that is sent. */
export interface Sendable extends ConvoyStatement {
  /** For a COPY … FROM stdin; can be read anew for another attempt. */
  readonly copyData?: Iterable<string | Buffer>
  /** It is sent by itself, as psql would send it. */
  readonly isAlone?: boolean
}

/** The statements of `script`, ready to be sent. */
export function sendables(script: GappedText, statements: readonly Statement[]): Sendable[] {
  return statements.map(({ text, copyData }) => ({
    text,
    // A convoy would ask for the parameter's value, instead of saying that there is none.
    ...(holdsParameter(text) && { isAlone: true }),
    ...(copyData && { copyData: linesOf(script, copyData) }),
  }))
}

function linesOf(script: GappedText, { start, end }: CopyData): Iterable<string | Buffer> {
  const data = dataAt(script, start)
  return { [Symbol.iterator]: () => (data ? readFileData(data) : chunks(script.text, start, end)) }
}

/** Whether texts can be sent in one piece. */
export function travelTogether(texts: readonly Sendable[]): boolean {
  return !texts.some(standsAlone)
}

/**
 * Sends statements within the open transaction, or that they open, with as few round trips as they allow: one, and more
 * only where one of them must be sent by itself. Gives the first cell of each that was asked. Throws `StatementError`,
 * and `SessionLostError`.
 */
export async function sendInOrder(
  session: Session,
  statements: readonly Sendable[],
): Promise<readonly (FirstCell | undefined)[]> {
  const answers: (FirstCell | undefined)[] = []
  for (const stretch of stretchesOf(statements)) {
    const sent = answers.length
    try {
      answers.push(...(await sendStretch(session, stretch)))
    } catch (error) {
      if (!(error instanceof StatementError)) throw error
      throw new StatementError(error.server, sent + error.textIndex, { cause: error.cause })
    }
  }
  return answers
}

function standsAlone({ copyData, isAlone }: Sendable): boolean {
  return copyData !== undefined || isAlone === true
}

function stretchesOf(statements: readonly Sendable[]): Sendable[][] {
  const stretches: Sendable[][] = []
  for (const statement of statements) {
    const stretch = stretches.at(-1)
    if (stretch && travelTogether([...stretch.slice(-1), statement])) stretch.push(statement)
    else stretches.push([statement])
  }
  return stretches
}

async function sendStretch(
  session: Session,
  stretch: readonly Sendable[],
): Promise<readonly (FirstCell | undefined)[]> {
  const [first] = stretch
  if (first?.copyData) await session.copyIn(first.text, first.copyData)
  else if (first?.isAlone) await session.query(first.text)
  else return session.send(stretch, { isLast: true }).done
  return [undefined]
}

const CHUNK = 65_536

function* chunks(text: string, from: number, to: number): Generator<string> {
  for (let start = from, end = from; start < to; start = end) {
    end = Math.min(start + CHUNK, to)
    if ((text.codePointAt(end - 1) ?? 0) > 0xffff) end++ // not between the halves of a surrogate pair
    yield text.slice(start, end)
  }
}
