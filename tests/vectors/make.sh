#!/bin/sh
# Makes the golden vectors anew with implementations that are not ours, and says which tool is missing.
# Reads make/inputs.json; writes aes.json, sm4.json, rsa.json, digest.json,
# key.json, sign.json beside this script. The keys of rsa.json are in rsa_keys.json and stay (make/keys.py).
# Test runs read those files only and need none of these tools.
set -u
here=$(cd "$(dirname "$0")" && pwd)
work=${VECTORS_WORK:-$here/../../target/vectors}
mkdir -p "$work/out" && work=$(cd "$work" && pwd)
rm -f "$work"/out/*
missing=0
python=python3; [ -x "$work/py/bin/python" ] && python="$work/py/bin/python"

lacks() { echo "missing: $1 - $2" >&2; missing=1; }

command -v "$python" >/dev/null || { lacks python3 "apt-get install python3 python3-venv"; exit 1; }
"$python" "$here/make/prepare.py" "$here/make/inputs.json" "$work" "$here/rsa_keys.json" || exit 1
cargo run -q -p crypto --example seal_rsa <"$work/rsa.tsv" >"$work/ours.tsv" || exit 1

if "$python" -c 'import cryptography, Crypto, gmssl' 2>/dev/null; then
    "$python" "$here/make/with_python.py" "$work" || exit 1
else
    lacks "Python packages" "python3 -m venv $work/py && $work/py/bin/pip install cryptography pycryptodome gmssl"
fi
if command -v openssl >/dev/null; then
    "$python" "$here/make/with_openssl.py" "$work" || exit 1
else
    lacks openssl "apt-get install openssl"
fi
if command -v java >/dev/null && command -v javac >/dev/null; then
    javac -d "$work/classes" "$here/make/WithJava.java" && java -cp "$work/classes" WithJava "$work" || exit 1
else
    lacks javac "apt-get install openjdk-17-jdk-headless"
fi
if command -v node >/dev/null && [ -d "$work/node_modules/sm-crypto" ]; then
    NODE_PATH="$work/node_modules" node "$here/make/with_node.js" "$work" || exit 1
else
    lacks "node with sm-crypto" "apt-get install nodejs npm && npm install --prefix $work sm-crypto"
fi
if command -v php >/dev/null; then
    php "$here/make/with_php.php" "$work" || exit 1
else
    lacks php "apt-get install php-cli"
fi
if [ "$missing" = 1 ] && [ "${1:-}" != --partial ]; then
    echo "nothing written: install the above, or run '$0 --partial' to write what the present tools make" >&2
    exit 1
fi
"$python" "$here/make/collect.py" "$work" "$here"
