import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { execute } from '@oclif/core/execute'
import type * as Interfaces from '@oclif/core/interfaces'

/**
 * Runs the command line that the process was given, with `root` as the folder of this package, and ends the process: to
 * take its memory apart only costs time, and nothing that was forgotten may keep a deploy hook waiting.
 */
export async function start(root: string): Promise<never> {
  const pjson = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const { DEBUG } = process.env
  // There are no plugins: oclif would look for them in the home folder, and run what it finds there.
  await execute({ loadOptions: { root, pjson, userPlugins: false, ...(!DEBUG && { logger: SILENT }) } })
  await Promise.all([process.stdout, process.stderr].map(written))
  process.exit()
}

/** Waits until all has left that was written to the stream. */
function written(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise(resolve => {
    stream.write('', () => resolve())
  })
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
