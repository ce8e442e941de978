import type { AutogenerateRequest } from '../actions/autogenerate.ts'

/** What the flags of `revision` say. */
export interface RevisionFlags {
  readonly message: string
  readonly branch?: string | undefined
  readonly head?: string | undefined
  readonly splice?: boolean
  readonly label?: readonly string[] | undefined
  readonly depends?: readonly string[] | undefined
  readonly 'rev-id'?: string | undefined
  readonly path?: string | undefined
  readonly 'no-transaction'?: boolean
  readonly 'from-database'?: string | undefined
  readonly rename?: AutogenerateRequest['renames'] | undefined
  readonly 'allow-destructive'?: boolean
}

/** Says with the words of actions what the flags ask for. */
export function readRevisionRequest(flags: RevisionFlags): AutogenerateRequest {
  const { message, branch, head, splice, depends } = flags
  return {
    ...{ message, branch, head, splice, depends },
    labels: flags.label,
    id: flags['rev-id'],
    folder: flags.path,
    transaction: flags['no-transaction'] ? 'off' : undefined,
    fromDatabase: flags['from-database'],
    renames: flags.rename ?? [],
    allowDestructive: flags['allow-destructive'] ?? false,
  }
}
