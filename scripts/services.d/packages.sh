# The programs the stack needs: found, installed (root on Debian), or named with the command that installs them.
# shellcheck shell=bash disable=SC2034

# Debian's names; a package list of a later image starts here.
PACKAGES=(rabbitmq-server redis-server postgresql fonts-noto-cjk poppler-utils)

# Documents are set in these (documents.fonts in the settings); the tests read what was printed with poppler.
FONTS=/usr/share/fonts/opentype/noto

find_programs() {
    local path
    RABBITMQ_SERVER='' REDIS_SERVER='' POSTGRES_BIN=''
    # Debian's /usr/sbin/rabbitmq-server insists on the system's node; the real script does not.
    for path in /usr/lib/rabbitmq/bin/rabbitmq-server "$(command -v rabbitmq-server || true)"; do
        [[ -x $path ]] && { RABBITMQ_SERVER=$path; break; }
    done
    REDIS_SERVER=$(command -v redis-server || true)
    for path in $(printf '%s\n' /usr/lib/postgresql/*/bin | sort -rV) "$(dirname "$(command -v initdb || echo /)")"; do
        [[ -x $path/initdb && -x $path/postgres ]] && { POSTGRES_BIN=$path; break; }
    done
    return 0
}

missing() {
    local service
    for service in "$@"; do
        case $service in
        rabbitmq) [[ $RABBITMQ_SERVER ]] && command -v epmd >/dev/null || echo rabbitmq-server ;;
        redis) [[ $REDIS_SERVER ]] || echo redis-server ;;
        postgres) [[ $POSTGRES_BIN ]] || echo postgresql ;;
        fonts) [[ -r $FONTS/NotoSerifCJK-Regular.ttc && -r $FONTS/NotoSansCJK-Regular.ttc ]] || echo fonts-noto-cjk ;;
        poppler) command -v pdftoppm >/dev/null || echo poppler-utils ;;
        esac
    done
}

packages_present() {
    local lacking command
    find_programs
    lacking=$(missing "$@")
    [[ $lacking ]] || return 0
    command="apt-get install -y ${PACKAGES[*]}"
    if ((EUID != 0)) || ! command -v apt-get >/dev/null; then
        say "not installed: $(tr '\n' ' ' <<<"$lacking")"
        die "install with: ${SUDO_HINT:-sudo }$command"
    fi
    say "installing ${PACKAGES[*]} ($command; their system services stay off)"
    install_packages
    find_programs
    [[ -z $(missing "$@") ]] || die "installed, yet not found: $(missing "$@" | tr '\n' ' ')"
}

# Debian asks policy-rc.d before it starts a freshly installed service; 101 means no.
install_packages() {
    local policy=/usr/sbin/policy-rc.d log guard=''
    log=$(mktemp)
    if [[ ! -e $policy ]]; then
        printf '#!/bin/sh\nexit 101\n' >"$policy"
        chmod 755 "$policy"
        guard=$policy
    fi
    if ! { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${PACKAGES[@]}"; } \
        >"$log" 2>&1; then
        [[ -z $guard ]] || rm -f "$guard"
        tail -n 15 "$log" >&2
        rm -f "$log"
        die "apt-get failed"
    fi
    [[ -z $guard ]] || rm -f "$guard"
    rm -f "$log"
}
