import { newDigester } from './content-digest.ts'
import { type DataFacts, dataAt, type Gap, type GappedText } from './gaps.ts'
import type { Statement } from './statements.ts'

/**
 * A script as the ledger keeps it: as it is, but that a COPY whose data were left in their file becomes something that
 * neither sqlbraid nor psql runs, and the server does not either. `readKeptText` is the inverse.
 */
export function keptText({ text, gaps = [] }: GappedText<DataFacts>): string {
  let kept = ''
  let from = 0
  for (const { semicolon, at, data } of gaps) {
    kept += `${text.slice(from, semicolon)} (\n${LEFT_OUT} ${describe(data)}\n);`
    from = text.startsWith('\\.', at) ? at + 2 : at
  }
  return kept + text.slice(from)
}

/** Reads what `keptText` wrote. */
export function readKeptText(kept: string): GappedText<DataFacts> {
  const gaps: Gap<DataFacts>[] = []
  let text = ''
  let from = 0
  for (const { index, 0: mark, groups = {} } of kept.matchAll(MARK)) {
    text += kept.slice(from, index)
    const semicolon = text.length
    text += ';\n'
    gaps.push({ semicolon, at: text.length, data: factsIn(groups) })
    text += '\\.'
    from = index + mark.length
  }
  return { text: text + kept.slice(from), gaps }
}

/** What makes a statement of a script the same as another, COPY data included, wherever these are. */
export function statementIdentity(script: GappedText<DataFacts>, { text, copyData }: Statement): string {
  if (!copyData) return text
  const { start, end } = copyData
  return `${text};\n${describe(dataAt(script, start) ?? factsOf(script.text.slice(start, end)))}`
}

const LEFT_OUT = '\\left_out'
const MARK = / \(\n\\left_out (?<lines>\d+) lines, (?<bytes>\d+) bytes, SHA-256 (?<sha256>[\da-f]{64})\n\);/g

function describe({ lines, bytes, sha256 }: DataFacts): string {
  return `${lines} lines, ${bytes} bytes, SHA-256 ${sha256}`
}

function factsIn({ lines, bytes, sha256 = '' }: Readonly<Record<string, string>>): DataFacts {
  return { lines: Number(lines), bytes: Number(bytes), sha256 }
}

function factsOf(data: string): DataFacts {
  const digester = newDigester()
  digester.add(Buffer.from(data))
  return { lines: data.split('\n').length - 1, ...digester.finish() }
}
