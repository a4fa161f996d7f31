"""Writes pubres.json: signed messages and sealed fields in every way pubres platforms were seen to write, by OpenSSL alone.

    python3 make/pubres.py > pubres.json
"""

import json
import subprocess
import urllib.parse

SECRET = "00000000-0000-0000-0000-000000000000"
AT = "2026-11-22 08:00:00"
SEED = "seed of a safe that holds nothing"
SECTION = "SC00000001000001"
IV = "fedcba98765432100123456789abcdef"
KEK = "000102030405060708090a0b0c0d0e0f"
FIXED = "31323334353637383930616263646566"

CLAIM = {
    "applyno": "T1",
    "baohanno": "BH20261122ABCDEFGHJKMNPQ",
    "payeraccount": "6201000000000001",
    "payeramount": "10000000",
    "filelist": '[{"fileurl":"https://files.example.com/1.pdf"},{"fileurl":"https://files.example.com/2.pdf"}]',
    "applyusername": "张三",
    "applyuserphone": "19900000001",
    "Reason": "拒签合同 a=1&b=2+",
}
WITHOUT = {name: value for name, value in CLAIM.items() if name not in ("payeraccount", "payeramount", "Reason")}


def openssl(arguments, data):
    return subprocess.run(["openssl", *arguments], input=data, capture_output=True, check=True).stdout


def sm3(text, key=None):
    mac = ["-mac", "HMAC", "-macopt", f"key:{key}"] if key else []
    return openssl(["dgst", "-sm3", "-r", *mac], text.encode()).split()[0].decode()


def sign(signed, digest="app_secret", keep_empty=False, caseless=False, upper=False):
    fields = {"appkey": "demo", "platformcode": "P1", "timestamp": AT, **signed}
    names = sorted(fields, key=str.lower if caseless else None)
    text = "&".join(f"{name}={fields[name]}" for name in names if keep_empty or fields[name].strip())
    made = {
        "app_secret": lambda: sm3(f"{text}&appsecret={SECRET}"),
        "key": lambda: sm3(f"{text}&key={SECRET}"),
        "suffix": lambda: sm3(f"{text}{SECRET}"),
        "prefix": lambda: sm3(f"{SECRET}&{text}"),
        "hmac": lambda: sm3(text, SECRET),
    }[digest]()
    return made.upper() if upper else made


def message(name, variants, asked=CLAIM, signed=None, tokens=(), form=False, **recipe):
    """`asked` is what the business says, `signed` what of it is signed, `tokens` which fields travel without quotes."""
    signed = signed if signed is not None else asked
    sent = {"appkey": "demo", "platformcode": "P1", "timestamp": AT, **{n: asked.get(n, "") for n in signed}}
    sent = {small(n, variants): v for n, v in sent.items()}
    signed = {small(n, variants): v for n, v in signed.items()}
    sent["sign"] = sign(signed, **recipe)
    members = (f"{json.dumps(n)}:{v if n in tokens else json.dumps(v, ensure_ascii=False)}" for n, v in sorted(sent.items()))
    body = "{" + ",".join(members) + "}"
    kind = "application/x-www-form-urlencoded" if form else "application/json;charset=UTF-8"
    if form:
        body = urllib.parse.urlencode({"requestData": body}, safe="*")
    return {"name": name, "variants": variants, "fields": asked, "content_type": kind, "body": body}


def small(name, variants):
    return "reason" if name == "Reason" and variants.get("small_reason") else name


def messages():
    yield message("as documented", {})
    for digest in ("key", "suffix", "prefix", "hmac"):
        yield message(f"secret by {digest}", {"digest": digest}, digest=digest)
    yield message("capitals", {"upper": True}, upper=True)
    yield message("Reason last but one", {"caseless": True}, caseless=True)
    yield message("reason small", {"small_reason": True})
    empties = {**WITHOUT, "payeraccount": "", "payeramount": "", "Reason": ""}
    yield message("empties sent, not signed", {"empties": True}, WITHOUT, empties)
    yield message("empties sent and signed", {"empties": True, "keep_empty": True}, WITHOUT, empties, keep_empty=True)
    yield message("number as it is written", {"numbers": "token"}, tokens=("payeramount",))
    double = {**CLAIM, "payeramount": "1.0E7"}
    yield message("number as Java prints it", {"numbers": "java_double"}, signed=double, tokens=("payeramount",))
    yield message("list of files as an array", {"filelist": "array"}, tokens=("filelist",))
    yield message("form", {"body": "form"}, form=True)


def safe(name, sealing, key=None):
    drawn = sm3(f"{SEED}\n{SECTION}")[:32]
    key = key or drawn
    mode = ["-sm4-cbc", "-iv", IV] if sealing.get("cipher") == "cbc" else ["-sm4-ecb"]
    plain = "示例市人民医院门诊综合楼项目施工第1标段"
    sealed = openssl(["enc", *mode, "-K", key], plain.encode())
    text = openssl(["enc", "-base64", "-A"], sealed).decode()
    text = {"hex_lower": sealed.hex(), "hex_upper": sealed.hex().upper()}.get(sealing.get("text"), text)
    base64 = lambda data: openssl(["enc", "-base64", "-A"], data).decode()
    handed = {
        "hex": key,
        "raw": bytes.fromhex(key).decode(errors="replace"),
        "wrapped": base64(openssl(["enc", "-sm4-ecb", "-K", KEK], bytes.fromhex(key))),
    }.get(sealing.get("key"), base64(bytes.fromhex(key)))
    return {"name": name, "sealing": {"seed": SEED, **sealing}, "section": SECTION, "plain": plain,
            "sealed": text, "handed_over": handed}


def safes():
    raw = sm3(f"{SEED}\n{SECTION}")[:16].encode().hex()
    yield safe("as documented", {})
    yield safe("key in hexadecimal", {"key": "hex"})
    yield safe("key as characters", {"key": "raw"}, raw)
    yield safe("key wrapped", {"key": "wrapped", "kek": KEK})
    yield safe("cbc", {"cipher": "cbc", "iv": IV})
    yield safe("hexadecimal", {"text": "hex_lower"})
    yield safe("hexadecimal capitals", {"text": "hex_upper", "key": "hex"})
    yield safe("one key for all", {"fixed_key": FIXED}, FIXED)


print(json.dumps({
    "made_by": openssl(["version"], b"").decode().strip(),
    "appkey": "demo", "appsecret": SECRET, "platformcode": "P1", "at": AT,
    "messages": list(messages()), "safes": list(safes()),
}, ensure_ascii=False, indent=1))
