import { SqlbraidError } from './sqlbraid-error.ts'

/** Something wrong in the text of a script. `offset` counts UTF-16 units; `locate` turns it into a place. */
export abstract class ScriptError extends SqlbraidError {
  readonly offset: number

  constructor(message: string, offset: number) {
    super(message)
    this.offset = offset
  }
}

const UNCLOSED = {
  UNCLOSED_STRING: 'The string that starts here has no closing quote.',
  UNCLOSED_IDENTIFIER: 'The quoted identifier that starts here has no closing quote.',
  UNCLOSED_DOLLAR_QUOTE: 'The dollar-quoted string that starts here is never closed.',
  UNCLOSED_COMMENT: 'The comment that starts here is never closed; comments nest, each /* needs its own */.',
  UNCLOSED_PARENTHESIS: 'The parenthesis opened here is still open at the end of the script.',
  UNCLOSED_BODY: 'The BEGIN ATOMIC body that starts here has no END.',
  UNCLOSED_COPY_DATA: 'The data of this COPY … FROM stdin do not end with a line \\. of their own.',
  UNCLOSED_IF: 'This \\if has no \\endif in its file.',
} as const

export type UnclosedCode = keyof typeof UNCLOSED

/** The script ended inside something; `code` says what, `offset` is where it was opened. */
export class UnclosedError extends ScriptError {
  readonly code: UnclosedCode

  constructor(code: UnclosedCode, offset: number) {
    super(UNCLOSED[code], offset)
    this.code = code
  }
}

/** A backslash command of psql that sqlbraid does not know. */
export class BackslashCommandError extends ScriptError {
  readonly code = 'BACKSLASH_COMMAND'
  readonly command: string

  constructor(command: string, offset: number) {
    super(
      `The backslash command ${command} cannot be used here: ${ADVICE[command] ?? KNOWN_COMMANDS}`,
      offset,
    )
    this.command = command
  }
}

const KNOWN_COMMANDS =
  'a script may use \\set, \\unset, \\i, \\ir, \\if, \\elif, \\else, \\endif, \\echo and \\; of psql, and no other.'
const RESTRICTION = 'pg_dump wrote it for psql only; remove the lines \\restrict and \\unrestrict.'
const SEND = 'end the statement with a semicolon.'
const ADVICE: Readonly<Record<string, string>> = {
  '\\c': 'the database is the one that sqlbraid was pointed at; remove the line.',
  '\\connect': 'the database is the one that sqlbraid was pointed at; remove the line.',
  '\\copy': 'put the data into the script, after COPY … FROM stdin;',
  '\\.': 'it ends the data of a COPY … FROM stdin, and there is none before it.',
  '\\left_out':
    'the ledger does not keep data of this size; they are in the file that the script was applied from.',
  '\\g': SEND,
  '\\gx': SEND,
  '\\gexec': 'put the statements that are made into a DO block, with EXECUTE.',
  '\\gset': 'scripts are read before any of them runs; use a DO block.',
  '\\!': 'sqlbraid runs no shell commands from a script; hooks in sqlbraid.toml do.',
  '\\restrict': RESTRICTION,
  '\\unrestrict': RESTRICTION,
}

/** What is wrong with a command that sqlbraid knows. */
export type CommandErrorCode =
  | 'SHELL_BACKQUOTE'
  | 'BAD_CONDITION'
  | 'BAD_ESCAPE'
  | 'BAD_VARIABLE_NAME'
  | 'MISPLACED_CONDITION'
  | 'MISSING_ARGUMENT'
  | 'UNCLOSED_ARGUMENT'

/** A backslash command that cannot be carried out as it is written. */
export class CommandError extends ScriptError {
  readonly code: CommandErrorCode

  constructor(code: CommandErrorCode, message: string, offset: number) {
    super(message, offset)
    this.code = code
  }
}

/** SQL on the line of a COPY … FROM stdin, after its semicolon; the data start on the next line. */
export class TextAfterCopyError extends ScriptError {
  readonly code = 'TEXT_AFTER_COPY'

  constructor(offset: number) {
    super('Nothing but a comment may follow COPY … FROM stdin on its line.', offset)
  }
}

/**
 * What a large file has behind a COPY … FROM stdin was taken for its data and left there, and is something else once
 * variables have their values, or by the session's `standard_conforming_strings`.
 */
export class MisreadDataError extends ScriptError {
  readonly code = 'MISREAD_DATA'

  constructor(offset: number) {
    super(
      'In so large a file a COPY … FROM stdin must be one as it is written, whatever the variables and settings say.',
      offset,
    )
  }
}

/** A value that PostgreSQL cannot hold, neither as a literal nor as an identifier. */
export class NulCharacterError extends SqlbraidError {
  readonly code = 'NUL_CHARACTER'

  constructor() {
    super('The value holds a NUL character, which PostgreSQL does not allow in text.')
  }
}
