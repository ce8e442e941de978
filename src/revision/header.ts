import { quoted } from '../errors/revision-errors.ts'
import type { Problem } from '../errors/sqlbraid-error.ts'
import { type HeaderEntry, readHeaderEntries } from './header-entries.ts'
import { HEADER_KEYS, type HeaderKey, keyMeantBy } from './header-keys.ts'
import { findValueProblems, identifiersIn, instantIn, timeoutIn, transactionModeIn } from './header-values.ts'
import { oneLine } from './one-line.ts'
import { isIdentifier, type RevisionId, type TransactionMode } from './revision.ts'

/** What a header says; a list or a text it does not mention is empty. */
export interface Header {
  readonly revision?: RevisionId
  /** Empty for a base, absent when the header has no such key. */
  readonly parents?: readonly RevisionId[]
  readonly labels: readonly string[]
  readonly depends: readonly string[]
  readonly message: string
  readonly created: string
  readonly author?: string
  readonly transaction?: TransactionMode
  /** As PostgreSQL takes it, `5s`; over what the settings say. */
  readonly lock_timeout?: string
  readonly statement_timeout?: string
  readonly replaces: readonly RevisionId[]
  readonly irreversible?: string
  readonly destructive?: string
}

export interface ParsedHeader {
  readonly header: Header
  /** Everything that is wrong with it, in the order of its lines; without a file, which only the caller knows. */
  readonly problems: readonly Problem[]
  /** The line of each key that was given; `word` is the key that was meant. */
  readonly entries: readonly HeaderEntry[]
  /** Offset of the body: of the first line that is neither blank nor a `--` comment. */
  readonly bodyStart: number
}

/**
 * Reads the header of a revision file, as docs/format.md describes it. Never throws: a value that cannot be used is
 * left out of `header` and stands in `problems`. A misspelt key is a problem and still taken as meant, so that one
 * slip is not reported a second time as a missing key.
 */
export function parseHeader(text: string): ParsedHeader {
  const { entries: lines, bodyStart } = readHeaderEntries(text)
  const entries: HeaderEntry[] = []
  const problems: Problem[] = []
  const header: Writable<Header> = { labels: NONE, depends: NONE, message: '', created: '', replaces: NONE }
  for (const line of lines) {
    const key = keyMeantBy(line.word)
    if (!key) continue
    if (line.word !== key) problems.push(misspeltKey(line, key))
    const earlier = entryOf(entries, key)
    if (earlier) {
      problems.push(duplicateKey(line, earlier))
    } else {
      entries.push(line.word === key ? line : { ...line, word: key })
      for (const problem of findValueProblems(key, line)) problems.push(problem)
      TAKE[key](line.value, header)
    }
  }
  return { header, problems, entries, bodyStart }
}

/** The line of a header that gives `key`; undefined when none does. */
export function entryOf(entries: readonly HeaderEntry[], key: HeaderKey): HeaderEntry | undefined {
  return entries.find(({ word }) => word === key)
}

/**
 * Writes the header that `parseHeader` reads back as the same: the inverse of `parseHeader(…).header`. Texts are
 * folded to one line. Ends with a line end; what is empty gets no line, but a base says `parents: none`.
 */
export function formatHeader(header: Partial<Header>): string {
  const values: Record<HeaderKey, string | undefined> = {
    revision: header.revision,
    parents: header.parents && formatParents(header.parents),
    labels: header.labels?.join(', '),
    depends: header.depends?.join(', '),
    message: oneLine(header.message ?? ''),
    created: header.created,
    author: oneLine(header.author ?? ''),
    transaction: header.transaction,
    lock_timeout: header.lock_timeout,
    statement_timeout: header.statement_timeout,
    replaces: header.replaces?.join(', '),
    irreversible: oneLine(header.irreversible ?? ''),
    destructive: oneLine(header.destructive ?? ''),
  }
  return HEADER_KEYS.map(key => (values[key] ? `-- ${key}: ${values[key]}\n` : '')).join('')
}

/** The value of `parents`: `none` for a base. */
export function formatParents(parents: readonly RevisionId[]): string {
  return parents.join(', ') || 'none'
}

type Writable<T> = { -readonly [Key in keyof T]: T[Key] }

/** Shared by all headers that do not mention such a list: most do not, and a history has many headers. */
const NONE: readonly RevisionId[] = []

/** Takes what can be used of a key's value; `findValueProblems` says what cannot. */
const TAKE: Readonly<Record<HeaderKey, (value: string, header: Writable<Header>) => void>> = {
  revision: (value, header) => {
    if (isIdentifier(value)) header.revision = value
  },
  parents: (value, header) => {
    if (value) header.parents = identifiersIn(value)
  },
  labels: (value, header) => {
    header.labels = identifiersIn(value)
  },
  depends: (value, header) => {
    header.depends = identifiersIn(value)
  },
  message: (value, header) => {
    header.message = oneLine(value)
  },
  created: (value, header) => {
    header.created = instantIn(value)
  },
  author: takeUnlessEmpty('author', oneLine),
  transaction: takeUnlessEmpty('transaction', transactionModeIn),
  lock_timeout: takeUnlessEmpty('lock_timeout', timeoutIn),
  statement_timeout: takeUnlessEmpty('statement_timeout', timeoutIn),
  replaces: (value, header) => {
    header.replaces = identifiersIn(value)
  },
  irreversible: takeUnlessEmpty('irreversible', oneLine),
  destructive: takeUnlessEmpty('destructive', oneLine),
}

function takeUnlessEmpty<Key extends keyof Header>(key: Key, read: (value: string) => Header[Key]) {
  return (value: string, header: Writable<Header>): void => {
    const taken = read(value)
    if (taken) header[key] = taken
  }
}

function misspeltKey({ word, line, column }: HeaderEntry, key: HeaderKey): Problem {
  const message = `${quoted(word)} is not a key of the header; "${key}" is.`
  return { code: 'MISSPELT_KEY', message, line, column }
}

function duplicateKey({ word, line, column }: HeaderEntry, earlier: HeaderEntry): Problem {
  return {
    code: 'DUPLICATE_KEY',
    message: `"${word}" is given twice, first in line ${earlier.line}.`,
    line,
    column,
  }
}
