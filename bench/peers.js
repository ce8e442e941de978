import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { run } from './measure.js'

/** Other tools, with what each makes of a history, and how it applies it. Each apply is one process. */
const PEERS = [
  {
    name: 'dbmate',
    version: ['--version'],
    write: (folder, history) =>
      writeEach(
        folder,
        history,
        ({ isTransactional, up, down }) =>
          `-- migrate:up${isTransactional ? '' : ' transaction:false'}\n${up}\n-- migrate:down\n${down}`,
      ),
    apply: (folder, url) => ['--url', url, '--migrations-dir', folder, '--no-dump-schema', 'up'],
  },
  {
    name: 'node-pg-migrate',
    version: ['--help'],
    write: (folder, history) =>
      writeEach(folder, history, ({ up, down }) => `-- Up Migration\n${up}\n-- Down Migration\n${down}`),
    apply: folder => [
      'up',
      '--migrations-dir',
      folder,
      '--single-transaction',
      'false',
      '--verbose',
      'false',
    ],
    env: url => ({ DATABASE_URL: url }),
  },
  {
    name: 'alembic',
    version: ['--version'],
    write: writeAlembic,
    apply: folder => ['--config', join(folder, 'alembic.ini'), 'upgrade', 'head'],
    env: url => ({ BENCH_URL: url.replace(/^postgres:/, 'postgresql:') }),
  },
  {
    name: 'sqitch',
    version: ['--version'],
    write: writeSqitch,
    apply: (folder, url) => [
      '--chdir',
      folder,
      'deploy',
      '--target',
      url.replace(/^postgres(?:ql)?:/, 'db:pg:'),
    ],
    env: () => ({ SQITCH_FULLNAME: 'bench', SQITCH_EMAIL: 'bench@localhost' }),
  },
]

/** The peers that are on PATH or installed in `folder`, each with how to call it, and the names of those that are not. */
export function findPeers(folder) {
  const places = [join(folder, 'node_modules', '.bin'), ...(process.env.PATH ?? '').split(delimiter)]
  const found = []
  const missing = []
  for (const peer of PEERS) {
    const program = places.map(place => join(place, peer.name)).find(existsSync)
    if (program)
      found.push({ ...peer, call: (args, url) => run(program, args, { env: peer.env?.(url ?? '') }) })
    else missing.push(peer.name)
  }
  return { found, missing }
}

/** Installs those that npm has. */
export async function installPeers(folder) {
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n')
  await run('npm', ['install', '--no-audit', '--no-fund', 'dbmate', 'node-pg-migrate', 'pg'], { cwd: folder })
}

function writeEach(folder, history, textOf) {
  mkdirSync(folder, { recursive: true })
  for (const revision of history)
    writeFileSync(join(folder, `${revision.created.replace(/\D/g, '')}_${revision.id}.sql`), textOf(revision))
}

function writeAlembic(folder, history) {
  mkdirSync(join(folder, 'versions'), { recursive: true })
  writeFileSync(join(folder, 'alembic.ini'), `[alembic]\nscript_location = ${folder}\n`)
  writeFileSync(join(folder, 'env.py'), ALEMBIC_ENVIRONMENT)
  for (const { id, parents, isTransactional, up } of history) {
    const head = `revision = ${JSON.stringify(id)}\ndown_revision = ${parents.length ? JSON.stringify(parents[0]) : 'None'}\n`
    const block = isTransactional ? 'if True' : 'with op.get_context().autocommit_block()'
    const body = `def upgrade():\n    ${block}:\n        op.get_bind().connection.cursor().execute(${JSON.stringify(up)})\n`
    writeFileSync(join(folder, 'versions', `${id}.py`), `from alembic import op\n${head}${body}`)
  }
}

const ALEMBIC_ENVIRONMENT = `
import os
from alembic import context
from sqlalchemy import create_engine
with create_engine(os.environ["BENCH_URL"]).connect() as connection:
    context.configure(connection=connection, transaction_per_migration=True)
    with context.begin_transaction():
        context.run_migrations()
`

function writeSqitch(folder, history) {
  mkdirSync(join(folder, 'deploy'), { recursive: true })
  writeFileSync(join(folder, 'sqitch.conf'), '[core]\n\tengine = pg\n')
  const changes = history.map(({ id, created, parents }) => {
    const requires = parents.length ? ` [${parents.join(' ')}]` : ''
    return `${id}${requires} ${created} bench <bench@localhost> # ${id}`
  })
  writeFileSync(
    join(folder, 'sqitch.plan'),
    `%syntax-version=1.0.0\n%project=bench\n\n${changes.join('\n')}\n`,
  )
  for (const revision of history)
    writeFileSync(join(folder, 'deploy', `${revision.id}.sql`), asPsqlRunsIt(revision))
}

/** One file for psql that runs each revision in a transaction of its own, as sqlbraid does. */
export function writePsqlScript(folder, history) {
  mkdirSync(folder, { recursive: true })
  const file = join(folder, 'all.sql')
  writeFileSync(file, history.map(asPsqlRunsIt).join(''))
  return file
}

function asPsqlRunsIt({ isTransactional, up }) {
  return isTransactional ? `begin;\n${up}\n;commit;\n` : `${up}\n;`
}
