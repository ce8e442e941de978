/** A command of psql as it is written: `\ir ../operations/audit.sql`. */
export interface Command {
  /** With its backslash. */
  readonly name: string
  readonly text: string
  /** Offset in `text` of what follows the name. */
  readonly argumentsStart: number
}

/** Reads a token of kind `command`. */
export function readCommand(text: string): Command {
  const name = commandName(text)
  return { name, text, argumentsStart: name.length }
}

/** The name of a token of kind `command`, with its backslash; as in psqlscanslash.l white space or a backslash ends it. */
export function commandName(text: string): string {
  return text.match(/^\\(?:[;:\\]|[^ \t\n\r\f\v\\]*)/)?.[0] ?? text
}

/** Where an include looks for its file: below the project's root, or beside the file that includes. */
export type IncludeStart = 'root' | 'including file'

/** Where an include looks, by the name of its command; undefined for any other command. */
export function includeStart(name: string): IncludeStart | undefined {
  if (name === '\\i' || name === '\\include') return 'root'
  return name === '\\ir' || name === '\\include_relative' ? 'including file' : undefined
}
