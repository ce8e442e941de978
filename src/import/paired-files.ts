import type { Finding } from './finding.ts'
import { hasSql } from './sections.ts'
import type { SourceRevision, SourceScript } from './source-history.ts'
import type { SourceFile } from './source-tree.ts'

/** A file that is one part of a migration. */
export interface PairedFile {
  readonly part: 'up' | 'down'
  readonly version: string
  readonly message: string
  readonly script: SourceScript
}

/** Ties the up and the down files of migrations together by their version, in the order of `compare`. */
export function pairFiles(
  files: readonly PairedFile[],
  compare: (a: string, b: string) => number,
  findings: Finding[],
): Omit<SourceRevision, 'created'>[] {
  const byVersion = new Map<string, PairedFile[]>()
  for (const file of files) byVersion.set(file.version, [...(byVersion.get(file.version) ?? []), file])
  return [...byVersion]
    .sort(([a], [b]) => compare(a, b))
    .flatMap(([version, ofVersion]) => {
      const [up, ...otherUps] = ofVersion.filter(({ part }) => part === 'up')
      const [down, ...otherDowns] = ofVersion.filter(({ part }) => part === 'down')
      for (const { script } of [...otherUps, ...otherDowns])
        findings.push(fault('DUPLICATE_VERSION', `There is another file of version ${version}.`, script.file))
      if (!up && down)
        findings.push(fault('DOWN_WITHOUT_UP', `Version ${version} has no up file.`, down.script.file))
      if (!up) return []
      // What tools write into a new file, or leave empty, would say that a revision can be undone.
      const undoes = down && hasSql(down.script.text)
      return [{ version, message: up.message, up: up.script, ...(undoes && { down: down.script }) }]
    })
}

/** A file that is one script. */
export function wholeFile({ file, text }: SourceFile): SourceScript {
  return { file, text, line: 1 }
}

function fault(code: string, message: string, file: string): Finding {
  return { severity: 'fault', code, message, file }
}
