import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { HookFailedError } from '../errors/hook-errors.ts'
import type { Environment } from '../settings/variables.ts'

/** A shell command, where it runs, and what it is told. */
export interface Hook {
  readonly name: string
  readonly command: string
  readonly folder: string
  readonly env: Environment
  /** `SQLBRAID_*`. Values reach the command only through its environment, never through its text. */
  readonly variables: Readonly<Record<string, string>>
  /** Ends the command, and all that it started; its reason is the name of a signal. */
  readonly stop?: AbortSignal | undefined
}

/** Runs a hook; what it writes goes to this process's standard error. Throws `HookFailedError`. */
export async function runHook({ name, command, folder, env, variables, stop }: Hook): Promise<void> {
  const told = Object.fromEntries(Object.entries(variables).map(([key, value]) => [key, passable(value)]))
  const child = spawn(command, {
    shell: true,
    cwd: folder,
    env: { ...env, ...told },
    stdio: ['ignore', STANDARD_ERROR, STANDARD_ERROR],
    detached: true, // a group of processes of its own, so that a signal reaches all of them
  })
  const end = () => endGroup(child.pid, stop?.reason)
  stop?.addEventListener('abort', end)
  if (stop?.aborted) end()
  const [exitCode, signal] = await once(child, 'exit').catch(cause => {
    throw new HookFailedError(name, 'it cannot be started', { cause })
  })
  stop?.removeEventListener('abort', end)
  if (exitCode === 0) return
  throw new HookFailedError(name, signal === null ? `exit code ${exitCode}` : `ended by ${signal}`)
}

function endGroup(leader: number | undefined, signal: NodeJS.Signals): void {
  if (leader === undefined) return
  try {
    process.kill(-leader, signal)
  } catch {
    // it has just ended by itself
  }
}

const STANDARD_ERROR = 2

/** Linux gives each variable 128 KiB, and no variable holds a NUL. */
const LONGEST = 30_000

function passable(value: string): string {
  const text = value.replaceAll('\0', '')
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST - 1)}…`
}
