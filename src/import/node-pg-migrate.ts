import type { Finding } from './finding.ts'
import { cutSections, hasSql } from './sections.ts'
import { missingScript, notSql, type SourceHistory, type SourceRevision } from './source-history.ts'
import type { SourceFile, SourceTree } from './source-tree.ts'
import { compareVersions, instantOf, messageOf } from './version.ts'

/** node-pg-migrate: `1577836800000_name.sql` with the comments `-- Up Migration` and `-- Down Migration`, or JavaScript. */
export function recognizesNodePgMigrate({ files }: SourceTree): boolean {
  return files.some(({ name, text }) => NAME.test(name) && /^\s*--[\s-]*up\s+migration/im.test(text))
}

/** Reads node-pg-migrate's migrations; the name without its ending is what the table of the tool holds. */
export function readNodePgMigrate({ files }: SourceTree): SourceHistory {
  const findings: Finding[] = []
  const revisions = files
    .filter(({ name }) => NAME.test(name) && !name.endsWith('.d.ts'))
    .sort((a, b) => compareVersions(prefixOf(a), prefixOf(b)) || (a.name < b.name ? -1 : 1))
    .map(file => readMigration(file, findings))
  return { revisions, findings }
}

const NAME = /^(\d+)[_-]?(.*)\.(sql|[cm]?[jt]s)$/
const MARK = /^\s*--[\s-]*(up|down)\s+migration/i

/** Milliseconds of Unix; 17 digits are a time of the calendar, and fewer than that a number as it is. */
function prefixOf({ name }: SourceFile): string {
  const prefix = NAME.exec(name)?.[1] ?? ''
  const instant = prefix.length === 17 ? instantOf(prefix) : undefined
  return instant ? String(Date.parse(instant) + Number(prefix.slice(14))) : prefix
}

function readMigration(file: SourceFile, findings: Finding[]): SourceRevision {
  const [, prefix = '', name = '', kind = ''] = NAME.exec(file.name) ?? []
  const created = instantOf(prefix)
  const version = file.name.slice(0, -kind.length - 1)
  const known = { version, message: messageOf(name), ...(created && { created }) }
  if (kind === 'sql') return { ...known, ...readSections(file) }
  findings.push(notSql(file.file))
  return { ...known, up: missingScript(file.file, 'does'), down: missingScript(file.file, 'undoes') }
}

/** Without marks all of the file is the up part. */
function readSections(source: SourceFile): Pick<SourceRevision, 'up' | 'down'> {
  const { file } = source
  const sections = cutSections(source, MARK)
  const partOf = (part: string) => sections.find(({ mark }) => mark?.[1]?.toLowerCase() === part)
  const up = partOf('up') ?? { line: 0, text: sections[0]?.text ?? '' }
  const down = partOf('down')
  return {
    up: { file, line: up.line + 1, text: up.text },
    ...(down && hasSql(down.text) && { down: { file, line: down.line + 1, text: down.text } }),
  }
}
