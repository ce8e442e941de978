// Measures sqlbraid beside other tools: npm run bench -- [--short] [--check] [--json] [--install]
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { convergenceRows } from './convergence.js'
import { run } from './measure.js'
import { findPeers, installPeers } from './peers.js'
import { planningRows } from './planning.js'
import { openServer } from './server.js'
import { startUpRows } from './start-up.js'
import { renderTable } from './table.js'
import { upgradeRows } from './upgrade.js'

const BIN = fileURLToPath(new URL('../bin/run.js', import.meta.url))
const GROUPS = {
  planning: planningRows,
  'start-up': startUpRows,
  upgrade: upgradeRows,
  convergence: convergenceRows,
}

const { values: options } = parseArgs({
  options: {
    short: { type: 'boolean', default: false },
    check: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    install: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true, default: Object.keys(GROUPS) },
  },
})

const folder = mkdtempSync(join(tmpdir(), 'sqlbraid-bench-'))
const server = await openServer()
try {
  const rows = await measureAll()
  if (options.json) process.stdout.write(`${JSON.stringify(rows, null, 2)}\n`)
  const missed = rows.filter(({ budget }) => budget?.isMeasured && !budget.isKept)
  for (const { what } of missed) say(`over its budget: ${what}`)
  if (options.check && missed.length > 0) process.exitCode = 1
} finally {
  await server.close()
  rmSync(folder, { recursive: true, force: true })
}

async function measureAll() {
  if (options.install) await installPeers(folder)
  const { found, missing } = findPeers(folder)
  for (const name of missing) say(`${name} is not here, and is left out`)
  if (!onPath('psql')) throw new Error('psql is not on PATH; the budgets are ratios to it.')
  const bench = {
    folder,
    server,
    say,
    peers: found,
    isShort: options.short,
    rounds: options.short ? 3 : 11,
    sqlbraid: (args, { cwd = folder, node = [] } = {}) =>
      run(process.execPath, [...node, BIN, ...args], { cwd }),
  }
  const rows = []
  for (const group of options.only)
    for await (const row of GROUPS[group](bench)) {
      rows.push(row)
      if (!options.json) process.stdout.write(`${renderTable([row])}\n`)
    }
  return rows
}

function onPath(program) {
  return (process.env.PATH ?? '').split(delimiter).some(place => existsSync(join(place, program)))
}

function say(line) {
  process.stderr.write(`${line}\n`)
}
