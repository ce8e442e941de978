import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ExecutionContext } from 'ava'
import { readSettings, type Settings } from '../../src/settings/settings.ts'

const FIXTURES = fileURLToPath(new URL('../../../test/fixtures/import/', import.meta.url))

/** The files of a tool, as that tool writes them. */
export function fixtureOf(format: string): string {
  return join(FIXTURES, format)
}

/** An empty project in a temporary folder, which is deleted after the test. */
export function emptyProject(t: ExecutionContext, url = ''): Settings {
  const root = temporaryFolder(t)
  mkdirSync(join(root, 'migrations'))
  const vars = { app_schema: 'public', default_name: "O'Hara", OWNER: 'Ada' }
  const surroundings = { cwd: root, env: { PATH: process.env['PATH'] } }
  return readSettings({ vars, ...(url && { url }) }, surroundings)
}

/** Writes files, by their paths, to a folder that is deleted after the test. */
export function writeFiles(t: ExecutionContext, files: Readonly<Record<string, string>>): string {
  const root = temporaryFolder(t)
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  return root
}

/**
 * Whether a tool is on the PATH, and its interpreter, called with `probe`, finds the driver that it needs; says so in one
 * line where that is not so.
 */
export function hasTool(t: ExecutionContext, name: string, probe?: readonly string[]): boolean {
  const folders = (process.env['PATH'] ?? '').split(delimiter)
  const program = folders.map(folder => join(folder, name)).find(file => existsSync(file))
  if (program && (!probe || spawnSync(interpreterOf(program), probe).status === 0)) return true
  t.log(`skipped: ${program ? `${name} lacks its driver for PostgreSQL` : `${name} is not installed`}`)
  t.pass()
  return false
}

function interpreterOf(program: string): string {
  return /^#!\s*(\S+)/.exec(readFileSync(program, 'utf8'))?.[1] ?? program
}

function temporaryFolder(t: ExecutionContext): string {
  const root = mkdtempSync(join(tmpdir(), 'sqlbraid-import-'))
  t.teardown(() => rmSync(root, { recursive: true, force: true }))
  return root
}
