import type { Place } from '../errors/run-errors.ts'
import type { Problem } from '../errors/sqlbraid-error.ts'
import { newDraft } from './draft.ts'
import type { ReadInclude } from './include.ts'
import type { LexerOptions } from './lexer.ts'
import { lexerAfter } from './lexer-setting.ts'
import { locate, wholeSource } from './pieces.ts'
import type { Reading } from './reading.ts'
import type { Lookup } from './reference.ts'
import { addStretch, assemble, type Stretch } from './stretches.ts'

/** What is gathered while the files of one script are read; changed in place. */
export interface Work {
  readonly variables: Map<string, string>
  readonly readInclude: ReadInclude
  /** How strings are read when the script begins. */
  readonly lexer: LexerOptions
  readonly output: Stretch[]
  readonly included: Set<string>
  readonly unset: UnsetReference[]
  readonly echoes: string[]
  readonly problems: Problem[]
}

/** A variable that is not set, and where it is referred to first. */
export interface UnsetReference {
  readonly name: string
  readonly place: Place
}

/** Sends the statement under way: what is included from now on comes after it. */
export function send(reading: Reading, work: Work): void {
  const { statement, source, draft, lexer } = reading
  for (const stretch of statement) addStretch(work.output, stretch)
  const setting = { current: lexer, initial: work.lexer }
  reading.lexer = lexerAfter(draft.words, () => assemble(statement, source).text, setting)
  reading.statement = []
  reading.draft = newDraft(0)
}

/** Gives the values of variables that are referred to at `offset` of the file, and notes those that are not set. */
export function valueAt({ source }: Reading, offset: number, work: Work): Lookup {
  return (name, isTest) => {
    const value = work.variables.get(name)
    const isMissed = value === undefined && !isTest && !SLICE_BOUND.test(name)
    if (isMissed && !work.unset.some(known => known.name === name))
      work.unset.push({ name, place: locate(wholeSource(source), offset) })
    return value
  }
}

/** Notes what is wrong at `offset` of the file. */
export function noteProblem(
  { source }: Reading,
  offset: number,
  { code, message }: Pick<Problem, 'code' | 'message'>,
  work: Work,
): void {
  const { file, line, column } = locate(wholeSource(source), offset)
  work.problems.push({ code, message, file, line, column })
}

/** The `:2` of `a[1:2]` was never meant as a variable. */
const SLICE_BOUND = /^\d+$/
