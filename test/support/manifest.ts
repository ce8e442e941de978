import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type Interfaces, Plugin } from '@oclif/core'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))

/** Where the manifest lies that spares each start the import of all commands. */
export const MANIFEST_FILE = fileURLToPath(new URL('../../../oclif.manifest.json', import.meta.url))

/** The manifest that the compiled commands give, as plain JSON. */
export async function commandManifest(): Promise<Interfaces.Manifest> {
  const plugin = new Plugin({ root: ROOT, type: 'core', ignoreManifest: true, errorOnManifestCreate: true })
  await plugin.load()
  return JSON.parse(JSON.stringify(plugin.manifest))
}

/** The manifest that is committed. */
export function committedManifest(): Interfaces.Manifest {
  return JSON.parse(readFileSync(MANIFEST_FILE, 'utf8'))
}
