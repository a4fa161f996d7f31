#!/usr/bin/env bash
# Dummy certificates for tests of TLS, made with OpenSSL: a root, a server (localhost, 127.0.0.1, partner.test) and a caller
# under it, and a caller under another root of the same name. Valid for a hundred years; they open nothing anywhere.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

root() { # FILE
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 36500 -keyout "$1.key" -out "$1.pem" \
        -subj '/CN=Baohan test root' -addext 'basicConstraints=critical,CA:TRUE' -addext 'keyUsage=critical,keyCertSign'
}

leaf() { # FILE ROOT USAGE NAMES
    openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$1.key" -subj "/CN=$1" |
        openssl x509 -req -days 36500 -CA "$2.pem" -CAkey "$2.key" -out "$1.pem" -extfile <(
            printf 'basicConstraints=critical,CA:FALSE\nextendedKeyUsage=%s\n' "$3"
            [[ -z $4 ]] || printf 'subjectAltName=%s\n' "$4"
        )
}

root root
root other-root
leaf server root serverAuth 'DNS:localhost,DNS:partner.test,IP:127.0.0.1'
leaf caller root clientAuth ''
leaf stranger other-root clientAuth ''
rm -f ./*.srl root.key other-root.key
