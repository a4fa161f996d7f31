"""Writes keyring.json: values sealed at rest, and keyed prints, by two libraries that are not ours and must agree.

    python3 -m venv target/vectors/py && target/vectors/py/bin/pip install cryptography pycryptodome
    target/vectors/py/bin/python tests/vectors/make/keyring.py > tests/vectors/keyring.json

The frame is written down in shared/crypto/README.md and built here from that description alone.
"""

import base64
import hashlib
import hmac
import json
import struct

import cryptography
import Crypto
from Crypto.Cipher import AES
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEYS = {
    "2026-11": hashlib.sha256(b"dummy key of november").digest(),
    "2026-12": hashlib.sha256(b"dummy key of december").digest(),
}
PLAINS = {
    "empty": b"",
    "one byte": b"x",
    "fifteen bytes": b"123456789012345",
    "one block": b"1234567890123456",
    "chinese": '{"name":"某某建设集团有限公司","id":"11010119900307731X"}'.encode(),
    "two kibibytes": bytes(range(256)) * 8,
}
PLACES = [("orders", "A0123456789ABCDEFGHJ"), ("message", "A0123456789ABCDEFGHJ:guarantee_issued:1"), ("", "")]


def measured(*parts):
    return b"".join(struct.pack(">I", len(part)) + part for part in (p.encode() for p in parts))


def sealed():
    for number, (name, plain) in enumerate(PLAINS.items()):
        for table, row in PLACES:
            key_id = sorted(KEYS)[number % 2]
            key = KEYS[key_id]
            nonce = hashlib.sha256(f"{name} {table}".encode()).digest()[:12]
            context = measured("gcm1", key_id, table, row)
            one = AESGCM(key).encrypt(nonce, plain, context)
            cipher = AES.new(key, AES.MODE_GCM, nonce=nonce, mac_len=16)
            cipher.update(context)
            body, tag = cipher.encrypt_and_digest(plain)
            assert one == body + tag, name
            whole = nonce + one
            yield {
                "name": f"{name} in {table or 'nothing'}", "key": key_id, "table": table, "row": row,
                "nonce_hex": nonce.hex(), "plain_hex": plain.hex(),
                "text": f"gcm1.{key_id}.{base64.b64encode(whole).decode()}",
                "bytes_hex": (f"gcm1:{key_id}:".encode() + whole).hex(), "by": ["cryptography", "pycryptodome"],
            }


def prints():
    for key_id, key in KEYS.items():
        derived = hmac.new(key, b"baohan/at-rest/prints/1", hashlib.sha256).digest()
        for purpose, value in [("bidder", "91310110666007217T"), ("bidder", ""), ("电话", "13800000000"), ("bidderx", "")]:
            said = hmac.new(derived, measured(purpose, value), hashlib.sha256).hexdigest()
            yield {"name": f"{purpose} {value} under {key_id}", "key": key_id, "purpose": purpose, "value": value,
                   "print": f"hmac1.{key_id}.{said}", "by": ["python"]}


def write():
    keys = {name: base64.b64encode(key).decode() for name, key in KEYS.items()}
    tools = {"cryptography": cryptography.__version__, "pycryptodome": Crypto.__version__}
    lines = lambda found: ",\n".join(json.dumps(vector, ensure_ascii=False) for vector in found)
    print('{"tools": ' + json.dumps(tools) + ',\n"keys": ' + json.dumps(keys) + ',')
    print('"vectors": [\n' + lines(sealed()) + '\n],\n"prints": [\n' + lines(prints()) + "\n]}")


write()
