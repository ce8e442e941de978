import type { ConnectionOptions } from './connection-options.ts'

const MASK = '****'

/** Everything in the options that must not be shown; for `redact`. */
export function secretsOf({ password, hosts, tls }: ConnectionOptions): readonly string[] {
  return [password, tls.sslpassword, ...hosts.map(host => host.password)].filter(
    secret => secret !== undefined,
  )
}

/**
 * The text without the secrets, as they are and as urls, connection strings and JSON write them; and without whatever
 * else stands where a password stands in a url or a connection string. For all that is printed, logged or stored.
 */
export function redact(text: string, secrets: readonly string[]): string {
  const written = [...new Set(secrets.flatMap(spellings))].filter(secret => secret !== '')
  // The longest first, so that no secret is cut by one that it contains.
  const masked = written
    .sort((a, b) => b.length - a.length)
    .reduce((rest, secret) => rest.replaceAll(secret, MASK), text)
  return masked.replace(IN_URL, `$1${MASK}@`).replace(IN_PARAMETER, `$1${MASK}`)
}

const IN_URL = /(\bpostgres(?:ql)?:\/\/[^\s:@/]*:)[^\s/]*@/gi
const IN_PARAMETER = /(\b(?:ssl)?password\s*=\s*)(?:'(?:\\.|[^'\\])*'?|[^\s&'"]+)/gi

function spellings(secret: string): readonly string[] {
  const quoted = secret.replace(/[\\']/g, '\\$&')
  const bare = secret.replace(/[\\'\s]/g, '\\$&')
  return [
    secret,
    encodeURIComponent(secret),
    encodeURI(secret),
    quoted,
    bare,
    JSON.stringify(secret).slice(1, -1),
  ]
}
