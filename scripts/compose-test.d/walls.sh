# Who can reach what: containers are entered by their own networks, so that no tool needs to be in their images.
# shellcheck shell=bash

# reaches SERVICE HOST PORT: from inside the network of that service's container.
reaches() {
    docker exec "$(id_of "$1")" timeout 1 bash -c "exec 3<>/dev/tcp/$2/$3" 2>/dev/null
}

# Addresses, not names: a wall must not be a matter of names alone.
address_of() {
    docker inspect -f '{{range .NetworkSettings.Networks}}{{.IPAddress}} {{end}}' "$(id_of "$1")" | awk '{print $1}'
}

walls() {
    local postgres rabbitmq redis outer service open=0 shut=0
    postgres=$(address_of postgres) rabbitmq=$(address_of rabbitmq) redis=$(address_of redis)
    for service in worker-apply worker-callback; do
        reaches "$service" "$postgres" 5432 || { say "$service cannot reach PostgreSQL"; return 1; }
        open=$((open + 1))
    done
    for outer in ingress egress; do
        for service in finserv pubres govproc yueyang fuzhou; do
            reaches "$outer-$service" "$rabbitmq" 5672 || { say "$outer-$service cannot reach RabbitMQ"; return 1; }
            open=$((open + 1))
            ! reaches "$outer-$service" "$postgres" 5432 || { say "$outer-$service reaches PostgreSQL"; return 1; }
            ! reaches "$outer-$service" postgres 5432 || { say "$outer-$service reaches PostgreSQL by name"; return 1; }
            ! docker exec "$(id_of "$outer-$service")" ls /run/secrets/postgres >/dev/null 2>&1 || return 1
            shut=$((shut + 3))
        done
    done
    for service in files sandbox-finserv; do
        ! reaches "$service" "$postgres" 5432 || { say "$service reaches PostgreSQL"; return 1; }
        shut=$((shut + 1))
    done
    ! reaches sandbox-finserv "$rabbitmq" 5672 && ! reaches sandbox-finserv "$redis" 6379 || return 1
    hardened || return 1
    refuses_production || return 1
    note "$open ways open, $((shut + 2)) shut; root file systems read-only, no root, no capabilities; production refuses the sandbox"
}

hardened() {
    local service id
    for service in ingress-finserv egress-finserv worker-apply files; do
        id=$(id_of "$service")
        [[ $(docker exec "$id" id -u) == 10001 ]] || { say "$service runs as root"; return 1; }
        ! docker exec "$id" touch /usr/local/bin/x 2>/dev/null || { say "$service may write its image"; return 1; }
        [[ $(docker exec "$id" grep CapEff /proc/1/status | awk '{print $2}') == 0000000000000000 ]] || return 1
    done
}

# What is right for the sandbox must not start as production.
refuses_production() {
    ! ENVIRONMENT=production compose run --rm check >"$WORK/production.log" 2>&1 || { say "production took the sandbox's keys"; return 1; }
    grep -q 'sandbox' "$WORK/production.log"
}
