// Writes oclif.manifest.json from the compiled commands: npm run manifest
import { writeFileSync } from 'node:fs'
import { commandManifest, MANIFEST_FILE } from '../dist/test/support/manifest.js'

writeFileSync(MANIFEST_FILE, `${JSON.stringify(await commandManifest(), null, 2)}\n`)
