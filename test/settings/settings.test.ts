import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import {
  ConfigFileNotFoundError,
  InvalidSettingsError,
  UnknownEnvironmentError,
  UnsetVariableError,
} from '../../src/errors/settings-errors.ts'
import { databaseUrl, scratchUrl } from '../../src/settings/database-url.ts'
import { scriptVariables } from '../../src/settings/script-variables.ts'
import { readSettings } from '../../src/settings/settings.ts'

/** A temporary folder with these files, gone after the test. */
function folderWith(t: ExecutionContext, files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'sqlbraid-settings-'))
  t.teardown(() => rmSync(folder, { recursive: true }))
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  return folder
}

function problemsOf(t: ExecutionContext, toml: string, env = {}, flags = {}) {
  const cwd = folderWith(t, { 'sqlbraid.toml': toml })
  const error = t.throws(() => readSettings(flags, { cwd, env }), { instanceOf: InvalidSettingsError })
  return error.problems.map(({ line, column, message, code }) => ({ line, column, message, code }))
}

test('without a configuration file the defaults hold, and no url is needed', t => {
  const cwd = folderWith(t, {})
  const settings = readSettings({}, { cwd, env: {} })
  t.like(settings, {
    configFile: undefined,
    root: cwd,
    migrations: [join(cwd, 'migrations')],
    operations: join(cwd, 'operations'),
    ledgerSchema: 'sqlbraid',
    fileTemplate: '{timestamp}_{revision}_{slug}',
    transaction: 'each',
    lock: 'advisory',
    lockWait: 60_000,
    lockTimeout: 5000,
    statementTimeout: 0,
    maxHeads: undefined,
    vars: {},
  })
})

test('the file is found upwards from the working folder, and paths are relative to it', t => {
  const root = folderWith(t, { 'sqlbraid.toml': 'migrations = ["db", "../shared"]', 'a/b/empty': '' })
  const settings = readSettings({}, { cwd: join(root, 'a/b'), env: {} })
  t.is(settings.configFile, join(root, 'sqlbraid.toml'))
  t.deepEqual(settings.migrations, [join(root, 'db'), join(dirname(root), 'shared')])
})

test('a named file is read instead of the one that would be found', t => {
  const cwd = folderWith(t, { 'sqlbraid.toml': 'role = "a"', 'etc/other.toml': 'role = "b"' })
  t.is(readSettings({ config: 'etc/other.toml' }, { cwd, env: {} }).role, 'b')
})

test('a named file that is missing is an error, and so is one that is a folder', t => {
  const cwd = folderWith(t, { 'folder/empty': '' })
  const missing = t.throws(() => readSettings({ config: 'no.toml' }, { cwd, env: {} }), {
    instanceOf: ConfigFileNotFoundError,
  })
  t.is(missing.file, join(cwd, 'no.toml'))
  t.throws(() => readSettings({ config: 'folder' }, { cwd, env: {} }), {
    instanceOf: ConfigFileNotFoundError,
  })
})

test('flags are over environment over the named environment over the top level', t => {
  const cwd = folderWith(t, { 'sqlbraid.toml': 'lock_wait = 1\n[env.prod]\nlock_wait = 2' })
  const wait = (flags: object, env: object) => readSettings(flags, { cwd, env: { ...env } }).lockWait
  t.is(wait({}, {}), 1000)
  t.is(wait({ environment: 'prod' }, {}), 2000)
  t.is(wait({}, { SQLBRAID_ENV: 'prod' }), 2000)
  t.is(wait({ environment: 'prod' }, { SQLBRAID_LOCK_WAIT: '3' }), 3000)
  t.is(wait({ environment: 'prod', values: { lock_wait: '4s' } }, { SQLBRAID_LOCK_WAIT: '3' }), 4000)
})

test('tables of an environment and of flags are laid over the top level key by key', t => {
  const toml = '[vars]\na = "1"\nb = "1"\nc = 1\n[env.prod.vars]\nb = "2"'
  const cwd = folderWith(t, { 'sqlbraid.toml': toml })
  const settings = readSettings({ environment: 'prod', vars: { c: '${HOME}' } }, { cwd, env: { HOME: '/h' } })
  t.deepEqual(
    [...scriptVariables(settings)],
    [
      ['a', '1'],
      ['b', '2'],
      ['c', '${HOME}'],
    ],
  )
})

test('an unknown environment is an error that lists the known ones', t => {
  const cwd = folderWith(t, { 'sqlbraid.toml': '[env.staging]\n[env.prod]' })
  const error = t.throws(() => readSettings({ environment: 'constructor' }, { cwd, env: {} }), {
    instanceOf: UnknownEnvironmentError,
  })
  t.deepEqual(error.known, ['staging', 'prod'])
  t.regex(error.message, /staging, prod/)
})

test('all problems of a file are reported at once, with line, column and the nearest known key', t => {
  const toml = `migratons = "a"
lock = "sometimes"
lock_timeout = "5 parsecs"
hooks = { befor_upgrade = "x" }
max_heads = 0
template = """
lock = 1
"""

[env.prod]
  url = 3
  roles = "b"
`
  t.deepEqual(
    problemsOf(t, toml)
      .sort((a, b) => (a.line ?? 0) - (b.line ?? 0))
      .map(({ line, column, message }) => `${line}:${column} ${message}`),
    [
      '1:1 "migratons" is not a setting; did you mean "migrations"?',
      '2:1 "lock" must be "advisory" or "row".',
      '3:1 "lock_timeout" must be a duration such as "500ms", "5s" or "2min" (a number means seconds).',
      '4:1 "befor_upgrade" is not a setting; did you mean "before_upgrade"?',
      '5:1 "max_heads" must be a whole number from 1.',
      '11:3 "url" must be text in quotes.',
      '12:3 "roles" is not a setting; did you mean "role"?',
    ],
  )
})

test('a syntax error has its place and does not quote the file, where passwords may stand', t => {
  const [problem] = problemsOf(t, 'lock = "row"\nurl = "postgres://a:hunter2@h/d\n')
  t.is(problem?.line, 2)
  t.is(problem?.code, 'TOML_SYNTAX')
  t.notRegex(problem?.message ?? '', /hunter2/)
})

test('bad values from flags and environment are named as they were given', t => {
  const problems = problemsOf(t, '', { SQLBRAID_LOCK: 'x' }, { values: { lock_wait: 'soon' } })
  t.regex(problems[0]?.message ?? '', /"SQLBRAID_LOCK" must be/)
  t.regex(problems[1]?.message ?? '', /"--lock-wait" must be a duration/)
})

for (const [written, milliseconds] of [
  ['"500ms"', 500],
  ['"5s"', 5000],
  ['"2min"', 120_000],
  ['"1.5 s"', 1500],
  ['7', 7000],
  ['0.25', 250],
  ['"8"', 8000],
] as const) {
  test(`lock_wait = ${written} is ${milliseconds} ms`, t => {
    const cwd = folderWith(t, { 'sqlbraid.toml': `lock_wait = ${written}` })
    t.is(readSettings({}, { cwd, env: {} }).lockWait, milliseconds)
  })
}

test('${NAME} is read from the environment, over .env beside the file; $${ is literal', t => {
  const toml =
    'role = "${ROLE}_${TEAM}"\napplication_name = "$${ROLE}"\nlock_wait = "${WAIT}"\nmax_heads = "${HEADS}"'
  const cwd = folderWith(t, { 'sqlbraid.toml': toml, '.env': 'ROLE=dot\nTEAM="t 1"\nWAIT=2min\nHEADS=3' })
  const settings = readSettings({}, { cwd, env: { ROLE: 'real' } })
  t.like(settings, { role: 'real_t 1', applicationName: '${ROLE}', lockWait: 120_000, maxHeads: 3 })
  t.is(settings.env['TEAM'], 't 1')
})

test('a variable whose name psql does not know is refused where it is written', t => {
  const cwd = folderWith(t, { 'sqlbraid.toml': '[vars]\n"straße_2" = "x"\n"a-b" = "x"\n' })
  const refused = t.throws(() => readSettings({}, { cwd, env: {} }), { instanceOf: InvalidSettingsError })
  t.like(refused.problems, [
    { line: 3, message: '"a-b" must have a name of letters, digits and _, as psql has it.' },
  ])
})

test('an unset variable is an error where its value is used, and only there', t => {
  const toml = `url = "\${TOP_URL}"
role = "\${ROLE}"
[vars]
secret = "\${SECRET}"
[scratch]
url = "\${SCRATCH_URL}"
[env.prod]
role = "\${PROD_ROLE}"
url = "\${PROD_URL}"
[env.safe]
role = "fixed"
`
  const cwd = folderWith(t, { 'sqlbraid.toml': toml })
  const settings = readSettings({ environment: 'safe' }, { cwd, env: {} })
  t.is(settings.role, 'fixed')
  const url = t.throws(() => databaseUrl(settings), { instanceOf: UnsetVariableError })
  t.deepEqual(url.variables, ['TOP_URL'])
  t.throws(() => scriptVariables(settings), { message: /\[vars\] secret needs .* SECRET/ })
  t.throws(() => scratchUrl(settings), { message: /SCRATCH_URL/ })
  const eager = t.throws(() => readSettings({ environment: 'prod' }, { cwd, env: {} }), {
    instanceOf: InvalidSettingsError,
  })
  t.like(eager.problems, [{ line: 8, message: '"role" needs the environment variable PROD_ROLE.' }])
})

test('hooks are left to the shell', t => {
  const cwd = folderWith(t, { 'sqlbraid.toml': '[hooks]\non_failure = \'notify "${SQLBRAID_RUN}"\'' })
  t.is(readSettings({}, { cwd, env: {} }).hooks?.on_failure, 'notify "${SQLBRAID_RUN}"')
})

test('a folder called .env is left alone', t => {
  const cwd = folderWith(t, { '.env/bin/activate': '' })
  t.notThrows(() => readSettings({}, { cwd, env: {} }))
})
