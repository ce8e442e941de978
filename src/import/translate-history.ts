import { createHash } from 'node:crypto'
import { isIdentifier, type RevisionId, type TransactionMode } from '../revision/revision.ts'
import type { Finding } from './finding.ts'
import type { SourceHistory, SourceRevision } from './source-history.ts'
import { type TranslatedScript, type TranslationOptions, translateScript } from './translate-script.ts'

/** A script of an imported revision. */
export interface ImportedScript {
  readonly text: string
  readonly transaction: TransactionMode
}

/** A migration of another tool as a revision that is not on the disk yet. */
export interface ImportedRevision {
  readonly id: RevisionId
  /** What the other tool calls it. */
  readonly version: string
  readonly parents: readonly RevisionId[]
  readonly labels: readonly string[]
  readonly depends: readonly string[]
  readonly message: string
  readonly created: string
  readonly author?: string
  /** The files it comes from. */
  readonly sources: readonly string[]
  readonly up: ImportedScript
  readonly down?: ImportedScript
  readonly verify?: ImportedScript
}

export interface ImportedHistory {
  readonly revisions: readonly ImportedRevision[]
  readonly findings: readonly Finding[]
}

/**
 * Makes revisions of another tool's migrations. Ids depend on the format and the version alone, so that a second import
 * gives the same. What has no time of its own comes a second after the one before it.
 */
export function translateHistory(
  format: string,
  history: SourceHistory,
  options: TranslationOptions,
): ImportedHistory {
  const findings: Finding[] = [...history.findings, ...findDuplicates(history), ...findNothing(history)]
  const ids = new Map(history.revisions.map(source => [source.version, idOf(format, source)]))
  const revisions: ImportedRevision[] = []
  for (const source of history.revisions) {
    const previous = revisions.at(-1)
    const take = (script: SourceRevision['up'] | undefined): ImportedScript | undefined =>
      script && withoutFindings(translateScript(script, options), findings)
    const [up, down, verify] = [source.up, source.down, source.verify].map(take)
    const named = (names: readonly string[] = []) => names.map(name => ids.get(name) ?? labelFor(name))
    revisions.push({
      id: ids.get(source.version) ?? idOf(format, source),
      version: source.version,
      parents: source.parents ? named(source.parents) : previous ? [previous.id] : [],
      labels: (source.labels ?? []).map(label => newLabel(label, source, findings)),
      depends: named(source.depends),
      message: source.message || source.version,
      created: source.created ?? secondAfter(previous?.created),
      ...(source.author && { author: source.author }),
      sources: [...new Set([source.up, source.down, source.verify].flatMap(script => script?.file ?? []))],
      up: up ?? NOTHING,
      ...(down && { down }),
      ...(verify && { verify }),
    })
  }
  return { revisions, findings }
}

const NOTHING: ImportedScript = { text: '', transaction: 'on' }

function idOf(format: string, { id, version }: SourceRevision): RevisionId {
  if (id !== undefined && isIdentifier(id)) return id
  return createHash('sha256').update(`${format}\0${version}`).digest('hex').slice(0, 12) as RevisionId
}

/** A label of the characters that labels have here. */
function labelFor(text: string): RevisionId {
  return text.replace(/[^A-Za-z0-9_.]/g, '_').slice(0, 64) as RevisionId
}

function newLabel(text: string, { up: { file } }: SourceRevision, findings: Finding[]): string {
  const label = labelFor(text)
  const message = `The label ${text} is called ${label} here.`
  if (label !== text) findings.push({ severity: 'remark', code: 'RENAMED_LABEL', message, file })
  return label
}

function withoutFindings({ findings, ...script }: TranslatedScript, all: Finding[]): ImportedScript {
  all.push(...findings)
  return script
}

function secondAfter(created: string | undefined): string {
  if (created === undefined) return '2000-01-01T00:00:00Z'
  return `${new Date(Date.parse(created) + 1000).toISOString().slice(0, 19)}Z`
}

function findDuplicates({ revisions }: SourceHistory): Finding[] {
  const seen = new Map<string, string>()
  return revisions.flatMap(({ version, up: { file } }) => {
    const earlier = seen.get(version)
    seen.set(version, file)
    if (earlier === undefined) return []
    const message = `Version ${version} is also that of ${earlier}.`
    return [{ severity: 'fault' as const, code: 'DUPLICATE_VERSION', message, file }]
  })
}

function findNothing({ revisions, findings }: SourceHistory): Finding[] {
  if (revisions.length > 0 || findings.length > 0) return []
  return [{ severity: 'fault', code: 'NO_MIGRATIONS', message: 'There is no migration of this format.' }]
}
