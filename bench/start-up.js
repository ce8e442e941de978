import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { oneTableEach, writeRevisions } from './histories.js'
import { amount, comparison, inTurn, run } from './measure.js'

const BARE = 'node -e 0'
const LARGEST_MEMORY = 200

/** `--version`, `heads` and `current` against a Node that does nothing, and the other tools' `--version`. */
export async function* startUpRows({ folder, rounds, sqlbraid, peers, server }) {
  const bare = { name: BARE, run: untimed(() => run(process.execPath, ['-e', '0'])) }
  const version = { name: 'sqlbraid', run: untimed(() => sqlbraid(['--version'])) }
  const others = peers.map(({ name, version, call }) => ({ name, run: untimed(() => call(version)) }))
  const psql = { name: 'psql', run: untimed(() => run('psql', ['--version'])) }
  yield comparison('start-up: --version', await inTurn([version, bare, psql, ...others], rounds))

  const database = await server.create()
  for (const [count, budget] of [[10], [1000, 2.0], [10_000, 4.0]]) {
    const cwd = project(folder, count)
    const heads = { name: 'sqlbraid', run: untimed(() => sqlbraid(['heads'], { cwd })) }
    const title = `heads on ${count} revisions`
    yield comparison(title, await inTurn([heads, bare], rounds), budget && { budget, against: BARE })
    const url = server.urlOf(database)
    const current = { name: 'sqlbraid', run: untimed(() => sqlbraid(['current', '--url', url], { cwd })) }
    yield comparison(`current on ${count} revisions, nothing applied`, await inTurn([current, bare], rounds))
  }
  const memory = { name: 'sqlbraid', run: () => peakMemory(sqlbraid, project(folder, 10_000)) }
  const measured = (await inTurn([memory], 3)).get('sqlbraid')
  yield amount('memory of heads on 10000 revisions', 'MiB', measured, LARGEST_MEMORY)
}

const written = new Set()

function project(folder, count) {
  const path = join(folder, `line-${count}`)
  if (!written.has(path)) {
    mkdirSync(path, { recursive: true })
    writeRevisions(path, oneTableEach(count))
    written.add(path)
  }
  return path
}

function untimed(work) {
  return async () => {
    await work()
  }
}

/** What the process itself says at its end, in MiB. */
async function peakMemory(sqlbraid, cwd) {
  const say = "process.on('exit',()=>process.stdout.write('\\n'+process.resourceUsage().maxRSS))"
  const output = await sqlbraid(['heads'], {
    cwd,
    node: ['--import', `data:text/javascript,${encodeURIComponent(say)}`],
  })
  return Number(output.trim().split('\n').at(-1)) / 1024
}
