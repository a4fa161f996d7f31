"""Writes finserv.json: whole requests in every way of WIRE.md's table 000, with ciphers and digests that are not ours.

    python3 make/finserv.py > finserv.json
"""

import base64
import hashlib
import itertools
import json
import urllib.parse

import cryptography
from cryptography.hazmat.primitives import padding
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

KEY, IV, SECRET = b"0123456789abcdef", b"fedcba9876543210", "8993208818338920"
PLAIN = '{"guarantee_no":"BH20261122ABCDEFGHJKMNPQ","note":"测试企业"}'
DOCUMENTED = ("access_key", "created", "data", "method")


def seal(key=KEY, iv=IV, plain=PLAIN):
    padder = padding.PKCS7(128).padder()
    padded = padder.update(plain.encode()) + padder.finalize()
    encryptor = Cipher(algorithms.AES(key), modes.CBC(iv)).encryptor()
    return base64.b64encode(encryptor.update(padded) + encryptor.finalize()).decode()


def sign(fields, secret_joiner="&", trim=True, empties="keep", signed_fields="all"):
    values = {name: "" if value is None else str(value) for name, value in fields.items()}
    if trim:
        values = {name: value.strip() for name, value in values.items()}
    if empties == "skip":
        values = {name: value for name, value in values.items() if value}
    if signed_fields == "documented":
        values = {name: value for name, value in values.items() if name in DOCUMENTED}
    text = "&".join(f"{name}={values[name]}" for name in sorted(values)) + secret_joiner + SECRET
    return hashlib.md5(text.encode()).hexdigest()


def fields(data, created=" 20261122103000"):
    """Blanks, an empty and a null, known and unknown names: no two recipes agree on these."""
    return {"method": "get_quitInfo", "access_key": "2088101568338364", "created": created, "data": data,
            "version": "5.0.9 ", "platform_id": "", "merchant_id": None}


def as_json(message):
    return json.dumps(message, ensure_ascii=False)


def as_form(message):
    return urllib.parse.urlencode({name: "" if value is None else value for name, value in message.items()})


def recipes():
    joiners = ("&", "", "&secret_key=", "&key=")
    for secret_joiner, trim, empties in itertools.product(joiners, (True, False), ("keep", "skip")):
        yield {"secret_joiner": secret_joiner, "trim": trim, "empties": empties, "signed_fields": "all"}
    # Nothing among the documented four can be empty.
    for secret_joiner, trim in itertools.product(joiners, (True, False)):
        yield {"secret_joiner": secret_joiner, "trim": trim, "empties": "keep", "signed_fields": "documented"}


def signed():
    for recipe in recipes():
        message = fields(seal())
        message["sign"] = sign(message, **recipe)
        yield {"recipe": recipe, "json": as_json(message), "form": as_form(message)}


def keyed():
    """Keys of every length in every form: what the settings call it, the text that is configured, the bytes used."""
    raw = {16: KEY, 24: b"0123456789abcdefghijklmn", 32: b"0123456789abcdefghijklmnopqrstuv"}
    forms = {"utf8": bytes.decode, "hex": bytes.hex, "base64": lambda key: base64.b64encode(key).decode()}
    for (length, key), (form, text) in itertools.product(raw.items(), forms.items()):
        message = fields(seal(key))
        message["sign"] = sign(message)
        yield {"name": f"{length} bytes, {form}", "key_form": form, "aes_key": text(key), "iv_form": form,
               "iv": text(IV), "body": as_json(message)}


def spelled():
    """One message in every spelling that arrives; all mean the same."""
    def message(signed_data, data, created="20261122103000", **changes):
        text = fields(signed_data, created)
        text["sign"] = sign(text)
        return {**text, "data": data, **changes}

    data = next(data for data in (seal(plain=PLAIN[:-1] + f',"n":{n}}}') for n in range(100)) if data.count("+") > 2)
    lines = "\r\n".join(data[at:at + 76] for at in range(0, len(data), 76))
    blanks = data.replace("+", " ")
    upper = message(data, data)
    upper["sign"] = upper["sign"].upper()
    yield "as printed", as_json(message(data, data))
    yield "indented, with a byte order mark", "\ufeff" + json.dumps(message(data, data), indent=2)
    yield "the signature in capitals", as_json(upper)
    yield "created as a number", as_json(message(data, data, created=20261122103000))
    yield "lines, signed so", as_json(message(lines, lines))
    yield "lines, signed without", as_json(message(data, lines))
    yield "a line break at the end", as_json(message(data, data + "\n"))
    yield "blanks for plus, signed without", as_json(message(data, blanks))
    yield "form", as_form(message(data, data))
    yield "form in lines", as_form(message(data, lines))
    yield "form with plus unescaped", as_form(message(data, data)).replace("%2B", "+")


def created():
    """A clock of 12 hours at half past two in the afternoon and at half past midnight."""
    for name, at, now in (("afternoon", "20261122023000", "20261122143000"), ("midnight", "20261122123000", "20261122003000")):
        message = fields(seal(), at)
        message["sign"] = sign(message)
        yield {"name": name, "now": now, "body": as_json(message)}


if __name__ == "__main__":
    print(json.dumps({
        "tools": {"cryptography": cryptography.__version__, "python": "hashlib, urllib"},
        "plain": PLAIN, "access_key": "2088101568338364", "key": KEY.decode(), "iv": IV.decode(), "secret": SECRET,
        "signed": list(signed()), "keyed": list(keyed()),
        "spelled": [{"name": name, "body": body} for name, body in spelled()], "twelve_hours": list(created()),
    }, ensure_ascii=False, indent=1))
