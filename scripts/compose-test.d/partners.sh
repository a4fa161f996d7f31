# Faults of partners and of people: platforms that are gone, forged requests, decisions nobody takes.
# shellcheck shell=bash

# Another platform's container sends for finserv, so that finserv's own may be stopped.
sender() {
    SENDER=$(id_of sandbox-govproc)
    docker exec -i "$SENDER" sh -c 'cat >/tmp/finserv.toml' <deploy/compose/sandbox/finserv.toml
}
send() { docker exec "$SENDER" /usr/local/bin/service --config /tmp/finserv.toml send "$@" >/dev/null 2>&1; }
# ask_once SEED N: an application. query_once: what came of it.
ask_once() { send apply_guarantee --seed "$1" --n "$2"; }
query_once() { send get_apply_guarantee_result --seed "$1" --n "$2" --accept-no "$(count "select no from orders where partner = 'finserv-demo' limit 1")"; }

# Well-formed, by somebody who does not have the key; from an address of their own, which is held back.
forged() {
    local forger
    forger=$(id_of sandbox-pubres)
    fault "60 requests are signed with another key" RequestsForged || return 1
    sed 's/^secret_key = .*/secret_key = "another-16-bytes"/' deploy/compose/sandbox/finserv.toml |
        docker exec -i "$forger" sh -c 'cat >/tmp/forger.toml'
    docker exec "$forger" bash -c 'for n in {1..60}; do
        /usr/local/bin/service --config /tmp/forger.toml send apply_guarantee --seed "$1" --n "$n" >/dev/null 2>&1
    done' _ "$((RUN + 70))" || true
    expect 240 RequestsForged
}

nobody_decides() {
    local no
    fault "an application that nobody decides" DecisionsWait,partner=yueyang-demo || return 1
    docker exec "$(id_of sandbox-yueyang)" /usr/local/bin/service --config /etc/baohan/platform.toml send financialAccount/doOrderApply --seed "$((RUN + 60))" >/dev/null 2>&1 || return 1
    expect 240 DecisionsWait,partner=yueyang-demo || return 1
    no=$(count "select no from orders where partner = 'yueyang-demo' and state = 'reviewing' limit 1")
    baohan decide order "$no" --refuse "test" --by test >/dev/null
}

# One callback whose schedule is spent; then many, so that the breaker opens; then one that waits for an egress that is not there.
platform_gone() {
    local n
    fault "a platform is stopped, a callback's schedule is spent" CallbacksFail CallbacksGivenUp || return 1
    stop sandbox-finserv
    ask_once "$((RUN + 40))" 1 || return 1
    expect 300 CallbacksFail CallbacksGivenUp || return 1
    fault "a platform is stopped, ten attempts in a row fail" PartnerUnreachable || return 1
    for n in {2..15}; do ask_once "$((RUN + 40))" "$n" || return 1; done
    expect 240 PartnerUnreachable || return 1
    fault "egress-finserv is stopped, a callback is due" CallbackOverdue || return 1
    stop egress-finserv
    ask_once "$((RUN + 40))" 16 || return 1
    expect 300 CallbackOverdue || return 1
    start egress-finserv sandbox-finserv || return 1
    replayed
}

replayed() {
    until_true 240 nothing_pending || return 1
    baohan callbacks replay --state parked --partner finserv-demo --by test >/dev/null || return 1
    until_true 240 settled
}
nothing_pending() { [[ $(count "select count(*) from callbacks where state = 'pending' and partner = 'finserv-demo'") == 0 ]]; }

# What waits for its next attempt cannot be moved on; then it is moved, but not safely.
dead_letters() {
    fault "callbacks wait where their way out is gone" DeadLettersStuck || return 1
    policy stuck '^wait\.1s$' '{"dead-letter-exchange":"nowhere","dead-letter-strategy":"at-least-once","message-ttl":1000,"overflow":"reject-publish"}'
    stop sandbox-finserv
    ask_once "$((RUN + 50))" 1 || return 1
    expect 240 DeadLettersStuck || return 1
    policy_away stuck
    until_true 300 empty_queue wait.1s || return 1
    fault "the policy of a waiting queue is replaced by an unsafe one" DeadLettersUnsafe || return 1
    policy unsafe '^wait\.1s$' '{"dead-letter-exchange":"due","message-ttl":1000,"overflow":"reject-publish"}'
    ask_once "$((RUN + 50))" 2 || return 1
    expect 240 DeadLettersUnsafe || return 1
    policy_away unsafe
    start sandbox-finserv && replayed
}
