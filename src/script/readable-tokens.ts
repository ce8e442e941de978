import { ScriptError } from '../errors/script-errors.ts'
import { type Argument, readArguments } from './arguments.ts'
import type { Command } from './command.ts'
import { copiesFromStdin, readCopyData, startOfData } from './copy-data.ts'
import { endsStatement, extendDraft, newDraft } from './draft.ts'
import { nextToken, type Token } from './lexer.ts'
import type { Lookup } from './reference.ts'

/** A token with its text. */
export interface ReadableToken extends Token {
  readonly text: string
  /** Whether a statement ends here; of a COPY, only when it is known where its data start. */
  readonly endsStatement: boolean
  /** Where the data start that follow, of the semicolon of a COPY … FROM stdin. */
  readonly dataStart: number | undefined
}

/**
 * The tokens of a script as it is written, in all branches of its `\if`, without the data of COPY; up to the first that
 * cannot be read. Never throws: `expandScript` says what is wrong.
 */
export function* readableTokens(script: string): Generator<ReadableToken> {
  let draft = newDraft(0)
  for (let offset = 0; offset < script.length; ) {
    const token = orNothing(() => nextToken(script, offset))
    if (!token) return
    const { kind, start, end } = token
    const text = script.slice(start, end)
    const isEnd = endsStatement(token, draft)
    const copies = isEnd && copiesFromStdin(draft.words)
    const dataStart = copies ? orNothing(() => startOfData(script, end)) : undefined
    yield { kind, start, end, text, endsStatement: isEnd && (!copies || dataStart !== undefined), dataStart }
    offset = copies ? (orNothing(() => readCopyData(script, start, end))?.next ?? script.length) : end
    if (isEnd) draft = newDraft(offset)
    else if (kind !== 'command') extendDraft(draft, token, text)
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
