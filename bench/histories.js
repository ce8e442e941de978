import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const ROOT = new URL('..', import.meta.url)

/** A history is a list of revisions, each with the SQL of its up and down scripts, in an order that can be applied. */

/** A line of revisions that each create one table. */
export function oneTableEach(count, prefix = 't') {
  return Array.from({ length: count }, (_, index) => ({
    id: idOf(index, prefix),
    created: instant(index),
    parents: index === 0 ? [] : [idOf(index - 1, prefix)],
    isTransactional: true,
    up: `create table ${idOf(index, prefix)} (id bigint primary key, name text);\n`,
    down: `drop table ${idOf(index, prefix)};\n`,
  }))
}

/** The revisions of crates.io, upon each other in the order they were created; undefined where they are not. */
export function corpus() {
  const folder = join(
    process.env.SQLBRAID_CORPORA ?? new URL('../shared/corpora', ROOT).pathname,
    'crates.io',
  )
  if (!existsSync(folder)) return undefined
  const read = readdirSync(folder)
    .filter(name => name.endsWith('.up.sql'))
    .map(name => {
      const text = readFileSync(join(folder, name), 'utf8')
      const value = key => new RegExp(`^-- ${key}: (.*)$`, 'm').exec(text)?.[1] ?? ''
      return {
        id: value('revision'),
        created: value('created'),
        isTransactional: value('transaction') !== 'off',
        up: text.replace(/^(?:\s*(?:--.*)?\n)+/, ''),
        down: 'select 1;\n',
      }
    })
    .sort((one, other) => (one.created < other.created ? -1 : 1))
  return read.map((revision, index) => ({ ...revision, parents: index === 0 ? [] : [read[index - 1].id] }))
}

/** Writes revision files to `folder/migrations`. */
export function writeRevisions(folder, history) {
  mkdirSync(join(folder, 'migrations'), { recursive: true })
  writeFileSync(join(folder, 'sqlbraid.toml'), 'migrations = "migrations"\n')
  for (const { id, created, parents, isTransactional, up, down } of history) {
    const header = `-- revision: ${id}\n-- parents: ${parents.join(', ') || 'none'}\n-- message: ${id}\n-- created: ${created}\n${isTransactional ? '' : '-- transaction: off\n'}\n`
    const stem = join(folder, 'migrations', `${created.replace(/\D/g, '')}_${id}`)
    writeFileSync(`${stem}.up.sql`, header + up)
    writeFileSync(`${stem}.down.sql`, `-- revision: ${id}\n\n${down}`)
  }
}

/** Revisions as the graph takes them, without files: one chain. */
export function chain(count) {
  return graphRevisions(count, index => (index === 0 ? [] : [index - 1]))
}

/** Two branches side by side, merged at every third revision. */
export function braid(count) {
  return graphRevisions(count, index => {
    if (index === 0) return []
    return index % 3 === 0 ? [index - 1, index - 2] : [index - (index % 3)]
  })
}

/** Copies a project, so that a side may write into it. */
export function copyProject(from, to) {
  cpSync(from, to, { recursive: true })
}

function graphRevisions(count, parentsOf) {
  return Array.from({ length: count }, (_, index) => ({
    id: idOf(index, 'r'),
    parents: parentsOf(index).map(parent => idOf(parent, 'r')),
    labels: [],
    depends: [],
    message: '',
    created: instant(index),
  }))
}

function idOf(index, prefix) {
  return `${prefix}${String(index).padStart(6, '0')}`
}

function instant(index) {
  return new Date(Date.UTC(2026, 0, 1) + index * 1000).toISOString().replace('.000', '')
}
