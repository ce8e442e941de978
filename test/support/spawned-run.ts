import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { BIN, cleanEnvironment } from './cli.ts'

/** A command that is running. */
export interface SpawnedRun {
  readonly process: ChildProcess
  /** Resolves when it has written this to stderr; rejects when it ends before. */
  readonly said: (what: string) => Promise<void>
  readonly ended: Promise<{
    readonly code: number | null
    readonly signal: string | null
    readonly stderr: string
  }>
}

/** How many milliseconds a run takes, once it has said where it goes; it must succeed. */
export async function lengthOf(run: SpawnedRun): Promise<number> {
  await run.said('database:')
  const started = performance.now()
  const { code, stderr } = await run.ended
  if (code !== 0) throw new Error(stderr)
  return performance.now() - started
}

/** Starts `sqlbraid` in the folder `root`, by way of another command if one is given. */
export function spawnRun(
  root: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  by: readonly string[] = [],
): SpawnedRun {
  const [program = process.execPath, ...rest] = [...by, process.execPath, BIN, ...args]
  const child = spawn(program, rest, {
    cwd: root,
    env: cleanEnvironment(env),
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let heard = ''
  child.stderr.on('data', data => {
    heard += data
  })
  const complete = text(child.stderr)
  const closed = once(child, 'close') as Promise<[number | null, string | null]>
  const said = (what: string) =>
    new Promise<void>((resolve, reject) => {
      const look = () => heard.includes(what) && resolve()
      look()
      child.stderr.on('data', look)
      closed.then(() => reject(new Error(`It ended without saying "${what}": ${heard}`)), reject)
    })
  return {
    process: child,
    said,
    ended: closed.then(async ([code, signal]) => ({ code, signal, stderr: await complete })),
  }
}
