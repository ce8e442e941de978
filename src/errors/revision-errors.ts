import { type Problem, SqlbraidError } from './sqlbraid-error.ts'

/** Revision files that cannot be used as they are; `problems` holds all that was found, not only the first. */
export class RevisionFilesError extends SqlbraidError {
  readonly code = 'BROKEN_REVISION_FILES'
  readonly problems: readonly Problem[]
  override readonly suggestions: readonly string[]
  constructor(problems: readonly Problem[]) {
    super(
      problems.length === 1
        ? `The revision files have a problem: ${problems.map(describeProblem).join()}`
        : `The revision files have ${problems.length} problems:${problems.map(inOneLine).join('')}`,
    )
    this.problems = problems
    this.suggestions = problems.some(problem => problem.code === 'NO_SUCH_FOLDER') ? OUTSIDE_A_PROJECT : []
  }
}

const OUTSIDE_A_PROJECT = [
  'sqlbraid init   # begins a project here',
  'sqlbraid heads -c path/to/sqlbraid.toml   # names the one that is meant',
]

/** What was asked for would make a revision file that could not be read back; nothing was written. */
export class BrokenNewRevisionError extends SqlbraidError {
  readonly code = 'BROKEN_NEW_REVISION'
  readonly problems: readonly Problem[]
  constructor(problems: readonly Problem[]) {
    super(
      `Nothing was written, for the new revision's files would be broken: ${problems.map(describeProblem).join(' ')}`,
    )
    this.problems = problems
  }
}

/** The template of file names (`file_template`) gives no usable name. */
export class BadFileTemplateError extends SqlbraidError {
  readonly code = 'BAD_FILE_TEMPLATE'
  readonly template: string
  /** `reason` completes the sentence "The file template … ". */
  constructor(template: string, reason: string) {
    super(`The file template ${quoted(template)} ${reason}.`)
    this.template = template
  }
}

/** The user's own template for new revisions cannot be read; `reason` is a sentence. */
export class UnreadableTemplateError extends SqlbraidError {
  readonly code = 'UNREADABLE_TEMPLATE'
  readonly file: string
  constructor(file: string, reason: string, options?: ErrorOptions) {
    super(`The template ${quoted(file)} cannot be read: ${visible(reason)}`, options)
    this.file = file
  }
}

/** A file that is there already has the name the new one would have; nothing was written. */
export class RevisionFileExistsError extends SqlbraidError {
  readonly code = 'REVISION_FILE_EXISTS'
  readonly file: string
  constructor(file: string, options?: ErrorOptions) {
    super(`Nothing was written, for ${quoted(file)} is there already.`, options)
    this.file = file
  }
}

/** The system refused to write; what was there before is there still. */
export class FilesNotWrittenError extends SqlbraidError {
  readonly code = 'FILES_NOT_WRITTEN'
  readonly file: string
  constructor(file: string, reason: string, options?: ErrorOptions) {
    super(`${quoted(file)} could not be written: ${visible(reason)}.`, options)
    this.file = file
  }
}

/** `text` between quotes, shortened, and safe to print whatever it holds. */
export function quoted(text: string): string {
  const characters = [...text]
  const shown = characters.length > LONGEST_QUOTE ? `${characters.slice(0, LONGEST_QUOTE).join('')}…` : text
  return `"${visible(shown)}"`
}

/** `text` with the characters that steer a terminal (escapes, line ends, changes of direction) spelled out. */
export function visible(text: string): string {
  return text.replace(STEERING, character => {
    return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`
  })
}

const LONGEST_QUOTE = 200
const STEERING = /[\p{Cc}\p{Zl}\p{Zp}\u202A-\u202E\u2066-\u2069]/gu

/** What is wrong, with its place. */
export function describeProblem(problem: Problem): string {
  const place = [problem.file && visible(problem.file), problem.line, problem.column]
    .filter(Boolean)
    .join(':')
  return place ? `${place}: ${problem.message}` : problem.message
}

function inOneLine(problem: Problem): string {
  return `\n  ${describeProblem(problem)}`
}
