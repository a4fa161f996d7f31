#!/bin/sh
# First start of PostgreSQL: the role of the workers, which owns its database and nothing else.
psql -qX -v ON_ERROR_STOP=1 -U "$POSTGRES_USER" -d postgres -v password="$(cat /run/secrets/postgres_gateway)" <<'SQL'
create role gateway login password :'password';
create database gateway owner gateway;
revoke connect on database gateway from public;
SQL
