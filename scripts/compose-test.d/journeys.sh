# Platforms play against the containers; load, scaling and restarts with a count at the end.
# shellcheck shell=bash

PROTOCOLS=(finserv pubres govproc yueyang fuzhou)

journeys() {
    local protocol number=11
    for protocol in "${PROTOCOLS[@]}"; do
        play "$protocol" "172.30.42.$number" || return 1
        number=$((number + 1))
    done
    until_true 240 all_told || { baohan callbacks list --state pending >&2; baohan parked list >&2; return 1; }
    note "$(grep -h '✓' "$WORK"/play-*.log | wc -l) interfaces played, $(count "select count(*) from callbacks") callbacks and questions acknowledged, none given up"
}

# What a platform was to be told or asked is acknowledged, or silent because it does not want it.
all_told() { [[ $(count "select count(*) from callbacks where state not in ('delivered', 'silent')") == 0 ]]; }

# The platform's container makes room for one that plays. What it asks of people is done at the desk, and told by Enter.
play() {
    local protocol=$1 address=$2 code=0 pipe=$WORK/play-$1.pipe
    compose stop "sandbox-$protocol" >/dev/null 2>&1
    rm -f "$pipe"
    mkfifo "$pipe"
    # Opened for both, so that nobody waits for the other to open it.
    exec 5<>"$pipe"
    compose run --rm -T --use-aliases "sandbox-$protocol" --config /etc/baohan/platform.toml play --listen "$address:8090" \
        --seed "$RANDOM" --patience 90 <&5 >"$WORK/play-$protocol.log" 2> >(attend "$protocol" >&5) || code=$?
    exec 5>&-
    rm -f "$pipe"
    compose start "sandbox-$protocol" >/dev/null 2>&1
    ((code == 0)) || { cat "$WORK/play-$protocol.log" >&2; return 1; }
}

# Reads what the story asks for, does it, and presses Enter.
attend() {
    local protocol=$1 line
    while IFS= read -r line || [[ $line ]]; do
        printf '%s\n' "$line" >>"$WORK/play-$protocol.err"
        [[ $line == *'please: '* ]] || continue
        serve "$protocol-demo" "${line#*please: }" >>"$WORK/play-$protocol.err" 2>&1 </dev/null || true
        echo
    done
}

serve() {
    local partner=$1 verb rest no
    read -r verb rest <<<"$2"
    case $verb in
    payout) baohan pay-claim "$rest" --by test ;;
    inquire)
        no=${rest#* }
        case $rest in
        insurers*) baohan inquire insurers --partner "$partner" --name "$no" ;;
        *) baohan inquire claim-detail "$no" ;;
        esac
        ;;
    decide | withdraw)
        # decide order NO --refuse WHY WITH BLANKS
        local words why
        why=${rest#*--refuse } && [[ $why != "$rest" ]] && rest=${rest%%--refuse*}--refuse || why=
        [[ $why ]] || { why=${rest#*--reason } && [[ $why != "$rest" ]] && rest=${rest%%--reason*}--reason || why=; }
        read -ra words <<<"$rest"
        baohan "$verb" "${words[@]}" ${why:+"$why"} --by test
        ;;
    *)
        local words
        read -ra words <<<"$rest"
        baohan "$verb" "${words[@]}" --by test
        ;;
    esac
}

# load MOST SEED: applications, one after the other, each until it is accepted, as many as MOST or until `enough`.
load() {
    docker exec "$(id_of sandbox-finserv)" bash -c '
        rm -f /tmp/enough
        for ((n = 1; n <= $1; n++)); do
            until /usr/local/bin/service --config /etc/baohan/platform.toml send apply_guarantee --seed "$2" --n "$n" >/dev/null 2>&1; do
                sleep 0.2
            done
            echo "$n"
            [[ ! -e /tmp/enough ]] || break
        done' _ "$1" "$2"
}
enough() { docker exec "$(id_of sandbox-finserv)" touch /tmp/enough; }
accepted() { wc -l <"$WORK/load.log"; }

issued() { count "select count(*) from orders where partner = 'finserv-demo' and state = 'issued'"; }
count() { docker exec "$(id_of postgres)" psql -qtAX -U postgres -d gateway -c "$1"; }

settled() {
    [[ $(count "select count(*) from callbacks where state <> 'delivered' and partner = 'finserv-demo' and event = 'guarantee_issued'") == 0 &&
        $(count "select count(*) from orders where partner = 'finserv-demo' and state = 'reviewing'") == 0 ]]
}

# Every accepted application is there once and was issued and told, and nothing is on its way any more.
kept() {
    empty_queue cmd.apply && settled && [[ $(($(issued) - $2)) == "$1" && $(count "select count(*) from outbox") == 0 ]]
}
all_kept() {
    until_true 240 kept "$@" || { say "$1 accepted, $(($(issued) - $2)) issued; outbox $(count "select count(*) from outbox")"; return 1; }
}

scaling() {
    local before pid n
    before=$(issued)
    load 5000 "$((RUN + 1))" >"$WORK/load.log" &
    pid=$!
    compose up -d --no-recreate --scale worker-apply=4 worker-apply >/dev/null 2>&1 || return 1
    until_true 180 consumers 4 || { say "four workers never were at the queue"; return 1; }
    n=$(accepted)
    until_true 60 more_than $((n + 40)) || { say "four workers, and nothing is accepted"; return 1; }
    compose up -d --no-recreate --scale worker-apply=1 worker-apply >/dev/null 2>&1 || return 1
    until_true 180 consumers 1 || { say "three workers did not leave"; return 1; }
    enough && wait $pid || return 1
    n=$(accepted)
    all_kept "$n" "$before" || return 1
    note "$n applications accepted meanwhile, issued once each, acknowledged"
}
more_than() { (($(accepted) > $1)); }

consumers() {
    [[ $(rabbitmqctl list_queues -p gw name consumers -q 2>/dev/null | awk '$1 == "cmd.apply" {print $2}') == "$1" ]]
}

rabbitmqctl() { docker exec -u rabbitmq -e HOME=/var/lib/rabbitmq "$(id_of rabbitmq)" /usr/lib/rabbitmq/bin/rabbitmqctl "$@"; }

# Everything that is there, one after the other; who sends the load comes last, when all of it is accepted.
restarts() {
    local before pid n service services=() began
    before=$(issued)
    mapfile -t services < <(docker ps --filter label=com.docker.compose.project=baohantest --filter label=com.docker.compose.oneoff=False \
        --format '{{.Label "com.docker.compose.service"}}' | grep -vx sandbox-finserv | sort -u)
    load 5000 "$((RUN + 2))" >"$WORK/load.log" &
    pid=$!
    for service in "${services[@]}"; do
        began=$(started "$service")
        compose restart -t 30 "$service" >/dev/null 2>&1 || { say "$service cannot be restarted"; return 1; }
        [[ $(started "$service") != "$began" ]] || { say "$service was not restarted"; return 1; }
    done
    until_true 240 all_healthy || { unhealthy >&2; return 1; }
    enough && wait $pid || return 1
    n=$(accepted)
    all_kept "$n" "$before" || return 1
    compose restart -t 30 sandbox-finserv >/dev/null 2>&1 || return 1
    note "$((${#services[@]} + 1)) containers restarted under load; $n applications accepted meanwhile, issued once each, acknowledged"
}
started() { docker inspect -f '{{.State.StartedAt}}' "$(id_of "$1")"; }
