/**
 * The assignments of a Python module's first level whose values are texts, or tuples and lists of them, as
 * Alembic writes them: `down_revision: str | None = ('a', 'b')`. `None` gives no texts.
 */
export function readAssignments(text: string): ReadonlyMap<string, readonly string[]> {
  const values = new Map<string, readonly string[]>()
  for (const [, name = '', value = ''] of text.matchAll(ASSIGNMENT)) {
    const texts = [...value.matchAll(/'([^'\n]*)'|"([^"\n]*)"/g)]
    values.set(
      name,
      texts.map(([, single, double]) => single ?? double ?? ''),
    )
  }
  return values
}

const ASSIGNMENT = /^(\w+)[ \t]*(?::[^=\n]*)?=[ \t]*(\([^)]*\)|\[[^\]]*\]|\{[^}]*\}|[^\n#]*)/gm
