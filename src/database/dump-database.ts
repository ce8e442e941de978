import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import type { Environment } from '../settings/variables.ts'
import type { ConnectedSession } from './connect.ts'
import { libpqEnvironment } from './connection/libpq-environment.ts'

export interface Dump {
  /** The `pg_dump` to run: a name, looked for in PATH, or a path. */
  readonly program: string
  readonly role: string | undefined
  readonly env: Environment
  /** An open file. */
  readonly descriptor: number
  /** Ends the program. */
  readonly stop?: AbortSignal | undefined
}

/**
 * Writes the whole database of a session in pg_dump's custom format, as seen by a connection of its own to the same server.
 * Gives what pg_dump complained of when it failed. Throws the system's error when it cannot be started.
 */
export async function dumpDatabase(
  { options, host }: ConnectedSession,
  { program, role, env, descriptor, stop }: Dump,
): Promise<string | undefined> {
  const args = ['--format=custom', '--no-password', ...(role === undefined ? [] : [`--role=${role}`])]
  const child = spawn(program, args, {
    env: libpqEnvironment(options, host, env),
    stdio: ['ignore', descriptor, 'pipe'],
    ...(stop && { signal: stop }),
  })
  const ended = once(child, 'exit')
  const [complaint, [exitCode, signal]] = await Promise.all([complaintsOf(child.stderr), ended])
  if (exitCode === 0) return undefined
  return complaint.trim() || `${program} ended with ${signal ?? `exit code ${exitCode}`}`
}

/** The output of a program that cannot be started fails as well; what says so is the program. */
function complaintsOf(stream: NodeJS.ReadableStream | null): Promise<string> {
  return stream === null ? Promise.resolve('') : text(stream as AsyncIterable<Buffer>).catch(() => '')
}
