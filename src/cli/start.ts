import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { execute } from '@oclif/core/execute'
import type * as Interfaces from '@oclif/core/interfaces'

/** Runs the command line that the process was given, with `root` as the folder of this package. */
export function start(root: string): Promise<unknown> {
  const pjson = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const { DEBUG } = process.env
  return execute({ loadOptions: { root, pjson, ...(!DEBUG && { logger: SILENT }) } })
}

/** Spares each start the loading of oclif's own logger, which only speaks with `DEBUG`. */
const SILENT: Interfaces.Logger = {
  namespace: 'oclif',
  child: () => SILENT,
  debug: () => {},
  error: () => {},
  info: () => {},
  trace: () => {},
  warn: () => {},
}
