import type { Finding } from './finding.ts'
import { pairFiles, wholeFile } from './paired-files.ts'
import type { SourceHistory } from './source-history.ts'
import type { SourceTree } from './source-tree.ts'
import { compareVersions, instantOf, messageOf } from './version.ts'

/** golang-migrate: `000001_name.up.sql` and `000001_name.down.sql`. */
export function recognizesGolangMigrate({ files }: SourceTree): boolean {
  const sql = files.filter(({ name }) => name.endsWith('.sql'))
  return sql.length > 0 && sql.every(({ name }) => NAME.test(name))
}

/** Reads golang-migrate's migrations; their versions are numbers. */
export function readGolangMigrate({ files }: SourceTree): SourceHistory {
  const findings: Finding[] = []
  const found = files.flatMap(file => {
    const [, digits, name = '', part] = NAME.exec(file.name) ?? []
    if (digits === undefined) return []
    const version = String(BigInt(digits))
    return [{ version, message: messageOf(name), part: part as 'up' | 'down', script: wholeFile(file) }]
  })
  const revisions = pairFiles(found, compareVersions, findings).map(revision => {
    const created = instantOf(revision.version)
    return { ...revision, ...(created && { created }) }
  })
  return { revisions, findings }
}

const NAME = /^(\d+)_(.*)\.(up|down)\.sql$/
