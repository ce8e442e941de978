/**
 * As `Promise.all`, but a failure waits for the other one, which still uses the server; of two failures the first in the
 * list is thrown, whichever came first.
 */
export async function bothEnded<T>(both: readonly [Promise<T>, Promise<T>]): Promise<[T, T]> {
  await Promise.allSettled(both)
  return Promise.all(both)
}
