import { ScriptError } from '../errors/script-errors.ts'
import { type Argument, readArguments } from './arguments.ts'
import type { Command } from './command.ts'
import { copiesFromStdin, readCopyData, startOfData } from './copy-data.ts'
import { endsStatement, extendDraft, newDraft } from './draft.ts'
import { type LexerOptions, nextToken, type Token } from './lexer.ts'
import { lexerAfter } from './lexer-setting.ts'
import type { Lookup } from './reference.ts'

/** A token with its text. */
export interface ReadableToken extends Token {
  readonly text: string
  /** Whether a statement ends here; of a COPY, only when it is known where its data start. */
  readonly endsStatement: boolean
  /** Where the data start that follow, of the semicolon of a COPY … FROM stdin. */
  readonly dataStart?: number | undefined
}

/**
 * The tokens of a script as it is written, in all branches of its `\if`, without the data of COPY; up to the first that
 * cannot be read. Never throws: `expandScript` says what is wrong.
 */
export function* readableTokens(script: string): Generator<ReadableToken> {
  let draft = newDraft(0)
  let lexer: LexerOptions = {}
  for (let offset = 0; offset < script.length; ) {
    const token = orNothing(() => nextToken(script, offset, lexer))
    if (!token) return
    const text = script.slice(token.start, token.end)
    offset = token.end
    if (!endsStatement(token, draft)) {
      yield { ...token, text, endsStatement: false }
      if (token.kind !== 'command') extendDraft(draft, token, text)
      continue
    }
    const { start, words } = draft
    if (copiesFromStdin(words)) {
      const dataStart = orNothing(() => startOfData(script, offset))
      yield { ...token, text, endsStatement: dataStart !== undefined, dataStart }
      offset = orNothing(() => readCopyData(script, token.start, token.end))?.next ?? script.length
    } else {
      yield { ...token, text, endsStatement: true }
      lexer = lexerAfter(words, () => script.slice(start, token.end), { current: lexer, initial: {} })
    }
    draft = newDraft(offset)
  }
}

/** How far a text can be understood whose end may be missing. */
export interface Beginning {
  /** Where the last statement ends that is there to its end. */
  readonly settled: number
  /** The first COPY … FROM stdin: its semicolon, and where its data start. */
  readonly copy?: { readonly semicolon: number; readonly dataStart: number }
}

/** Reads the beginning of a script, or of a part of it that starts between two statements, up to the first data of a COPY. */
export function readBeginning(text: string): Beginning {
  let settled = 0
  for (const { start, end, endsStatement, dataStart } of readableTokens(text)) {
    if (dataStart !== undefined) return { settled, copy: { semicolon: start, dataStart } }
    if (endsStatement) settled = end
  }
  return { settled }
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
