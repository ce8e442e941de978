import type { GappedText } from '../script/gaps.ts'
import type { Header, ParsedHeader } from './header.ts'
import type { TransactionMode } from './revision.ts'

/**
 * One part of a revision as it is written: all of it, header included, without a byte order mark, line ends as they are.
 */
export interface Script extends GappedText {
  readonly file: string
  /** Offset in `text` of the first line that is not of the header. */
  readonly bodyStart: number
  readonly header: Header
  readonly transaction: TransactionMode
}

/** The script of a text without gaps whose header has been read, and has no problems. */
export function scriptWith({ header, bodyStart }: ParsedHeader, text: string, file: string): Script {
  return { file, text, bodyStart, header, transaction: header.transaction ?? 'on' }
}
