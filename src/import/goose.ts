import type { Finding } from './finding.ts'
import {
  missingScript,
  notSql,
  type SourceHistory,
  type SourceRevision,
  type SourceScript,
} from './source-history.ts'
import type { SourceFile, SourceTree } from './source-tree.ts'
import { compareVersions, instantOf, messageOf } from './version.ts'

/** goose: `00001_name.sql` with annotations `-- +goose Up`, and migrations in Go. */
export function recognizesGoose({ files }: SourceTree): boolean {
  return files.some(({ name, text }) => NAME.test(name) && /^\s*--\s*\+goose\s+Up\b/im.test(text))
}

/** Reads goose's migrations; their versions are numbers. */
export function readGoose({ files }: SourceTree): SourceHistory {
  const findings: Finding[] = []
  const revisions = files
    .filter(({ name }) => NAME.test(name) && !name.endsWith('_test.go'))
    .map(file => readMigration(file, findings))
    .sort((a, b) => compareVersions(a.version, b.version))
  return { revisions, findings }
}

const NAME = /^(\d+)_(.*)\.(sql|go)$/
const ANNOTATION = /^\s*--\s*\+goose\s+(.*?)\s*$/i

function readMigration(file: SourceFile, findings: Finding[]): SourceRevision {
  const [, digits = '', name = '', kind] = NAME.exec(file.name) ?? []
  const created = instantOf(digits)
  const known = {
    version: String(BigInt(digits)),
    message: messageOf(name),
    ...(created && { created }),
  }
  if (kind === 'sql') return { ...known, ...readScripts(file, findings) }
  findings.push(notSql(file.file))
  return { ...known, up: missingScript(file.file, 'does'), down: missingScript(file.file, 'undoes') }
}

type Direction = 'up' | 'down'

/** What a file says, while it is read line by line. */
interface Draft {
  direction: Direction | undefined
  isOutside: boolean
  readonly lines: Record<Direction, string[]>
  readonly starts: Partial<Record<Direction, number>>
  readonly placeholders: Set<Direction>
  replaces: boolean
}

function readScripts(file: SourceFile, findings: Finding[]): Pick<SourceRevision, 'up' | 'down'> {
  const draft: Draft = {
    direction: undefined,
    isOutside: false,
    lines: { up: [], down: [] },
    starts: {},
    placeholders: new Set(),
    replaces: false,
  }
  for (const [index, line] of (file.text.match(/[^\n]*\n|[^\n]+$/g) ?? []).entries())
    readLine(file, line, index + 1, draft, findings)
  const down = scriptOf(file, 'down', draft)
  const hasDown = draft.lines.down.some(line => /^\s*[^\s-]/.test(line))
  return { up: scriptOf(file, 'up', draft), ...(hasDown && { down }) }
}

function readLine(file: SourceFile, line: string, at: number, draft: Draft, findings: Finding[]): void {
  const { direction } = draft
  const annotation = ANNOTATION.exec(line.trimEnd())?.[1]
  if (annotation === undefined) {
    if (direction) {
      draft.starts[direction] ??= at
      draft.lines[direction].push(line)
      if (draft.replaces) draft.placeholders.add(direction)
    } else if (/^\s*[^\s-]/.test(line)) {
      findings.push(finding('fault', 'UNREADABLE_MIGRATION', 'There is SQL above "-- +goose Up".', file, at))
    }
    return
  }
  if (!annotate(draft, annotation.toUpperCase().replace(/\s+/g, ' ')))
    findings.push(
      finding('loss', 'UNKNOWN_MARK', `${JSON.stringify(annotation)} is no annotation of goose.`, file, at),
    )
  // Lines stay where they were, so that places in the script can be told.
  if (direction && draft.direction === direction) draft.lines[direction].push('\n')
}

/** Takes over what an annotation says; tells whether it is known. Where statements end, sqlbraid sees by itself. */
function annotate(draft: Draft, annotation: string): boolean {
  if (annotation === 'UP' || annotation === 'DOWN') draft.direction = annotation === 'UP' ? 'up' : 'down'
  else if (annotation === 'NO TRANSACTION') draft.isOutside = true
  else if (annotation === 'ENVSUB ON') draft.replaces = true
  else if (annotation === 'ENVSUB OFF') draft.replaces = false
  else return /^STATEMENT ?(BEGIN|END)$/.test(annotation)
  return true
}

function scriptOf({ file }: SourceFile, direction: Direction, draft: Draft): SourceScript {
  return {
    file,
    text: draft.lines[direction].join(''),
    line: draft.starts[direction] ?? 1,
    ...(draft.isOutside && { transaction: 'off' }),
    ...(draft.placeholders.has(direction) && { hasPlaceholders: true }),
  }
}

function finding(
  severity: Finding['severity'],
  code: string,
  message: string,
  { file }: SourceFile,
  line: number,
): Finding {
  return { severity, code, message, file, line }
}
