import type { Finding } from './finding.ts'
import { pairFiles, wholeFile } from './paired-files.ts'
import type { SourceHistory, SourceScript } from './source-history.ts'
import type { SourceFile, SourceTree } from './source-tree.ts'
import { compareVersions, instantOf, messageOf } from './version.ts'

/** sqlx: `20200101120000_name.sql`, or a pair of `.up.sql` and `.down.sql`. */
export function recognizesSqlx({ files }: SourceTree): boolean {
  const sql = files.filter(({ name }) => name.endsWith('.sql'))
  return sql.length > 0 && sql.every(({ name, text }) => NAME.test(name) && !OF_OTHERS.test(text))
}

/** Reads sqlx's migrations; their versions are numbers. */
export function readSqlx({ files }: SourceTree): SourceHistory {
  const findings: Finding[] = []
  const found = files.flatMap(file => {
    const [, digits, name = '', part = 'up'] = NAME.exec(file.name) ?? []
    if (digits === undefined) return []
    const version = String(BigInt(digits))
    return [{ version, message: messageOf(name), part: part as 'up' | 'down', script: scriptOf(file) }]
  })
  const revisions = pairFiles(found, compareVersions, findings).map(revision => {
    const created = instantOf(revision.version)
    return { ...revision, ...(created && { created }) }
  })
  return { revisions, findings }
}

const NAME = /^(\d+)_(.*?)(?:\.(up|down))?\.sql$/
const OF_OTHERS = /^--\s*(?:migrate:|\+goose|(?:up|down) migration)/im
const OUTSIDE_TRANSACTION = '-- no-transaction'

function scriptOf(file: SourceFile): SourceScript {
  const script = wholeFile(file)
  if (!file.text.startsWith(OUTSIDE_TRANSACTION)) return script
  const lineEnd = file.text.indexOf('\n')
  const text = lineEnd === -1 ? '' : file.text.slice(lineEnd + 1)
  return { ...script, text, line: 2, transaction: 'off' }
}
