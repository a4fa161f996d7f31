"""Answers every table with pycryptodome, cryptography and gmssl; two of them per cipher where two exist."""
import base64
import decimal
import hashlib
import hmac
import json
import sys

import Crypto
import cryptography
from Crypto.Cipher import AES
from Crypto.PublicKey import RSA
from Crypto.Util.Padding import pad
from cryptography.hazmat.primitives import hashes, padding, serialization
from cryptography.hazmat.primitives.asymmetric import padding as asymmetric
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from gmssl import func, sm3
from importlib.metadata import version

work = sys.argv[1]


def rows(name):
    return [line.rstrip("\n").split("\t") for line in open(f"{work}/{name}.tsv", encoding="utf-8")]


class Out:
    def __init__(self, tool, version):
        self.file = open(f"{work}/out/{tool}.tsv", "w", encoding="utf-8")
        print(f"#version\t{version}", file=self.file)

    def __call__(self, *cells):
        print(*cells, sep="\t", file=self.file)


pycryptodome = Out("pycryptodome", Crypto.__version__)
pyca = Out("cryptography", cryptography.__version__)
gm = Out("gmssl", version("gmssl"))
python = Out("python", sys.version.split()[0])

for name, cipher, mode, key, iv, plain in rows("ciphers"):
    key, iv, plain = bytes.fromhex(key), bytes.fromhex(iv), bytes.fromhex(plain)
    if cipher == "aes":
        aes = AES.new(key, AES.MODE_CBC, iv) if mode == "cbc" else AES.new(key, AES.MODE_ECB)
        pycryptodome(name, base64.b64encode(aes.encrypt(pad(plain, 16))).decode())
    else:
        from gmssl import sm4
        box = sm4.CryptSM4()
        box.set_key(key, sm4.SM4_ENCRYPT)
        sealed = box.crypt_cbc(iv, plain) if mode == "cbc" else box.crypt_ecb(plain)
        gm(name, base64.b64encode(sealed).decode())
    algorithm = algorithms.AES(key) if cipher == "aes" else algorithms.SM4(key)
    padder = padding.PKCS7(128).padder()
    box = Cipher(algorithm, modes.CBC(iv) if mode == "cbc" else modes.ECB()).encryptor()
    sealed = box.update(padder.update(plain) + padder.finalize()) + box.finalize()
    pyca(name, base64.b64encode(sealed).decode())

PADDINGS = {
    "pkcs1": (asymmetric.PKCS1v15(), 11),
    "oaep_sha256_mgf1_sha1": (asymmetric.OAEP(asymmetric.MGF1(hashes.SHA1()), hashes.SHA256(), None), 66),
    "oaep_sha1": (asymmetric.OAEP(asymmetric.MGF1(hashes.SHA1()), hashes.SHA1(), None), 42),
}


def chunks(whole, length):
    return [whole[at : at + length] for at in range(0, len(whole), length)]


ours = dict(line.rstrip("\n").split("\t") for line in open(f"{work}/ours.tsv", encoding="utf-8"))
for name, how, _, pkcs8, spki, plain in rows("rsa"):
    plain = bytes.fromhex(plain)
    key = RSA.import_key(bytes.fromhex(pkcs8))
    size = key.size_in_bytes()
    if how == "recover":
        # Type 1 by its definition, with nothing of the library but its numbers.
        blocks = [b"\x00\x01" + b"\xff" * (size - 3 - len(c)) + b"\x00" + c for c in chunks(plain, size - 11)]
        numbers = [pow(int.from_bytes(block, "big"), key.d, key.n) for block in blocks]
        pycryptodome(name, base64.b64encode(b"".join(number.to_bytes(size, "big") for number in numbers)).decode())
        continue
    padding_, overhead = PADDINGS[how]
    public = serialization.load_der_public_key(bytes.fromhex(spki))
    private = serialization.load_der_private_key(bytes.fromhex(pkcs8), None)
    sealed = b"".join(public.encrypt(c, padding_) for c in chunks(plain, size - overhead))
    pyca(name, base64.b64encode(sealed).decode())
    opened = b"".join(private.decrypt(c, padding_) for c in chunks(base64.b64decode(ours[name]), size))
    pyca(f"opened {name}", opened.hex())

for name, form, seed in rows("keys"):
    if form == "sha1prng":
        continue  # Java's own
    md5 = hashlib.md5(bytes.fromhex(seed))
    middle = md5.hexdigest()[8:24] if "16" in form else md5.hexdigest()
    text = middle.upper() if form.endswith("upper") else middle
    python(f"{name}", md5.hexdigest() if form == "md5" else text.encode().hex())

for name, digest, key, text in rows("digests"):
    key, text = bytes.fromhex(key), bytes.fromhex(text)
    if digest == "sm3":
        gm(name, sm3.sm3_hash(func.bytes_to_list(text)))
    elif digest == "hmac_sha256":
        python(name, hmac.new(key, text, "sha256").hexdigest())
    else:
        python(name, hashlib.new(digest, text).hexdigest())


def spelled(kind, value, number, nested):
    if kind == "number" and number == "fixed2":
        return str(decimal.Decimal(value).quantize(decimal.Decimal("0.01"), decimal.ROUND_HALF_UP))
    if kind == "nested" and nested == "compact_json":
        return json.dumps(json.loads(value), ensure_ascii=False, separators=(",", ":"))
    return value


JAVA_TRIM = "".join(map(chr, range(33)))
for row in rows("signs"):
    name, sort, kv, joiner, skip, null_as, trim, where, beside, digest, case, number, nested, secret, fields, _ = row
    kv, joiner, beside, secret = (bytes.fromhex(x).decode() for x in (kv, joiner, beside, secret))
    if number == "java_double" or skip == "php_falsy":
        continue  # left to Java and to PHP, whose behaviour these are
    pairs = []
    for field in fields.split(","):
        key, kind, value = field.split(":")
        key, value = bytes.fromhex(key).decode(), bytes.fromhex(value).decode()
        if kind == "null":
            if skip != "none":
                continue
            value = "null" if null_as == "null" else ""
        elif kind == "text":
            value = value.strip(JAVA_TRIM) if trim == "1" else value
            if skip == "empty" and not value:
                continue
            # str.isspace counts the no-break blank, Java does not
            if skip == "blank" and all(c.isspace() and c != "\u00a0" for c in value):
                continue
        pairs.append((key, spelled(kind, value, number, nested)))
    pairs.sort(key=lambda pair: (pair[0].lower(), pair[0]) if sort == "ascii_ci" else pair[0])
    text = joiner.join(f"{k}{kv}{v}" for k, v in pairs)
    text = {"suffix": f"{text}{beside}{secret}", "prefix": f"{secret}{beside}{text}", "wrap": f"{secret}{text}{secret}"}[where]
    raw = text.encode()
    sign = hashlib.md5(raw).hexdigest() if digest == "md5" else sm3.sm3_hash(func.bytes_to_list(raw))
    sign = sign.upper() if case == "upper" else sign
    (python if digest == "md5" else gm)(name, sign, raw.hex())
