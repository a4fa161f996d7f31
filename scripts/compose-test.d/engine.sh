# The Docker engine: one that answers, or one of our own that ends with the test.
# shellcheck shell=bash

say() { printf 'compose-test: %s\n' "$*" >&2; }
die() { say "$*"; exit 1; }

engine_find() {
    if ! command -v docker-compose >/dev/null && ! docker compose version >/dev/null 2>&1; then engine_install; fi
    command -v dockerd >/dev/null || docker version >/dev/null 2>&1 || engine_install
    command -v promtool >/dev/null || engine_install
    ! own_engine || export DOCKER_HOST=unix://$WORK/docker.sock
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

# An engine of our own lives in network and mount namespaces of its own: its bridges, packet filter rules and mounts are not
# the machine's, and end with it. What listens on its loopback is asked from in there (`inside`).
engine_start() {
    ((EUID == 0)) || die "no Docker engine answers, and only root can start one"
    say "starting an engine for this test"
    mkdir -p "$WORK"
    rm -f "$WORK/docker.sock" "$WORK/dockerd.pid"
    setsid unshare --net --mount --propagation private sh -c '
        ip link set lo up
        exec dockerd --data-root "$1/docker" --exec-root "$1/exec" --pidfile "$1/dockerd.pid" -H "unix://$1/docker.sock"
    ' sh "$WORK" </dev/null >"$WORK/dockerd.log" 2>&1 &
    disown
    export DOCKER_HOST=unix://$WORK/docker.sock
    until_true 60 docker version || { tail -n 20 "$WORK/dockerd.log" >&2; die "dockerd did not start"; }
}

own_engine() { [[ -s $WORK/dockerd.pid ]] && kill -0 "$(<"$WORK/dockerd.pid")" 2>/dev/null; }

# inside COMMAND…: where the engine's published ports are.
inside() {
    if own_engine; then nsenter --net="/proc/$(<"$WORK/dockerd.pid")/ns/net" "$@"; else "$@"; fi
}

engine_stop() {
    local pid
    own_engine || { rm -f "$WORK/docker.sock" "$WORK/dockerd.pid"; return 0; }
    pid=$(<"$WORK/dockerd.pid")
    kill "$pid" 2>/dev/null || return 0
    until_true 60 gone "$pid" || return 1
    rm -rf "$WORK/docker.sock" "$WORK/dockerd.pid" "$WORK/exec"
    # It leaves these empty; where they are not, they are somebody's.
    rmdir /sys/fs/cgroup/docker /sys/fs/cgroup/*/docker 2>/dev/null || true
    unset DOCKER_HOST
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
