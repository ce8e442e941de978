import type { Finding } from './finding.ts'
import { cutSections, hasSql, type Section } from './sections.ts'
import type { SourceHistory, SourceRevision, SourceScript } from './source-history.ts'
import type { SourceFile, SourceTree } from './source-tree.ts'
import { instantOf, messageOf } from './version.ts'

/** dbmate: `20200101120000_name.sql`, with the sections `-- migrate:up` and `-- migrate:down`. */
export function recognizesDbmate({ files }: SourceTree): boolean {
  return files.some(({ name, text }) => NAME.test(name) && /^--\s*migrate:up(\s|$)/m.test(text))
}

/** Reads dbmate's migrations; dbmate goes by the names of the files. */
export function readDbmate({ files }: SourceTree): SourceHistory {
  const findings: Finding[] = []
  const revisions = files
    .filter(({ name }) => NAME.test(name))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap(file => readMigration(file, findings))
  return { revisions, findings }
}

const NAME = /^(\d+)_?(.*)\.sql$/
const MARK = /^--\s*migrate:(up|down)(?:\s+(.*))?$/

function readMigration(file: SourceFile, findings: Finding[]): SourceRevision[] {
  const [, version = '', name = ''] = NAME.exec(file.name) ?? []
  const [above, ...sections] = cutSections(file, MARK)
  const ups = sections.filter(({ mark }) => mark?.[1] === 'up')
  const downs = sections.filter(({ mark }) => mark?.[1] === 'down')
  const [up] = ups
  if (!up || (above && hasSql(above.text)))
    findings.push(fault(file, 1, up ? 'There is SQL above "-- migrate:up".' : 'It has no "-- migrate:up".'))
  for (const again of [...ups.slice(1), ...downs.slice(1)])
    findings.push(fault(file, again.line, 'A section stands twice; make it a migration of its own.'))
  if (!up) return []
  const [down] = downs
  const created = instantOf(version)
  return [
    {
      version,
      message: messageOf(name),
      ...(created && { created }),
      up: scriptOf(file, up, findings),
      ...(down && hasSql(down.text) && { down: scriptOf(file, down, findings) }),
    },
  ]
}

function scriptOf(file: SourceFile, { mark, line, text }: Section, findings: Finding[]): SourceScript {
  const options = mark?.[2]?.split(/\s+/).filter(Boolean) ?? []
  for (const option of options.filter(option => !/^transaction:(true|false)$/.test(option)))
    findings.push(unknownMark(file, line, option))
  const isOutside = options.includes('transaction:false')
  return { file: file.file, line: line + 1, text, ...(isOutside && { transaction: 'off' }) }
}

function fault({ file }: SourceFile, line: number, message: string): Finding {
  return { severity: 'fault', code: 'UNREADABLE_MIGRATION', message, file, line }
}

function unknownMark({ file }: SourceFile, line: number, option: string): Finding {
  const message = `${JSON.stringify(option)} is no option of dbmate.`
  return { severity: 'loss', code: 'UNKNOWN_MARK', message, file, line }
}
