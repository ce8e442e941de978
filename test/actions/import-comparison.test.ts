import { execFile } from 'node:child_process'
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import test from 'ava'
import { importHistory } from '../../src/actions/import-history.ts'
import { readState } from '../../src/actions/read-state.ts'
import { upgrade } from '../../src/actions/upgrade.ts'
import type { FormatName } from '../../src/import/formats.ts'
import { catalogOf } from '../support/catalog.ts'
import { withDatabase } from '../support/database.ts'
import { emptyProject, fixtureOf, hasTool, writeFiles } from '../support/import-project.ts'

/** A tool, and how it migrates a database with the files in a folder. */
interface Tool {
  readonly format: FormatName
  readonly program: string
  /** What the tool's interpreter succeeds in where the driver for PostgreSQL is installed, too. */
  readonly probe?: readonly string[]
  readonly migrate: (folder: string, url: URL, run: Run) => Promise<unknown>
  /** Does the first part of the migration only. */
  readonly begin: Tool['migrate']
}

type Run = (args: readonly string[], env?: Readonly<Record<string, string>>) => Promise<unknown>

const TOOLS: readonly Tool[] = [
  {
    format: 'dbmate',
    program: 'dbmate',
    migrate: (folder, url, run) => run(['--url', dbmateUrl(url), '-d', folder, '--no-dump-schema', 'up']),
    begin: (folder, url, run) => {
      keepFirst(folder, 2)
      return run(['--url', dbmateUrl(url), '-d', folder, '--no-dump-schema', 'up'])
    },
  },
  {
    format: 'node-pg-migrate',
    program: 'node-pg-migrate',
    migrate: (folder, url, run) => run(['up', '-m', folder], { DATABASE_URL: url.href }),
    begin: (folder, url, run) => run(['up', '1', '-m', folder], { DATABASE_URL: url.href }),
  },
  {
    format: 'sqitch',
    program: 'sqitch',
    probe: ['-MDBD::Pg', '-e', '1'],
    migrate: (_, url, run) => run(['deploy', sqitchTarget(url)], sqitchUser(url)),
    begin: (_, url, run) => run(['deploy', '--to', 'shout@v1.0', sqitchTarget(url)], sqitchUser(url)),
  },
  {
    format: 'alembic',
    program: 'alembic',
    probe: ['-c', 'import psycopg2'],
    migrate: (folder, url, run) => runAlembic(folder, url, run, 'heads'),
    begin: (folder, url, run) => runAlembic(folder, url, run, 'bbb1'),
  },
]

for (const { format, program, probe, migrate, begin } of TOOLS) {
  test(`an imported history leaves what ${program} leaves`, async t => {
    if (!hasTool(t, program, probe)) return
    await withDatabase(t, theirs =>
      withDatabase(t, async ours => {
        await migrate(copyOf(t, format), new URL(theirs.url), runner(program, copyOf(t, format)))
        const settings = emptyProject(t, ours.url)
        await importHistory(settings, { source: fixtureOf(format) })
        await upgrade(settings, { targets: ['heads'] })
        t.deepEqual(await catalogOf(ours.sql, OWN), await catalogOf(theirs.sql, OWN))
      }),
    )
  })

  test(`a database that ${program} itself has migrated half-way is finished from there`, async t => {
    if (!hasTool(t, program, probe)) return
    await withDatabase(t, complete =>
      withDatabase(t, async adopted => {
        await migrate(copyOf(t, format), new URL(complete.url), runner(program, copyOf(t, format)))
        const folder = copyOf(t, format)
        await begin(folder, new URL(adopted.url), runner(program, folder))
        const settings = emptyProject(t, adopted.url)
        const { applied, written } = await importHistory(settings, { source: fixtureOf(format), adopt: true })
        t.true(applied !== undefined && applied.length > 0 && applied.length < written.length)
        t.is((await readState(settings)).pending.length, written.length - (applied?.length ?? 0))
        await upgrade(settings, { targets: ['heads'] })
        t.deepEqual(await catalogOf(adopted.sql, OWN), await catalogOf(complete.sql, OWN))
      }),
    )
  })
}

function runner(program: string, cwd: string): Run {
  return (args, env = {}) => promisify(execFile)(program, [...args], { cwd, env: { ...process.env, ...env } })
}

function copyOf(t: Parameters<typeof writeFiles>[0], format: FormatName): string {
  const folder = writeFiles(t, {})
  cpSync(fixtureOf(format), folder, { recursive: true })
  return folder
}

function keepFirst(folder: string, count: number): void {
  for (const name of readdirSync(folder).sort().slice(count)) rmSync(join(folder, name))
}

function dbmateUrl(url: URL): string {
  return `postgres://postgres@${url.pathname}?host=${url.searchParams.get('host')}&sslmode=disable`
}

function sqitchTarget(url: URL): string {
  return `db:pg:${url.pathname.slice(1)}`
}

function sqitchUser(url: URL): Record<string, string> {
  const server = { PGHOST: url.searchParams.get('host') ?? '', PGUSER: 'postgres' }
  return { ...server, SQITCH_FULLNAME: 'Ada Lovelace', SQITCH_EMAIL: 'ada@example.org' }
}

function runAlembic(folder: string, url: URL, run: Run, target: string): Promise<unknown> {
  const file = join(folder, 'alembic.ini')
  const text = readFileSync(file, 'utf8').replace(
    /^sqlalchemy\.url = .*$/m,
    `sqlalchemy.url = ${url.href.replaceAll('%', '%%')}`,
  )
  writeFileSync(file, text)
  return run(['-c', file, 'upgrade', target])
}

/** What the tools make for themselves. */
const OWN = ['schema_migrations', 'pgmigrations', 'pgmigrations_id_seq', 'alembic_version']
