import { randomBytes } from 'node:crypto'
import test from 'ava'
import { readHistory } from '../../src/actions/read-history.ts'
import { replayOptions, upSteps } from '../../src/actions/scratch-steps.ts'
import { type AnsweredCatalog, askForCatalog } from '../../src/scratch/compare-answers.ts'
import { areSame } from '../../src/scratch/compare-questions.ts'
import {
  dropDatabase,
  dropOldStates,
  keptStates,
  MOST_STATES,
  stateName,
  touchState,
  twinName,
} from '../../src/scratch/housekeeping.ts'
import { atState, type Use } from '../../src/scratch/rehearsal.ts'
import { type ScratchServer, withScratchServer } from '../../src/scratch/server.ts'
import { keepState, stateKeys } from '../../src/scratch/state.ts'
import { ids } from '../support/draw.ts'
import { ALL_KINDS } from '../support/schema-pairs.ts'
import { withScratchProject } from '../support/scratch-project.ts'

test('a state gets a twin when it is rehearsed at again, and keeps it', t =>
  atNewState(async ({ state, twin, rehearse }) => {
    t.deepEqual(await rehearse(where, where), [state, state])
    t.deepEqual(await rehearse(where, where), [state, twin])
    t.deepEqual(await rehearse(where, where), [state, twin])
  }))

test('at a state and its twin both are at work at the same time', t =>
  withTwin(async ({ rehearse }) => {
    const meet = meetingOf(2)
    t.deepEqual(await rehearse(meet, meet), ['met', 'met'])
  }))

test('in its twin a state is as it is in itself', t =>
  withTwin(async ({ sequence, rehearse }) => {
    const look: Use<unknown> = ({ query }) =>
      query(`select last_value, '${sequence}'::regclass::oid from "${sequence}"`)
    const [one, other] = (await rehearse(look, look)) ?? []
    t.deepEqual(one, other)
  }))

test('what pg-delta asks of a state and of its twin has the same answers', t =>
  withTwin(async ({ rehearse }) => {
    const ask: Use<AnsweredCatalog> = session => askForCatalog(session, { ledgerSchema: 'sqlbraid' })
    let isSame = false
    // Roles are the server's, and in the answers: other tests may make and drop some in between.
    for (let tries = 0; tries < 30 && !isSame; tries++) {
      const [one, other] = (await rehearse(ask, ask)) ?? []
      isSame = one !== undefined && other !== undefined && areSame(one.answers, other.answers)
    }
    t.true(isSame)
  }))

test('a sequence that went on in the twin costs the twin alone, which is made again after a rehearsal without that', t =>
  withTwin(async ({ state, twin, sequence, rehearse, databases }) => {
    await rehearse(where, goOn(sequence))
    t.deepEqual(await databases(), [state])
    t.deepEqual(await rehearse(where, where), [state, state])
    t.deepEqual(await rehearse(where, where), [state, twin])
  }))

test('a sequence that went on at the state costs both', t =>
  withTwin(async ({ sequence, rehearse, databases }) => {
    await rehearse(goOn(sequence), where)
    t.deepEqual(await databases(), [])
  }))

test('where somebody is at a state and its twin, nobody else is let in', t =>
  withTwin(async ({ state, twin, rehearse, rehearseAsAnother }) => {
    const ask: Use<unknown> = () => rehearseAsAnother(where, where)
    t.deepEqual(await rehearse(ask, ask), [undefined, undefined])
    t.deepEqual(await rehearseAsAnother(where, where), [state, twin])
  }))

test('a failure waits for the other one to end', t =>
  withTwin(async ({ state, twin, rehearse }) => {
    let hasEnded = false
    const fail = async () => {
      throw new Error('as intended')
    }
    const work: Use<void> = async ({ query }) => {
      for (let count = 0; count < 10; count++) await query('select 1')
      hasEnded = true
    }
    await t.throwsAsync(rehearse<void>(fail, work), { message: 'as intended' })
    t.true(hasEnded)
    t.deepEqual(await rehearse(where, where), [state, twin])
  }))

test('of two failures the first one is told, also when it comes last', t =>
  withTwin(async ({ rehearse }) => {
    const meet = meetingOf(2)
    const failing = (message: string, isLate: boolean): Use<void> => {
      return async session => {
        await meet(session)
        if (isLate) await session.query('select 1')
        throw new Error(message)
      }
    }
    await t.throwsAsync(rehearse(failing('one', true), failing('other', false)), { message: 'one' })
    await t.throwsAsync(rehearse(failing('one', false), failing('other', true)), { message: 'one' })
  }))

test('where one of both databases lets nobody in, the other is used for both, one after the other', t =>
  withTwin(async ({ state, twin, server, rehearse }) => {
    const allow = (name: string, isAllowed: boolean) =>
      server.query(`alter database "${name}" allow_connections ${isAllowed}`)
    await allow(twin, false)
    t.deepEqual(await rehearse(where, where), [state, state])
    await allow(state, false)
    t.is(await rehearse(where, where), undefined)
    await allow(twin, true)
    t.deepEqual(await rehearse(where, where), [twin, twin])
    await allow(state, true)
  }))

test('where somebody drops the twin half-way nothing is told, and the state stays', t =>
  withTwin(async ({ state, twin, server, rehearse, databases }) => {
    const lose: Use<unknown> = async ({ query }) => {
      await dropDatabase(server, twin)
      return query('select 1')
    }
    t.is(await rehearse(where, lose), undefined)
    t.deepEqual(await databases(), [state])
  }))

test('a state that is made anew has nothing of the twin of the one before', t =>
  withTwin(async ({ state, server, rehearse, keep, databases }) => {
    await dropDatabase(server, state)
    await keep()
    t.deepEqual(await databases(), [state])
    t.deepEqual(await rehearse(where, where), [state, state])
  }))

test('a state that is dropped for its age takes its twin with it', t =>
  withTwin(async ({ state, server, databases }) => {
    // Other tests, which drop states too, may be at work on this server.
    const missing = MOST_STATES + 5 - (await keptStates(server)).size
    for (let count = 0; count < missing; count++) {
      const name = stateName(randomKey())
      await server.query(`create database "${name}"`)
      await server.query(touchState({ name, isRehearsed: false }))
    }
    await server.query(`comment on database "${state}" is 'last used 0000-01-01'`)
    await dropOldStates(server)
    t.deepEqual(await databases(), [])
  }))

test('a twin whose state is gone is dropped with the old states', t =>
  withTwin(async ({ state, server, databases }) => {
    await dropDatabase(server, state)
    await dropOldStates(server)
    t.deepEqual(await databases(), [])
  }))

const where: Use<unknown> = async ({ server }) => server.database

function goOn(sequence: string): Use<unknown> {
  return ({ query }) => query(`begin; select nextval('"${sequence}"'); rollback`)
}

/** Ends for all when so many have come. */
function meetingOf(size: number): Use<unknown> {
  let come = 0
  let begin = () => {}
  const complete = new Promise<void>(resolve => {
    begin = resolve
  })
  return async () => {
    if (++come === size) begin()
    await complete
    return 'met'
  }
}

type Rehearse = <T>(one: Use<T>, other: Use<T>) => Promise<readonly [T, T] | undefined>

/** A state that nobody had before, with something of everything and a sequence, and what can be done with it. */
interface NewState {
  readonly server: ScratchServer
  /** The names of its databases, be they there or not. */
  readonly state: string
  readonly twin: string
  readonly sequence: string
  readonly rehearse: Rehearse
  /** As another process would, with a session of its own. */
  readonly rehearseAsAnother: Rehearse
  readonly keep: () => Promise<unknown>
  /** Those of both that are there. */
  readonly databases: () => Promise<unknown[]>
}

async function atNewState(use: (state: NewState) => Promise<void>): Promise<void> {
  const sequence = `next_${randomKey()}`
  await withScratchProject('a', { a: `create sequence "${sequence}"; ${ALL_KINDS}` }, ({ settings }) =>
    withScratchServer(settings, {}, async server => {
      const steps = upSteps(readHistory(settings), settings, ids('a'))
      const options = replayOptions(settings, {}, steps)
      const state = stateName(stateKeys(steps, options.ledgerSchema).join())
      const twin = twinName(state)
      const databases = async () => {
        const names = `'${state}', '${twin}'`
        const rows = await server.query(
          `select datname from pg_database where datname in (${names}) order by 1`,
        )
        return rows.map(({ datname }) => datname)
      }
      await use({
        server,
        state,
        twin,
        sequence,
        rehearse: (one, other) => atState(server, steps, options, [one, other]),
        rehearseAsAnother: (one, other) =>
          withScratchServer(settings, {}, another => atState(another, steps, options, [one, other])),
        keep: () => keepState(server, steps, options),
        databases,
      })
    }),
  )
}

/** The same, with a twin already. */
function withTwin(use: (state: NewState) => Promise<void>): Promise<void> {
  return atNewState(async place => {
    await place.rehearse(where, where)
    await place.rehearse(where, where)
    await use(place)
  })
}

function randomKey(): string {
  return randomBytes(16).toString('hex')
}
