import { posix } from 'node:path'
import type { Finding } from './finding.ts'
import { pairFiles, wholeFile } from './paired-files.ts'
import type { SourceHistory } from './source-history.ts'
import type { SourceTree } from './source-tree.ts'
import { instantOf, messageOf } from './version.ts'

/** diesel: folders `2020-01-01-120000_name` with `up.sql`, `down.sql` and perhaps `metadata.toml`. */
export function recognizesDiesel({ files }: SourceTree): boolean {
  return files.some(({ path }) => PATH.test(path))
}

/** Reads diesel's migrations; the version is what stands before the first `_`, without its hyphens. */
export function readDiesel({ files }: SourceTree): SourceHistory {
  const findings: Finding[] = []
  const outside = new Set(files.filter(runsOutside).map(({ path }) => posix.dirname(path)))
  const found = files.flatMap(file => {
    const [, prefix, name = '', part] = PATH.exec(file.path) ?? []
    if (prefix === undefined) return []
    const isOutside = outside.has(posix.dirname(file.path))
    const script = { ...wholeFile(file), ...(isOutside && { transaction: 'off' as const }) }
    return [
      { version: prefix.replaceAll('-', ''), message: messageOf(name), part: part as 'up' | 'down', script },
    ]
  })
  const revisions = pairFiles(found, (a, b) => (a < b ? -1 : 1), findings).map(revision => {
    const created = instantOf(revision.version)
    return { ...revision, ...(created && { created }) }
  })
  return { revisions, findings }
}

const PATH = /(?:^|\/)(\d[\d-]*)(?:_([^/]*))?\/(up|down)\.sql$/

function runsOutside({ name, text }: SourceTree['files'][number]): boolean {
  return name === 'metadata.toml' && /^\s*run_in_transaction\s*=\s*false\b/m.test(text)
}
