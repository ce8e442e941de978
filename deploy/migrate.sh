#!/bin/sh
# Brings the database to the revisions of this release, checks that it is there, and becomes the command given, if any:
#
#   migrate.sh                    a release phase, systemd's ExecStartPre, a Kubernetes Job
#   migrate.sh node server.js     the entrypoint of a container
#
# Which database: SQLBRAID_URL, DATABASE_URL, or sqlbraid.toml with SQLBRAID_ENV. How to call sqlbraid: SQLBRAID_COMMAND.
# Any number of these may start at once: one migrates, the others wait for it and find nothing to do.
# The exit code is sqlbraid's; a command given is only run after 0.
set -u

: "${SQLBRAID_COMMAND:=sqlbraid}"
export SQLBRAID_WAIT_FOR_DATABASE="${SQLBRAID_WAIT_FOR_DATABASE:-60s}"
export SQLBRAID_LOCK_WAIT="${SQLBRAID_LOCK_WAIT:-10min}"

say() {
  printf 'migrate.sh: %s\n' "$1" >&2
}

give_up() {
  case $1 in
    2) say 'wrong configuration, target or revision files; nothing was changed' ;;
    3) say 'there are revisions left to apply' ;;
    4) say 'another run held the lock for too long; try again when it has ended' ;;
    5) say 'a revision failed and was undone; those before it are applied' ;;
    6) say 'a revision without a transaction stopped half-way; see: sqlbraid status' ;;
    7) say 'the history has several heads or an ambiguous name' ;;
    8) say 'the database and these files disagree; see: sqlbraid status' ;;
    9) say 'the database could not be reached' ;;
    *) say "sqlbraid ended with $1" ;;
  esac
  exit "$1"
}

# Unquoted on purpose: the command may be several words, such as "npx sqlbraid".
# shellcheck disable=SC2086
run() {
  $SQLBRAID_COMMAND "$@"
}

run upgrade heads || give_up $?
run status --exit-code --quiet >/dev/null || give_up $?
say 'the database is up to date'

if [ $# -gt 0 ]; then
  exec "$@"
fi
