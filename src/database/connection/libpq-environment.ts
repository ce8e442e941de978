import type { Environment } from '../../settings/variables.ts'
import { type ConnectionOptions, passwordFor } from './connection-options.ts'
import { type Host, isSocketHost } from './hosts.ts'
import { KEYWORDS } from './keywords.ts'

/**
 * `env` for a program of PostgreSQL that is to connect to the very server that a session has: every variable of libpq
 * is replaced, so that nothing else is chosen, and the password stands on no command line.
 */
export function libpqEnvironment(options: ConnectionOptions, host: Host, env: Environment): Environment {
  const { tls } = options
  const inherited = Object.entries(env).filter(([name]) => !VARIABLES.has(name))
  return {
    ...Object.fromEntries(inherited),
    ...hostVariables(host),
    PGUSER: options.user,
    PGDATABASE: options.database,
    PGPASSWORD: passwordFor(options, host),
    PGAPPNAME: options.applicationName,
    PGOPTIONS: options.options,
    PGCONNECT_TIMEOUT: String(options.connectTimeout),
    PGSSLMODE: tls.sslmode,
    PGSSLNEGOTIATION: tls.negotiation === 'direct' ? 'direct' : undefined,
    PGSSLROOTCERT: tls.sslrootcert?.value,
    PGSSLCERT: tls.sslcert?.value,
    PGSSLKEY: tls.sslkey?.value,
    PGSSLCRL: tls.sslcrl?.value,
    PGSSLSNI: tls.sni ? undefined : '0',
    PGSSLMINPROTOCOLVERSION: tls.minVersion,
    PGSSLMAXPROTOCOLVERSION: tls.maxVersion,
  }
}

const VARIABLES: ReadonlySet<string | undefined> = new Set(Object.values(KEYWORDS))

function hostVariables(host: Host): Environment {
  if (isSocketHost(host)) return { PGHOST: host.folder, PGPORT: String(host.port) }
  return { PGHOST: host.host, PGHOSTADDR: host.address, PGPORT: String(host.port) }
}
