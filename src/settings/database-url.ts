import { DatabaseNotConfiguredError } from '../errors/settings-errors.ts'
import type { KeyValues } from './keys.ts'
import { type Environment, type ExpandedText, expandVariables, requireText } from './variables.ts'

/** The url that won, and which of the ways to give one it came from, in the user's words. */
export interface UrlChoice extends ExpandedText {
  readonly source: string
}

/** Which database is meant: `url` may be empty, then libpq's variables (named in `source`) say all. */
export interface DatabaseUrl {
  readonly url: string
  readonly source: string
}

/**
 * The database that the settings name. Throws DatabaseNotConfiguredError when there is none, and UnsetVariableError
 * when the url reads a variable that is not set; commands that need no database never ask.
 */
export function databaseUrl({ url }: { readonly url: UrlChoice | undefined }): DatabaseUrl {
  if (url === undefined) throw new DatabaseNotConfiguredError()
  return { url: requireText(url, url.source), source: url.source }
}

/** The server for throw-away databases that `[scratch] url` names, if it does. Throws UnsetVariableError. */
export function scratchUrl({ scratch }: Pick<KeyValues, 'scratch'>): DatabaseUrl | undefined {
  const source = '[scratch] url in sqlbraid.toml'
  return scratch?.url === undefined ? undefined : { url: requireText(scratch.url, source), source }
}

/** Where a url may have been written. */
export interface UrlSources {
  readonly flag: string | undefined
  readonly env: Environment
  /** The environment that was named, and its url as the file writes it. */
  readonly environment: string | undefined
  readonly ofEnvironment: unknown
  readonly ofFile: unknown
}

/** The first url in order of strength; an empty one counts as none. */
export function chooseUrl({
  flag,
  env,
  environment,
  ofEnvironment,
  ofFile,
}: UrlSources): UrlChoice | undefined {
  const libpq = LIBPQ_VARIABLES.filter(name => env[name])
  const candidates: readonly UrlChoice[] = [
    { source: '--url', ...literal(flag) },
    { source: 'SQLBRAID_URL', ...literal(env['SQLBRAID_URL']) },
    { source: `url of [env.${environment}] in sqlbraid.toml`, ...expanded(ofEnvironment, env) },
    { source: 'DATABASE_URL', ...literal(env['DATABASE_URL']) },
    { source: 'url in sqlbraid.toml', ...expanded(ofFile, env) },
  ]
  const given = candidates.find(({ text }) => text !== '')
  if (given !== undefined) return given
  return libpq.length === 0 ? undefined : { source: libpq.join(', '), text: '', unset: [] }
}

// Those that say where to go; PGPASSWORD or PGSSLMODE alone name no database.
const LIBPQ_VARIABLES = ['PGSERVICE', 'PGHOST', 'PGHOSTADDR', 'PGPORT', 'PGDATABASE', 'PGUSER']

function literal(text = ''): ExpandedText {
  return { text, unset: [] }
}

function expanded(written: unknown, env: Environment): ExpandedText {
  return typeof written === 'string' ? expandVariables(written, env) : literal()
}
