import type { Finding } from './finding.ts'
import { readAssignments } from './python-assignments.ts'
import {
  missingScript,
  notSql,
  type SourceHistory,
  type SourceRevision,
  type SourceScript,
} from './source-history.ts'
import type { SourceFile, SourceTree } from './source-tree.ts'

/** What Alembic itself writes for a revision, by its id. */
export type AlembicScripts = ReadonlyMap<string, { readonly up: string; readonly down?: string }>

/** Alembic: Python files that assign `revision` and `down_revision`. */
export function recognizesAlembic({ files }: SourceTree): boolean {
  return files.some(isRevisionFile)
}

/**
 * Reads Alembic's graph. A body is empty where Python's is, else what `scripts` has of it; one that nobody has is a loss.
 */
export function readAlembic({ files }: SourceTree, scripts: AlembicScripts = new Map()): SourceHistory {
  const findings: Finding[] = []
  const revisions = files.filter(isRevisionFile).map(file => readRevision(file, scripts, findings))
  return { revisions, findings }
}

/** Whether a revision has a body, which only Alembic can write as SQL. */
export function needsAlembic({ files }: SourceTree): boolean {
  return files.filter(isRevisionFile).some(file => !hasNoBody(file))
}

/** The revisions that no other stands on. */
export function alembicHeads({ files }: SourceTree): string[] {
  const assignments = files.filter(isRevisionFile).map(({ text }) => readAssignments(text))
  const parents = new Set(assignments.flatMap(values => values.get('down_revision') ?? []))
  return assignments.flatMap(values => values.get('revision') ?? []).filter(id => !parents.has(id))
}

function isRevisionFile({ name, text }: SourceFile): boolean {
  return name.endsWith('.py') && /^revision\b/m.test(text) && /^down_revision\b/m.test(text)
}

function readRevision(file: SourceFile, scripts: AlembicScripts, findings: Finding[]): SourceRevision {
  const values = readAssignments(file.text)
  const [version = ''] = values.get('revision') ?? []
  const created = createdIn(file.text)
  const written = scripts.get(version)
  const isEmpty = hasNoBody(file)
  const isKnown = written !== undefined || isEmpty
  const down = isEmpty ? '' : written?.down
  if (!isKnown) findings.push(notSql(file.file))
  else if (down === undefined) findings.push(withoutDown(file))
  return {
    version,
    id: version,
    message: messageIn(file.text) || version,
    ...(created && { created }),
    parents: values.get('down_revision') ?? [],
    labels: values.get('branch_labels') ?? [],
    depends: values.get('depends_on') ?? [],
    up: isKnown ? scriptOf(file, written?.up) : missingScript(file.file, 'does'),
    ...(!isKnown && { down: missingScript(file.file, 'undoes') }),
    ...(isKnown && down !== undefined && { down: scriptOf(file, down) }),
  }
}

function withoutDown({ file }: SourceFile): Finding {
  const message = 'Alembic could not write its downgrade as SQL, so it has no down script.'
  return { severity: 'remark', code: 'NOT_TAKEN', message, file }
}

function scriptOf({ file }: SourceFile, text = ''): SourceScript {
  return { file, text }
}

function hasNoBody(file: SourceFile): boolean {
  return doesNothing(file, 'upgrade') && doesNothing(file, 'downgrade')
}

/** Whether a function of a revision has no body but a docstring, comments and `pass`. */
function doesNothing({ text }: SourceFile, name: 'upgrade' | 'downgrade'): boolean {
  const body = new RegExp(`^def ${name}\\(.*\\).*:\\n((?:[ \\t]+.*\\n?|\\s*\\n)*)`, 'm').exec(text)?.[1]
  if (body === undefined) return true
  const code = body.replace(/"""[\s\S]*?"""|'''[\s\S]*?'''/g, '').replace(/#.*/g, '')
  return /^\s*(?:pass\s*)?$/.test(code)
}

/** The docstring up to what Alembic's template writes below the message. */
function messageIn(text: string): string {
  const [, docstring = ''] = /^\s*(?:[rRuU]*)"""([\s\S]*?)"""/m.exec(text) ?? []
  return docstring.split(/^Revision ID:/m)[0]?.trim() ?? ''
}

/** Alembic writes local time, or that of a zone; without a zone it is taken as it is. */
function createdIn(text: string): string | undefined {
  const [, day, time, zone = 'Z'] =
    /^Create Date: (\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(?:\.\d+)?([+-]\d\d:?\d\d|Z)?/m.exec(text) ?? []
  if (!day || !time) return undefined
  return `${new Date(`${day}T${time}${zone}`).toISOString().slice(0, 19)}Z`
}
