import test from 'ava'
import { DatabaseNotConfiguredError } from '../../src/errors/settings-errors.ts'
import { chooseUrl, databaseUrl } from '../../src/settings/database-url.ts'

const everything = {
  flag: 'flag',
  env: { SQLBRAID_URL: 'own', DATABASE_URL: 'generic', PGHOST: 'h', PGUSER: 'u', PGPASSWORD: 'p' },
  environment: 'prod',
  ofEnvironment: 'named ${PGHOST}',
  ofFile: 'top',
}

const { SQLBRAID_URL: _own, ...withoutOwn } = everything.env
const { DATABASE_URL: _generic, ...withoutGeneric } = withoutOwn
const none = { flag: undefined, ofEnvironment: undefined, ofFile: undefined }

for (const [title, sources, url, source] of [
  ['--url is first', everything, 'flag', '--url'],
  ['then SQLBRAID_URL', { ...everything, flag: undefined }, 'own', 'SQLBRAID_URL'],
  [
    'then the named environment',
    { ...everything, flag: '', env: withoutOwn },
    'named h',
    'url of [env.prod] in sqlbraid.toml',
  ],
  [
    'then DATABASE_URL',
    { ...everything, ...none, ofFile: 'top', env: withoutOwn },
    'generic',
    'DATABASE_URL',
  ],
  [
    'then the top level',
    { ...everything, ...none, ofFile: 'top', env: withoutGeneric },
    'top',
    'url in sqlbraid.toml',
  ],
  ["then libpq's variables", { ...everything, ...none, env: withoutGeneric }, '', 'PGHOST, PGUSER'],
  ['PGSERVICE alone is enough', { ...everything, ...none, env: { PGSERVICE: 's' } }, '', 'PGSERVICE'],
] as const) {
  test(`the url: ${title}`, t => {
    t.deepEqual(databaseUrl({ url: chooseUrl(sources) }), { url, source })
  })
}

test('with none of them the error lists the ways; a password alone names no database', t => {
  const url = chooseUrl({ ...none, environment: undefined, env: { PGPASSWORD: 'p', DATABASE_URL: '' } })
  const error = t.throws(() => databaseUrl({ url }), { instanceOf: DatabaseNotConfiguredError })
  for (const way of ['--url', 'SQLBRAID_URL', '--env', 'DATABASE_URL', 'sqlbraid.toml', 'PGHOST']) {
    t.true(error.message.includes(way), way)
  }
})
