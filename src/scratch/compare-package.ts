import { ComparePackageMissingError } from '../errors/proof-errors.ts'

/** Loads what reads catalogs. Throws `ComparePackageMissingError`. */
export function loadExtraction() {
  return loaded(async () => {
    const [{ extract }, { buildFactBase }] = await Promise.all([
      import('@supabase/pg-delta/extract'),
      import('@supabase/pg-delta/core'),
    ])
    return { extract, buildFactBase }
  })
}

/** Loads what reads catalogs while there is time for it; whoever needs it hears what goes wrong. */
export function expectComparing(): void {
  loadExtraction().catch(() => {})
}

/** Loads what turns one catalog into another, which schemas that are the same do not need. Throws as `loadExtraction`. */
export function loadPlanning() {
  return loaded(async () => {
    const [{ plan }, { formatSqlStatements }] = await Promise.all([
      import('@supabase/pg-delta/plan'),
      import('@supabase/pg-delta/sql-format'),
    ])
    return { plan, formatSqlStatements }
  })
}

async function loaded<T>(load: () => Promise<T>): Promise<T> {
  try {
    return await load()
  } catch (cause) {
    throw new ComparePackageMissingError('@supabase/pg-delta', PG_DELTA_VERSION, { cause })
  }
}

// Its interface is not settled yet: each version is looked at before it is taken.
const PG_DELTA_VERSION = '1.0.0-alpha.34'
