import { Readable, Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

/** What a COPY … FROM stdin needs of the driver's query. */
export interface CopyQuery {
  /** Sends the query; the stream takes the data as soon as the server is ready for them. */
  writable(): Promise<Writable>
  /** The driver gives the stream here, and at the end the result. */
  resolve: (streamOrResult: unknown) => void
  /** The driver reports every failure here. */
  reject: (reason: unknown) => void
}

/**
 * Sends a COPY … FROM stdin and its data, and waits until the server has taken them. Throws what the driver reports.
 *
 * What the server refuses after the end of the data (a constraint, the last line) the driver tells neither to the
 * stream, which would wait for ever, nor to the query, whose promise is settled: only `reject` hears of it. What it
 * refuses before it takes any data (a trigger) the driver tells the stream before anybody could listen to that.
 */
export async function copyInto(query: CopyQuery, data: Iterable<string | Buffer>): Promise<void> {
  const refused = new Promise<never>((_, refuse) => {
    const { resolve, reject } = query
    query.resolve = given => {
      if (given instanceof Writable) given.on('error', () => {})
      resolve(given)
    }
    query.reject = reason => {
      reject(reason)
      refuse(reason)
    }
  })
  refused.catch(() => {})
  const stream = await query.writable()
  await Promise.race([refused, pipeline(Readable.from(data), stream)])
}
