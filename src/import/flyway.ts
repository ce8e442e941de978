import type { Finding } from './finding.ts'
import { type PairedFile, pairFiles, wholeFile } from './paired-files.ts'
import type { SourceHistory, SourceRevision } from './source-history.ts'
import type { SourceFile, SourceTree } from './source-tree.ts'
import { compareVersions, instantOf, messageOf } from './version.ts'

/** Flyway: `V1_2__name.sql`, `U1_2__name.sql` to undo it, repeatable `R__name.sql`, baseline `B1_2__name.sql`. */
export function recognizesFlyway({ files }: SourceTree): boolean {
  return files.some(({ name }) => VERSIONED.test(name) || REPEATABLE.test(name))
}

/**
 * Reads Flyway's migrations: the versioned ones, then the repeatable ones in the order of their descriptions, once each. A
 * baseline migration counts only where no versioned one leads up to it.
 */
export function readFlyway(tree: SourceTree): SourceHistory {
  const findings: Finding[] = []
  const { files } = tree
  const outside = new Set(files.filter(runsOutside).map(({ path }) => path.replace(/\.conf$/, '')))
  const versioned = files.flatMap(file => readVersioned(file, outside.has(file.path)))
  const baselines = versioned.filter(({ kind }) => kind === 'B')
  const others = versioned.filter(({ kind }) => kind !== 'B')
  const needed = baselines.filter(
    ({ version }) => !others.some(other => compareVersions(other.version, version) <= 0),
  )
  for (const { script } of baselines.filter(baseline => !needed.includes(baseline)))
    findings.push(
      notTaken(script.file, 'The versioned migrations up to this baseline are taken instead of it.'),
    )
  for (const { file } of files.filter(({ name }) => CALLBACK.test(name)))
    findings.push({ ...notTaken(file, 'A callback has no counterpart; see [hooks].'), severity: 'loss' })
  const revisions = pairFiles([...needed, ...others], compareVersions, findings).map(revision => {
    const created = instantOf(revision.version)
    return { ...revision, ...(created && { created }) }
  })
  return { revisions: [...revisions, ...readRepeatables(files, outside, findings)], findings }
}

/** The version as Flyway's table has it: `1_2` is `1.2`. */
export function flywayVersion(text: string): string {
  return text.replaceAll('_', '.')
}

const VERSIONED = /^([VUB])(\d[\d._]*?)__(.*)\.sql$/
const REPEATABLE = /^R__(.*)\.sql$/
const CALLBACK = /^(?:before|after|create)[A-Z]\w*?(?:__.*)?\.sql$/

interface VersionedFile extends PairedFile {
  readonly kind: 'V' | 'U' | 'B'
}

function readVersioned(file: SourceFile, isOutside: boolean): VersionedFile[] {
  const [, kind, version, name = ''] = VERSIONED.exec(file.name) ?? []
  if (version === undefined) return []
  return [
    {
      kind: kind as VersionedFile['kind'],
      version: flywayVersion(version),
      part: kind === 'U' ? 'down' : 'up',
      message: messageOf(name),
      script: scriptOf(file, isOutside),
    },
  ]
}

function readRepeatables(
  files: readonly SourceFile[],
  outside: ReadonlySet<string>,
  findings: Finding[],
): SourceRevision[] {
  return files
    .filter(({ name }) => REPEATABLE.test(name))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(file => {
      const message = 'It is applied once from now on: a change of it is a new revision.'
      findings.push({ severity: 'remark', code: 'NO_LONGER_REPEATED', message, file: file.file })
      const [, name = ''] = REPEATABLE.exec(file.name) ?? []
      const up = scriptOf(file, outside.has(file.path))
      return { version: `R__${name}`, message: messageOf(name), up }
    })
}

function scriptOf(file: SourceFile, isOutside: boolean) {
  return { ...wholeFile(file), hasPlaceholders: true, ...(isOutside && { transaction: 'off' as const }) }
}

function runsOutside({ name, text }: SourceFile): boolean {
  return name.endsWith('.sql.conf') && /^\s*executeInTransaction\s*=\s*false\b/m.test(text)
}

function notTaken(file: string, message: string): Finding {
  return { severity: 'remark', code: 'NOT_TAKEN', message, file }
}
