import { InvalidConnectionError } from '../../errors/connection-errors.ts'

/**
 * Reads `postgres://user:password@host:port,host:port/dbname?keyword=value` exactly as libpq does (conninfo_uri_parse in
 * fe-connect.c): Node's `URL` refuses several hosts, and decodes `+` and empty parts differently.
 *
 * Gives keywords with decoded values, empty ones left out. Throws InvalidConnectionError.
 */
export function parseConnectionUri(uri: string, source: string): readonly (readonly [string, string])[] {
  const rest = uri.slice(uri.indexOf('://') + 3)
  const authorityEnd = /[@/]/.exec(rest)
  const hasCredentials = authorityEnd?.[0] === '@'
  const credentials = hasCredentials ? rest.slice(0, authorityEnd.index) : ''
  const location = hasCredentials ? rest.slice(authorityEnd.index + 1) : rest
  const [, hosts = '', dbname = '', query = ''] =
    /^((?:\[[^\]]*\]|[^/?])*)(?:\/([^?]*))?(?:\?(.*))?$/s.exec(location) ?? []
  const decode = (text: string) => decodePercent(text, source)

  return [...parseCredentials(credentials), ...parseHosts(hosts, source), ['dbname', dbname] as const]
    .filter(([, value]) => value !== '')
    .map(([keyword, value]) => [keyword, decode(value)] as const)
    .concat(parseQuery(query, source).map(([keyword, value]) => forJdbc(decode(keyword), decode(value))))
}

function parseCredentials(credentials: string): readonly (readonly [string, string])[] {
  const colon = credentials.indexOf(':')
  if (colon === -1) return [['user', credentials]]
  return [
    ['user', credentials.slice(0, colon)],
    ['password', credentials.slice(colon + 1)],
  ]
}

const HOST = /^(?:\[([^\]]+)\]|([^:[]*))(?::(.*))?$/s

/** The hosts and the ports as two lists of equal length, joined by commas, which is how libpq keeps them. */
function parseHosts(hosts: string, source: string): readonly (readonly [string, string])[] {
  const parts = hosts.split(',').map(part => {
    const [whole, ipv6, name = '', port = ''] = HOST.exec(part) ?? []
    if (whole === undefined) throw new InvalidConnectionError(source, 'a host in the url is malformed')
    return { host: ipv6 ?? name, port }
  })
  const list = (key: 'host' | 'port') => parts.map(part => part[key]).join(',')
  return [
    ['host', list('host')],
    ['port', list('port')],
  ]
}

function parseQuery(query: string, source: string): readonly (readonly [string, string])[] {
  const pairs = query.split('&')
  if (pairs.at(-1) === '') pairs.pop()
  return pairs.map(pair => {
    const [keyword = '', value, extra] = pair.split('=')
    if (value === undefined)
      throw new InvalidConnectionError(source, '"=" is missing after a keyword in the url')
    if (extra !== undefined) {
      throw new InvalidConnectionError(source, 'a value in the query of the url has a "=", write it as %3D')
    }
    return [keyword, value]
  })
}

function forJdbc(keyword: string, value: string): readonly [string, string] {
  return keyword === 'ssl' && value === 'true' ? ['sslmode', 'require'] : [keyword, value]
}

function decodePercent(text: string, source: string): string {
  if (/%(?![0-9a-f]{2})/i.test(text)) {
    throw new InvalidConnectionError(
      source,
      'a "%" in the url is not followed by two hexadecimal digits, write it as %25',
    )
  }
  if (text.includes('%00')) throw new InvalidConnectionError(source, 'the url holds %00, which no value can')
  try {
    return decodeURIComponent(text)
  } catch (cause) {
    throw new InvalidConnectionError(source, 'the percent-encoded characters in the url are not UTF-8', {
      cause,
    })
  }
}
