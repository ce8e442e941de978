import { readFileSync, type Stats, statSync } from 'node:fs'

/** What a password is looked up by. */
export interface PasswordKey {
  /** `localhost` also for the default socket folders. */
  readonly host: string
  readonly port: number
  readonly database: string
  readonly user: string
}

/** The entries of a password file, and why it was ignored if it was. */
export interface PasswordFile {
  readonly entries: readonly PasswordEntry[]
  readonly warning?: string
}

interface PasswordEntry {
  /** Host, port, database, user; `undefined` matches anything. */
  readonly fields: readonly (string | undefined)[]
  readonly password: string
}

/**
 * Reads a password file (PostgreSQL documentation, 34.16). A missing one has no entries; as in libpq, one that others
 * may read, or that is no plain file, is ignored with a warning.
 */
export function readPasswordFile(file: string): PasswordFile {
  const stats = statSync(file, { throwIfNoEntry: false })
  if (stats === undefined) return { entries: [] }
  const warning = distrust(file, stats)
  return warning === undefined ? readEntries(file) : { entries: [], warning }
}

/** The password of the first entry that matches. */
export function findPassword({ entries }: PasswordFile, key: PasswordKey): string | undefined {
  const wanted = [key.host, String(key.port), key.database, key.user]
  const matches = ({ fields }: PasswordEntry) =>
    fields.every((field, index) => field === undefined || field === wanted[index])
  return entries.find(matches)?.password
}

function distrust(file: string, stats: Stats): string | undefined {
  if (!stats.isFile()) return `The password file ${file} is ignored: it is not a plain file.`
  if (process.platform !== 'win32' && (stats.mode & 0o077) !== 0) {
    return `The password file ${file} is ignored: others may read it (chmod 0600 ${file}).`
  }
  return undefined
}

function readEntries(file: string): PasswordFile {
  try {
    return { entries: readFileSync(file, 'utf8').split('\n').flatMap(parseEntry) }
  } catch {
    return { entries: [], warning: `The password file ${file} is ignored: it cannot be read.` }
  }
}

// Five fields with colons between them; in all of them a backslash takes the next character as it is.
const ENTRY = /^((?:\\.|[^:\\])*):((?:\\.|[^:\\])*):((?:\\.|[^:\\])*):((?:\\.|[^:\\])*):((?:\\.|[^:\\])*\\?)/

function parseEntry(line: string): readonly PasswordEntry[] {
  const match = line.startsWith('#') ? null : ENTRY.exec(line.replace(/\r$/, ''))
  if (match === null) return []
  const [host = '', port = '', database = '', user = '', password = ''] = match.slice(1)
  const fields = [host, port, database, user].map(field =>
    field === '*' ? undefined : withoutBackslashes(field),
  )
  return [{ fields, password: withoutBackslashes(password) }]
}

function withoutBackslashes(text: string): string {
  return text.replace(/\\(.)/g, '$1')
}
