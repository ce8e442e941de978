import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { AlreadyInitializedError } from '../errors/authoring-errors.ts'
import { createFiles } from '../revision/write-files.ts'
import { exampleConfig } from '../settings/example-config.ts'

/** What `init` made, as paths. */
export interface NewProject {
  readonly config: string
  readonly migrations: string
}

/** Makes a configuration file and a folder for revisions in `folder`. Throws `AlreadyInitializedError`. */
export function initProject(folder: string): NewProject {
  const config = join(folder, 'sqlbraid.toml')
  const migrations = join(folder, 'migrations')
  if (existsSync(config)) throw new AlreadyInitializedError(config)
  createFiles([{ path: config, text: exampleConfig() }])
  mkdirSync(migrations, { recursive: true })
  return { config, migrations }
}
