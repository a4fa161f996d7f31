# PostgreSQL: the truth. fsync stays on, because tests kill it and count afterwards.
# shellcheck shell=bash

postgres_prepare() {
    local home=$HOME_DIR/postgres password port
    mkdir -p "$home"
    port=$(free_port)
    password=$(secret)
    printf '%s' "$port" >"$STACK/postgres.port"
    printf '%s' "$password" >"$home/password"
    chmod 700 "$home"
    give postgres "$home"
    export GATEWAY_POSTGRES_URL=postgres://gateway:$password@127.0.0.1:$port/gateway
    # The owner reaches it over the socket in a directory nobody else can enter; everyone else by password.
    if ! (cd "$home" && as postgres "$POSTGRES_BIN/initdb" -D "$home/data" -U postgres --no-sync \
        --encoding=UTF8 --locale=C.UTF-8 --auth-local=trust --auth-host=scram-sha-256) >"$home/initdb.log" 2>&1; then
        tail -n 15 "$home/initdb.log" >&2
        die "initdb failed"
    fi
    cat >>"$home/data/postgresql.conf" <<CONF
listen_addresses = '127.0.0.1'
port = $port
unix_socket_directories = '$home'
max_connections = 300
fsync = on
synchronous_commit = on
CONF
}

postgres_launch() {
    [[ ${POSTGRES_BIN:-} ]] || find_programs
    # A killed server leaves its lock files. They are believed while the old process is not reaped yet, although
    # nothing of that family is alive any more: `launch` is only reached then.
    rm -f "$HOME_DIR/postgres/data/postmaster.pid" "$HOME_DIR/postgres"/.s.PGSQL.*.lock
    launch postgres "$POSTGRES_BIN/postgres" -D "$HOME_DIR/postgres/data"
}

postgres_ready() {
    "$POSTGRES_BIN/pg_isready" -q -h 127.0.0.1 -p "$(<"$STACK/postgres.port")"
}

# The services' role may create databases (each test has its own), and nothing else beyond its own.
postgres_settle() {
    local home=$HOME_DIR/postgres
    (cd "$home" && as postgres "$POSTGRES_BIN/psql" -X -q -v ON_ERROR_STOP=1 -h "$home" \
        -p "$(<"$STACK/postgres.port")" -U postgres postgres) <<SQL
create role gateway login createdb password '$(<"$home/password")';
create database gateway owner gateway;
SQL
    rm -f "$home/password"
}
