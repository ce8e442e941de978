import type { Problem } from '../errors/sqlbraid-error.ts'
import { type Command, type IncludeStart, includeStart, readCommand } from './command.ts'
import { type GappedText, joinTexts, sliceText } from './gaps.ts'
import type { Source } from './pieces.ts'
import { readableArguments, readableTokens } from './readable-tokens.ts'

/** A file that a script wants in its place. */
export interface Include {
  /** As written. */
  readonly path: string
  readonly start: IncludeStart
  /** The file that includes. */
  readonly from: string
}

/** Reads a file to be included; a problem without a file is put where the include stands. */
export type ReadInclude = (include: Include) => Source | { readonly problems: readonly Problem[] }

/**
 * The text of a script with the files it includes in the place of the commands that include them, and nothing else
 * changed: the same whatever variables are set, because every branch of `\if` is followed, and an include whose path
 * refers to a variable stays as it is. So does one that leads back to itself or cannot be read.
 */
export function withIncludes(
  source: Source,
  readInclude: ReadInclude,
  chain: readonly string[] = [],
): GappedText {
  if (!mayInclude(source.text)) return source
  const parts: GappedText[] = []
  let copied = 0
  for (const { kind, start, end, text } of readableTokens(source.text)) {
    const include = kind === 'command' ? literalInclude(readCommand(text), source.file) : undefined
    const found = include && readInclude(include)
    if (!found || 'problems' in found || [...chain, source.file].includes(found.file)) continue
    const included = withIncludes(found, readInclude, [...chain, source.file])
    parts.push(sliceText(source, copied, start), included)
    copied = end
  }
  return joinTexts([...parts, sliceText(source, copied)])
}

/** Whether a text could hold a command that includes a file; most cannot. */
export function mayInclude(text: string): boolean {
  return text.includes('\\i')
}

function literalInclude(command: Command, from: string): Include | undefined {
  const start = includeStart(command.name)
  if (!start) return undefined
  const variables: string[] = []
  const [path] = readableArguments(command, name => {
    variables.push(name)
    return undefined
  })
  return path && variables.length === 0 ? { path: path.withoutSemicolons, start, from } : undefined
}
