import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import test from 'ava'
import { downgrade } from '../../src/actions/downgrade.ts'
import { listOperations } from '../../src/actions/list-operations.ts'
import { readState } from '../../src/actions/read-state.ts'
import { upgrade } from '../../src/actions/upgrade.ts'
import type { RevisionFilesError } from '../../src/errors/revision-errors.ts'
import type { RevisionFailedError } from '../../src/errors/run-errors.ts'
import type { Settings } from '../../src/settings/settings.ts'
import { withDatabase } from '../support/database.ts'
import { writeProject } from '../support/written-project.ts'

const OPERATIONS = fileURLToPath(new URL('../../../operations/', import.meta.url))
const CALL = "\\set table 'in''voices'\n\\ir ../operations/audit_columns"
const AUDITED = {
  up: `create table "in'voices" ();\n${CALL}.up.sql`,
  down: `${CALL}.down.sql\ndrop table "in'voices";`,
}

function writeFiles({ root }: Settings, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
}

function withOperations(settings: Settings): Settings {
  const part = (name: string) => readFileSync(join(OPERATIONS, name), 'utf8')
  const names = ['audit_columns.up.sql', 'audit_columns.down.sql']
  writeFiles(settings, Object.fromEntries(names.map(name => [`operations/${name}`, part(name)])))
  return settings
}

function vars(values: Readonly<Record<string, string>>): Settings['vars'] {
  return Object.fromEntries(Object.entries(values).map(([name, text]) => [name, { text, unset: [] }]))
}

test('an operation is applied and reverted, and the ledger keeps what was run', async t => {
  await withDatabase(t, async ({ url, sql }) => {
    const settings = withOperations(writeProject(t, url, { a: AUDITED }).settings)
    await upgrade(settings, { targets: ['heads'] })
    const columns =
      await sql`select attname from pg_attribute where attrelid = to_regclass('"in''voices"') and attnum > 0`
    t.deepEqual(
      columns.map(({ attname }) => attname),
      ['created_at', 'updated_at'],
    )
    const [kept] = await sql`select up_script, down_script from sqlbraid.revision`
    t.regex(kept?.['up_script'], /ALTER TABLE "in'voices"/)
    t.regex(kept?.['down_script'], /DROP TRIGGER "touch_in'voices" ON "in'voices"/)
    await downgrade(settings, { targets: ['base'] })
    const [gone] = await sql`select to_regclass('"in''voices"') is null as gone`
    t.true(gone?.['gone'])
  })
})

test('a changed included file is noticed, another value of a variable is not', async t => {
  await withDatabase(t, async ({ url }) => {
    const { settings } = writeProject(t, url, { a: "select :'x';\n\\i b.sql" })
    writeFiles(settings, { 'b.sql': "select :'x';\n" })
    await upgrade({ ...settings, vars: vars({ x: '1' }) }, { targets: ['heads'] })
    t.deepEqual((await readState({ ...settings, vars: vars({ x: '2' }) })).changed, [])
    writeFiles(settings, { 'b.sql': 'select 2;\n' })
    t.is((await readState(settings)).changed.length, 1)
  })
})

test('an error in an included file is shown there', async t => {
  await withDatabase(t, async ({ url }) => {
    const { settings } = writeProject(t, url, { a: 'select 1;\n\\i parts/b.sql' })
    writeFiles(settings, { 'parts/b.sql': "-- b\nselect :'x' + nothing;\n" })
    const run = upgrade({ ...settings, vars: vars({ x: 'long enough' }) }, { targets: ['heads'] })
    const error = await t.throwsAsync<RevisionFailedError>(run, { code: 'REVISION_FAILED' })
    t.like(error?.failure.place, { file: join(settings.root, 'parts/b.sql'), line: 2, column: 15 })
  })
})

test('nothing is included from outside the project, links included', async t => {
  await withDatabase(t, async ({ url }) => {
    const { settings } = writeProject(t, url, {
      a: '\\ir ../link.sql\n\\i /bin/sh\n\\i gone.sql\n\\i bytes.sql',
    })
    writeFiles(settings, { 'bytes.sql': '\n\0' })
    symlinkSync('/bin/sh', join(settings.root, 'link.sql'))
    const error = await t.throwsAsync<RevisionFilesError>(upgrade(settings, { targets: ['heads'] }))
    const file = join(settings.root, 'migrations', 'a.up.sql')
    t.deepEqual(
      error?.problems.map(({ code, file, line }) => [code, file, line]),
      [
        ['INCLUDE_OUTSIDE', file, 6],
        ['INCLUDE_OUTSIDE', file, 7],
        ['INCLUDE_MISSING', file, 8],
        ['NUL_BYTE', join(settings.root, 'bytes.sql'), 2],
      ],
    )
  })
})

test('a dry run finds what cannot be read, two includes deep', async t => {
  await withDatabase(t, async ({ url }) => {
    const { settings } = writeProject(t, url, { a: '\\i parts/mid.sql' })
    writeFiles(settings, {
      'parts/mid.sql': '-- mid\n\\ir deep/b.sql\n',
      'parts/deep/b.sql': "select 1;\n  \\connect elsewhere\n\\ir ../mid.sql\nselect it's;\n",
    })
    const dryRun = upgrade(settings, { targets: ['heads'], dryRun: true })
    const error = await t.throwsAsync<RevisionFilesError>(dryRun, { code: 'BROKEN_REVISION_FILES' })
    const file = join(settings.root, 'parts/deep/b.sql')
    const mid = join(settings.root, 'parts/mid.sql')
    t.deepEqual(
      error?.problems.map(({ code, file, line, column }) => [code, file, line, column]),
      [
        ['BACKSLASH_COMMAND', file, 2, 3],
        ['INCLUDE_LOOP', file, 3, 1],
        ['UNCLOSED_STRING', file, 4, 10],
      ],
    )
    t.true(error?.problems[1]?.message.endsWith(`${mid} → ${file} → ${mid}.`))
  })
})

test('echoes and variables that are not set are told during the run', async t => {
  await withDatabase(t, async ({ url }) => {
    const { settings } = writeProject(t, url, {
      a: '\\echo hello\nselect (array[1, 2])[1:n] from (select 2 n) t;',
    })
    const told: string[] = []
    await upgrade(
      settings,
      { targets: ['heads'] },
      {
        onEcho: (_, text) => told.push(text),
        onUnsetVariable: ({ name, place }) => told.push(`${name} ${place.line}:${place.column}`),
      },
    )
    t.deepEqual(told, ['n 7:23', 'hello'])
  })
})

test('operations are listed with their arguments and their help', async t => {
  const { settings } = writeProject(t, 'postgres://nobody', {})
  t.deepEqual(listOperations(settings), [])
  const [operation] = listOperations(withOperations(settings))
  t.like(operation, { name: 'audit_columns', arguments: { required: ['table'], optional: ['trigger'] } })
  t.regex(operation?.help ?? '', /^Gives a table the columns/)
})
