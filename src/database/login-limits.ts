import { ConnectionError } from '../errors/connection-errors.ts'

/** How long a login may take. */
export interface LoginLimits {
  /** Of the database, for messages; without password. */
  readonly description: string
  /** Seconds; 0 sets no limit. */
  readonly loginTimeout: number
  /** Ends the login. */
  readonly stop?: AbortSignal
}

/**
 * Gives what `login` gives; a server, or a proxy before one that is not there, may accept and then never speak.
 * Throws `ConnectionError` when it takes too long, and the reason of an abort; the login is then still under way.
 */
export function withinLimits<T>(
  login: Promise<T>,
  { description, loginTimeout, stop }: LoginLimits,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const reason = `no answer to the login within ${loginTimeout} s`
    const giveUp = () =>
      reject(new ConnectionError([{ address: description, failure: 'CONNECTION_TIMEOUT', reason }], []))
    const timer = loginTimeout > 0 ? setTimeout(giveUp, loginTimeout * 1000) : undefined
    const end = () => reject(stop?.reason)
    if (stop?.aborted) end()
    stop?.addEventListener('abort', end, { once: true })
    const clear = () => {
      clearTimeout(timer)
      stop?.removeEventListener('abort', end)
    }
    login.then(resolve, reject).finally(clear)
  })
}
