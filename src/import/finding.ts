import type { Problem } from '../errors/sqlbraid-error.ts'

/**
 * What a reader of another tool's files found: a `remark` says what was decided, a `loss` what has no translation (nothing
 * is written then, unless that is accepted), a `fault` what makes the files unusable.
 */
export interface Finding extends Problem {
  readonly severity: 'remark' | 'loss' | 'fault'
}

/** Whether findings keep an import from being written. */
export function preventsImport({ severity }: Finding, { force }: { readonly force: boolean }): boolean {
  return severity === 'fault' || (severity === 'loss' && !force)
}
