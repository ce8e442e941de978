import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { withScratchServer } from '../dist/src/scratch/server.js'
import { readSettings } from '../dist/src/settings/settings.js'
import { oneTableEach, writeRevisions } from './histories.js'
import { comparison, inTurn } from './measure.js'

const SHARED = 300
const EACH = 10
const APPLYING = `upgrade of ${2 * EACH}`

/**
 * The proof that two branches commute, against applying both once; the state they part from is kept already, and will have
 * its twin by the first round that counts.
 */
export async function* convergenceRows({ folder, rounds, sqlbraid, server }) {
  const cwd = join(folder, 'convergence')
  mkdirSync(cwd)
  const history = twoBranches()
  writeRevisions(cwd, history)
  const shared = await server.create()
  const upgrade = (target, database) =>
    sqlbraid(['upgrade', target, '--quiet', '--url', server.urlOf(database)], { cwd })
  await upgrade(history[SHARED - 1].id, shared)
  const merge = () => sqlbraid(['merge', 'heads', '--path', MERGED, '--quiet'], { cwd })
  const forgetMerge = () => rmSync(join(cwd, MERGED), { recursive: true })
  const sides = [
    { name: 'merge', run: untimed(merge) },
    {
      name: APPLYING,
      prepare: async () => {
        forgetMerge()
        return server.create(shared)
      },
      run: untimed(database => upgrade('heads', database)),
    },
    { name: 'sqlbraid --version', run: untimed(() => sqlbraid(['--version'])) },
  ]
  const title = `merge of two branches of ${EACH} revisions upon ${SHARED}, proved`
  // Who merges has the scratch server running already, as a warm proof supposes.
  const settings = readSettings({}, { cwd, env: {} })
  const times = await withScratchServer(settings, {}, async () => {
    await merge()
    forgetMerge()
    return inTurn(sides, rounds)
  })
  yield comparison(title, times, { budget: 3.0, against: APPLYING })
}

const MERGED = 'migrations/merged'

/** A line, and upon its end two more. */
function twoBranches() {
  const line = oneTableEach(SHARED)
  const parents = [line.at(-1).id]
  const branches = ['a', 'b'].map(prefix => {
    const [first, ...others] = oneTableEach(EACH, prefix)
    return [{ ...first, parents }, ...others]
  })
  return [...line, ...branches.flat()]
}

function untimed(work) {
  return async prepared => {
    await work(prepared)
  }
}
