import type { Session } from './session.ts'

/**
 * Does `work`, and when `signal` is aborted cancels the statements it runs, again and again until it ends: a request
 * that comes between two statements cancels nothing. None is under way any more when this returns.
 */
export async function cancelOnAbort<T>(
  session: Session,
  signal: AbortSignal | undefined,
  work: () => Promise<T>,
): Promise<T> {
  const requests: Promise<void>[] = []
  let timer: NodeJS.Timeout | undefined
  const cancel = () => {
    requests.push(session.cancel().catch(() => {})) // a lost session needs no cancelling
    timer = setTimeout(cancel, BETWEEN_REQUESTS_MS)
  }
  if (signal?.aborted) cancel()
  else signal?.addEventListener('abort', cancel, { once: true })
  try {
    return await work()
  } finally {
    signal?.removeEventListener('abort', cancel)
    clearTimeout(timer)
    await Promise.all(requests)
  }
}

const BETWEEN_REQUESTS_MS = 300
