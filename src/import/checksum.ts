import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'

/** Flyway's: the CRC-32 of the lines without their ends, as a signed number; of a repeatable file with placeholders it depends on their values. */
export function flywayChecksum(content: Buffer): string {
  const text = content.toString('utf8').replace(/^\ufeff/, '')
  const sum = text.split(/\r\n|\r|\n/).reduce((before, line) => crc32(line, before), 0)
  return String(sum | 0)
}

/** sqlx's: the SHA-384 of the file. */
export function sqlxChecksum(content: Buffer): string {
  return createHash('sha384').update(content).digest('hex')
}

/** sqitch's: the SHA-1 of the deploy script. */
export function sqitchChecksum(content: Buffer): string {
  return createHash('sha1').update(content).digest('hex')
}
