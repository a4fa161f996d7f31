# A fault for each alert, made and mended: services, their stores, the broker. Partners' faults are in partners.sh.
# shellcheck shell=bash

alerts() {
    local wanted fired
    : >"$WORK/alerts"
    until_true 240 quiet || { say "before any fault: $(firing | tr '\n' ' ')"; return 1; }
    sender || return 1
    local made
    for made in worker_stopped worker_frozen redis_gone database_gone nobody_decides unreadable handed_out_too_often \
        unroutable forged platform_gone dead_letters broker_full broker_gone churn disk_fills; do
        "$made" || { say "fault $made: $(firing | tr '\n' ' ')"; return 1; }
    done
    # Every alert there is, and every one rests once its fault is mended.
    wanted=$(sed -n 's/^ *- alert: //p' deploy/prometheus/rules.yml | sort)
    fired=$(awk '{print $2}' "$WORK/alerts" | sort -u)
    [[ $wanted == "$fired" ]] || { diff <(echo "$wanted") <(echo "$fired") >&2; return 1; }
    until_true 300 all_healthy || { unhealthy >&2; return 1; }
    until_true 300 quiet || { say "after every fault was mended: $(firing | tr '\n' ' ')"; return 1; }
    note "all $(wc -w <<<"$wanted") fired for their fault and reached Alertmanager; none before it, none once all is mended"
}

start() { compose start "$@" >/dev/null 2>&1 && until_true 180 all_healthy; }
stop() { compose stop "$@" >/dev/null 2>&1; }
policy() { rabbitmqctl -q set_policy -p gw --priority 9 --apply-to queues "test-$1" "$2" "$3" >/dev/null; }
policy_away() { rabbitmqctl -q clear_policy -p gw "test-$1" >/dev/null; }
waiting_in() { rabbitmqctl -q list_queues -p gw name messages 2>/dev/null | awk -v queue="$1" '$1 == queue {print $2}'; }
empty_queue() { [[ $(waiting_in "$1") == 0 ]]; }

# broker_api PATH BODY: RabbitMQ's HTTP interface, as its administrator.
broker_api() {
    inside curl -sS -f --max-time 20 -u "admin:$(<"$WORK/secrets/.rabbitmq_admin")" -H 'content-type: application/json' -d "$2" \
        "http://127.0.0.1:15672/api/$1"
}
# publish EXCHANGE KEY: something that no worker can read.
publish() {
    broker_api "exchanges/gw/$1/publish" "{\"properties\":{\"delivery_mode\":2,\"message_id\":\"test-$RANDOM\"},\"routing_key\":\"$2\",\"payload\":\"garbage\",\"payload_encoding\":\"string\"}" >/dev/null
}
discard() { baohan parked discard --all --queue "$1" --by test >/dev/null && until_true 60 empty_queue "$1"; }

worker_stopped() {
    fault "worker-apply is stopped, 60 applications arrive" ServiceGone QueueWithoutConsumer QueueGrows || return 1
    stop worker-apply
    load 60 "$((RUN + 10))" >/dev/null || return 1
    expect 240 ServiceGone QueueWithoutConsumer QueueGrows || return 1
    start worker-apply
    until_true 240 settled
}

# Frozen, not ended: its connection stays until the heartbeat finds out.
no_acks() { sees 'sum(rate(rabbitmq_global_messages_acknowledged_total{queue_type="rabbit_quorum_queue"}[1m])) == 0'; }
worker_frozen() {
    until_true 240 no_acks || return 1
    fault "worker-apply is frozen with applications in hand, and asked" MessagesStuck AnswersSlow || return 1
    docker pause "$(id_of worker-apply)" >/dev/null
    local n ended=0
    for n in {1..3}; do ask_once "$((RUN + 20))" "$n" || ended=1; done
    expect 60 MessagesStuck || ended=1
    for n in {1..4}; do query_once "$((RUN + 20))" "$n" & done
    expect 120 AnswersSlow || ended=1
    docker unpause "$(id_of worker-apply)" >/dev/null
    ((ended == 0)) && until_true 180 all_healthy && until_true 240 settled
}

redis_gone() {
    fault "Redis is stopped" RedisUnreachable || return 1
    stop redis
    expect 240 RedisUnreachable && start redis
}

database_gone() {
    fault "PostgreSQL is stopped" DatabaseUnreachable || return 1
    stop postgres
    expect 240 DatabaseUnreachable && start postgres
}

unreadable() {
    fault "a message that no worker can read" MessagesParked || return 1
    publish cmd apply.finserv-demo
    expect 240 MessagesParked && discard park.cmd
}

# Handed out and given back until the queue's patience is at its end, as by a worker that dies of it.
handed_out_too_often() {
    fault "a message is given back 51 times" DeliveryLimitHit || return 1
    stop worker-tender
    publish cmd tender.finserv-demo
    for _ in {1..60}; do
        broker_api queues/gw/cmd.tender/get '{"count":1,"ackmode":"reject_requeue_true","encoding":"auto"}' >/dev/null || return 1
    done
    expect 240 DeliveryLimitHit || return 1
    start worker-tender && discard park.cmd
}

unroutable() {
    fault "a message for nobody, while nothing catches lost ones" Unroutable || return 1
    rabbitmqctl -q clear_policy -p gw unrouted >/dev/null
    publish cmd nobody.finserv-demo
    expect 240 Unroutable || return 1
    rabbitmqctl -q import_definitions /etc/rabbitmq/definitions.json >/dev/null
    rabbitmqctl -q list_policies -p gw | grep -q unrouted
}

# What is decided while RabbitMQ takes nothing stays in the outbox; the application was accepted before.
broker_full() {
    fault "RabbitMQ is out of memory" BrokerAlarm PublishesUnconfirmed RequestsUnavailable OutboxStuck || return 1
    local n
    stop worker-apply
    ask_once "$((RUN + 30))" 1 || return 1
    rabbitmqctl -q set_vm_memory_high_watermark 0.00001 >/dev/null
    compose start worker-apply >/dev/null 2>&1
    expect 120 BrokerAlarm || return 1
    for n in {2..4}; do ask_once "$((RUN + 30))" "$n" || true; done
    expect 120 PublishesUnconfirmed RequestsUnavailable OutboxStuck || return 1
    rabbitmqctl -q set_vm_memory_high_watermark 0.4 >/dev/null
    until_true 240 all_healthy && until_true 240 settled
}

broker_gone() {
    fault "RabbitMQ is stopped" BrokerUnreachable || return 1
    stop rabbitmq
    expect 240 BrokerUnreachable && start rabbitmq
}

churn() {
    fault "a tool connects again and again" ConnectionChurn || return 1
    local pids=() n
    for n in {1..4}; do
        (for _ in {1..60}; do baohan parked list >/dev/null 2>&1 || true; done) &
        pids+=("$!")
    done
    expect 240 ConnectionChurn && wait "${pids[@]}"
}

# The limit is put 3 GB under what is free, so that the machine's disk need not be filled.
disk_fills() {
    local free n
    free=$(docker exec "$(id_of rabbitmq)" df --output=avail -B1 /var/lib/rabbitmq | tail -n 1)
    rabbitmqctl -q set_disk_free_limit $((free - 3000000000)) >/dev/null
    fault "RabbitMQ's disk loses 2 GB in a few seconds" BrokerDiskFills || return 1
    for n in {1..4}; do docker exec "$(id_of rabbitmq)" fallocate -l 500000000 "/var/lib/rabbitmq/fill.$n"; done
    local ended=0
    expect 120 BrokerDiskFills || ended=1
    docker exec "$(id_of rabbitmq)" sh -c 'rm -f /var/lib/rabbitmq/fill.*'
    rabbitmqctl -q set_disk_free_limit 2GB >/dev/null
    return $ended
}
