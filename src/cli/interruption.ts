import { constants } from 'node:os'
import type { Interruption } from '../database/run-options.ts'

type EndingSignal = 'SIGINT' | 'SIGTERM'

/** The signals that end a run, from now until `release`. */
export interface CaughtSignals extends Interruption {
  readonly release: () => void
}

/**
 * Turns the first SIGINT or SIGTERM into the orderly end of a run: its running step is cancelled, or with
 * `finishCurrent` completed. A second signal ends the process at once; the server then undoes what was not committed.
 */
export function catchSignals(options: {
  readonly finishCurrent: boolean
  readonly onFirst: (signal: EndingSignal) => void
}): CaughtSignals {
  const stop = new AbortController()
  const cancel = new AbortController()
  const end = (signal: EndingSignal) => {
    if (stop.signal.aborted) process.exit(exitCodeOfSignal(signal))
    options.onFirst(signal)
    stop.abort(signal)
    if (!options.finishCurrent) cancel.abort(signal)
  }
  process.on('SIGINT', end).on('SIGTERM', end)
  return {
    stop: stop.signal,
    cancel: cancel.signal,
    release: () => {
      process.off('SIGINT', end).off('SIGTERM', end)
    },
  }
}

/** As a shell says it: 130 for SIGINT, 143 for SIGTERM. */
export function exitCodeOfSignal(signal: string): number {
  const number = constants.signals[signal as NodeJS.Signals] ?? 0
  return 128 + number
}
