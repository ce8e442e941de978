/**
 * SQL for settings that let the server notice soon that its client is gone, so that the locks of a dead run are freed: a
 * process that was killed within seconds, also in the middle of a statement; a machine that has vanished from the
 * network in less than a minute, where its system would take hours. What is set to notice sooner stays as it is; what a
 * version does not have is left out, and so is what a server refuses where its system cannot tell (Windows, say).
 * An expression that makes the settings, and gives them as a JSON array of what comes behind SET to make them again.
 */
export function noticeLostClient(during: 'the session' | 'the transaction'): string {
  return `(select coalesce(pg_catalog.json_agg(name || ' = ' ||
    pg_catalog.quote_literal(pg_catalog.set_config(name, bound, ${during === 'the transaction'}))), '[]')
from (values
  ('client_connection_check_interval', '5000'),
  ('tcp_keepalives_idle', '20'), ('tcp_keepalives_interval', '10'), ('tcp_keepalives_count', '3'),
  ('tcp_user_timeout', '50000')
) as settings (name, bound)
where case when pg_catalog.current_setting(name, true) ~ '^[0-9]+$'
  then pg_catalog.current_setting(name)::int not between 1 and bound::int end
  and (name ~ '^tcp' or pg_catalog.version() ~ 'linux'))`
}
