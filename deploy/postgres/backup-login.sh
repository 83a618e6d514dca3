#!/bin/sh
# Run by PostgreSQL's image when it makes the database: a login that may copy the server and reads no table.
set -eu
psql --quiet --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" <<'SQL'
\set password `cat /run/secrets/PARLEY_BACKUP_PASSWORD`
CREATE ROLE parley_backup LOGIN REPLICATION PASSWORD :'password';
SQL
echo 'host replication parley_backup all scram-sha-256' >>"$PGDATA/pg_hba.conf"
