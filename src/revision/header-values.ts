import { quoted } from '../errors/revision-errors.ts'
import type { Problem } from '../errors/sqlbraid-error.ts'
import type { HeaderEntry } from './header-entries.ts'
import type { HeaderKey } from './header-keys.ts'
import { hasSteeringCharacter } from './one-line.ts'
import { isIdentifier, type RevisionId, type TransactionMode } from './revision.ts'

/** All that is wrong with the value that `entry` gives to `key`, each fault at its own column. */
export function findValueProblems(key: HeaderKey, entry: HeaderEntry): readonly Problem[] {
  const faults = FAULTS_OF[key](entry.value)
  if (faults.length === 0) return NO_PROBLEMS
  return faults.map(({ at, code, message }) => ({
    code,
    message: `The value of "${key}" ${message}.`,
    line: entry.line,
    column: entry.valueColumn + [...entry.value.slice(0, at)].length,
  }))
}

/** The ids or labels of a comma list, only those that are well formed; `none` is the empty list. */
export function identifiersIn(value: string): RevisionId[] {
  if (isIdentifier(value)) return [value]
  return itemsOf(value)
    .map(item => item.text)
    .filter(isIdentifier)
}

/** The time that a value of `lock_timeout` or `statement_timeout` names, or undefined. */
export function timeoutIn(value: string): string | undefined {
  return TIMEOUT.test(value) ? value : undefined
}

/** The mode that a value of `transaction` names, or undefined. */
export function transactionModeIn(value: string): TransactionMode | undefined {
  const mode = value.toLowerCase()
  return mode === 'on' || mode === 'off' ? mode : undefined
}

/** The value of `created`, or nothing when it is not written as one; its calendar is nobody's business. */
export function instantIn(value: string): string {
  return INSTANT.test(value) ? value : ''
}

const NO_PROBLEMS: readonly Problem[] = []
const NO_FAULTS: readonly Fault[] = []

/** What is wrong and where, as an offset in the value; the message completes "The value of … ". */
interface Fault {
  readonly at: number
  readonly code: string
  readonly message: string
}

type FaultFinder = (value: string) => readonly Fault[]

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/

/** As PostgreSQL reads it, but for a bare number, whose unit a reader would have to guess. */
const TIMEOUT = /^(?:0|\d{1,9} ?(?:ms|s|min|h))$/

function faultsOfTimeout(value: string): readonly Fault[] {
  if (TIMEOUT.test(value)) return NO_FAULTS
  return [{ at: 0, code: 'BAD_TIMEOUT', message: 'is no time such as 500ms, 5s or 2min (0 for no limit)' }]
}

const FAULTS_OF: Readonly<Record<HeaderKey, FaultFinder>> = {
  revision: faultsOfIdentifier,
  parents: value => (value ? faultsOfList(value) : [{ at: 0, code: 'MISSING_VALUE', message: NO_PARENTS }]),
  labels: faultsOfList,
  depends: faultsOfList,
  message: faultsOfText,
  created: value =>
    INSTANT.test(value) ? NO_FAULTS : [{ at: 0, code: 'BAD_CREATED', message: NOT_AN_INSTANT }],
  author: faultsOfText,
  transaction: value =>
    transactionModeIn(value)
      ? NO_FAULTS
      : [{ at: 0, code: 'BAD_TRANSACTION', message: 'is neither "on" nor "off"' }],
  lock_timeout: faultsOfTimeout,
  statement_timeout: faultsOfTimeout,
  replaces: faultsOfList,
  irreversible: faultsOfReason,
  destructive: faultsOfReason,
}

const NO_PARENTS = 'is missing: name the parents, or write "none" for a base'
const NOT_AN_INSTANT = 'is not a time in UTC like "2026-11-22T12:05:00Z"'
const NOT_AN_IDENTIFIER =
  'is not an id or label (1 to 64 of A-Z, a-z, 0-9, "_" and "."; not head, heads, base, current or none)'

function faultsOfIdentifier(value: string, at = 0): readonly Fault[] {
  if (isIdentifier(value)) return NO_FAULTS
  return [{ at, code: 'BAD_IDENTIFIER', message: `holds ${quoted(value)}, which ${NOT_AN_IDENTIFIER}` }]
}

function faultsOfList(value: string): readonly Fault[] {
  if (isIdentifier(value)) return NO_FAULTS
  return itemsOf(value).flatMap(item => faultsOfIdentifier(item.text, item.at))
}

function faultsOfReason(value: string): readonly Fault[] {
  return value
    ? faultsOfText(value)
    : [{ at: 0, code: 'MISSING_VALUE', message: 'is missing: give the reason' }]
}

function faultsOfText(value: string): readonly Fault[] {
  if (!hasSteeringCharacter(value)) return NO_FAULTS
  return [{ at: 0, code: 'CONTROL_CHARACTER', message: `holds a control character: ${quoted(value)}` }]
}

function itemsOf(value: string): { readonly text: string; readonly at: number }[] {
  if (value === '' || value.toLowerCase() === 'none') return []
  let start = 0
  return value.split(',').map(item => {
    const at = start + item.length - item.trimStart().length
    start += item.length + 1
    return { text: item.trim(), at }
  })
}
