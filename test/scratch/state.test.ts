import test from 'ava'
import { readHistory } from '../../src/actions/read-history.ts'
import { replayOptions, upSteps } from '../../src/actions/scratch-steps.ts'
import type { Session } from '../../src/database/session.ts'
import { atState } from '../../src/scratch/rehearsal.ts'
import { type ScratchServer, withScratchServer } from '../../src/scratch/server.ts'
import { withState } from '../../src/scratch/state.ts'
import type { Settings } from '../../src/settings/settings.ts'
import { ids } from '../support/draw.ts'
import { type Scripts, withScratchProject } from '../support/scratch-project.ts'

const GRAPH = 'a <- b'
const TABLES = { a: 'create table one ()', b: 'create table two ()' }

test('a state is applied once, and what was applied is the beginning of what comes on top', t =>
  withProject(
    { a: `create table one_${process.pid} ()`, b: 'create table two ()' },
    async (server, settings) => {
      t.is(await applied(server, settings, 'a'), 1)
      t.is(await applied(server, settings, 'a', 'b'), 1)
      t.is(await applied(server, settings, 'a', 'b'), 0)
    },
  ))

test('what is done to one copy of a state reaches no other', t =>
  withProject(TABLES, async (server, settings) => {
    const steps = upSteps(readHistory(settings), settings, ids('a', 'b'))
    const options = replayOptions(settings, {}, steps)
    await withState(server, steps, options, session => session.query('drop table two'))
    const left = await withState(server, steps, options, session =>
      session.query('select to_regclass($$two$$)::text as name'),
    )
    t.deepEqual([...left], [{ name: 'two' }])
  }))

test('a copy is dropped when its use is over, also by an error', t =>
  withProject(TABLES, async (server, settings) => {
    let name: unknown
    const failing = withState(server, [], replayOptions(settings, {}, []), async session => {
      name = session.server.database
      throw new Error('as intended')
    })
    await t.throwsAsync(failing, { message: 'as intended' })
    t.deepEqual([...(await databases(server, name))], [])
  }))

test('a state at which a sequence went on is made anew', t =>
  withProject(
    { a: `create sequence one_${process.pid}_next`, b: 'create table two ()' },
    async (server, settings) => {
      t.is(await applied(server, settings, 'a'), 1)
      const steps = upSteps(readHistory(settings), settings, ids('a'))
      const options = replayOptions(settings, {}, steps)
      const undo = (statement: string) => (session: Session) => session.query(`begin; ${statement}; rollback`)
      const undoing = (statement: string) =>
        atState(server, steps, options, [undo(statement), undo(statement)])
      await undoing('create table three ()')
      t.is(await applied(server, settings, 'a'), 0)
      await undoing(`select nextval('one_${process.pid}_next')`)
      t.is(await applied(server, settings, 'a'), 1)
    },
  ))

test('one state that several make at once is kept once, and all have it', t =>
  withProject({ a: `create table at_once_${process.pid} ()`, b: '' }, async (server, settings) => {
    const everyone = [1, 2, 3].map(() => withScratchServer(settings, {}, own => applied(own, settings, 'a')))
    t.true((await Promise.all(everyone)).every(count => count <= 1))
    t.is(await applied(server, settings, 'a'), 0)
  }))

test('databases of a process that is gone are dropped', async t => {
  await withProject(TABLES, async (server, settings) => {
    const [own] = await withState(server, [], replayOptions(settings, {}, []), session =>
      session.query('select current_database() as name'),
    )
    const abandoned = String(own?.['name']).replace(`_${process.pid}_`, '_4194999_')
    await server.query(`create database ${abandoned}`)
    await withScratchServer(settings, {}, async next => {
      t.deepEqual([...(await databases(next, abandoned))], [])
    })
  })
})

async function withProject(
  scripts: Readonly<Record<string, Scripts>>,
  use: (server: ScratchServer, settings: Settings) => Promise<void>,
): Promise<void> {
  await withScratchProject(GRAPH, scripts, ({ settings }) =>
    withScratchServer(settings, {}, server => use(server, settings)),
  )
}

/** How many revisions had to be run to have a state. */
async function applied(
  server: ScratchServer,
  settings: Settings,
  ...names: readonly string[]
): Promise<number> {
  let count = 0
  const listener = { onStepDone: () => count++ }
  const steps = upSteps(readHistory(settings), settings, ids(...names))
  await withState(server, steps, replayOptions(settings, listener, steps), async () => {})
  return count
}

function databases(server: ScratchServer, name: unknown) {
  return server.query(`select datname from pg_database where datname = '${name}'`)
}
