import postgres from 'postgres'

/** A connection to look at a database with. The driver does not know libpq's `?host=/folder`, so the URL is taken apart. */
export function driverFor(url: string, max = 1): postgres.Sql {
  const { hostname, port, pathname, username, password, searchParams } = new URL(url)
  const secret = decodeURIComponent(password)
  return postgres({
    host: searchParams.get('host') ?? decodeURIComponent(hostname),
    port: Number(searchParams.get('port') ?? (port || 5432)),
    user: searchParams.get('user') ?? decodeURIComponent(username),
    database: decodeURIComponent(pathname.slice(1)),
    ...(secret && { password: secret }),
    max,
    onnotice: () => {},
  })
}
