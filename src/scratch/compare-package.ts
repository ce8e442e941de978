import { ComparePackageMissingError } from '../errors/proof-errors.ts'

/** Loads what reads, compares and changes catalogs. Throws `ComparePackageMissingError`. */
export async function loadPgDelta() {
  try {
    const [{ extract }, { plan }, { buildFactBase }, { formatSqlStatements }] = await Promise.all([
      import('@supabase/pg-delta/extract'),
      import('@supabase/pg-delta/plan'),
      import('@supabase/pg-delta/core'),
      import('@supabase/pg-delta/sql-format'),
    ])
    return { extract, plan, buildFactBase, formatSqlStatements }
  } catch (cause) {
    throw new ComparePackageMissingError('@supabase/pg-delta', PG_DELTA_VERSION, { cause })
  }
}

// Its interface is not settled yet: each version is looked at before it is taken.
const PG_DELTA_VERSION = '1.0.0-alpha.34'
