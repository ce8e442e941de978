/**
 * SQL for settings that let the server notice soon that its client is gone, so that the lock of a dead run is freed: a
 * process that was killed within seconds, also in the middle of a statement; a machine that has vanished from the
 * network in less than a minute, where the server's system takes hours. What is set to notice sooner stays as it is, and
 * what a version or system does not have is left out (before PostgreSQL 16, only Linux tells of a client that has closed).
 * An expression that makes the settings, and gives them as a JSON array of what comes behind SET to make them again.
 */
export const NOTICE_LOST_CLIENT = `(select coalesce(
    json_agg(name || ' = ' || pg_catalog.quote_literal(pg_catalog.set_config(name, bound, false))), '[]')
  from (values
    ('client_connection_check_interval', '5000'),
    ('tcp_keepalives_idle', '20'), ('tcp_keepalives_interval', '10'), ('tcp_keepalives_count', '3'),
    ('tcp_user_timeout', '50000')
  ) as settings (name, bound)
  where case when pg_catalog.current_setting(name, true) ~ '^[0-9]+$'
    then pg_catalog.current_setting(name)::int not between 1 and bound::int end
    and (name ~ '^tcp' or pg_catalog.version() ~ 'linux'))`
