import { InvalidConnectionError } from '../../errors/connection-errors.ts'
import type { Keyword, Parameters } from './keywords.ts'

/** What asks for protection (or a protocol) that this client does not have, by the values that ask for it. */
const REFUSED: Readonly<Partial<Record<Keyword, RegExp>>> = {
  gssencmode: /^require$/,
  require_auth: /./,
  requirepeer: /./,
  sslcertmode: /^require$/,
  sslcrldir: /./,
  replication: /^(true|on|yes|1|database)$/,
}

/** What hosting companies write into every url, though TLS alone protects such a connection too. */
const IGNORED: Readonly<Partial<Record<Keyword, RegExp>>> = {
  channel_binding: /^require$/,
  load_balance_hosts: /^random$/,
}

/**
 * The warnings for what is ignored. Throws InvalidConnectionError where ignoring would drop a protection that
 * was asked for.
 */
export function checkSupported(parameters: Parameters): readonly string[] {
  const warnings: string[] = []
  for (const [keyword, { value, source }] of parameters) {
    const demand = `${keyword}=${value}`
    if (REFUSED[keyword]?.test(value)) throw new InvalidConnectionError(source, `${demand} is not supported`)
    if (IGNORED[keyword]?.test(value)) warnings.push(`${source}: ${demand} is not supported and is ignored.`)
  }
  return warnings
}
