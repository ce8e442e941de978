import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import test from 'ava'
import { lint } from '../../src/actions/lint/lint.ts'
import { upgrade } from '../../src/actions/upgrade.ts'
import { SquawkFailedError } from '../../src/errors/lint-errors.ts'
import { withDatabase } from '../support/database.ts'
import { type ScratchProject, type Scripts, withScratchProject } from '../support/scratch-project.ts'

interface Linted {
  readonly graph?: string
  readonly scripts: Readonly<Record<string, Scripts>>
  /** `rule file:line`, of our rules. */
  readonly findings: readonly string[]
}

const OURS = /^(no-|undeclared-|several-|index-|too-many)/

async function findingsOf({ root, settings }: ScratchProject, rules: RegExp): Promise<string[]> {
  const { findings } = await lint(settings, ':')
  return findings
    .filter(({ rule }) => rules.test(rule))
    .map(({ rule, file, line }) => `${rule} ${file.replace(`${root}/migrations/`, '')}:${line}`)
}

/** States what our rules find in a history. */
const finds = test.macro((t, { graph = 'a', scripts, findings }: Linted) =>
  withScratchProject(graph, scripts, async project => {
    t.deepEqual(await findingsOf(project, OURS), [...findings])
  }),
)

test('a revision that can be undone is clean', finds, {
  scripts: { a: { up: 'create table t (id bigint); create index on t (id)', down: 'drop table t' } },
  findings: [],
})

test('a missing down is found, unless it is declared', finds, {
  graph: 'a <- b',
  scripts: { a: 'select 1', b: { up: 'select 1', header: '-- irreversible: so be it' } },
  findings: ['no-down a.up.sql:1'],
})

test('what deletes data is found where it stands, unless it is declared', finds, {
  graph: 'a <- b',
  scripts: {
    a: {
      up: `alter table t alter a drop not null, alter b drop default;
alter table t drop constraint c;
alter table "T" drop column "C";
alter table t drop c;
drop table t;
truncate t;
delete from t`,
      down: 'select 1',
    },
    b: { up: 'drop table t', down: 'select 1', header: '-- destructive: nobody reads it' },
  },
  findings: [7, 8, 9, 10, 11].map(line => `undeclared-destructive a.up.sql:${line}`),
})

test('a second statement without a transaction is found', finds, {
  graph: 'a <- b',
  scripts: {
    a: {
      up: 'set lock_timeout = 0;\ncreate index concurrently i on t (v);\ncreate index concurrently j on t (w)',
      down: 'drop index i, j',
      header: '-- transaction: off',
    },
    b: { up: 'create index concurrently k on t (v)', down: 'drop index k', header: '-- transaction: off' },
  },
  findings: ['several-without-transaction a.up.sql:8'],
})

test('an index that keeps others from writing is found on a table that was there before', finds, {
  graph: `a <- b
          a <- c`,
  scripts: {
    a: {
      up: 'create table public."Old" (v text); create table if not exists old (v text)',
      down: 'select 1',
    },
    b: {
      up: 'create table own (v text); create index on own (v);\ncreate unique index i on only "Old" (v);\ncreate index on OLD (v)',
      down: 'select 1',
    },
    c: { up: 'create index concurrently i on old (v);\ncreate index j on own (v)', down: 'select 1' },
  },
  findings: [
    'index-without-concurrently b.up.sql:6',
    'index-without-concurrently b.up.sql:7',
    'too-many-heads c.up.sql:1',
  ],
})

test('squawk reads what psql would send, and its own configuration', t => {
  if (!isInstalled('squawk-cli')) {
    t.log('squawk-cli is not installed: its findings are not looked at')
    return t.pass()
  }
  return withScratchProject(
    'a',
    { a: { up: '\\set t account\n\nalter table :t\n  add column n text not null', down: 'select 1' } },
    async project => {
      const rules = /^adding-|lock-timeout/
      t.deepEqual(await findingsOf(project, rules), ['adding-required-field a.up.sql:8'])
      await writeFile(join(project.root, '.squawk.toml'), 'excluded_rules = ["adding-required-field"]')
      t.deepEqual(await findingsOf(project, rules), [])
      await writeFile(join(project.root, '.squawk.toml'), 'nonsense = [')
      await t.throwsAsync(lint(project.settings, ':'), { instanceOf: SquawkFailedError })
    },
  )
})

function isInstalled(name: string): boolean {
  try {
    import.meta.resolve(`${name}/package.json`)
    return true
  } catch {
    return false
  }
}

test('without a range, what the database does not have is looked over', t =>
  withDatabase(t, ({ url }) =>
    withScratchProject('a <- b', { a: 'select 1', b: 'select 1' }, async ({ settings }) => {
      const live = { ...settings, url: { text: url, unset: [], source: '--url' } }
      await upgrade(live, { targets: ['a'] })
      const { revisions, findings } = await lint(live, undefined)
      t.deepEqual([...revisions], ['b'])
      t.deepEqual(
        findings.map(({ rule }) => rule),
        ['no-down'],
      )
    }),
  ))
