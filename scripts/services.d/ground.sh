# What the three services share: where they live, which user they run as, free ports, processes, progress.
# shellcheck shell=bash disable=SC2034

say() { printf 'services: %s\n' "$*" >&2; }
die() { say "$*"; exit 1; }
absolute() { case $1 in /*) printf '%s' "$1" ;; *) printf '%s/%s' "$PWD" "$1" ;; esac; }
milliseconds() { local now=${EPOCHREALTIME/[^0-9]/}; printf '%s' "${now%???}"; }
secret() { od -An -N16 -tx1 /dev/urandom | tr -d ' \n'; }

# --- users -----------------------------------------------------------------------------------------------------

# PostgreSQL refuses to run as root and the others should not: as root each runs as its packaged user.
user_of() {
    ((EUID == 0)) || { id -un; return; }
    if id -u "$1" >/dev/null 2>&1; then echo "$1"; else echo nobody; fi
}

# as SERVICE COMMAND…: replaces the (sub)shell, so that the recorded process id is the command's own.
as() {
    local user
    user=$(user_of "$1")
    shift
    if ((EUID == 0)); then
        exec setpriv --reuid="$user" --regid="$(id -g "$user")" --init-groups -- "$@"
    fi
    exec "$@"
}

give() { # SERVICE PATH…
    local service=$1
    shift
    ((EUID != 0)) || chown -R "$(user_of "$service"):" "$@"
}

# --- home ------------------------------------------------------------------------------------------------------

# Data lives in the stack's directory, or under /tmp when a service user cannot get there (a checkout under
# /root) or when a socket's path would pass the 107 bytes the kernel allows.
open_home() {
    local service
    HOME_DIR=$STACK/data
    mkdir -p "$HOME_DIR"
    chmod 711 "$STACK" "$HOME_DIR"
    if ((${#HOME_DIR} > 75)); then home_elsewhere; fi
    for service in postgres redis rabbitmq; do
        (as "$service" test -x "$HOME_DIR/.") 2>/dev/null || { home_elsewhere; break; }
    done
    printf '%s' "$HOME_DIR" >"$STACK/home"
}

home_elsewhere() {
    rmdir "$HOME_DIR"
    HOME_DIR=$(mktemp -d /tmp/gateway-stack.XXXXXX)
    chmod 711 "$HOME_DIR"
}

close_home() {
    [[ -f $STACK/home ]] || return 0
    rm -rf "$(<"$STACK/home")"
}

# --- ports -----------------------------------------------------------------------------------------------------

# Below the range the kernel hands out by itself and away from every default. A directory in /tmp claims a port
# from the choice until the service listens, so that stacks started at the same moment never choose the same.
free_port() {
    local port
    find /tmp -maxdepth 1 -name 'gateway-port.*' -mmin +3 -exec rmdir {} + 2>/dev/null || true
    while :; do
        port=$((20000 + (RANDOM * 32768 + RANDOM) % 12000))
        ! listening "$port" || continue
        mkdir "/tmp/gateway-port.$port" 2>/dev/null || continue
        echo "$port" >>"$STACK/ports"
        echo "$port"
        return
    done
}

release_ports() {
    local port
    [[ -f $STACK/ports ]] || return 0
    while read -r port; do rmdir "/tmp/gateway-port.$port" 2>/dev/null || true; done <"$STACK/ports"
}

listening() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# --- processes -------------------------------------------------------------------------------------------------

# launch SERVICE COMMAND…: a session of its own, so that no terminal signal meant for us reaches it.
launch() {
    local service=$1
    shift
    printf '%s' "$(milliseconds)" >"$STACK/$service.since"
    (cd "$HOME_DIR/$service" && as "$service" setsid "$@") </dev/null >>"$HOME_DIR/$service/log" 2>&1 &
    printf '%s' "$!" >"$STACK/$service.pid"
    disown
}

# A zombie has ended, even if nobody has asked for its result yet. (Every return is explicit: in a trap a bare
# one would give the status of before the trap.)
process_alive() {
    local pid state
    [[ -f $STACK/$1.pid ]] || return 1
    pid=$(<"$STACK/$1.pid")
    if [[ ! -d /proc/self ]]; then
        if kill -0 "$pid" 2>/dev/null; then return 0; else return 1; fi
    fi
    state=$(sed 's/.*) //' "/proc/$pid/stat" 2>/dev/null) || return 1
    if [[ $state && ${state%% *} != Z ]]; then return 0; else return 1; fi
}

stack_alive() {
    local service
    while read -r service; do
        [[ -z $service ]] || process_alive "$service" || return 1
    done <"$STACK/services"
}

# Children, their children and so on, from one look at /proc (no program is started for it).
descendants() {
    local stat line fields found=("$1") next parent
    local -A children=()
    for stat in /proc/[0-9]*/stat; do
        { read -r line <"$stat"; } 2>/dev/null || continue
        read -ra fields <<<"${line##*) }"
        children[${fields[1]}]+=" ${line%% *}"
    done
    while ((${#found[@]})); do
        next=()
        for parent in "${found[@]}"; do
            read -ra fields <<<"${children[$parent]:-}"
            next+=("${fields[@]}")
        done
        ((${#next[@]} == 0)) || printf '%s ' "${next[@]}"
        found=("${next[@]}")
    done
}

stop_signal() { case $1 in postgres) echo INT ;; *) echo TERM ;; esac; }

# end_process SERVICE SIGNAL SECONDS: with KILL its children die with it (PostgreSQL's back ends are sessions
# of their own); after SECONDS, or at once when 0, nothing is left alive.
end_process() {
    local service=$1 signal=$2 patience=$3 pid family until
    [[ -f $STACK/$service.pid ]] || return 0
    pid=$(<"$STACK/$service.pid")
    if process_alive "$service"; then
        family=$(descendants "$pid")
        ((patience > 0)) || signal=KILL
        until=$((SECONDS + patience))
        if [[ $signal != KILL ]]; then
            kill -s "$signal" "$(main_process "$service" "$pid")" 2>/dev/null || true
            while process_alive "$service" && ((SECONDS < until)); do sleep 0.05; done
        fi
        # shellcheck disable=SC2086
        kill -s KILL "$pid" $family 2>/dev/null || true
        while process_alive "$service"; do sleep 0.02; done
    fi
    rm -f "$STACK/$service.pid"
}

# RabbitMQ's start script would answer a signal with its slow command line; the node itself knows SIGTERM.
main_process() {
    if [[ $1 == rabbitmq && -s $HOME_DIR/rabbitmq/pid ]]; then cat "$HOME_DIR/rabbitmq/pid"; else echo "$2"; fi
}

# --- progress --------------------------------------------------------------------------------------------------

seconds_since() { # MILLISECONDS
    local spent=$(($(milliseconds) - $1))
    printf '%d.%d s' $((spent / 1000)) $((spent % 1000 / 100))
}

# One updating line on a terminal, one plain line per service in a pipe; fails if one dies or takes too long.
await_ready() {
    local pending=("$@") left service done_line='' started
    started=$(milliseconds)
    while ((${#pending[@]})); do
        left=()
        for service in "${pending[@]}"; do
            if "${service}_ready"; then
                done_line+=" $service $(seconds_since "$(<"$STACK/$service.since")") ✓ "
                [[ -t 2 ]] || say "$service ready after $(seconds_since "$(<"$STACK/$service.since")")"
            elif ! process_alive "$service" || (($(milliseconds) - started > 120000)); then
                [[ ! -t 2 ]] || printf '\n' >&2
                return 1
            else
                left+=("$service")
            fi
        done
        pending=("${left[@]}")
        [[ ! -t 2 ]] || printf '\r\033[Kservices:%s%s' "$done_line" \
            "${pending[*]:+ waiting for ${pending[*]} $(seconds_since "$started")}" >&2
        ((${#pending[@]} == 0)) || sleep 0.1
    done
    [[ ! -t 2 ]] || printf '\n' >&2
}

fail_with_logs() {
    local service
    for service in "$@"; do
        "${service}_ready" 2>/dev/null && continue
        say "$service did not start; the end of its log:"
        tail -n 25 "$HOME_DIR/$service/log" >&2 || true
    done
}
