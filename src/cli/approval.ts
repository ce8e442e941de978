import { once } from 'node:events'
import { createInterface } from 'node:readline/promises'
import type { Interruption } from '../database/run-options.ts'
import { RunInterruptedError } from '../errors/run-errors.ts'
import { UsageError } from '../errors/usage-errors.ts'

/** What a command asks before it changes a database; without a terminal there is nobody to ask. */
export interface Question {
  /** The command, as it is suggested with `--yes`. */
  readonly command: string
  /** Approved on the command line. */
  readonly isApproved: boolean
  readonly interruption: Pick<Interruption, 'stop'>
}

/** Asks whether to go on. Throws `UsageError` where nobody can be asked, and `RunInterruptedError`. */
export async function askApproval({ command, isApproved, interruption }: Question): Promise<boolean> {
  if (isApproved) return true
  if (!process.stdin.isTTY) {
    throw new UsageError('Nothing was changed: say --yes, for there is no terminal to ask at.', [
      `sqlbraid ${command} --yes`,
      `sqlbraid ${command} --dry-run`,
    ])
  }
  return askYesOrNo('Go on?', interruption.stop)
}

/** Asks on stderr what is answered with yes or no; no answer is a no. Throws `RunInterruptedError` when `stop` aborts. */
export async function askYesOrNo(
  question: string,
  stop: Interruption['stop'] = new AbortController().signal,
): Promise<boolean> {
  return /^y(es)?$/i.test((await answerTo(`${question} [y/N] `, stop)).trim())
}

/** Without raw mode Ctrl-C stays a signal; the end of the input is an empty answer. */
async function answerTo(question: string, stop: AbortSignal): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stderr, terminal: false })
  try {
    return await Promise.race([
      lines.question(question, { signal: stop }),
      once(lines, 'close').then(() => ''),
    ])
  } catch (error) {
    if (!stop.aborted) throw error
    throw new RunInterruptedError(String(stop.reason), [], { cause: error })
  } finally {
    lines.close()
  }
}
