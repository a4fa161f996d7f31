"""Writes govproc.json: requests in every way the govproc document can be read, by OpenSSL alone.

    python3 make/govproc.py > govproc.json

The key of Java's SHA1PRNG is SHA1 of SHA1, as key.json's vectors by Java show.
"""

import base64
import json
import subprocess
import urllib.parse

SECRET, IV = "0123456789abcdef", "fedcba9876543210"
MILLIS = 1763769600000
PLAIN = ('{"baohanno":"BH1","bdcode":"SC1","bzjmoney":%s,"kbttime":%s,"note":"测试企业 + / = \\"","orderno":"T1"}')


def openssl(arguments, data):
    return subprocess.run(["openssl", *arguments], input=data, capture_output=True, check=True).stdout


def digest(name, data):
    return openssl(["dgst", f"-{name}", "-binary"], data)


def key(secret, form):
    data = secret.encode()
    md5 = digest("md5", data).hex()
    return {
        "utf8": lambda: data,
        "hex": lambda: bytes.fromhex(secret),
        "base64": lambda: base64.b64decode(secret),
        "md5": lambda: bytes.fromhex(md5),
        "md5_hex_lower": lambda: md5.encode(),
        "md5_hex_upper": lambda: md5.upper().encode(),
        "md5_hex16_lower": lambda: md5[8:24].encode(),
        "md5_hex16_upper": lambda: md5[8:24].upper().encode(),
        "sha1prng": lambda: digest("sha1", digest("sha1", data))[:16],
    }[form]()


def seal(plain, secret, variants):
    secret = key(secret, variants.get("key_form", "utf8"))
    mode, before = f"-aes-{8 * len(secret)}-{variants.get('cipher', 'ecb')}", b""
    vector = []
    if variants.get("cipher") == "cbc":
        iv = {"given": IV.encode(), "key": secret[:16], "prefixed": digest("md5", plain)}[variants.get("iv", "given")]
        before = iv if variants.get("iv") == "prefixed" else b""
        vector = ["-iv", iv.hex()]
    sealed = before + openssl(["enc", mode, "-K", secret.hex(), *vector], plain)
    written = {"hex_lower": sealed.hex(), "hex_upper": sealed.hex().upper()}
    return written.get(variants.get("text"), base64.b64encode(sealed).decode())


def message(name, variants, secret=SECRET, money="20000.50", moment=str(MILLIS), rename=lambda plain: plain):
    plain = rename(PLAIN % (money, moment))
    sealed = seal(plain.encode(), secret, variants)
    shape = variants.get("shape", "data")
    app_key = {"appKey": "demo"} if variants.get("app_key_in_body") else {}
    body = {
        "bare": lambda: sealed,
        "literal": lambda: json.dumps(sealed),
        "plain": lambda: plain,
    }.get(shape, lambda: json.dumps({**app_key, shape: sealed}, separators=(",", ":")))()
    query = urllib.parse.urlencode({shape if shape in ("param", "params", "encrypt") else "data": plain if shape == "plain" else sealed}, safe="*")
    return {"name": name, "app_secret": secret, "variants": variants, "plain": plain, "body": body, "query": query}


def messages():
    yield message("as documented", {})
    hexadecimal = "000102030405060708090a0b0c0d0e0f"
    yield message("32 characters are the key", {}, hexadecimal)
    yield message("32 hexadecimal digits", {"key_form": "hex"}, hexadecimal)
    yield message("64 hexadecimal digits", {"key_form": "hex"}, hexadecimal * 2)
    yield message("base64", {"key_form": "base64"}, base64.b64encode(bytes.fromhex(hexadecimal)).decode())
    for form in ("md5", "md5_hex_lower", "md5_hex_upper", "md5_hex16_lower", "md5_hex16_upper"):
        yield message(form, {"key_form": form}, hexadecimal)
    yield message("SHA1PRNG, capitals", {"key_form": "sha1prng", "text": "hex_upper"}, hexadecimal)
    yield message("24 characters", {}, "0123456789abcdef01234567")
    for iv in ("given", "key", "prefixed"):
        yield message(f"cbc, vector {iv}", {"cipher": "cbc", "iv": iv})
    yield message("small hexadecimal", {"text": "hex_lower"})
    for shape in ("param", "params", "encrypt", "bare", "literal", "plain"):
        yield message(shape, {"shape": shape})
    yield message("appKey in the body", {"app_key_in_body": True})
    yield message("seconds", {"times": "seconds"}, moment=str(MILLIS // 1000))
    yield message("milliseconds as text", {"times": "millis_text"}, moment=f'"{MILLIS}"')
    yield message("times as text", {"times": "text"}, moment='"2025-11-22 08:00:00"')
    yield message("amounts as text", {"money": "text"}, money='"20000.50"')
    yield message("kbtime", {"kbtime": True}, rename=lambda plain: plain.replace("kbttime", "kbtime"))
    yield message("bhno", {"bhno": True}, rename=lambda plain: plain.replace("baohanno", "bhno"))


print(json.dumps({
    "made_by": openssl(["version"], b"").decode().strip(),
    "app_key": "demo", "iv": IV, "millis": MILLIS, "messages": list(messages()),
}, ensure_ascii=False, indent=1))
