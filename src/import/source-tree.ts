import { readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, dirname, join, relative, sep } from 'node:path'
import { ImportSourceError } from '../errors/import-errors.ts'
import { decodeText } from '../revision/decode.ts'
import { systemCodeOf } from '../revision/unreadable-file.ts'
import type { Finding } from './finding.ts'

/** One file of another tool; `path` is below the tree's folder, with `/`. */
export interface SourceFile {
  readonly path: string
  readonly name: string
  /** As it is shown to the user. */
  readonly file: string
  /** Empty for a kind of file that no format reads. */
  readonly text: string
}

/** The files of another tool, in the order of their paths. */
export interface SourceTree {
  readonly folder: string
  readonly files: readonly SourceFile[]
  /** What could not be read. */
  readonly findings: readonly Finding[]
}

/** Reads a folder, or a single file. Hidden entries and `node_modules` are passed over. Throws `ImportSourceError`. */
export function readSourceTree(path: string): SourceTree {
  const isFolder = orRefuse(path, () => statSync(path).isDirectory())
  const folder = isFolder ? path : dirname(path)
  const paths = isFolder ? orRefuse(path, () => filesBelow(path)) : [path]
  const findings: Finding[] = []
  const files = paths.map(file => ({
    file,
    path: relative(folder, file).split(sep).join('/'),
    name: basename(file),
    text: READABLE.test(file) ? readText(file, findings) : '',
  }))
  return { folder, files, findings }
}

const READABLE = /\.(?:sql|conf|plan|py|toml)$/i

function filesBelow(folder: string): string[] {
  const pending = [folder]
  const files: string[] = []
  for (const current of pending) {
    for (const entry of readdirSync(current, { withFileTypes: true })) {
      if (entry.name.startsWith('.') || PASSED_OVER.has(entry.name)) continue
      if (entry.isDirectory()) pending.push(join(current, entry.name))
      else files.push(join(current, entry.name))
    }
  }
  return files.sort((a, b) => (a < b ? -1 : 1))
}

const PASSED_OVER: ReadonlySet<string> = new Set(['node_modules', '__pycache__'])

function readText(file: string, findings: Finding[]): string {
  const decoded = decodeText(orRefuse(file, () => readFileSync(file)))
  if ('text' in decoded) return decoded.text
  findings.push(...decoded.problems.map(problem => ({ ...problem, file, severity: 'fault' as const })))
  return ''
}

function orRefuse<T>(path: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    throw new ImportSourceError(path, systemCodeOf(error), { cause: error })
  }
}
