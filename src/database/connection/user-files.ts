import { homedir } from 'node:os'
import { join } from 'node:path'
import type { Environment } from '../../settings/variables.ts'

/** Where libpq looks for a user's files when nothing names them. */
export interface UserFiles {
  readonly passwords: string
  readonly services: string
  /** `root.crt`, `postgresql.crt`, `postgresql.key`. */
  readonly certificates: string
}

/** libpq's places (PostgreSQL documentation, 34.16, 34.17 and 34.19): the home folder, on Windows %APPDATA%. */
export function userFiles(env: Environment): UserFiles {
  if (process.platform === 'win32') {
    const folder = join(env['APPDATA'] ?? homedir(), 'postgresql')
    return {
      passwords: join(folder, 'pgpass.conf'),
      services: join(folder, '.pg_service.conf'),
      certificates: folder,
    }
  }
  const home = env['HOME'] || homedir()
  return {
    passwords: join(home, '.pgpass'),
    services: join(home, '.pg_service.conf'),
    certificates: join(home, '.postgresql'),
  }
}
