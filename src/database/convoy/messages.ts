/**
 * The messages of PostgreSQL's extended query protocol (PostgreSQL documentation, "Message Formats") that a convoy is made
 * of. All of a statement's names are the empty one, and its results are text.
 */

/** A statement as it is sent. */
export interface ConvoyStatement {
  readonly text: string
  /** Whether its answer is wanted. */
  readonly isAsked?: boolean
}

/** Ends a convoy: the server passes over nothing any more, and says that it is ready. */
export const SYNC = Buffer.from('S\0\0\0\x04', 'latin1')

/** Has the server send what it has to say so far. */
export const FLUSH = Buffer.from('H\0\0\0\x04', 'latin1')

const BIND = Buffer.from('B\0\0\0\x0c\0\0\0\0\0\0\0\0', 'latin1')
const DESCRIBE = Buffer.from('D\0\0\0\x06P\0', 'latin1')
const EXECUTE = Buffer.from('E\0\0\0\x09\0\0\0\0\0', 'latin1')

/** Where the server is to speak. */
export interface Stops {
  /** Behind the first so many statements, and at the end. */
  readonly flushAfter?: number
  /** Whether the convoy ends behind the last. */
  readonly isLast?: boolean
}

/** All statements in one piece. */
export function encode(statements: readonly ConvoyStatement[], { flushAfter, isLast }: Stops): Buffer {
  const pieces = statements.flatMap(({ text, isAsked }, index) => [
    ...parse(text),
    BIND,
    ...(isAsked ? [DESCRIBE] : []),
    EXECUTE,
    ...(index + 1 === flushAfter ? [FLUSH] : []),
  ])
  return Buffer.concat([...pieces, isLast ? SYNC : FLUSH])
}

function parse(text: string): Buffer[] {
  const query = Buffer.from(text)
  const head = Buffer.from('P\0\0\0\0\0', 'latin1')
  head.writeInt32BE(LENGTH_OF_PARSE + query.length, 1)
  return [head, query, END_OF_PARSE]
}

/** The string ends with a zero, and the types of no parameters follow. */
const END_OF_PARSE = Buffer.from('\0\0\0', 'latin1')
const LENGTH_OF_PARSE = 4 + 1 + END_OF_PARSE.length

/** A message of the server: the character of its type, and what it says. */
export interface ServerWord {
  readonly type: string
  readonly body: Buffer
}

const HEADER = 5

/** Cuts what arrives into messages. */
export class WordReader {
  #pieces: Buffer[] = []
  #length = 0
  #needed = HEADER

  /** Takes what has arrived. */
  take(piece: Buffer): void {
    this.#pieces.push(piece)
    this.#length += piece.length
  }

  /** The next message; undefined as long as not all of it is there. */
  next(): ServerWord | undefined {
    if (this.#length < this.#needed) return undefined
    const all = this.#join()
    this.#needed = 1 + all.readUInt32BE(1)
    if (this.#length < this.#needed) return undefined
    const end = this.#needed
    this.#pieces = [all.subarray(end)]
    this.#length -= end
    this.#needed = HEADER
    return { type: String.fromCharCode(all[0] as number), body: all.subarray(HEADER, end) }
  }

  /** What no message was made of. */
  rest(): Buffer {
    return this.#join()
  }

  #join(): Buffer {
    if (this.#pieces.length !== 1) this.#pieces = [Buffer.concat(this.#pieces)]
    return this.#pieces[0] as Buffer
  }
}

/** Fields of an error or a notice, and the names that the driver, too, has for them. */
const FIELDS: Readonly<Record<string, string>> = {
  V: 'severity',
  C: 'code',
  M: 'message',
  D: 'detail',
  H: 'hint',
  P: 'position',
  W: 'where',
  s: 'schema_name',
  t: 'table_name',
  c: 'column_name',
  n: 'constraint_name',
}

/** What an error or a notice says, by the names of its fields. */
export function readFields(body: Buffer): Readonly<Record<string, string>> {
  const fields: Record<string, string> = {}
  for (let start = 0; body[start]; ) {
    const end = body.indexOf(0, start)
    const name = FIELDS[String.fromCharCode(body[start] as number)]
    if (name !== undefined) fields[name] = body.toString('utf8', start + 1, end)
    start = end + 1
  }
  return fields
}

/** The type of the first column that a description of rows names; undefined where there is no column. */
export function firstColumnType(body: Buffer): number | undefined {
  if (body.readUInt16BE(0) === 0) return undefined
  const behindName = body.indexOf(0, 2) + 1
  return body.readUInt32BE(behindName + 6) // behind the table and the number of the column
}

/** The first value of a row; null where it is null, or there is none. */
export function firstValue(body: Buffer): string | null {
  if (body.readUInt16BE(0) === 0) return null
  const length = body.readInt32BE(2)
  return length === -1 ? null : body.toString('utf8', 6, 6 + length)
}
