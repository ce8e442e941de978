import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import test from 'ava'
import { withDatabase } from '../support/database.ts'

const BIN = fileURLToPath(new URL('../../../bin/run.js', import.meta.url))

/** A revision as `--json` prints it. */
interface Written {
  readonly revision: string
  readonly parents: readonly string[]
  readonly files: readonly [string, string]
}

test('a feature branches off, both sides go on, they are merged, applied, undone, and applied elsewhere', t =>
  withDatabase(t, main =>
    withDatabase(t, async other => {
      const root = mkdtempSync(join(tmpdir(), 'sqlbraid-'))
      t.teardown(() => rmSync(root, { recursive: true, force: true }))
      const { PATH = '', HOME = '' } = process.env
      const env = { PATH, HOME, DATABASE_URL: main.url }
      const run = async (...args: readonly string[]) =>
        (await promisify(execFile)(process.execPath, [BIN, ...args], { cwd: root, env })).stdout
      const author = async (...args: readonly string[]): Promise<Written> =>
        JSON.parse(await run(...args, '--json'))
      const heads = async (): Promise<string[]> =>
        JSON.parse(await run('heads', '--json')).map((head: Written) => head.revision)
      const fill = ({ files: [up, down] }: Written, sql: string, undo: string) => {
        writeFileSync(join(root, up), `${readFileSync(join(root, up), 'utf8')}\n${sql};\n`)
        writeFileSync(join(root, down), `${readFileSync(join(root, down), 'utf8')}\n${undo};\n`)
      }

      await run('init')
      const initial = await author('revision', '-m', 'Create initial tables')
      fill(initial, 'create table users (id int)', 'drop table users')
      const begin = await author('branch', 'feature_x')
      t.deepEqual(begin.parents, [initial.revision])
      const feature = await author('revision', '-m', 'Add feature X', '--branch', 'feature_x')
      fill(feature, 'create table x (id int)', 'drop table x')
      t.deepEqual(feature.parents, [begin.revision])
      const trunk = await author('revision', '-m', 'Add invoices')
      fill(trunk, 'create table invoices (id int)', 'drop table invoices')
      t.deepEqual(trunk.parents, [initial.revision])
      t.deepEqual((await heads()).sort(), [feature.revision, trunk.revision].sort())

      const merge = await author('merge', 'feature_x', '-m', 'Merge feature X')
      t.deepEqual(merge.parents, [trunk.revision, feature.revision])
      t.deepEqual(await heads(), [merge.revision])

      const current = async (...args: readonly string[]): Promise<string[]> =>
        JSON.parse(await run('current', '--json', ...args)).heads
      const tables = async ({ sql }: typeof main) =>
        (await sql`select tablename from pg_tables where schemaname = 'public' order by 1`).map(
          ({ tablename }) => tablename,
        )
      await run('upgrade', 'head')
      t.deepEqual(await tables(main), ['invoices', 'users', 'x'])
      t.deepEqual(await current(), [merge.revision])
      await run('downgrade', '-1')
      t.deepEqual((await current()).sort(), [feature.revision, trunk.revision].sort())
      t.deepEqual(await tables(main), ['invoices', 'users', 'x'])

      // A url in the environment is stronger than one in a file.
      delete (env as Partial<typeof env>).DATABASE_URL
      writeFileSync(join(root, 'other.toml'), `url = ${JSON.stringify(other.url)}\n`)
      await run('upgrade', 'head', '-c', 'other.toml')
      t.deepEqual(await tables(other), ['invoices', 'users', 'x'])
      t.deepEqual(await current('-c', 'other.toml'), [merge.revision])
    }),
  ))
