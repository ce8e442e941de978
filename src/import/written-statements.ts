import { type CopyData, copiesFromStdin, readCopyData } from '../script/copy-data.ts'
import { endsStatement, extendDraft, newDraft, refuseOpenEnd } from '../script/draft.ts'
import { type LexerOptions, nextToken, type Token } from '../script/lexer.ts'
import { lexerAfter } from '../script/lexer-setting.ts'

/** A statement where it is written, psql's language in it or around it not carried out. */
export interface WrittenStatement {
  readonly start: number
  /** Behind its semicolon. */
  readonly end: number
  /** As `Statement` has them. */
  readonly words: readonly string[]
  readonly copyData?: CopyData
}

/**
 * Reads a script as it is written: `onToken` sees every token but those of COPY's data, and may give the offset to read on
 * from. Gives the statements, all branches of `\if` among them. Throws `UnclosedError` and `TextAfterCopyError`.
 */
export function readWritten(
  script: string,
  onToken: (token: Token) => number | undefined,
): readonly WrittenStatement[] {
  const statements: WrittenStatement[] = []
  let draft = newDraft(0)
  let lexer: LexerOptions = {}
  const finish = (end: number): number => {
    const { start, words } = draft
    const copyData =
      start !== undefined && copiesFromStdin(words) ? readCopyData(script, start, end) : undefined
    lexer = lexerAfter(words, () => script.slice(start, end), { current: lexer, initial: {} })
    if (start !== undefined) statements.push({ start, end, words, ...(copyData && { copyData }) })
    draft = newDraft(copyData?.next ?? end)
    return copyData?.next ?? end
  }
  for (let offset = 0; offset < script.length; ) {
    const token = nextToken(script, offset, lexer)
    offset = onToken(token) ?? token.end
    if (endsStatement(token, draft)) offset = finish(token.end)
    else if (token.kind !== 'command') extendDraft(draft, token, script.slice(token.start, token.end))
  }
  refuseOpenEnd(draft)
  finish(script.length)
  return statements
}
