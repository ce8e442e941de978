import { quoted, visible } from './revision-errors.ts'
import { type Problem, SqlbraidError } from './sqlbraid-error.ts'

/** The folder or file to import from cannot be read. */
export class ImportSourceError extends SqlbraidError {
  readonly code = 'IMPORT_SOURCE'
  readonly source: string
  constructor(source: string, reason: string, options?: ErrorOptions) {
    super(`${quoted(source)} cannot be read (${visible(reason)}); nothing was written.`, options)
    this.source = source
  }
}

/** The files are those of no tool that is known, or of several. */
export class UnknownFormatError extends SqlbraidError {
  readonly code = 'UNKNOWN_FORMAT'
  override readonly suggestions: readonly string[]
  readonly source: string
  readonly formats: readonly string[]
  /** `formats` are those that fit, none or several; `known` are all. */
  constructor(source: string, formats: readonly string[], known: readonly string[]) {
    super(
      formats.length === 0
        ? `${quoted(source)} holds the files of no tool that is known: ${known.join(', ')}.`
        : `The files in ${quoted(source)} can be those of ${formats.join(' or ')}.`,
    )
    this.source = source
    this.formats = formats
    this.suggestions = (formats.length === 0 ? known.slice(0, 1) : formats).map(
      format => `sqlbraid import ${source} --from ${format}`,
    )
  }
}

/** Revisions would be written among the files that they are made from. */
export class ImportInPlaceError extends SqlbraidError {
  readonly code = 'IMPORT_IN_PLACE'
  override readonly suggestions = ['SQLBRAID_MIGRATIONS=revisions sqlbraid import …']
  readonly source: string
  readonly folder: string
  constructor(source: string, folder: string) {
    super(`Revisions are read from ${quoted(folder)}, so they cannot be imported from ${quoted(source)}.`)
    this.source = source
    this.folder = folder
  }
}

/** The other tool's files cannot be imported as they are; nothing was written. */
export class NotImportableError extends SqlbraidError {
  readonly code = 'NOT_IMPORTABLE'
  override readonly suggestions: readonly string[]
  readonly problems: readonly Problem[]
  /** `canForce`: what is wrong is only that something has no translation. */
  constructor(problems: readonly Problem[], source: string, canForce: boolean) {
    const lines = problems.map(({ file, line, column, message }) => {
      const place = [file && visible(file), line, column].filter(Boolean).join(':')
      return `\n  ${place ? `${place}: ` : ''}${message}`
    })
    super(`Nothing was written, for not all can be imported:${lines.join('')}`)
    this.problems = problems
    this.suggestions = canForce ? [`sqlbraid import ${source} --force   # what has no translation stays`] : []
  }
}

/** The table in which the other tool keeps what it has applied cannot be relied on. */
export class ToolHistoryError extends SqlbraidError {
  readonly code = 'TOOL_HISTORY'
  override readonly suggestions: readonly string[]
  readonly table: string
  readonly versions: readonly string[]
  /** `reason` is a sentence, `versions` are those that it is about. */
  constructor(
    table: string,
    reason: string,
    {
      versions = [],
      suggestions = [],
    }: { versions?: readonly string[]; suggestions?: readonly string[] } = {},
    options?: ErrorOptions,
  ) {
    super(`${reason} Nothing was written.`, options)
    this.table = table
    this.versions = versions
    this.suggestions = suggestions
  }
}
