import { flywayChecksum, sqitchChecksum, sqlxChecksum } from './checksum.ts'
import type { FormatName } from './formats.ts'
import { compareVersions } from './version.ts'

/** A row of another tool's table: every cell as text, or null. */
export type HistoryRow = Readonly<Record<string, string | null>>

/** The table in which a tool keeps what a database has. */
export interface HistoryTable {
  /** What the tool calls it unless told otherwise, perhaps with its schema. */
  readonly name: string
  /** The columns to read, as SQL expressions, and their names. */
  readonly columns: Readonly<Record<string, string>>
  readonly orderBy: string
  /** The versions that the rows say are applied; `known` are those that have a file. */
  readonly applied: (rows: readonly HistoryRow[], known: readonly string[]) => readonly string[]
  /** The versions of which the tool itself says that they failed half-way. */
  readonly unfinished?: (rows: readonly HistoryRow[]) => readonly string[]
  /** What the tool keeps of a file that it has applied, so as to know when that is changed. */
  readonly checksums?: {
    /** By version; a file without one cannot be compared. */
    readonly kept: (rows: readonly HistoryRow[], known: readonly string[]) => ReadonlyMap<string, string>
    readonly of: (content: Buffer) => string
  }
  /** What is applied are these and all that they stand on. */
  readonly isHeads?: boolean
}

const VERSION = { version: 'version::text' }

/** The tables of the tools; pg_dump has none. */
export const HISTORY_TABLES: Readonly<Partial<Record<FormatName, HistoryTable>>> = {
  dbmate: { name: 'schema_migrations', columns: VERSION, orderBy: 'version', applied: versionsOf },
  'golang-migrate': {
    name: 'schema_migrations',
    columns: { ...VERSION, failed: 'dirty::text' },
    orderBy: 'version',
    applied: upToVersion,
    unfinished: failedIn,
  },
  flyway: {
    name: 'flyway_schema_history',
    columns: {
      ...VERSION,
      type: 'type',
      script: 'script',
      checksum: 'checksum::text',
      failed: '(not success)::text',
    },
    orderBy: 'installed_rank',
    applied: flywayApplied,
    unfinished: failedIn,
    checksums: { kept: flywayChecksums, of: flywayChecksum },
  },
  goose: {
    name: 'goose_db_version',
    columns: { version: 'version_id::text', is_applied: 'is_applied::text' },
    orderBy: 'id',
    applied: gooseApplied,
  },
  sqitch: {
    name: 'sqitch.changes',
    columns: { version: 'change', checksum: 'script_hash' },
    orderBy: 'committed_at',
    applied: sqitchApplied,
    checksums: { kept: rows => checksumsOf(rows, sqitchApplied(rows)), of: sqitchChecksum },
  },
  diesel: {
    name: '__diesel_schema_migrations',
    columns: VERSION,
    orderBy: 'version',
    applied: versionsOf,
  },
  sqlx: {
    name: '_sqlx_migrations',
    columns: { ...VERSION, checksum: "encode(checksum, 'hex')", failed: '(not success)::text' },
    orderBy: 'version',
    applied: versionsOf,
    unfinished: failedIn,
    checksums: { kept: rows => checksumsOf(rows, versionsOf(rows)), of: sqlxChecksum },
  },
  'node-pg-migrate': {
    name: 'pgmigrations',
    columns: { version: 'name' },
    orderBy: 'id',
    applied: versionsOf,
  },
  alembic: {
    name: 'alembic_version',
    columns: { version: 'version_num' },
    orderBy: 'version_num',
    applied: versionsOf,
    isHeads: true,
  },
}

function versionsOf(rows: readonly HistoryRow[]): string[] {
  return rows.flatMap(({ version }) => version ?? [])
}

function failedIn(rows: readonly HistoryRow[]): string[] {
  return rows.filter(({ failed }) => failed === 'true').map(({ version, script }) => version ?? script ?? '')
}

/** golang-migrate keeps one version and applies in order. */
function upToVersion(rows: readonly HistoryRow[], known: readonly string[]): string[] {
  const [version] = versionsOf(rows)
  if (version === undefined) return []
  return [...known.filter(other => compareVersions(other, version) < 0), version]
}

/** In the order in which Flyway did it, undoing and deleting among it; a baseline stands for all up to it. */
function flywayApplied(rows: readonly HistoryRow[], known: readonly string[]): string[] {
  const applied = new Set<string>()
  for (const row of rows) {
    const { version, type, failed } = row
    if (failed === 'true' || type === 'SCHEMA') continue
    if (/BASELINE$/.test(type ?? '')) {
      for (const other of known)
        if (!other.startsWith('R__') && compareVersions(other, version ?? '') <= 0) applied.add(other)
    } else {
      const name = flywayName(row, known)
      if (name === undefined) continue
      if (/^(?:UNDO_|DELETE)/.test(type ?? '')) applied.delete(name)
      else applied.add(name)
    }
  }
  return [...applied]
}

function flywayName({ version, script }: HistoryRow, known: readonly string[]): string | undefined {
  if (version === null) return /(?:^|\/)(R__.*)\.sql$/.exec(script ?? '')?.[1]
  return canonical(version, known)
}

/** Of what was applied last under a name; an undo script has a checksum, too. */
function flywayChecksums(rows: readonly HistoryRow[], known: readonly string[]): Map<string, string> {
  const applying = rows.filter(({ type }) => /^SQL/.test(type ?? ''))
  return checksumsOf(
    applying,
    applying.map(row => flywayName(row, known) ?? ''),
  )
}

/** `versions` are those of the rows. */
function checksumsOf(rows: readonly HistoryRow[], versions: readonly string[]): Map<string, string> {
  const checksums = new Map<string, string>()
  for (const [index, { checksum }] of rows.entries())
    if (typeof checksum === 'string') checksums.set(versions[index] ?? '', checksum)
  return checksums
}

/** Flyway holds 1, 01 and 1.0 for one version. */
function canonical(version: string | undefined, known: readonly string[]): string | undefined {
  if (version === undefined) return undefined
  return known.find(other => !other.startsWith('R__') && compareVersions(other, version) === 0) ?? version
}

/** The last row of a version counts; version 0 is goose's own. */
function gooseApplied(rows: readonly HistoryRow[]): string[] {
  const last = new Map(rows.map(({ version, is_applied }) => [version ?? '', is_applied === 'true']))
  return [...last].filter(([version, isApplied]) => isApplied && version !== '0').map(([version]) => version)
}

/** A change that was reworked stands there once for each time it was deployed. */
function sqitchApplied(rows: readonly HistoryRow[]): string[] {
  const counts = new Map<string, number>()
  return versionsOf(rows).map(name => {
    const count = (counts.get(name) ?? 0) + 1
    counts.set(name, count)
    return count === 1 ? name : `${name}#${count}`
  })
}
