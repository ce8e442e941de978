import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { InvalidConnectionError } from '../../errors/connection-errors.ts'
import type { Environment } from '../../settings/variables.ts'
import { requireKeyword } from './connection-string.ts'
import type { Keyword, Parameters, Sourced } from './keywords.ts'
import { userFiles } from './user-files.ts'

/**
 * What the service called `service` says, from the file `named`, else from the user's file, else from the
 * system's (PostgreSQL documentation, 34.17; parseServiceFile in fe-connect.c, whose syntax has no quotes and no
 * spaces around `=`). Throws InvalidConnectionError when there is no such service, or the file is broken.
 */
export function readService(service: Sourced, named: string | undefined, env: Environment): Parameters {
  const own = named || userFiles(env).services
  if (named && !existsSync(named)) {
    throw new InvalidConnectionError(service.source, `the service file ${named} does not exist`)
  }
  for (const file of [own, ...systemFiles(env)]) {
    const found = existsSync(file) ? findService(file, service.value) : undefined
    if (found !== undefined) return found
  }
  throw new InvalidConnectionError(
    service.source,
    `there is no service "${service.value}" (looked in ${own})`,
  )
}

function systemFiles(env: Environment): readonly string[] {
  // libpq knows its own from its build; Debian's and the usual one stand in for that.
  const folders = env['PGSYSCONFDIR'] ? [env['PGSYSCONFDIR']] : ['/etc/postgresql-common', '/etc']
  return folders.map(folder => join(folder, 'pg_service.conf'))
}

function findService(file: string, service: string): Parameters | undefined {
  let found: Map<Keyword, Sourced> | undefined
  for (const [index, raw] of readFileSync(file, 'utf8').split('\n').entries()) {
    const line = raw.trim()
    if (line.startsWith('[')) {
      if (found !== undefined) return found
      if (line.startsWith(`[${service}]`)) found = new Map()
    } else if (found !== undefined && line !== '' && !line.startsWith('#')) {
      const [keyword, value] = parseLine(line, `${file}:${index + 1}`)
      if (!found.has(keyword)) found.set(keyword, { value, source: `${file}:${index + 1}` })
    }
  }
  return found
}

function parseLine(line: string, source: string): readonly [Keyword, string] {
  const equals = line.indexOf('=')
  if (equals === -1) throw new InvalidConnectionError(source, 'expected keyword=value')
  const keyword = requireKeyword(line.slice(0, equals), source)
  if (keyword === 'service' || keyword === 'servicefile') {
    throw new InvalidConnectionError(source, 'a service cannot refer to another one')
  }
  return [keyword, line.slice(equals + 1)]
}
