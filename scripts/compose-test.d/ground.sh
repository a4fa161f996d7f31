# Steps and their results; images, secrets, containers.
# shellcheck shell=bash

TESTED=sandbox,monitoring
# Bidders of their own for each run: with --keep a second one finds those of the first.
RUN=$((SRANDOM % 100000 * 100))

compose() { "${COMPOSE[@]}" --env-file "$WORK/env" -p baohantest "$@"; }
container() { printf 'baohantest_%s_1' "$1"; }
# Names differ between the two generations of compose; ids do not.
id_of() {
    docker ps -q --filter label=com.docker.compose.project=baohantest --filter "label=com.docker.compose.service=$1" \
        --filter label=com.docker.compose.oneoff=False | head -n 1
}
baohan() { docker exec "$DESK" /usr/local/bin/service "$@"; }

# step WHAT FUNCTION: times it, and ends the test where it fails.
step() {
    local began=$SECONDS what=$1 note=
    say "── $what"
    : >"$WORK/note"
    if "$2"; then
        note=$(<"$WORK/note")
        printf '| %s | ✓ | %s s | %s |\n' "$what" $((SECONDS - began)) "$note" >>"$WORK/result"
    else
        printf '| %s | ✗ | %s s | %s |\n' "$what" $((SECONDS - began)) "$(<"$WORK/note")" >>"$WORK/result"
        finish
        die "failed: $what"
    fi
}

note() { printf '%s' "$*" >"$WORK/note"; say "$*"; }

# The tables as they are committed: deploy/compose-test.md is written by a run that went through, and by nothing else.
finish() {
    {
        printf '# The last run of `make compose-test` · 最近一次容器部署测试\n\n'
        printf 'Written by `scripts/compose-test`. %s, commit %s, %s cores, programs of profile %s, Docker %s (%s), %s,\n' \
            "$(date -u +'%F %H:%M UTC')" "$(git rev-parse --short HEAD)" "$(nproc)" "${PROFILE:-dev}" "${ENGINE[@]}"
        printf 'RabbitMQ %s, PostgreSQL %s, Redis %s, Prometheus %s. %s minutes in all.\n\n' "${VERSIONS[@]}" $((SECONDS / 60))
        printf '| step | | time | what was seen |\n|---|---|---:|---|\n'
        cat "$WORK/result"
        [[ ! -s $WORK/alerts ]] || alerts_told
    } >"$WORK/result.md"
    cat "$WORK/result.md"
}

alerts_told() {
    printf '\n## Alerts\n\nThe rules of `deploy/prometheus/rules.yml` with less patience: `for` is 2 s, ranges are 1 minute, a queue is long\n'
    printf 'at 20, a callback late after 20 s, the outbox stuck after 5 s, a decision late after 3 s, a disk fills within a minute.\n'
    printf 'With their real patience they are proved by `promtool test rules`.\n\n'
    printf '| alert | the fault that was made | fired after |\n|---|---|---:|\n'
    cat "$WORK/alerts"
}

# What the tables are about, asked while it runs.
versions() {
    ENGINE=("$(docker version --format '{{.Server.Version}}')" "$(docker info --format '{{.Driver}}')" \
        "${COMPOSE[*]} $("${COMPOSE[@]}" version --short)")
    VERSIONS=(- - - -)
    [[ $(id_of rabbitmq) ]] || return 0
    VERSIONS=("$(rabbitmqctl version 2>/dev/null)" "$(count 'show server_version' | awk '{print $1}')" \
        "$(docker exec "$(id_of redis)" redis-server --version | grep -o 'v=[0-9.]*' | cut -c3-)" \
        "$(prometheus status/buildinfo | grep -o '"version":"[^"]*"' | cut -d'"' -f4)")
}

bases() {
    local missing=()
    docker image inspect baohan/runtime:local >/dev/null 2>&1 || missing+=(runtime)
    docker image inspect baohan/postgres:local >/dev/null 2>&1 || missing+=(backing)
    ((${#missing[@]})) || printf '| base images by debootstrap | ✓ | – | there, from an earlier run |\n' >>"$WORK/result"
    for each in "${missing[@]}"; do step "base image $each by debootstrap" "base_$each"; done
}
base_runtime() { deploy/base/make runtime; }
base_backing() { deploy/base/make backing; }

programs() {
    PROFILE=${PROFILE:-dev} scripts/binaries
}

settings() {
    deploy/prepare --sandbox "$WORK/secrets"
    rm -rf "$WORK/prometheus"
    cp -r deploy/prometheus "$WORK/prometheus"
    # The same rules, with less patience: a test waits seconds for what an operator is told after minutes.
    sed -i -E 's/^( *)for: .*/\1for: 2s/; s/interval: 15s/interval: 2s/; s/> 14400/> 3/; s/> 900"/> 20"/; s/> 60"/> 5"/; s/> 1000 and/> 20 and/; s/\[10m\]/[1m]/g; s/\[5m\]/[1m]/g; s/predict_linear\((.*)\[1h\], 24 \* 3600\)/predict_linear(\1[1m], 60)/' "$WORK/prometheus/rules.yml"
    sed -i -E 's/(scrape_interval|evaluation_interval): .*/\1: 2s/; s/refresh_interval: .*/refresh_interval: 2s/' "$WORK/prometheus/prometheus.yml"
    cat >"$WORK/env" <<ENV
COMPOSE_PROFILES=$TESTED
ENVIRONMENT=sandbox
SECRETS=$WORK/secrets
PROMETHEUS=$WORK/prometheus
BUILD_BASE=baohan/runtime:local
RUNTIME_BASE=baohan/runtime:local
RABBITMQ_IMAGE=baohan/rabbitmq:local
REDIS_IMAGE=baohan/redis:local
POSTGRES_IMAGE=baohan/postgres:local
PROMETHEUS_IMAGE=baohan/prometheus:local
ALERTMANAGER_IMAGE=baohan/alertmanager:local
REVISION=$(git rev-parse HEAD)
ENV
    compose config >"$WORK/config.yml"
}

images() {
    compose build -q 2>&1 | grep -vE 'DEPRECATED|buildx|docs.docker|^ *$' >&2 || true
    note "$(docker images 'baohan/worker-apply' --format '{{.Size}}') the largest; $(docker images 'baohan/runtime' --format '{{.Size}}') of it is shared by all"
}

up() {
    compose up -d >"$WORK/up.log" 2>&1 || { tail -n 20 "$WORK/up.log" >&2; compose logs check migrate >&2; return 1; }
    until_true 180 all_healthy || { unhealthy >&2; return 1; }
    # The operator's desk for the whole test.
    DESK=$(compose run -d --entrypoint "sleep 36000" baohan 2>/dev/null | tail -n 1)
    versions
    note "$(docker ps -q | wc -l) containers"
}

unhealthy() {
    docker ps --format '{{.Names}} {{.Status}}' | grep -E 'unhealthy|starting|Restarting' || true
    docker ps -a --filter status=exited --format '{{.Names}} {{.Status}}' | grep -vE '_(check|migrate)_|-(check|migrate)-|Exited \(0\)' || true
}
all_healthy() { [[ -z $(unhealthy) ]]; }

teardown() {
    [[ ${COMPOSE[*]:-} ]] || return 0
    if [[ -s $WORK/env ]] && docker version >/dev/null 2>&1; then
        COMPOSE_PROFILES=sandbox,monitoring,tools,production,dashboards compose down -v --remove-orphans >/dev/null 2>&1 || return 1
    fi
    engine_stop
}

# What a run could leave behind on this machine: of an engine of its own everything, of one that was there what it made in it.
traces() {
    ip -o link show 2>/dev/null | awk -F'[:@] *' '$2 ~ /^(docker|br-|veth)/ {print "link", $2}'
    iptables-save 2>/dev/null | sed -E '/^#/d; s/ *\[[0-9]+:[0-9]+\]//; s/^/rule /'
    awk -v work="$WORK/" 'index($5, work) == 1 {print "mount", $5}' /proc/self/mountinfo
    pgrep -fa "$WORK/(exec|docker)" | sed 's/^[0-9]*/process/'
    find /sys/fs/cgroup -maxdepth 3 -type d \( -name docker -o -path '*/docker/*' \) 2>/dev/null | sed 's/^/cgroup /'
    if docker version >/dev/null 2>&1; then
        docker ps -aq | sed 's/^/container /'
        docker network ls -q | sed 's/^/network /'
        docker volume ls -q | sed 's/^/volume /'
    fi
}

nothing_left() {
    local left
    teardown || { say "not everything could be ended"; return 1; }
    left=$(comm -13 <(sort <<<"$TRACES") <(traces | sort))
    [[ -z $left ]] || { say "left behind: $left"; return 1; }
    note "no container, network, volume, bridge, packet filter rule, mount or process that was not there before"
}
