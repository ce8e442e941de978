import { parse, type TomlTable } from 'smol-toml'

/** A place in a file, both numbers 1-based. */
export interface Location {
  readonly line: number
  readonly column: number
}

/**
 * Where a well-formed TOML text defines the key at `path` (`['env', 'production', 'url']`).
 *
 * The text is parsed line by line more until the key is there: smol-toml tells no positions, and only a whole
 * parser knows quoted and dotted keys, inline tables and strings over several lines. Quadratic, but used for errors only.
 */
export function locateKey(text: string, path: readonly string[]): Location | undefined {
  const lines = text.split('\n')
  let start = 0
  for (let end = 1; end <= lines.length; end += 1) {
    const table = parseable(lines.slice(0, end).join('\n'))
    if (table === undefined) continue
    if (hasPath(table, path)) return { line: start + 1, column: indentation(lines[start] ?? '') + 1 }
    start = end
  }
  return undefined
}

function parseable(text: string): TomlTable | undefined {
  try {
    return parse(text)
  } catch {
    return undefined
  }
}

function hasPath(table: TomlTable, path: readonly string[]): boolean {
  let value: unknown = table
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return false
    value = (value as Readonly<Record<string, unknown>>)[key]
  }
  return true
}

function indentation(line: string): number {
  return line.length - line.trimStart().length
}
