# RabbitMQ: a node of its own (name, ports, cookie, data, epmd) that boots with our definitions.
# shellcheck shell=bash

RABBITMQ_ROLES=(ingress worker egress files operator admin)

rabbitmq_prepare() {
    local home=$HOME_DIR/rabbitmq name port
    mkdir -p "$home"
    for name in amqp dist epmd management prometheus; do
        port=$(free_port)
        printf '%s=%s\n' "$name" "$port"
    done >"$STACK/rabbitmq.ports"
    rabbitmq_passwords >"$home/definitions.json"
    rabbitmq_configuration >"$home/rabbitmq.conf"
    printf '[rabbitmq_management,rabbitmq_prometheus].\n' >"$home/enabled_plugins"
    : >"$home/env.conf"
    secret >"$home/.erlang.cookie"
    chmod 400 "$home/.erlang.cookie"
    chmod 600 "$home/definitions.json"
    chmod 700 "$home"
    give rabbitmq "$home"
}

rabbitmq_port() { sed -n "s/^$1=//p" "$STACK/rabbitmq.ports"; }

# Fresh development passwords for this stack only; the addresses that carry them go into the environment.
rabbitmq_passwords() {
    local role password address
    address=127.0.0.1:$(rabbitmq_port amqp)/gw
    for role in "${RABBITMQ_ROLES[@]}"; do
        password=$(secret)
        export "RABBITMQ_PASSWORD_${role^^}=$password"
        printf '%s=%s\n' "$role" "$password"
    done >"$STACK/rabbitmq.passwords"
    chmod 600 "$STACK/rabbitmq.passwords"
    "$CHECKOUT/deploy/rabbitmq/render" <"$CHECKOUT/deploy/rabbitmq/definitions.json"
}

rabbitmq_configuration() {
    # Everything of the deployed configuration except what names places.
    grep -vE '^(listeners|management|prometheus|definitions|log|disk_free_limit|vm_memory)' "$CHECKOUT/deploy/rabbitmq/rabbitmq.conf"
    cat <<CONF
listeners.tcp.1 = 127.0.0.1:$(rabbitmq_port amqp)
management.tcp.ip = 127.0.0.1
management.tcp.port = $(rabbitmq_port management)
prometheus.tcp.ip = 127.0.0.1
prometheus.tcp.port = $(rabbitmq_port prometheus)
definitions.import_backend = local_filesystem
definitions.local.path = $HOME_DIR/rabbitmq/definitions.json
vm_memory_high_watermark.absolute = 1GB
disk_free_limit.absolute = 200MB
log.console = true
log.console.level = warning
log.file = false
CONF
}

# Everything that would otherwise be shared with a node of the system.
rabbitmq_environment() {
    local home=$HOME_DIR/rabbitmq
    printf '%s\n' "HOME=$home" "ERL_EPMD_PORT=$(rabbitmq_port epmd)" ERL_EPMD_ADDRESS=127.0.0.1 \
        "RABBITMQ_NODENAME=gateway$(rabbitmq_port dist)@localhost" "RABBITMQ_DIST_PORT=$(rabbitmq_port dist)" \
        "RABBITMQ_MNESIA_BASE=$home/data" "RABBITMQ_LOG_BASE=$home" "RABBITMQ_CONF_ENV_FILE=$home/env.conf" \
        "RABBITMQ_CONFIG_FILE=$home/rabbitmq.conf" "RABBITMQ_ADVANCED_CONFIG_FILE=$home/none" \
        "RABBITMQ_ENABLED_PLUGINS_FILE=$home/enabled_plugins" "RABBITMQ_GENERATED_CONFIG_DIR=$home/generated" \
        "RABBITMQ_PID_FILE=$home/pid" "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS=-kernel inet_dist_use_interface {127,0,0,1}"
}

rabbitmq_launch() {
    local variables
    [[ ${RABBITMQ_SERVER:-} ]] || find_programs
    mapfile -t variables < <(rabbitmq_environment)
    if ! process_alive epmd; then rabbitmq_name_server; fi
    launch rabbitmq env -u LANG -u LC_ALL "LC_ALL=C.UTF-8" "${variables[@]}" "$RABBITMQ_SERVER"
}

# Our own epmd: the node would otherwise start one that outlives it and listens on the default port.
rabbitmq_name_server() {
    local port
    port=$(rabbitmq_port epmd)
    (cd / && as rabbitmq setsid epmd -address 127.0.0.1 -port "$port") </dev/null >/dev/null 2>&1 &
    printf '%s' "$!" >"$STACK/epmd.pid"
    disown
    until listening "$port"; do
        process_alive epmd || die "epmd did not start on port $port"
        sleep 0.02
    done
}

# Client listeners open last, after the definitions are in.
rabbitmq_ready() { listening "$(rabbitmq_port amqp)"; }

rabbitmq_settle() { rabbitmq_addresses; }

rabbitmq_addresses() {
    local role password address variable
    address=127.0.0.1:$(rabbitmq_port amqp)/gw
    while IFS='=' read -r role password; do
        variable=GATEWAY_AMQP_${role^^}_URL
        if [[ $role == admin ]]; then
            variable=GATEWAY_AMQP_URL
            export "GATEWAY_RABBITMQ_MANAGEMENT_URL=http://$role:$password@127.0.0.1:$(rabbitmq_port management)"
        fi
        export "$variable=amqp://$role:$password@$address"
    done <"$STACK/rabbitmq.passwords"
}

rabbitmq_ctl() {
    local variables
    find_programs
    mapfile -t variables < <(rabbitmq_environment)
    cd "$HOME_DIR/rabbitmq" || return
    as rabbitmq env "LC_ALL=C.UTF-8" "${variables[@]}" "$(dirname "$RABBITMQ_SERVER")/rabbitmqctl" "$@"
}
