# Steps and their results; images, secrets, containers.
# shellcheck shell=bash

TESTED=sandbox,monitoring

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

finish() {
    {
        printf '%s, commit %s, %s, profile %s, engine %s, %s %s.\n\n' "$(date -u +'%F %H:%M UTC')" "$(git rev-parse --short HEAD)" \
            "$(nproc) cores" "${PROFILE:-dev}" "$(docker version --format '{{.Server.Version}}')" "${COMPOSE[*]}" \
            "$("${COMPOSE[@]}" version --short)"
        printf '| step | | time | |\n|---|---|---:|---|\n'
        cat "$WORK/result"
    } >"$WORK/result.md"
    cat "$WORK/result.md"
}

bases() {
    local missing=()
    docker image inspect baohan/runtime:local >/dev/null 2>&1 || missing+=(runtime)
    docker image inspect baohan/postgres:local >/dev/null 2>&1 || missing+=(backing)
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
    sed -i -E 's/^( *)for: .*/\1for: 2s/; s/interval: 15s/interval: 2s/; s/> 14400/> 3/; s/> 900"/> 20"/; s/> 60"/> 5"/; s/> 1000 and/> 20 and/; s/\[10m\]/[1m]/g; s/\[5m\]/[1m]/g' "$WORK/prometheus/rules.yml"
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
    note "$(docker ps -q | wc -l) containers"
}

unhealthy() {
    docker ps --format '{{.Names}} {{.Status}}' | grep -E 'unhealthy|starting|Restarting' || true
    docker ps -a --filter status=exited --format '{{.Names}} {{.Status}}' | grep -vE '_(check|migrate)_|-(check|migrate)-|Exited \(0\)' || true
}
all_healthy() { [[ -z $(unhealthy) ]]; }

teardown() {
    [[ ${COMPOSE[*]:-} ]] || return 0
    [[ ! -s $WORK/env ]] || COMPOSE_PROFILES=sandbox,monitoring,tools,production,dashboards compose down -v --remove-orphans >/dev/null 2>&1 || true
    engine_stop
}
