# The Docker engine: one that answers, or one of our own that ends with the test.
# shellcheck shell=bash

say() { printf 'compose-test: %s\n' "$*" >&2; }
die() { say "$*"; exit 1; }

engine_find() {
    if ! command -v docker-compose >/dev/null && ! docker compose version >/dev/null 2>&1; then engine_install; fi
    command -v dockerd >/dev/null || docker version >/dev/null 2>&1 || engine_install
    command -v promtool >/dev/null || engine_install
    [[ -S $WORK/docker.sock ]] && export DOCKER_HOST=unix://$WORK/docker.sock
    docker version >/dev/null 2>&1 || engine_start
    if docker compose version >/dev/null 2>&1; then COMPOSE=(docker compose); else COMPOSE=(docker-compose); fi
    say "engine $(docker version --format '{{.Server.Version}}'), ${COMPOSE[*]} $("${COMPOSE[@]}" version --short)"
}

engine_install() {
    local packages=(docker.io docker-compose debootstrap iptables prometheus)
    { ((EUID == 0)) && command -v apt-get >/dev/null; } || die "missing; install: apt-get install ${packages[*]}"
    say "installing ${packages[*]}; their system services stay off"
    # shellcheck source=/dev/null
    (
        . scripts/services.d/ground.sh
        . scripts/services.d/packages.sh
        PACKAGES=("${packages[@]}")
        install_packages
    )
}

engine_start() {
    ((EUID == 0)) || die "no Docker engine answers, and only root can start one"
    say "starting an engine for this test"
    mkdir -p "$WORK"
    setsid dockerd --data-root "$WORK/docker" --exec-root "$WORK/exec" --pidfile "$WORK/dockerd.pid" \
        -H "unix://$WORK/docker.sock" </dev/null >"$WORK/dockerd.log" 2>&1 &
    disown
    export DOCKER_HOST=unix://$WORK/docker.sock
    until_true 60 docker version || { tail -n 20 "$WORK/dockerd.log" >&2; die "dockerd did not start"; }
}

engine_stop() {
    local pid
    [[ -s $WORK/dockerd.pid ]] || return 0
    pid=$(<"$WORK/dockerd.pid")
    kill "$pid" 2>/dev/null || return 0
    until_true 60 gone "$pid"
    rm -f "$WORK/docker.sock" "$WORK/dockerd.pid"
}

gone() { ! kill -0 "$1" 2>/dev/null; }

# until_true SECONDS COMMAND…: polls, with a bound.
until_true() {
    local until=$((SECONDS + $1))
    shift
    until "$@" >/dev/null 2>&1; do
        ((SECONDS < until)) || return 1
        sleep 0.5
    done
}
