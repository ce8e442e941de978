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
  /** Where each key that was given stands. */
  readonly entries: ReadonlyMap<HeaderKey, HeaderEntry>
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
  const entries = new Map<HeaderKey, HeaderEntry>()
  const problems: Problem[] = []
  for (const entry of lines) {
    const key = keyMeantBy(entry.word)
    if (!key) continue
    if (entry.word !== key) problems.push(misspeltKey(entry, key))
    const earlier = entries.get(key)
    if (earlier) {
      problems.push(duplicateKey(entry, earlier))
    } else {
      entries.set(key, entry)
      problems.push(...findValueProblems(key, entry))
    }
  }
  return { header: headerFrom(entries), problems, entries, bodyStart }
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

/** What can be used of a key's value; `findValueProblems` says what cannot. */
const READ: Readonly<Record<HeaderKey, (value: string) => Partial<Header>>> = {
  revision: value => (isIdentifier(value) ? { revision: value } : {}),
  parents: value => (value ? { parents: identifiersIn(value) } : {}),
  labels: value => ({ labels: identifiersIn(value) }),
  depends: value => ({ depends: identifiersIn(value) }),
  message: value => ({ message: oneLine(value) }),
  created: value => ({ created: instantIn(value) }),
  author: value => unlessEmpty('author', oneLine(value)),
  transaction: value => unlessEmpty('transaction', transactionModeIn(value)),
  lock_timeout: value => unlessEmpty('lock_timeout', timeoutIn(value)),
  statement_timeout: value => unlessEmpty('statement_timeout', timeoutIn(value)),
  replaces: value => ({ replaces: identifiersIn(value) }),
  irreversible: value => unlessEmpty('irreversible', oneLine(value)),
  destructive: value => unlessEmpty('destructive', oneLine(value)),
}

function unlessEmpty(key: HeaderKey, value: string | undefined): Partial<Header> {
  return value ? { [key]: value } : {}
}

function headerFrom(entries: ReadonlyMap<HeaderKey, HeaderEntry>): Header {
  const unsaid: Header = { labels: [], depends: [], message: '', created: '', replaces: [] }
  return Object.assign(unsaid, ...[...entries].map(([key, { value }]) => READ[key](value)))
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
