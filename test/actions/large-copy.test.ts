import { createHash } from 'node:crypto'
import { appendFileSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'ava'
import { accept } from '../../src/actions/accept.ts'
import { downgrade } from '../../src/actions/downgrade.ts'
import { readState } from '../../src/actions/read-state.ts'
import { reapply } from '../../src/actions/reapply.ts'
import { sync } from '../../src/actions/sync.ts'
import { upgrade } from '../../src/actions/upgrade.ts'
import { verify } from '../../src/actions/verify.ts'
import { EXIT, exitCodeOf } from '../../src/cli/exit-codes.ts'
import { withCliProject } from '../support/cli.ts'
import { type TestDatabase, withDatabase } from '../support/database.ts'
import {
  BODY_LENGTH,
  largeRows,
  peakIn,
  peakReporter,
  ROWS_OF_LARGE,
  writeLargeScript,
} from '../support/large-script.ts'
import { appliedIn, eventsIn, tablesIn } from '../support/ledger-rows.ts'
import { hasPsql, runPsql } from '../support/run-psql.ts'
import { withScratchProject } from '../support/scratch-project.ts'
import { writeProject } from '../support/written-project.ts'

const heads = { targets: ['heads'] }
const TABLE = 'create table t (id int primary key, body text);\n'
const LARGE = `copy t from stdin;\n${largeRows()}\\.\n`

/** `2 1800`: how many rows there are in `t`, and how long their texts are together. */
async function rowsIn(sql: TestDatabase['sql']): Promise<string> {
  const [row] = await sql`select count(*) || ' ' || coalesce(sum(length(body)), 0) as rows from t`
  return String(row?.['rows'])
}

const LOADED = `${ROWS_OF_LARGE} ${ROWS_OF_LARGE * BODY_LENGTH}`

test('a script of 200 MB of COPY data is applied, and looked at again, in less than 300 MiB of memory', t =>
  withDatabase(t, ({ url, sql }) =>
    withCliProject({}, async ({ root, write, run }) => {
      write('migrations/a.down.sql', '-- revision: a\n\ndrop table t;\n')
      const file = join(root, 'migrations/a.up.sql')
      const before = `-- revision: a\n-- parents: none\n\n${TABLE}copy t from stdin;\n`
      const count = writeLargeScript(file, 200e6, { before, after: '\\.\nanalyze t;\n' })
      const reporter = peakReporter()
      const env = { SQLBRAID_URL: url, ...(reporter && { NODE_OPTIONS: `--import=${reporter}` }) }

      const applied = await run(['upgrade', 'heads'], { env })
      t.is(applied.code, 0, applied.stderr)
      t.is(await rowsIn(sql), `${count} ${count * BODY_LENGTH}`)
      const [kept] = await sql`select checksum, up_script, length(up_script) from sqlbraid.revision`
      const body = readFileSync(file).subarray(before.indexOf('create table'), -1)
      t.is(kept?.['checksum'], createHash('sha256').update(body).digest('hex'))
      t.true(kept?.['length'] < 1000)
      t.regex(kept?.['up_script'], new RegExp(`\\\\left_out ${count} lines, `))

      const status = await run(['status', '--exit-code', '--json'], { env })
      t.like(status, { code: 0, json: { applied: 1, pending: [], changed: [] } })
      if (reporter === undefined) return void t.log('no /proc here: the memory used was not looked at')
      for (const { stderr } of [applied, status]) {
        t.log(`at most ${Math.round(peakIn(stderr))} MiB`)
        t.true(peakIn(stderr) < 300)
      }
    }),
  ))

test('an error in large data names file and line, and so does one behind them', t =>
  withDatabase(t, async ({ url, sql }) => {
    const second = `copy t from stdin;\n${largeRows({ first: ROWS_OF_LARGE + 1 })}`
    const project = writeProject(t, url, { a: TABLE, b: { up: `${LARGE}\n${second}x\tq\n\\.\n` } })
    const inData = await t.throwsAsync(upgrade(project.settings, heads), { code: 'REVISION_FAILED' })
    t.like(inData, {
      failure: {
        place: { ...project.find('b.up.sql', 'x\tq'), excerpt: 'x\tq\n^' },
        server: { sqlState: '22P02' },
      },
    })
    t.is(await rowsIn(sql), '0 0')

    project.write({ b: { up: `${LARGE}\n${second}\\.\n\nselect 1 / 0;` } })
    const behind = await t.throwsAsync(upgrade(project.settings, heads), { code: 'REVISION_FAILED' })
    t.like(behind, { failure: { place: project.find('b.up.sql', 'select 1') } })

    project.write({ b: { up: `${LARGE}\n${second}\\.\n` } })
    await upgrade(project.settings, heads)
    t.is(await rowsIn(sql), `${2 * ROWS_OF_LARGE} ${2 * ROWS_OF_LARGE * BODY_LENGTH}`)
  }))

test('large data whose lines end in CRLF are taken as PostgreSQL takes them, and have the checksum of LF', t =>
  withDatabase(t, async ({ url, sql }) => {
    const rows = [0, 1, 2, 3]
      .map(part => largeRows({ first: part * ROWS_OF_LARGE, lineEnd: '\r\n' }))
      .join('')
    const script = `${TABLE}copy t from stdin;\n${rows}\\.\n`.replace(/(?<!\r)\n/g, '\r\n')
    const project = writeProject(t, url, { a: { up: script } })
    await upgrade(project.settings, heads)
    t.is(await rowsIn(sql), `${4 * ROWS_OF_LARGE} ${4 * ROWS_OF_LARGE * BODY_LENGTH}`)
    project.write({ a: { up: script.replaceAll('\r\n', '\n') } })
    t.deepEqual((await readState(project.settings)).changed, [])
  }))

test('large data that do not end are found before anything runs', t =>
  withDatabase(t, async ({ url }) => {
    const { settings, find } = writeProject(t, url, { a: { up: `${TABLE}${LARGE.slice(0, -3)}select 1;` } })
    const error = await t.throwsAsync(upgrade(settings, heads), { code: 'BROKEN_REVISION_FILES' })
    const { file, line } = find('a.up.sql', 'copy t')
    t.like(error, { problems: [{ code: 'UNCLOSED_COPY_DATA', file, line }] })
  }))

for (const [what, header, change] of [
  ['changed', 'transaction: on', changeData],
  ['changed', 'transaction: off', changeData],
  ['cut off', 'transaction: on', (file: string) => truncateSync(file, LARGE.length)],
  ['deleted', 'transaction: on', (file: string) => rmSync(file)],
] as const) {
  test(`a revision whose data are ${what} once it was read is not applied (${header})`, t =>
    withDatabase(t, async ({ url, sql }) => {
      const { settings, find } = writeProject(t, url, { a: TABLE, b: { up: LARGE, header } })
      const place = find('b.up.sql', 'copy t')
      const onStepStarted = ({ revision }: { revision: string }) => {
        if (revision === 'b') change(place.file)
      }
      const error = await t.throwsAsync(upgrade(settings, heads, { onStepStarted }), {
        message: /The data of a COPY were changed in .*b\.up\.sql while it was read/,
      })
      t.like(error, { failure: { place } })
      t.is(await rowsIn(sql), '0 0')
      t.is((await eventsIn(sql)).at(-1), 'upgrade b failed')
    }))
}

function changeData(file: string): void {
  writeFileSync(file, readFileSync(file, 'utf8').replace('é', 'ab'))
}

test('large data of an included file are a part of the script', t =>
  withDatabase(t, async ({ url, sql }) => {
    const project = writeProject(t, url, { a: TABLE, b: { up: '\\ir ../rows.sql\nselect missing;' } })
    const rows = join(project.settings.root, 'rows.sql')
    writeFileSync(rows, LARGE)
    const behind = await t.throwsAsync(upgrade(project.settings, heads), { code: 'REVISION_FAILED' })
    t.like(behind, { failure: { place: project.find('b.up.sql', 'missing') } })

    project.write({ b: { up: '\\ir ../rows.sql' } })
    writeFileSync(rows, LARGE.replace('\\.\n', 'x\n\\.\n'))
    const inData = await t.throwsAsync(upgrade(project.settings, heads), { code: 'REVISION_FAILED' })
    t.like(inData, { failure: { place: { file: rows, line: ROWS_OF_LARGE + 2, column: 1 } } })

    writeFileSync(rows, LARGE)
    await upgrade(project.settings, heads)
    t.is(await rowsIn(sql), LOADED)
    t.deepEqual((await readState(project.settings)).changed, [])
    appendFileSync(rows, 'select 1;')
    t.like(await readState(project.settings), { changed: [{ id: 'b' }] })
  }))

test('large data in a branch that is not taken are passed over, and count in the checksum', t =>
  withDatabase(t, async ({ url, sql }) => {
    const script = `${TABLE}\\if :{?everything}\n${LARGE}\\else\ninsert into t values (1, 'x');\n\\endif\n`
    const project = writeProject(t, url, { a: { up: script } })
    await upgrade(project.settings, heads)
    t.is(await rowsIn(sql), '1 1')
    project.write({ a: { up: script.replace('é', 'e') } })
    t.like(await readState(project.settings), { changed: [{ id: 'a' }] })
  }))

test('what is a COPY only by one setting of the session is refused', t =>
  withDatabase(t, async ({ url, sql }) => {
    const session = new URL(url)
    session.searchParams.set('options', '-c standard_conforming_strings=off')
    const { settings, find } = writeProject(t, session.href.replaceAll('+', '%20'), {
      a: { up: `${TABLE}select '\\';\n${LARGE}';` },
    })
    const error = await t.throwsAsync(upgrade(settings, heads), { code: 'BROKEN_REVISION_FILES' })
    const { file, line } = find('a.up.sql', 'copy t')
    t.like(error, { problems: [{ code: 'MISREAD_DATA', file, line }] })
    t.is(await tablesIn(sql), '')
  }))

test('a change in large data is shown by their digests, and can be accepted or applied anew', t =>
  withDatabase(t, async ({ url, sql }) => {
    const project = writeProject(t, url, { a: TABLE, b: { up: LARGE, down: 'delete from t;' } })
    await upgrade(project.settings, heads)
    t.is((await accept(project.settings, 'b')).isAccepted, false)
    project.write({ b: { up: LARGE.replace('é', 'e'), down: 'delete from t;' } })
    const { differences = [] } = await readState(project.settings, {}, { withDifferences: true })
    const runs = differences[0]?.runs.filter(({ kind }) => kind !== 'same') ?? []
    t.deepEqual(
      runs.map(({ kind, lines: [line = ''] }) => `${kind} ${line.replace(/\d+ bytes.*/, '')}`),
      ['removed', 'added'].map(kind => `${kind} \\left_out ${ROWS_OF_LARGE} lines, `),
    )
    t.is((await accept(project.settings, 'b')).isAccepted, true)
    t.deepEqual((await readState(project.settings)).changed, [])

    await sql`update t set body = ''`
    await reapply(project.settings, { revision: 'b' })
    t.is(await rowsIn(sql), LOADED)
  }))

test('a down script that was kept without its data reverts nothing, the one of the file does', t =>
  withDatabase(t, async ({ url, sql }) => {
    const revision = { up: 'delete from t;', down: LARGE }
    const project = writeProject(t, url, { a: TABLE, b: revision })
    await upgrade(project.settings, heads)
    const refused = {
      code: 'DATA_NOT_KEPT',
      message: /data that their down scripts copy were too large: b\./,
    }
    await t.throwsAsync(reapply(project.settings, { revision: 'b' }), refused)
    project.remove('b')
    const error = await t.throwsAsync(sync(project.settings, {}), refused)
    t.is(exitCodeOf(error), EXIT.disagreement)
    t.is(await appliedIn(sql), 'a b')

    project.write({ b: revision })
    await downgrade(project.settings, { targets: ['b-1'] })
    t.is(await appliedIn(sql), 'a')
    t.is(await rowsIn(sql), LOADED)
  }))

test('a script that stops half-way goes on behind large data that are still the same', t =>
  withDatabase(t, async ({ url, sql }) => {
    const off = (up: string) => ({ up: `${TABLE}${up}`, header: 'transaction: off' })
    const project = writeProject(t, url, { a: off(`${LARGE}select missing;`) })
    await t.throwsAsync(upgrade(project.settings, heads), { code: 'REVISION_INCOMPLETE' })
    project.write({ a: off(`${LARGE.replace('é', 'e')}select 1;`) })
    await t.throwsAsync(upgrade(project.settings, heads), { code: 'CHANGED_REVISIONS' })
    project.write({ a: off(`${LARGE}select 1;`) })
    await upgrade(project.settings, heads)
    t.is(await rowsIn(sql), LOADED)
  }))

test('data that were small when they were done are the same data when the script has grown', t =>
  withDatabase(t, async ({ url, sql }) => {
    const off = (up: string) => ({
      up: `${TABLE}copy t from stdin;\n0\tx\n\\.\n${up}`,
      header: 'transaction: off',
    })
    const project = writeProject(t, url, { a: off('select missing;') })
    await t.throwsAsync(upgrade(project.settings, heads), { code: 'REVISION_INCOMPLETE' })
    project.write({ a: off(LARGE) })
    await upgrade(project.settings, heads)
    t.is(await rowsIn(sql), `${ROWS_OF_LARGE + 1} ${ROWS_OF_LARGE * BODY_LENGTH + 1}`)
  }))

test('large data are proved like any other', t =>
  withScratchProject('a', { a: { up: `${TABLE}${LARGE}`, down: 'drop table t;' } }, async ({ settings }) => {
    const { proofs } = await verify(settings, { range: ':', jobs: 1, cache: false })
    t.like(proofs, [{ revision: 'a', outcome: 'proved' }])
  }))

test('a script for psql holds large data, and leaves what an online run leaves', async t => {
  if (!hasPsql()) return void t.pass('psql is missing: not tried')
  await withDatabase(t, ({ url, sql }) =>
    withCliProject({}, async ({ write, run }) => {
      write('migrations/a.up.sql', `-- revision: a\n-- parents: none\n\n${TABLE}${LARGE}`)
      const script = await run(['upgrade', 'heads', '--sql', '--from', 'base'])
      t.is(script.code, 0, script.stderr)
      t.like(await runPsql(url, script.stdout), { code: 0, stderr: '' })
      t.is(await rowsIn(sql), LOADED)
      const status = await run(['status', '--exit-code', '--json'], { env: { SQLBRAID_URL: url } })
      t.like(status, { code: 0, json: { applied: 1, changed: [] } })
      const asJson = await run(['upgrade', 'heads', '--sql', '--from', 'base', '--json'])
      t.like(asJson, { code: 2, json: { error: { code: 'USAGE', suggestions: ['Leave out --json'] } } })

      const [kept] = await sql`select up_script from sqlbraid.revision`
      await sql`drop table t`
      const { stderr } = await runPsql(url, String(kept?.['up_script']))
      t.regex(stderr, /invalid command \\left_out[\s\S]*syntax error/)
      t.is(await rowsIn(sql), '0 0')
    }),
  )
})
