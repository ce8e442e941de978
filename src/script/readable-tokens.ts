import { ScriptError } from '../errors/script-errors.ts'
import { type Argument, readArguments } from './arguments.ts'
import type { Command } from './command.ts'
import { copiesFromStdin, readCopyData } from './copy-data.ts'
import { endsStatement, extendDraft, newDraft } from './draft.ts'
import { type LexerOptions, nextToken, type Token } from './lexer.ts'
import { lexerAfter } from './lexer-setting.ts'
import type { Lookup } from './reference.ts'

/** A token with its text. */
export interface ReadableToken extends Token {
  readonly text: string
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
    yield { ...token, text }
    offset = token.end
    if (token.kind === 'command') continue
    if (!endsStatement(token, draft)) {
      extendDraft(draft, token, text)
      continue
    }
    const { start, words } = draft
    lexer = lexerAfter(words, () => script.slice(start, token.end), { current: lexer, initial: {} })
    if (start !== undefined && copiesFromStdin(words))
      offset = orNothing(() => readCopyData(script, start, token.end))?.next ?? script.length
    draft = newDraft(offset)
  }
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
