# Redis: the fast path for repeats, nonces and tokens. Append-only, so that a restart is not a flush.
# shellcheck shell=bash

redis_prepare() {
    local home=$HOME_DIR/redis password port
    mkdir -p "$home"
    password=$(secret)
    port=$(free_port)
    printf '%s' "$port" >"$STACK/redis.port"
    cat >"$home/redis.conf" <<CONF
bind 127.0.0.1
port $port
dir $home
requirepass $password
appendonly yes
appendfsync everysec
save ""
daemonize no
CONF
    chmod 600 "$home/redis.conf"
    give redis "$home"
    export GATEWAY_REDIS_URL=redis://default:$password@127.0.0.1:$port/0
}

redis_launch() {
    [[ ${REDIS_SERVER:-} ]] || find_programs
    launch redis "$REDIS_SERVER" "$HOME_DIR/redis/redis.conf"
}

redis_ready() { listening "$(<"$STACK/redis.port")"; }
redis_settle() { :; }
