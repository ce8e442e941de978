import { isUtf8 } from 'node:buffer'
import { CommandError } from '../errors/script-errors.ts'
import type { Command } from './command.ts'
import { type Lookup, readReference, referenceText } from './reference.ts'

/** An argument of a command, with its quotes taken off and its variables replaced. */
export interface Argument {
  readonly text: string
  /** Without the semicolons at its end, where they are not quoted: `\i file.sql;` means `file.sql`. */
  readonly withoutSemicolons: string
  readonly isQuoted: boolean
}

/** One stretch of an argument that is quoted, or not, in one way. */
interface Part {
  readonly text: string
  readonly isQuoted: boolean
  /** Whether it stands as it is written, outside quotes. */
  readonly isBare: boolean
}

/**
 * The arguments of a command by the rules of psql (psqlscanslash.l): white space separates them; in single quotes
 * `''` is a quote and a backslash escapes as in C; double quotes hold white space together and stay; variables are
 * replaced outside quotes, and what they hold is not looked at again. `offset` is where the command starts.
 * Throws `CommandError`, and `NulCharacterError` for the value of a variable.
 */
export function readArguments(
  { text, argumentsStart }: Command,
  offset: number,
  lookUp: Lookup,
): readonly Argument[] {
  const found: Argument[] = []
  for (let at = afterBlank(text, argumentsStart); isInside(text, at); at = afterBlank(text, at)) {
    const parts: Part[] = []
    while (isInside(text, at) && !BLANK.test(text.charAt(at))) {
      PART.lastIndex = at
      const written = PART.exec(text)?.[0] ?? text.charAt(at)
      parts.push(readPart(written, offset + at, lookUp))
      at += written.length
    }
    found.push(joined(parts))
  }
  return found
}

const BLANK = /[ \t\n\r\f\v]/
const NAME = /[\w\u0080-\uffff]+/.source
const REFERENCE = `:(?:${NAME}|'${NAME}'|"${NAME}"|\\{\\?${NAME}\\})`
const PART = new RegExp(`${REFERENCE}|'(?:''|\\\\.|[^'\\\\])*'|"[^"]*"|.`, 'sy')
const ESCAPED = /\\(?:[0-7]{1,3}|x[\dA-Fa-f]{1,2}|.)|[^\\]+/gsu
const CONTROLS: Readonly<Record<string, string>> = { n: '\n', t: '\t', b: '\b', r: '\r', f: '\f' }

/** A backslash outside quotes ends the command. */
function isInside(text: string, at: number): boolean {
  return at < text.length && text[at] !== '\\'
}

function afterBlank(text: string, from: number): number {
  let at = from
  while (BLANK.test(text.charAt(at))) at++
  return at
}

function readPart(written: string, offset: number, lookUp: Lookup): Part {
  if (written.length === 1) return readCharacter(written, offset)
  const [first] = written
  if (first === "'") return { text: unescaped(written.slice(1, -1), offset), isQuoted: true, isBare: false }
  if (first === '"') return { text: written, isQuoted: true, isBare: false }
  const reference = readReference(written)
  const text = referenceText(reference, lookUp)
  return { text: text ?? written, isQuoted: reference.form !== 'test', isBare: false }
}

function readCharacter(character: string, offset: number): Part {
  if (character === "'" || character === '"')
    throw new CommandError('UNCLOSED_ARGUMENT', UNCLOSED_RULE, offset)
  if (character === '`') throw new CommandError('SHELL_BACKQUOTE', BACKQUOTE_RULE, offset)
  return { text: character, isQuoted: false, isBare: true }
}

/** The text between single quotes. Escapes may spell out the bytes of a character, so they are put together first. */
function unescaped(content: string, offset: number): string {
  const written = content.replaceAll("''", "'")
  if (!written.includes('\\')) return written
  const bytes = Buffer.concat((written.match(ESCAPED) ?? []).map(unescapedBytes))
  if (isUtf8(bytes) && !bytes.includes(0)) return bytes.toString('utf8')
  throw new CommandError('BAD_ESCAPE', ESCAPE_RULE, offset)
}

function unescapedBytes(part: string): Buffer {
  if (!part.startsWith('\\')) return Buffer.from(part)
  const code = part.slice(1)
  if (/^[0-7]/.test(code)) return Buffer.of(Number.parseInt(code, 8))
  if (/^x./.test(code)) return Buffer.of(Number.parseInt(code.slice(1), 16))
  return Buffer.from(CONTROLS[code] ?? code)
}

function joined(parts: readonly Part[]): Argument {
  const text = parts.map(part => part.text).join('')
  const lastHeld = parts.findLastIndex(part => !part.isBare || part.text !== ';')
  const withoutSemicolons = parts
    .slice(0, lastHeld + 1)
    .map(part => part.text)
    .join('')
  return { text, withoutSemicolons, isQuoted: parts.some(part => part.isQuoted) }
}

const UNCLOSED_RULE =
  'The quote that starts here is not closed before the command ends, which is on this line.'
const BACKQUOTE_RULE = 'What stands between backquotes would be a shell command; sqlbraid runs none.'
const ESCAPE_RULE = 'The escapes between these quotes do not spell text: they must make UTF-8 without a NUL.'
