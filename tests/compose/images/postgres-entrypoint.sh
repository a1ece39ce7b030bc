#!/bin/bash
# What of the official image's contract the compose file relies on, for the stand-in that tests build: the first start
# makes a cluster with POSTGRES_INITDB_ARGS and the password of POSTGRES_PASSWORD_FILE, later ones just start.
set -euo pipefail
export PGDATA=/var/lib/postgresql/18/docker
if [ ! -s "$PGDATA/PG_VERSION" ]; then
    [ -s "${POSTGRES_PASSWORD_FILE:-}" ] || { echo "Error: Database is uninitialized and superuser password is not specified." >&2; exit 1; }
    mkdir -p "$PGDATA"
    # Split on purpose, as the official script does.
    eval 'initdb --username=postgres --pwfile=<(cat "$POSTGRES_PASSWORD_FILE") '"${POSTGRES_INITDB_ARGS:-}"
    printf '\nhost all all all scram-sha-256\n' >>"$PGDATA/pg_hba.conf"
fi
exec "$@" -c listen_addresses='*' -c unix_socket_directories=/var/run/postgresql
