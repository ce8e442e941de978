import type { DatabaseLocation } from './database-location.ts'
import { type Host, isSocketHost } from './hosts.ts'

/**
 * The database for people: `shop on db.internal:5432 as alice`. Holds no password, and no control character
 * that a hostile name could send to a terminal.
 */
export function describeConnection(location: DatabaseLocation): string {
  const words =
    location.kind === 'embedded'
      ? `${location.database} on the embedded server`
      : `${location.database} on ${location.hosts.map(describeHost).join(', ')} as ${location.user}`
  return words.replace(/\p{Cc}/gu, character => `\\x${hexadecimal(character)}`)
}

/** One host for people: `db.internal:5432`, `[::1]:5432`, or the path of a socket. */
export function describeHost(host: Host): string {
  if (isSocketHost(host)) return host.path.replace('\0', '@')
  // Only addresses of IPv6 hold a colon; Node's isIPv6 compiles a pattern that takes milliseconds.
  return `${host.host.includes(':') ? `[${host.host}]` : host.host}:${host.port}`
}

function hexadecimal(character: string): string {
  return (character.codePointAt(0) ?? 0).toString(16).padStart(2, '0')
}
