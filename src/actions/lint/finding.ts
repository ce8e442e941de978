import type { RunnableStep } from '../../database/runnable-step.ts'
import { locate } from '../../script/pieces.ts'

/** Something a reviewer should look at. */
export interface LintFinding {
  /** Such as `no-down`; the linter's own where it comes from there. */
  readonly rule: string
  readonly message: string
  readonly help?: string
  readonly revision: string
  readonly file: string
  /** 1-based. */
  readonly line: number
  readonly column: number
}

/** A finding at an offset of a step's script, where that is written. */
export function findingAt(
  { revision, script }: RunnableStep,
  offset: number,
  said: Pick<LintFinding, 'rule' | 'message' | 'help'>,
): LintFinding {
  const { file, line, column } = locate(script.pieces, offset)
  return { ...said, revision, file, line, column }
}
