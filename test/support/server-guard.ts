import { spawn } from 'node:child_process'
import type { Socket } from 'node:net'

/** What a guard stops and deletes. */
interface GuardedServer {
  /** The path of `pg_ctl`. */
  readonly control: string
  readonly data: string
  /** Where all of the server lies. */
  readonly folder: string
  /** Whose it is, where that is not us. */
  readonly account: { readonly uid: number; readonly gid: number } | undefined
}

/**
 * Sees to it that a server ends with this process, whatever ends that: a process of its own waits for the end of a pipe,
 * which the system closes. Of a server that was stopped and deleted before, nothing is left to do.
 */
export function guardServer({ control, data, folder, account }: GuardedServer): void {
  const script = 'cat; "$0" stop --pgdata "$1" --mode=immediate; rm -rf "$2"'
  const guard = spawn('sh', ['-c', script, control, data, folder], {
    ...account,
    cwd: '/',
    detached: true, // a Ctrl-C in the terminal is not for it
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  guard.unref()
  ;(guard.stdin as Socket).unref()
}
