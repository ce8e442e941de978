import { readAlembic, recognizesAlembic } from './alembic.ts'
import { readDbmate, recognizesDbmate } from './dbmate.ts'
import { readDiesel, recognizesDiesel } from './diesel.ts'
import { readFlyway, recognizesFlyway } from './flyway.ts'
import { readGolangMigrate, recognizesGolangMigrate } from './golang-migrate.ts'
import { readGoose, recognizesGoose } from './goose.ts'
import { readNodePgMigrate, recognizesNodePgMigrate } from './node-pg-migrate.ts'
import { readPgDump, recognizesPgDump } from './pg-dump.ts'
import type { SourceHistory } from './source-history.ts'
import type { SourceTree } from './source-tree.ts'
import { readSqitch, recognizesSqitch } from './sqitch.ts'
import { readSqlx, recognizesSqlx } from './sqlx.ts'

/** A tool whose files can be read. */
export interface SourceFormat {
  readonly recognizes: (tree: SourceTree) => boolean
  readonly read: (tree: SourceTree) => SourceHistory
  /** psql runs its scripts, so that they may be in psql's language. */
  readonly isPsql?: boolean
}

/** The formats by their names; where several fit, one that has marks of its own comes before one that goes by names. */
export const FORMATS = {
  sqitch: { recognizes: recognizesSqitch, read: readSqitch, isPsql: true },
  alembic: { recognizes: recognizesAlembic, read: readAlembic },
  pg_dump: { recognizes: recognizesPgDump, read: readPgDump, isPsql: true },
  flyway: { recognizes: recognizesFlyway, read: readFlyway },
  dbmate: { recognizes: recognizesDbmate, read: readDbmate },
  goose: { recognizes: recognizesGoose, read: readGoose },
  'node-pg-migrate': { recognizes: recognizesNodePgMigrate, read: readNodePgMigrate },
  diesel: { recognizes: recognizesDiesel, read: readDiesel },
  'golang-migrate': { recognizes: recognizesGolangMigrate, read: readGolangMigrate },
  sqlx: { recognizes: recognizesSqlx, read: readSqlx },
} as const satisfies Readonly<Record<string, SourceFormat>>

export type FormatName = keyof typeof FORMATS

export const FORMAT_NAMES = Object.keys(FORMATS) as FormatName[]

/** The formats that the files of a folder can be. */
export function recognizeFormats(tree: SourceTree): FormatName[] {
  return FORMAT_NAMES.filter(name => FORMATS[name].recognizes(tree))
}
