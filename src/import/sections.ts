import type { SourceFile } from './source-tree.ts'

/** The lines of a file between two marks, or up to the first. */
export interface Section {
  /** What the pattern found; undefined for what stands above the first mark. */
  readonly mark?: RegExpExecArray
  /** The line of the mark, 1-based; of the text where there is none. */
  readonly line: number
  /** Without the line of the mark. */
  readonly text: string
}

/** Cuts a file at the lines that `mark` matches. */
export function cutSections({ text }: SourceFile, mark: RegExp): readonly Section[] {
  const sections: Section[] = []
  let open: Omit<Section, 'text'> = { line: 1 }
  let lines: string[] = []
  const close = () => sections.push({ ...open, text: lines.join('') })
  for (const [index, line] of (text.match(/[^\n]*\n|[^\n]+$/g) ?? []).entries()) {
    const found = mark.exec(line.trimEnd())
    if (found) {
      close()
      open = { mark: found, line: index + 1 }
      lines = []
    } else {
      lines.push(line)
    }
  }
  close()
  return sections
}

/** Whether a text has more than white space and comments of one line. */
export function hasSql(text: string): boolean {
  return text.split('\n').some(line => /^\s*[^\s-]|^\s*-[^-]/.test(line))
}
