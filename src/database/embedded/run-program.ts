import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Account } from './account.ts'
import { type Binaries, type Program, programPath } from './binaries.ts'

/** A program to run, and as whom. */
export interface ProgramRun {
  readonly binaries: Binaries
  readonly account: Account | undefined
  readonly program: Program
  readonly args: readonly string[]
  /** A folder the account can enter. */
  readonly cwd: string
}

/** Starts a program that writes to this process's own output, in an environment free of the user's `PG*` and locale. */
export function startProgram({ binaries, account, program, args, cwd }: ProgramRun): ChildProcess {
  return spawn(programPath(binaries, program), args, {
    ...account,
    cwd,
    env: cleanEnvironment(),
    stdio: ['pipe', 'inherit', 'inherit'],
    windowsHide: true,
  })
}

/** Runs a program to its end, with `input` on its standard input. Throws when it cannot start or fails. */
export async function runProgram(run: ProgramRun, input = ''): Promise<void> {
  const child = startProgram(run)
  // A program that ends without reading its input is judged by its exit code.
  child.stdin?.on('error', () => undefined).end(input)
  const [exitCode, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null]
  if (exitCode !== 0) throw new Error(endOf(run.program, exitCode, signal))
}

/** How a program ended, in words. */
export function endOf(program: Program, exitCode: number | null, signal: NodeJS.Signals | null): string {
  return signal === null ? `${program} ended with exit code ${exitCode}` : `${program} was ended by ${signal}`
}

function cleanEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^(PG|LC_|LANG)/i.test(name))
  return { ...Object.fromEntries(kept), LC_ALL: 'C' }
}
