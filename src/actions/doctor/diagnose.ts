import type { DatabaseListener } from '../../database/open-database.ts'
import type { Settings } from '../../settings/settings.ts'
import type { Environment } from '../../settings/variables.ts'
import { checkDatabase } from './check-database.ts'
import { checkFiles } from './check-files.ts'
import { checkMachine } from './check-machine.ts'
import { type Finding, problemFrom } from './finding.ts'

/** Where a diagnosis begins: the settings may themselves be what is wrong. */
export interface Patient {
  /** Throws as the settings' reader does. */
  readonly readSettings: () => Settings
  readonly cwd: string
  readonly env: Environment
}

/**
 * Looks at everything that a command relies on, from Node.js to the lock in the database, and goes on past what is
 * wrong. Changes nothing.
 */
export async function diagnose(
  { readSettings, cwd, env }: Patient,
  listener: DatabaseListener = {},
): Promise<readonly Finding[]> {
  let settings: Settings
  try {
    settings = readSettings()
  } catch (error) {
    return [...checkMachine(cwd, env), problemFrom('configuration', error)]
  }
  const files = checkFiles(settings)
  return [
    ...checkMachine(settings.root, env),
    ...files.findings,
    ...(await checkDatabase(settings, files.history, listener)),
  ]
}
