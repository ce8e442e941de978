import { readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import test from 'ava'
import { importCycles, type SourceFile, sourceFile } from './support/imports.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))

/** The rooms of `src`, from the ground up: what stands in one may import its own line and those above. */
const FLOORS = [
  ['errors'],
  ['revision', 'script', 'settings'],
  ['ledger', 'graph', 'import'],
  ['plan'],
  ['database'],
  ['scratch'],
  ['actions'],
  ['cli', 'index.ts'],
] as const

/** The only place from which each outside library may be imported. */
const DOORS: readonly (readonly [library: RegExp, door: RegExp])[] = [
  [/^postgres$/, /^src\/database\/session\.ts$/],
  [/^@dagrejs\/graphlib$/, /^src\/graph\/to-graphlib\.ts$/],
  [/^glob$/, /^src\/revision\/directory\.ts$/],
  [/^@oclif\//, /^src\/cli\//],
  [/^fast-diff$/, /^src\/script\/line-difference\.ts$/],
  [/^slice-ansi$/, /^src\/cli\/live-status-line\.ts$/],
  [/^(smol-toml|valibot)$/, /^src\/settings\//],
  [/^@supabase\/pg-delta/, /^src\/scratch\/compare[\w-]*\.ts$/],
  // One pure function, for guesses at what was meant.
  [/^fastest-levenshtein$/, /^src\//],
]

const LONGEST_FILE = 250
const VAGUE_NAMES = new Set([
  'utils',
  'util',
  'helpers',
  'helper',
  'common',
  'types',
  'constants',
  'manager',
  'service',
])

const SOURCE = readSource('src')
const TESTS = readSource('test')

function readSource(folder: string): readonly SourceFile[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.ts'))
    .map(name => `${folder}/${name.replaceAll('\\', '/')}`)
    .map(path => sourceFile(path, readFileSync(join(ROOT, path), 'utf8')))
}

function room(path: string): string {
  return path.split('/')[1] ?? path
}

function floor(path: string): number {
  return FLOORS.findIndex(rooms => rooms.some(name => name === room(path)))
}

/** `src/a.ts imports b`, for the imports of `files` that break a rule. */
function offences(
  files: readonly SourceFile[],
  breaks: (imported: SourceFile['imports'][number], path: string) => boolean,
): string[] {
  return files.flatMap(({ path, imports }) =>
    imports.filter(found => breaks(found, path)).map(({ specifier }) => `${path} imports ${specifier}`),
  )
}

test('every way to import is seen, and what only looks like one is not', t => {
  const text = `
  import 'a'
  import b from 'b'
  import * as c from './c.ts'
  import d, { type D } from 'd'
  import type { E } from 'e'
  import {
    f,
  } from "../f.ts"
  export * from 'g'
  export { h } from 'h'
  export type { I } from 'i'
  const j = await import('j')
  export const k = 'k'
  export function l(text = 'l') {}
  const m = "import n from 'n'"
`.replaceAll(/^ {2}/gm, '')
  const { imports } = sourceFile('src/room/file.ts', text)
  t.deepEqual(
    imports.map(({ specifier }) => specifier),
    ['a', 'b', './c.ts', 'd', 'e', '../f.ts', 'g', 'h', 'i', 'j'],
  )
  t.deepEqual(
    imports.filter(({ isTypeOnly }) => isTypeOnly).map(({ specifier }) => specifier),
    ['e', 'i'],
  )
  t.deepEqual(
    imports.flatMap(({ file }) => file ?? []),
    ['src/room/c.ts', 'src/f.ts'],
  )
})

test('every room of src has its floor', t => {
  t.deepEqual([...new Set(SOURCE.filter(({ path }) => floor(path) < 0).map(({ path }) => room(path)))], [])
})

test('imports point downwards, those of types too', t => {
  const upward = offences(
    SOURCE,
    ({ file }, path) => file?.startsWith('src/') === true && floor(file) > floor(path),
  )
  t.deepEqual(upward, [])
})

test('errors import nothing from outside their folder', t => {
  const errors = SOURCE.filter(({ path }) => room(path) === 'errors')
  t.deepEqual(
    offences(errors, ({ file }) => file === undefined || room(file) !== 'errors'),
    [],
  )
})

test('no two rooms import each other', t => {
  const between = SOURCE.flatMap(({ path, imports }) =>
    imports.flatMap(({ file }) => (file && room(file) !== room(path) ? [`${room(path)} ${room(file)}`] : [])),
  )
  const edges = new Set(between)
  t.deepEqual(
    [...edges].filter(edge => edges.has(edge.split(' ').reverse().join(' '))),
    [],
  )
})

test('no file imports itself along the way', t => {
  t.deepEqual(importCycles(SOURCE), [])
})

test('each outside library has one door', t => {
  const second = offences(SOURCE, ({ specifier, file }, path) => {
    if (file !== undefined || specifier.startsWith('node:')) return false
    const entry = DOORS.find(([library]) => library.test(specifier))
    return entry === undefined || !entry[1].test(path)
  })
  t.deepEqual(second, [])
})

test('nothing inside src imports its public door', t => {
  t.deepEqual(
    offences(SOURCE, ({ file }) => file === 'src/index.ts'),
    [],
  )
})

test('relative imports name a file that is there, with its .ts', t => {
  const known = new Set([...SOURCE, ...TESTS].map(({ path }) => path))
  t.deepEqual(
    offences([...SOURCE, ...TESTS], ({ file }) => file !== undefined && !known.has(file)),
    [],
  )
})

test('only the command line writes to the console or ends the process', t => {
  const below = SOURCE.filter(({ path }) => room(path) !== 'cli')
  const offenders = below.filter(({ text }) => /\bconsole\s*\.|\bprocess\s*\.\s*exit\b/.test(text))
  t.deepEqual(
    offenders.map(({ path }) => path),
    [],
  )
})

test('there are no default exports', t => {
  const offenders = [...SOURCE, ...TESTS].filter(({ text }) =>
    /^export\s+(default\b|\{[^}]*\bas default\b)/m.test(text),
  )
  t.deepEqual(
    offenders.map(({ path }) => path),
    [],
  )
})

test('no folder and no file is named for being a heap', t => {
  const names = ({ path }: SourceFile) => [...dirname(path).split('/'), basename(path, '.ts')]
  const vague = [...SOURCE, ...TESTS].filter(file => names(file).some(name => VAGUE_NAMES.has(name)))
  t.deepEqual(
    vague.map(({ path }) => path),
    [],
  )
})

test(`no file of src is longer than ${LONGEST_FILE} lines`, t => {
  const lines = (text: string) => text.trimEnd().split('\n').length
  const long = SOURCE.filter(({ text }) => lines(text) > LONGEST_FILE)
  t.deepEqual(
    long.map(({ path, text }) => `${path}: ${lines(text)}`),
    [],
  )
})
