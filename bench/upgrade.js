import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { corpus, oneTableEach, writeRevisions } from './histories.js'
import { amount, comparison, inTurn, run } from './measure.js'
import { writePsqlScript } from './peers.js'
import { openWire } from './wire.js'

const ONE_WAY_MS = 20
const LONGEST_IN_SHORT_MS = 4000
const START_UP = 'sqlbraid --version'

/** `upgrade heads` beside psql and the other tools, near and far, and with nothing to do. */
export async function* upgradeRows(bench) {
  const { isShort, rounds } = bench
  const real = corpus()
  if (real) yield* upgradeRow(bench, `upgrade heads: the ${real.length} revisions of crates.io`, real, rounds)
  const many = oneTableEach(isShort ? 50 : 1000)
  yield* upgradeRow(bench, `upgrade heads: ${many.length} revisions of one statement`, many, rounds)
  const far = oneTableEach(isShort ? 10 : 200)
  const title = `upgrade heads: ${far.length} revisions of one statement, ${ONE_WAY_MS} ms away`
  yield* upgradeRow(bench, title, far, isShort ? 1 : 3, ONE_WAY_MS)
  yield await nothingPending(bench, many)
  yield await roundTripsEach(bench)
}

async function* upgradeRow(bench, title, history, rounds, delayMs) {
  const { server, sqlbraid } = bench
  const wire = delayMs === undefined ? undefined : await openWire(server.address, delayMs)
  const prepare = async () => server.urlOf(await server.create(), wire?.port)
  const { ours, psql, peers } = writeSides(bench, title, history)
  const sides = [
    {
      name: 'sqlbraid',
      prepare,
      run: untimed(url => sqlbraid(['upgrade', 'heads', '--quiet', '--url', url], { cwd: ours })),
    },
    { name: START_UP, run: untimed(() => sqlbraid(['--version'])) },
    { name: 'psql', prepare, run: untimed(url => run('psql', [...PSQL_OPTIONS, '-f', psql, url])) },
    ...peers.map(({ name, apply }) => ({ name, prepare, run: untimed(apply) })),
  ]
  const times = await inTurn(await working(sides, bench), rounds)
  wire?.close()
  const isReal = title.includes('crates.io')
  yield comparison(title, times, isReal ? { budget: 1.0, against: 'psql', less: START_UP } : {})
  if (delayMs === undefined && times.has('dbmate'))
    yield comparison(`${title}, beside dbmate`, only(times, ['sqlbraid', 'dbmate']), {
      budget: 1.0,
      against: 'dbmate',
    })
}

function only(times, names) {
  return new Map(names.map(name => [name, times.get(name)]))
}

const PSQL_OPTIONS = ['--no-psqlrc', '--quiet', '--output=/dev/null', '--set=ON_ERROR_STOP=1']

async function nothingPending(bench, history) {
  const { server, sqlbraid } = bench
  const { ours, peers } = writeSides(bench, 'nothing pending', history)
  const target = async apply => {
    const url = server.urlOf(await server.create())
    await apply(url)
    return url
  }
  const upgrade = url => sqlbraid(['upgrade', 'heads', '--quiet', '--url', url], { cwd: ours })
  const ourUrl = await target(upgrade)
  const sides = [
    { name: 'sqlbraid', run: untimed(() => upgrade(ourUrl)) },
    { name: 'psql: select 1', run: untimed(() => run('psql', [...PSQL_OPTIONS, '-c', 'select 1', ourUrl])) },
  ]
  for (const { name, apply } of peers) {
    const url = await target(apply).catch(() => undefined)
    if (url) sides.push({ name, run: untimed(() => apply(url)) })
  }
  return comparison(`nothing pending, ${history.length} applied`, await inTurn(sides, bench.rounds))
}

/** How many more times the client speaks for each further revision. */
async function roundTripsEach(bench) {
  const wire = await openWire(bench.server.address, 0)
  const turns = []
  for (const count of [10, 60]) {
    const history = oneTableEach(count)
    const { ours } = writeSides(bench, `round trips of ${count}`, history)
    const url = bench.server.urlOf(await bench.server.create(), wire.port)
    const before = wire.wire.turns
    await bench.sqlbraid(['upgrade', 'heads', '--quiet', '--url', url], { cwd: ours })
    turns.push(wire.wire.turns - before)
  }
  wire.close()
  return amount('round trips for each further revision', 'trips', [(turns[1] - turns[0]) / 50], 1)
}

/** The history as each tool wants it. */
function writeSides({ folder, peers }, title, history) {
  const home = join(folder, title.replace(/\W+/g, '-'))
  mkdirSync(home, { recursive: true })
  writeRevisions(home, history)
  return {
    ours: home,
    psql: writePsqlScript(home, history),
    peers: peers.map(({ name, write, apply, call }) => {
      const folder = join(home, name)
      write(folder, history)
      return { name, apply: url => call(apply(folder, url), url) }
    }),
  }
}

/** Leaves out, by name, a tool that cannot do the work at all, or not in the time there is. */
async function working(sides, { say, isShort }) {
  const able = []
  for (const side of sides) {
    const prepared = await side.prepare?.()
    const started = performance.now()
    try {
      await side.run(prepared)
    } catch (error) {
      if (side.name.startsWith('sqlbraid')) throw error
      say(`${side.name} is left out: ${String(error.message).trim().slice(0, 300)}`)
      continue
    }
    const isTooSlow = isShort && performance.now() - started > LONGEST_IN_SHORT_MS
    if (isTooSlow) say(`${side.name} is left out of the short form: it takes too long`)
    else able.push(side)
  }
  return able
}

function untimed(work) {
  return async prepared => {
    await work(prepared)
  }
}
