import { InvalidConnectionError } from '../../errors/connection-errors.ts'
import { requireChoice } from './choice.ts'
import type { Keyword, Parameters, Sourced } from './keywords.ts'

const SSL_MODES = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'] as const
const PROTOCOLS = ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'] as const

/** How hard a connection insists on TLS. */
export type SslMode = (typeof SSL_MODES)[number]

/** What was said about TLS; files are read by `tlsOptions`. */
export interface TlsParameters {
  readonly sslmode: SslMode
  readonly negotiation: 'postgres' | 'direct'
  /** A file, or `system` for the authorities that Node trusts. */
  readonly sslrootcert: Sourced | undefined
  readonly sslcert: Sourced | undefined
  readonly sslkey: Sourced | undefined
  readonly sslcrl: Sourced | undefined
  readonly sslpassword: string | undefined
  /** Whether the server is told the name it was called by. */
  readonly sni: boolean
  readonly minVersion: (typeof PROTOCOLS)[number] | undefined
  readonly maxVersion: (typeof PROTOCOLS)[number] | undefined
}

/** Reads the ssl keywords, and checks how they go together (PostgreSQL documentation, 34.19). Throws InvalidConnectionError. */
export function readTlsParameters(parameters: Parameters): TlsParameters {
  const given = (keyword: Keyword) => {
    const parameter = parameters.get(keyword)
    return parameter?.value ? parameter : undefined
  }
  const sslrootcert = given('sslrootcert')
  const sslmode = requireChoice(parameters, 'sslmode', SSL_MODES)
  const weak = sslmode ?? 'prefer'
  const negotiation = requireChoice(parameters, 'sslnegotiation', ['postgres', 'direct']) ?? 'postgres'
  const trustsSystem = sslrootcert?.value === 'system'
  if (trustsSystem && sslmode !== undefined && sslmode !== 'verify-full') {
    throw new InvalidConnectionError(
      sslrootcert.source,
      `sslrootcert=system needs sslmode=verify-full, not ${sslmode}`,
    )
  }
  if (negotiation === 'direct' && !trustsSystem && ['disable', 'allow', 'prefer'].includes(weak)) {
    const source = given('sslnegotiation')?.source ?? 'sslnegotiation'
    throw new InvalidConnectionError(
      source,
      `sslnegotiation=direct needs at least sslmode=require, not ${weak}`,
    )
  }
  return {
    sslmode: trustsSystem ? 'verify-full' : weak,
    negotiation,
    sslrootcert,
    sslcert: given('sslcert'),
    sslkey: given('sslkey'),
    sslcrl: given('sslcrl'),
    sslpassword: given('sslpassword')?.value,
    sni: given('sslsni')?.value !== '0',
    minVersion: requireChoice(parameters, 'ssl_min_protocol_version', PROTOCOLS),
    maxVersion: requireChoice(parameters, 'ssl_max_protocol_version', PROTOCOLS),
  }
}
