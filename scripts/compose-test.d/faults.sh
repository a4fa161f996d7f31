# What Prometheus sees: targets, dashboards' queries, and an alert for each fault that is made.
# shellcheck shell=bash

# prometheus PATH [QUERY]: its API, asked from the host.
prometheus() { curl -sS -G --max-time 10 "http://127.0.0.1:9095/api/v1/$1" ${2:+--data-urlencode "query=$2"}; }

targets_up() {
    prometheus 'targets?state=active' | python3 -c '
import json, sys
targets = json.load(sys.stdin)["data"]["activeTargets"]
down = [t["labels"] for t in targets if t["health"] != "up"]
services = {t["labels"].get("service") for t in targets} - {None}
print(len(targets), len(services), down)
sys.exit(bool(down) or len(services) < 19)'
}

targets() {
    until_true 60 targets_up || { targets_up >&2; return 1; }
    note "$(targets_up)"
}

queries() {
    until_true 60 dashboards_full || { dashboards_full >&2; return 1; }
    note "$(dashboards_full)"
}

# Every query of every dashboard, with the partner that plays, and short ranges as the test is short.
dashboards_full() {
    python3 - deploy/grafana/dashboards/*.json <<'PY'
import json, sys, urllib.parse, urllib.request
empty, asked = [], 0
for path in sys.argv[1:]:
    for panel in json.load(open(path))["panels"]:
        for target in panel["targets"]:
            query = target["expr"].replace("$partner", "finserv-demo")
            url = "http://127.0.0.1:9095/api/v1/query?" + urllib.parse.urlencode({"query": query})
            answer = json.load(urllib.request.urlopen(url, timeout=10))
            asked += 1
            if answer["status"] != "success" or not answer["data"]["result"]:
                empty.append(f"{path}: {panel['title']}: {query}")
print(f"{asked} queries, {len(empty)} without data")
print("\n".join(empty), file=sys.stderr)
sys.exit(bool(empty))
PY
}

fires() { prometheus alerts | grep -q "\"alertname\":\"$1\"[^}]*}[^}]*}[^}]*\"state\":\"firing\""; }

# expect ALERT: fires within two minutes.
expect() {
    local alert
    for alert in "$@"; do
        if until_true 120 fires "$alert"; then
            FIRED+=("$alert")
        else
            say "$alert did not fire"
            return 1
        fi
    done
}

sql() { docker exec "$(id_of postgres)" psql -qtAX -U postgres -d gateway -c "$1" >/dev/null; }
ask_once() { docker exec "$(id_of sandbox-finserv)" /usr/local/bin/service --config /etc/baohan/platform.toml send apply_guarantee --seed 31 --n "$1" >/dev/null 2>&1; }
forge() { for _ in {1..60}; do curl -s -o /dev/null -d '{}' http://127.0.0.1:8101/finserv-demo; done; }

# Something that no worker can read, in the queue of commands.
garbage() {
    local password
    password=$(<"$WORK/secrets/.rabbitmq_admin")
    curl -sS -u "admin:$password" -H 'content-type: application/json' \
        -d '{"properties":{"delivery_mode":2},"routing_key":"apply.finserv-demo","payload":"garbage","payload_encoding":"string"}' \
        http://127.0.0.1:15672/api/exchanges/gw/cmd/publish >/dev/null
}

alerts() {
    FIRED=()
    # A stopped service, and a queue nobody works on.
    compose stop worker-tender >/dev/null 2>&1
    expect ServiceGone QueueWithoutConsumer || return 1
    compose start worker-tender >/dev/null 2>&1
    # Redis, then PostgreSQL.
    compose stop redis >/dev/null 2>&1
    expect RedisUnreachable || return 1
    compose start redis >/dev/null 2>&1
    compose stop postgres >/dev/null 2>&1
    expect DatabaseUnreachable || return 1
    compose start postgres >/dev/null 2>&1
    until_true 120 all_healthy || return 1
    # Orders that wait for people: yueyang's are decided by nobody now.
    docker exec "$(id_of sandbox-yueyang)" /usr/local/bin/service --config /etc/baohan/platform.toml send apply --seed 41 >/dev/null 2>&1 || true
    sql "insert into claims select 'K0000000000000000001', partner, 'made', no, 'G', 'h', 'reviewing', 1, '{}', now() - interval '1 hour', now() from orders limit 1"
    expect DecisionsWait || return 1
    sql "delete from claims where no = 'K0000000000000000001'"
    # A message nobody can read.
    garbage
    expect MessagesParked || return 1
    # Forged requests.
    forge
    expect RequestsForged || return 1
    # A platform that is gone: attempts fail, the breaker opens, the schedule is spent.
    local n
    for n in {1..12}; do ask_once "$n"; done
    compose stop sandbox-pubres >/dev/null 2>&1
    docker exec "$(id_of sandbox-finserv)" true
    silence || return 1
    expect CallbacksFail PartnerUnreachable || return 1
    expect CallbacksGivenUp || return 1
    compose start sandbox-pubres sandbox-finserv >/dev/null 2>&1
    # RabbitMQ out of memory, then gone.
    rabbitmqctl set_vm_memory_high_watermark 0.00001 >/dev/null
    expect BrokerAlarm || return 1
    for n in {101..103}; do ask_once "$n" || true; done
    expect PublishesUnconfirmed RequestsUnavailable || return 1
    sql "insert into outbox (aggregate, exchange, routing_key, message_id, headers, payload, created_at) values ('test', 'cmd', 'apply.finserv-demo', 'test-stuck', '{}', 'x', now())"
    expect OutboxStuck || return 1
    sql "delete from outbox where message_id = 'test-stuck'"
    rabbitmqctl set_vm_memory_high_watermark 0.4 >/dev/null
    compose stop rabbitmq >/dev/null 2>&1
    expect BrokerUnreachable || return 1
    compose start rabbitmq >/dev/null 2>&1
    until_true 180 all_healthy || { unhealthy >&2; return 1; }
    # Waiting messages moved at most once: the policy is broken by hand and mended again.
    broken_policy || return 1
    note "${#FIRED[@]} fired: ${FIRED[*]}; the others are proved by promtool test rules alone"
}

# Applications whose platform does not listen: its container is stopped once they are accepted.
silence() {
    local n
    rabbitmqctl -q list_queues -p gw name >/dev/null || return 1
    compose stop egress-finserv >/dev/null 2>&1
    for n in {201..214}; do ask_once "$n"; done
    compose stop sandbox-finserv >/dev/null 2>&1
    compose start egress-finserv >/dev/null 2>&1
}

broken_policy() {
    local definition
    definition='{"dead-letter-exchange":"due","message-ttl":1000,"overflow":"reject-publish"}'
    rabbitmqctl set_policy -p gw --priority 9 --apply-to queues test-unsafe '^wait\.1s$' "$definition" >/dev/null
    compose stop sandbox-finserv >/dev/null 2>&1
    compose stop egress-finserv >/dev/null 2>&1
    compose start sandbox-finserv >/dev/null 2>&1
    local n
    for n in {301..304}; do ask_once "$n"; done
    compose stop sandbox-finserv >/dev/null 2>&1
    compose start egress-finserv >/dev/null 2>&1
    expect DeadLettersUnsafe || return 1
    rabbitmqctl clear_policy -p gw test-unsafe >/dev/null
    compose start sandbox-finserv >/dev/null 2>&1
}
