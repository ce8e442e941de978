import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import {
  type ConnectionOptions,
  passwordFor,
  readConnectionOptions,
} from '../../../src/database/connection/connection-options.ts'
import { readDatabaseLocation } from '../../../src/database/connection/database-location.ts'
import { InvalidConnectionError } from '../../../src/errors/connection-errors.ts'

const NOWHERE = '/nonexistent'

function read(url: string, env: Readonly<Record<string, string>> = {}): ConnectionOptions {
  const surroundings = { env: { HOME: NOWHERE, PGSYSCONFDIR: NOWHERE, ...env }, applicationName: 'sqlbraid' }
  return readConnectionOptions({ url, source: 'DATABASE_URL' }, surroundings)
}

function homeWith(t: ExecutionContext, files: Readonly<Record<string, string>>): string {
  const home = mkdtempSync(join(tmpdir(), 'sqlbraid-home-'))
  t.teardown(() => rmSync(home, { recursive: true }))
  for (const [name, text] of Object.entries(files)) writeFileSync(join(home, name), text, { mode: 0o600 })
  return home
}

const socket = (folder: string, port: number) => ({ path: `${folder}/.s.PGSQL.${port}`, folder, port })

for (const [url, expected] of [
  [
    'postgres://alice:secret@db:6000/shop',
    { hosts: [{ host: 'db', port: 6000 }], user: 'alice', password: 'secret', database: 'shop' },
  ],
  ['postgresql://u@h', { hosts: [{ host: 'h', port: 5432 }], user: 'u', password: undefined, database: 'u' }],
  [
    'postgres://u@h1:1,h2,[::1]:3/d',
    {
      hosts: [
        { host: 'h1', port: 1 },
        { host: 'h2', port: 5432 },
        { host: '::1', port: 3 },
      ],
    },
  ],
  [
    'postgres://u@h1,h2/d?port=7',
    {
      hosts: [
        { host: 'h1', port: 7 },
        { host: 'h2', port: 7 },
      ],
    },
  ],
  ['postgres://u@/d?host=/var/sockets&port=6', { hosts: [socket('/var/sockets', 6)] }],
  ['postgres://u@%2Fvar%2Fsockets/d', { hosts: [socket('/var/sockets', 5432)] }],
  [
    'postgres://%75ser:p%40ss%2Fw%C3%A9+%20x@h/my%20db',
    { user: 'user', password: 'p@ss/wé+ x', database: 'my db' },
  ],
  [
    'postgres:///d?user=u&password=p&host=h&sslmode=require',
    { user: 'u', password: 'p', hosts: [{ host: 'h', port: 5432 }] },
  ],
  ['postgres://u@h/path?dbname=query', { database: 'query' }],
  ['postgres://u@h/d?hostaddr=10.0.0.1', { hosts: [{ host: 'h', port: 5432, address: '10.0.0.1' }] }],
  [
    "host=h port = 1 user='a b' password='it\\'s \\\\' dbname=d",
    { hosts: [{ host: 'h', port: 1 }], user: 'a b', password: "it's \\", database: 'd' },
  ],
  ['host=h user=u password=a\\ b', { password: 'a b' }],
  ['host=/tmp,h2 port=1,2 user=u', { hosts: [socket('/tmp', 1), { host: 'h2', port: 2 }] }],
  [
    'postgres://u@h/?application_name=app&options=-c%20a%3Db&connect_timeout=3&target_session_attrs=read-write',
    { applicationName: 'app', options: '-c a=b', connectTimeout: 3, targetSessionAttrs: 'read-write' },
  ],
  [
    'postgres://u@h',
    { applicationName: 'sqlbraid', options: undefined, connectTimeout: 10, targetSessionAttrs: 'any' },
  ],
] as const) {
  test(`${url} is read`, t => {
    const options = read(url)
    for (const [name, value] of Object.entries(expected))
      t.deepEqual(options[name as keyof ConnectionOptions], value, name)
  })
}

test('the user defaults to that of the system, the database to the user', t => {
  t.like(read('host=h'), { user: userInfo().username, database: userInfo().username })
  t.like(read('host=h user=u'), { user: 'u', database: 'u' })
})

test('the url is over the service, the service over the environment', t => {
  const home = homeWith(t, {
    '.pg_service.conf': '# mine\n[other]\nhost=no\n[shop]\n  host=service\nport=1\nuser=svc\n[more]\nhost=no',
  })
  const options = read('postgres://u@/d?service=shop', {
    HOME: home,
    PGHOST: 'env',
    PGPORT: '2',
    PGAPPNAME: 'env',
  })
  t.like(options, { hosts: [{ host: 'service', port: 1 }], user: 'u', database: 'd', applicationName: 'env' })
})

test('PGSERVICE, PGSERVICEFILE and PGSYSCONFDIR find the service', t => {
  const folder = homeWith(t, { 'pg_service.conf': '[system]\nhost=sys', mine: '[own]\nhost=own' })
  const host = (env: Record<string, string>) => read('user=u', env).hosts[0]
  t.like(host({ PGSERVICE: 'own', PGSERVICEFILE: join(folder, 'mine') }), { host: 'own' })
  t.like(host({ PGSERVICE: 'system', PGSERVICEFILE: join(folder, 'mine'), PGSYSCONFDIR: folder }), {
    host: 'sys',
  })
})

for (const [title, password] of [
  ['host:5432:shop:alice', 'one'],
  ['host:6000:shop:alice', 'wildcards'],
  ['odd\\:host:5432:shop:alice', 'p:a\\ss'],
  ['host:5432:shop:bob', undefined],
  ['/tmp:5432:shop:alice', 'local'],
  ['/other:5432:shop:alice', 'folder'],
] as const) {
  test(`the password file knows ${title}`, t => {
    const home = homeWith(t, {
      '.pgpass':
        '#host:5432:shop:alice:comment\n\nshort:line\nhost:5432:shop:alice:one\r\nhost:*:*:alice:wildcards\nodd\\:host:*:*:*:p\\:a\\\\ss\nlocalhost:*:*:*:local\n/other:*:*:*:folder\n',
    })
    const [, host, port, dbname, user] = /^(.*):(\d+):(.*):(.*)$/.exec(title) ?? []
    const options = read(`host='${host}' port=${port} dbname=${dbname} user=${user}`, { HOME: home })
    const [first] = options.hosts
    t.is(first && passwordFor(options, first), password)
  })
}

test('each host has its own password; one that is given serves all', t => {
  const home = homeWith(t, { pass: 'a:*:*:*:A\nb:*:*:*:B\n' })
  const passwords = (url: string) => {
    const options = read(url, { PGPASSFILE: join(home, 'pass') })
    return options.hosts.map(host => passwordFor(options, host))
  }
  t.deepEqual(passwords('postgres://u@a,b,c/d'), ['A', 'B', undefined])
  t.deepEqual(passwords('postgres://u:X@a,b/d'), ['X', 'X'])
})

test('a password file that others may read, or that is no file, is ignored with a warning', t => {
  const home = homeWith(t, { '.pgpass': '*:*:*:*:secret\n' })
  chmodSync(join(home, '.pgpass'), 0o640)
  mkdirSync(join(home, 'folder'))
  const open = read('postgres://u@h/d', { HOME: home })
  t.is(open.hosts[0]?.password, undefined)
  t.regex(open.warnings.join(), /\.pgpass is ignored: others may read it/)
  t.regex(read('postgres://u@h/d', { PGPASSFILE: join(home, 'folder') }).warnings.join(), /not a plain file/)
  t.deepEqual(read('postgres://u:p@h/d', { HOME: home }).warnings, [])
})

for (const [url, env, message] of [
  ['mysql://h/d', {}, /^DATABASE_URL: neither/],
  [
    'postgres://h/d?sslmod=require',
    {},
    /^DATABASE_URL: unknown connection option "sslmod" \(did you mean "sslmode"/,
  ],
  ['host=h sslmode=maybe', {}, /^DATABASE_URL: sslmode "maybe" is not one of disable, allow/],
  ['host=h', { PGSSLMODE: 'maybe' }, /^PGSSLMODE: sslmode "maybe"/],
  ['host=h', { PGPORT: '99999' }, /^PGPORT: the port "99999"/],
  ['postgres://h:port/d', {}, /the port "port" is not from 1/],
  ['postgres://h1,h2/d?port=1,2,3', {}, /3 port entries do not match 2 hosts/],
  ['host=h', { PGCONNECT_TIMEOUT: 'soon' }, /^PGCONNECT_TIMEOUT: connect_timeout "soon"/],
  ['host=h', { PGTARGETSESSIONATTRS: 'any-old' }, /^PGTARGETSESSIONATTRS/],
  ['host=h sslrootcert=system sslmode=require', {}, /needs sslmode=verify-full/],
  ['host=h sslnegotiation=direct', {}, /needs at least sslmode=require/],
  ['host=h requirepeer=postgres', {}, /requirepeer=postgres is not supported/],
  ['postgres://h/%zz', {}, /two hexadecimal digits/],
  ['postgres://h/%00', {}, /%00/],
  ['postgres://h/%ff', {}, /UTF-8/],
  ['postgres://[::1/d', {}, /a host in the url is malformed/],
  ["host=h password='never ends", {}, /not terminated \(character 7/],
  ['host=h some words', {}, /"=" is missing/],
  ['service=none', {}, /there is no service "none"/],
  ['service=none', { PGSERVICEFILE: '/no/file' }, /service file \/no\/file does not exist/],
] as const) {
  test(`${url} ${JSON.stringify(env)} is refused`, t => {
    t.throws(() => read(url, env), { instanceOf: InvalidConnectionError, message })
  })
}

test('a mistake in a service file is named with its line', t => {
  const home = homeWith(t, { '.pg_service.conf': '[s]\nhost=h\nprot=1\n' })
  t.throws(() => read('service=s', { HOME: home }), { message: /\.pg_service\.conf:3: unknown .* "port"/ })
})

test('channel binding, which hosting companies ask for, is ignored with a warning', t => {
  t.regex(
    read('postgres://u@h/d?sslmode=require&channel_binding=require').warnings.join(),
    /channel_binding=require is not supported/,
  )
})

test('embedded: is a kind of its own', t => {
  const locate = (url: string) =>
    readDatabaseLocation({ url, source: 'url' }, { env: {}, applicationName: 'x' })
  t.deepEqual(locate('embedded:'), { kind: 'embedded', database: 'sqlbraid' })
  t.deepEqual(locate('embedded:shop'), { kind: 'embedded', database: 'shop' })
  t.throws(() => locate('embedded://shop'), { instanceOf: InvalidConnectionError })
})
