import { ScriptError } from '../errors/script-errors.ts'
import { type Argument, readArguments } from './arguments.ts'
import type { Command } from './command.ts'
import { copiesFromStdin, readCopyData, startOfData } from './copy-data.ts'
import { type Draft, endsStatement, extendDraft, newDraft } from './draft.ts'
import { type LexerOptions, nextToken, type Token } from './lexer.ts'
import { lexerAfter } from './lexer-setting.ts'
import type { Lookup } from './reference.ts'

/** A token with its text. */
export interface ReadableToken extends Token {
  readonly text: string
  /** Whether a statement ends here; of a COPY, only when it is known where its data start. */
  readonly endsStatement: boolean
  /** Where the data start that follow, of the semicolon of a COPY … FROM stdin. */
  readonly dataStart: number | undefined
  /** How plain strings are read behind it. */
  readonly lexer: LexerOptions
}

/**
 * The tokens of a script as it is written, in all branches of its `\if`, without the data of COPY; up to the first that
 * cannot be read. Never throws: `expandScript` says what is wrong.
 */
export function* readableTokens(script: string, initialLexer: LexerOptions = {}): Generator<ReadableToken> {
  let draft = newDraft(0)
  let lexer = initialLexer
  for (let offset = 0; offset < script.length; ) {
    const token = orNothing(() => nextToken(script, offset, lexer))
    if (!token) return
    const { kind, start, end } = token
    const text = script.slice(start, end)
    const isEnd = endsStatement(token, draft)
    const copies = isEnd && copiesFromStdin(draft.words)
    const dataStart = copies ? orNothing(() => startOfData(script, end)) : undefined
    if (isEnd) lexer = lexerBehind(draft, script, lexer)
    yield {
      kind,
      start,
      end,
      text,
      endsStatement: isEnd && (!copies || dataStart !== undefined),
      dataStart,
      lexer,
    }
    offset = copies ? (orNothing(() => readCopyData(script, start, end))?.next ?? script.length) : end
    if (isEnd) draft = newDraft(offset)
    else if (kind !== 'command') extendDraft(draft, token, text)
  }
}

function lexerBehind({ words, start, end }: Draft, script: string, current: LexerOptions): LexerOptions {
  return lexerAfter(words, () => script.slice(start, end), { current, initial: {} })
}

/** How far a text can be understood whose end may be missing. */
export interface Beginning {
  /** Where the last statement ends that is there to its end. */
  readonly settled: number
  /** How plain strings are read from there on. */
  readonly lexer: LexerOptions
  /** The first COPY … FROM stdin: its semicolon, and where its data start. */
  readonly copy?: { readonly semicolon: number; readonly dataStart: number }
}

/**
 * Reads the beginning of a script, or of a part of it that starts between two statements, where plain strings are read as
 * `initialLexer` says, up to the first data of a COPY.
 */
export function readBeginning(text: string, initialLexer: LexerOptions = {}): Beginning {
  let settled = 0
  let lexer = initialLexer
  for (const token of readableTokens(text, initialLexer)) {
    if (token.endsStatement) ({ end: settled, lexer } = token)
    if (token.dataStart !== undefined)
      return { settled, lexer, copy: { semicolon: token.start, dataStart: token.dataStart } }
  }
  return { settled, lexer }
}

/** The arguments of a command; none when they cannot be read. */
export function readableArguments(command: Command, lookUp: Lookup): readonly Argument[] {
  return orNothing(() => readArguments(command, 0, lookUp)) ?? []
}

function orNothing<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch (error) {
    if (error instanceof ScriptError) return undefined
    throw error
  }
}
