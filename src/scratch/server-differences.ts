import type { Session } from '../database/session.ts'
import type { ScratchServer } from './server.ts'

/** Why what is tried on the scratch server might go otherwise on the target's: sentences, none when they are alike. */
export async function serverDifferences(target: Session, scratch: ScratchServer): Promise<string[]> {
  const installed = await target.query('select extname as name from pg_catalog.pg_extension order by 1')
  const available = await scratch.query('select name from pg_catalog.pg_available_extensions')
  const known = new Set(available.map(({ name }) => name))
  const missing = installed.filter(({ name }) => !known.has(name)).map(({ name }) => name)
  const [there, here] = [target.server, scratch.facts].map(({ versionNumber }) =>
    Math.trunc(versionNumber / 10_000),
  )
  return [
    ...(there === here
      ? []
      : [`${scratch.description} is PostgreSQL ${here}, the database PostgreSQL ${there}`]),
    ...(missing.length === 0
      ? []
      : [`${scratch.description} does not have the extensions ${missing.join(', ')}`]),
  ]
}
