import type postgres from 'postgres'

/**
 * What a database holds, as PostgreSQL writes it, the ledger and the tables `except` left out: tables with their columns,
 * constraints, triggers and comments, indexes, views, sequences, functions, types, rules. What only tells the past (such
 * as the numbers of columns) does not count.
 */
export async function catalogOf(
  sql: postgres.Sql,
  except: readonly string[] = [],
): Promise<readonly string[]> {
  const rows = await sql`
    with schemas as (
      select oid, nspname from pg_namespace where nspname !~ '^(pg_|information_schema$|sqlbraid$|sqitch$)'
    ), relations as (
      select c.oid, relkind, format('%s %s.%s', relkind, nspname, relname) as name
      from pg_class c join schemas s on relnamespace = s.oid where relname <> all(${[...except]}::text[])
    )
    select name as written from relations where relkind in ('r', 'p', 'v', 'm', 'S')
    union all
    select format('%s: %s %s %s %s', name, attname, format_type(atttypid, atttypmod), attnotnull, pg_get_expr(adbin, adrelid))
      from relations r join pg_attribute on attrelid = r.oid and attnum > 0 and not attisdropped
      left join pg_attrdef on adrelid = attrelid and adnum = attnum where relkind in ('r', 'p', 'v', 'm')
    union all
    select format('%s has %s', name, (select string_agg(attname, ', ' order by attnum) from pg_attribute
        where attrelid = r.oid and attnum > 0 and not attisdropped)) from relations r where relkind in ('r', 'p')
    union all
    select format('%s: %s %s', name, conname, pg_get_constraintdef(c.oid)) from relations r join pg_constraint c on conrelid = r.oid
    union all select pg_get_triggerdef(t.oid) from relations r join pg_trigger t on tgrelid = r.oid where not tgisinternal
    union all select pg_get_ruledef(w.oid) from relations r join pg_rewrite w on ev_class = r.oid
    union all select pg_get_indexdef(i.indexrelid) from relations r join pg_index i on i.indrelid = r.oid
    union all select format('%s %s: %s', name, objsubid, description) from relations r join pg_description on objoid = r.oid
    union all select pg_get_functiondef(p.oid) from schemas s join pg_proc p on pronamespace = s.oid where prokind in ('f', 'p')
    union all select format('%s.%s of %s', nspname, typname, enumlabel)
      from schemas s join pg_type t on typnamespace = s.oid join pg_enum on enumtypid = t.oid
    order by written`
  return rows.map(({ written }) => String(written))
}
