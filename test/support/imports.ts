import { posix } from 'node:path'

/** What one file takes from another, or from a library. */
interface Import {
  readonly specifier: string
  /** The file it names, seen from the project's root; undefined for a library. */
  readonly file?: string
  /** `import type` and `export type` are gone when the program runs. */
  readonly isTypeOnly: boolean
}

export interface SourceFile {
  readonly path: string
  readonly text: string
  readonly imports: readonly Import[]
}

/** Reads what a TypeScript file imports, re-exports, or imports dynamically by a literal name. */
export function sourceFile(path: string, text: string): SourceFile {
  const imports = [...text.matchAll(STATEMENT), ...text.matchAll(DYNAMIC)].map(({ groups }) => {
    const specifier = groups?.['specifier'] ?? ''
    const file = posix.join(posix.dirname(path), specifier)
    return {
      specifier,
      isTypeOnly: groups?.['type'] !== undefined,
      ...(specifier.startsWith('.') ? { file } : {}),
    }
  })
  return { path, text, imports }
}

/** The cycles of run-time imports, each as `a -> b -> a`; one for each file from which a walk comes back. */
export function importCycles(files: readonly SourceFile[]): string[] {
  const edges = new Map(files.map(({ path, imports }) => [path, runtimeFiles(imports)]))
  const state = new Map<string, 'open' | 'done'>()
  const cycles: string[] = []
  const visit = (path: string, way: readonly string[]) => {
    if (state.get(path) === 'open') cycles.push([...way.slice(way.indexOf(path)), path].join(' -> '))
    if (state.has(path)) return
    state.set(path, 'open')
    for (const next of edges.get(path) ?? []) visit(next, [...way, path])
    state.set(path, 'done')
  }
  for (const { path } of files) visit(path, [])
  return cycles
}

function runtimeFiles(imports: readonly Import[]): string[] {
  return imports.flatMap(({ file, isTypeOnly }) => (file === undefined || isTypeOnly ? [] : [file]))
}

// `import a, { b } from 'x'`, `import * as a from 'x'`, `import 'x'`, `export { a } from 'x'`, `export * from 'x'`
const STATEMENT =
  /^(?:import|export)\b(?<type>\s+type\b(?!\s+from\b))?\s*(?:[\w$]+\s*,?\s*)?(?:\{[^}]*\}|\*(?:\s+as\s+[\w$]+)?)?\s*(?:\bfrom\b)?\s*(?<quote>['"])(?<specifier>[^'"\n]+)\k<quote>/gm

const DYNAMIC = /\bimport\(\s*(?<quote>['"])(?<specifier>[^'"\n]+)\k<quote>/g
