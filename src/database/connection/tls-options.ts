import { existsSync, readFileSync, statSync } from 'node:fs'
import { isIP } from 'node:net'
import { join } from 'node:path'
import type { ConnectionOptions as NodeTlsOptions } from 'node:tls'
import { InvalidConnectionError } from '../../errors/connection-errors.ts'
import type { Environment } from '../../settings/variables.ts'
import { type Host, isSocketHost } from './hosts.ts'
import type { Sourced } from './keywords.ts'
import type { TlsParameters } from './tls-parameters.ts'
import { userFiles } from './user-files.ts'

/** `false`: no TLS; `'prefer'`: TLS if the server has it, unverified; else what `tls.connect` needs, and no way without. */
export type TlsOptions = false | 'prefer' | NodeTlsOptions

/**
 * What the connection to `host` needs of TLS, with the certificates read from their files (libpq's places by default):
 * whatever the mode, a root certificate that is there is checked against, so that `require` becomes `verify-ca`;
 * `verify-…` without one fails (PostgreSQL documentation, 34.19.1). Unix sockets never use TLS.
 *
 * `allow` is treated as `prefer`, and `prefer` neither verifies nor shows a client certificate: as libpq would
 * go on without TLS when either fails, nothing is protected less.
 * Throws InvalidConnectionError for files that are missing, unreadable or open to others.
 */
export function tlsOptions(tls: TlsParameters, host: Host, env: Environment): TlsOptions {
  if (isSocketHost(host) || tls.sslmode === 'disable') return false
  if (tls.sslmode === 'allow' || tls.sslmode === 'prefer') return 'prefer'
  const folder = userFiles(env).certificates
  return {
    ...verification(tls, folder),
    ...clientCertificate(tls, folder),
    ...(tls.sslcrl && { crl: readFile(tls.sslcrl) }),
    ...(tls.minVersion && { minVersion: tls.minVersion }),
    ...(tls.maxVersion && { maxVersion: tls.maxVersion }),
    ...(tls.negotiation === 'direct' && { ALPNProtocols: ['postgresql'] }),
    host: host.host,
    ...(tls.sni && isIP(host.host) === 0 && { servername: host.host }),
  }
}

function verification({ sslmode, sslrootcert }: TlsParameters, folder: string): NodeTlsOptions {
  if (sslrootcert?.value === 'system') return { rejectUnauthorized: true }
  const root = sslrootcert ?? defaultFile(folder, 'root.crt')
  if (!existsSync(root.value)) {
    if (sslmode === 'require') return { rejectUnauthorized: false }
    const problem = `sslmode=${sslmode} needs the root certificate ${root.value}, which does not exist`
    throw new InvalidConnectionError(root.source, `${problem} (sslrootcert=system trusts public authorities)`)
  }
  const ca = readFile(root)
  if (sslmode === 'verify-full') return { rejectUnauthorized: true, ca }
  return { rejectUnauthorized: true, ca, checkServerIdentity: () => undefined }
}

function clientCertificate({ sslcert, sslkey, sslpassword }: TlsParameters, folder: string): NodeTlsOptions {
  const certificate = sslcert ?? defaultFile(folder, 'postgresql.crt')
  if (!existsSync(certificate.value)) return {}
  const key = sslkey ?? defaultFile(folder, 'postgresql.key')
  if (!existsSync(key.value)) {
    const problem = `there is a client certificate ${certificate.value}, but not its private key ${key.value}`
    throw new InvalidConnectionError(key.source, problem)
  }
  requirePrivate(key)
  return { cert: readFile(certificate), key: readFile(key), ...(sslpassword && { passphrase: sslpassword }) }
}

/** As libpq: 0600 or less, or 0640 where root owns the file. */
function requirePrivate(key: Sourced): void {
  const { mode, uid } = statSync(key.value)
  const forbidden = uid === 0 ? 0o037 : 0o077
  if (process.platform !== 'win32' && (mode & forbidden) !== 0) {
    throw new InvalidConnectionError(
      key.source,
      `others may read the private key ${key.value} (chmod 0600 ${key.value})`,
    )
  }
}

function defaultFile(folder: string, name: string): Sourced {
  return { value: join(folder, name), source: 'TLS' }
}

function readFile({ value, source }: Sourced): Buffer {
  try {
    return readFileSync(value)
  } catch (cause) {
    throw new InvalidConnectionError(source, `the file ${value} cannot be read`, { cause })
  }
}
