import { SqlbraidError } from './sqlbraid-error.ts'

/** A hook of the settings ended with something other than 0. */
export class HookFailedError extends SqlbraidError {
  readonly code = 'HOOK_FAILED'
  override readonly suggestions: readonly string[]
  readonly hook: string
  readonly reason: string

  constructor(hook: string, reason: string, options?: ErrorOptions) {
    super(`The hook ${hook} failed: ${reason}. ${consequence(hook)}`, options)
    this.hook = hook
    this.reason = reason
    this.suggestions = hook.startsWith('before_')
      ? [`sqlbraid ${hook.slice('before_'.length)} --no-hooks …`]
      : ['sqlbraid status']
  }
}

function consequence(hook: string): string {
  if (hook.startsWith('before_')) return 'Nothing was changed.'
  if (hook.startsWith('after_')) return 'The revisions themselves are done.'
  return 'The run had failed before.'
}
