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

/** Of a Parse up to the query: the length is still to be written, and the statement has no name. */
const PARSE = Buffer.from('P\0\0\0\0\0', 'latin1')
const BEHIND_TYPE = 1
/** Behind the query: its string ends with a zero, and the types of no parameters follow. */
const END_OF_PARSE = Buffer.from('\0\0\0', 'latin1')

const RUN = Buffer.concat([END_OF_PARSE, BIND, EXECUTE])
const RUN_AND_DESCRIBE = Buffer.concat([END_OF_PARSE, BIND, DESCRIBE, EXECUTE])

/** Where the server is to speak. */
export interface Stops {
  /** Behind the first so many statements, and at the end. */
  readonly flushAfter?: number
  /** Whether the convoy ends behind the last. */
  readonly isLast?: boolean
}

/** All statements in one piece. */
export function encode(statements: readonly ConvoyStatement[], { flushAfter, isLast }: Stops): Buffer {
  const around = PARSE.length + RUN_AND_DESCRIBE.length
  const atMost = statements.reduce(
    (sum, { text }) => sum + Buffer.byteLength(text) + around,
    FLUSH.length + SYNC.length,
  )
  const bytes = Buffer.allocUnsafe(atMost)
  let end = 0
  const add = (part: Buffer) => {
    end += part.copy(bytes, end)
  }
  for (const [index, { text, isAsked }] of statements.entries()) {
    const start = end
    add(PARSE)
    end += bytes.write(text, end)
    bytes.writeInt32BE(end + END_OF_PARSE.length - start - BEHIND_TYPE, start + BEHIND_TYPE)
    add(isAsked ? RUN_AND_DESCRIBE : RUN)
    if (index + 1 === flushAfter) add(FLUSH)
  }
  add(isLast ? SYNC : FLUSH)
  return bytes.subarray(0, end)
}

const HEADER = 5

/** Cuts what arrives into the messages of the server. */
export class WordReader {
  #bytes: Buffer = Buffer.alloc(0)
  /** Where the next message begins. */
  #next = 0
  #bodyStart = 0
  #arrived: Buffer[] = []
  #arrivedLength = 0

  /** Takes what has arrived. */
  take(piece: Buffer): void {
    this.#arrived.push(piece)
    this.#arrivedLength += piece.length
  }

  /** The character of the next message's type; undefined as long as not all of the message is there. */
  next(): string | undefined {
    if (!this.#has(HEADER)) return undefined
    const length = 1 + this.#bytes.readUInt32BE(this.#next + 1)
    if (!this.#has(length)) return undefined
    const start = this.#next
    this.#bodyStart = start + HEADER
    this.#next = start + length
    return String.fromCharCode(this.#bytes[start] as number)
  }

  /** What the message says that `next` has come to. */
  body(): Buffer {
    return this.#bytes.subarray(this.#bodyStart, this.#next)
  }

  /** What no message was made of. */
  rest(): Buffer {
    this.#join()
    return this.#bytes.subarray(this.#next)
  }

  /** Whether so many bytes of the next message are there. */
  #has(length: number): boolean {
    const known = this.#bytes.length - this.#next
    if (known >= length) return true
    if (known + this.#arrivedLength < length) return false
    this.#join()
    return true
  }

  #join(): void {
    const rest = this.#bytes.subarray(this.#next)
    this.#bytes =
      rest.length === 0 && this.#arrived.length === 1
        ? (this.#arrived[0] as Buffer)
        : Buffer.concat([rest, ...this.#arrived])
    this.#next = 0
    this.#arrived = []
    this.#arrivedLength = 0
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
