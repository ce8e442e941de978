import { ScriptError, UnclosedError } from '../errors/script-errors.ts'
import type { Problem } from '../errors/sqlbraid-error.ts'
import { readCommand } from './command.ts'
import { isActive, refuseOpenCondition } from './conditions.ts'
import { refuseOpenEnd } from './draft.ts'
import type { GappedText } from './gaps.ts'
import type { ReadInclude } from './include.ts'
import type { LexerOptions, Token } from './lexer.ts'
import { type Pieces, type Source, wholeSource } from './pieces.ts'
import { plainStatements } from './plain-text.ts'
import {
  abandon,
  copyToken,
  type Input,
  offsetInFile,
  openReading,
  type Reading,
  readToken,
  readValue,
  substituteToken,
} from './reading.ts'
import { readReference, referenceText } from './reference.ts'
import { runCommand } from './run-command.ts'
import type { Statement } from './statements.ts'
import { addStretch, assemble } from './stretches.ts'
import { noteProblem, send, type UnsetReference, valueAt, type Work } from './work.ts'

/** What a script can refer to. */
export interface ExpandOptions {
  readonly variables: ReadonlyMap<string, string>
  readonly readInclude: ReadInclude
  readonly lexer?: LexerOptions
}

/** A script as psql would send it: SQL and the data of COPY, without psql's own language. */
export interface Expansion extends GappedText {
  /** Which file each part of `text` came from. */
  readonly pieces: Pieces
  /** The files that were included, each once. */
  readonly included: readonly string[]
  /** References to variables that are not set; as in psql they stay in the text. */
  readonly unset: readonly UnsetReference[]
  /** What `\echo` prints, in its order. */
  readonly echoes: readonly string[]
  /** Everything that is wrong; the text is not to be run then. */
  readonly problems: readonly Problem[]
  /** The statements, where they are known already. */
  readonly statements?: readonly Statement[]
}

/**
 * Carries out psql's language in a script: replaces variables, follows includes, takes the branches of `\if`. The rules
 * are those of psql (psqlscan.l, psqlscanslash.l, command.c), docs/psql.md describes them. Never throws for what
 * the script says: that stands in `problems`. Throws `NulCharacterError` for the value of a variable.
 */
export function expandScript(
  source: Source,
  { variables, readInclude, lexer = {} }: ExpandOptions,
): Expansion {
  const statements = plainStatements(source, lexer)
  if (statements) return { ...AS_IT_IS, text: source.text, pieces: wholeSource(source), statements }
  const work: Work = {
    variables: new Map(variables),
    readInclude,
    lexer,
    output: [],
    included: new Set(),
    unset: [],
    echoes: [],
    problems: [],
  }
  expandFile(openReading(source, lexer), work)
  const { unset, echoes, problems, included } = work
  return { ...assemble(work.output, source), included: [...included], unset, echoes, problems }
}

const AS_IT_IS = { included: [], unset: [], echoes: [], problems: [] }

/** Reads a file to its end, and the files it includes. */
function expandFile(reading: Reading, work: Work): void {
  for (let input = reading.inputs.at(-1); input; input = reading.inputs.at(-1)) {
    if (input.offset < input.text.length) readNext(reading, input, work)
    else reading.inputs.pop()
  }
  attempt(reading, work, () => {
    refuseOpenCondition(reading.conditions)
    refuseOpenEnd(reading.draft)
  })
  send(reading, work)
}

/** As in psql, the end of an included file ends its last statement, and the statement around it goes on after it. */
function expandInclude(source: Source, including: Reading, work: Work): void {
  work.included.add(source.file)
  if (including.draft.start === undefined) send(including, work)
  const reading = openReading(source, including.lexer, including.chain)
  expandFile(reading, work)
  including.lexer = reading.lexer
  const end = source.text.length
  addStretch(work.output, { source, sourceStart: end, sourceEnd: end, substitute: '\n;\n' })
}

function readNext(reading: Reading, input: Input, work: Work): void {
  attempt(reading, work, () => {
    const token = readToken(reading, input)
    if (token?.kind === 'command') {
      const command = readCommand(input.text.slice(token.start, token.end))
      const include = (source: Source) => expandInclude(source, reading, work)
      runCommand(command, { reading, input, token, work, include })
    } else if (token && isActive(reading.conditions)) {
      if (token.kind === 'variable') substitute(reading, input, token, work)
      else if (copyToken(reading, input, token)) send(reading, work)
    }
  })
}

/** As in psql, a value is not replaced again within itself. */
function substitute(reading: Reading, input: Input, token: Token, work: Work): void {
  const reference = readReference(input.text.slice(token.start, token.end))
  const { name, form } = reference
  const isWithinItself = reading.inputs.some(outer => outer.reference?.name === name)
  const text =
    form === 'plain' && isWithinItself
      ? undefined
      : referenceText(reference, valueAt(reading, offsetInFile(input, token.start), work))
  if (text === undefined) copyToken(reading, input, token)
  else if (form === 'plain') readValue(reading, input, token, name, text)
  else substituteToken(reading, input, token, text)
}

/** Notes what is thrown for the script's text as a problem; after what is not closed, nothing can be understood. */
function attempt(reading: Reading, work: Work, act: () => void): void {
  const input = reading.inputs.at(-1)
  try {
    act()
  } catch (error) {
    if (!(error instanceof ScriptError)) throw error
    noteProblem(reading, input ? offsetInFile(input, error.offset) : error.offset, error, work)
    if (error instanceof UnclosedError) abandon(reading)
  }
}
