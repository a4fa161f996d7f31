"""Flattens inputs.json into tables of hexadecimal cells that every other tool can read without a JSON parser."""
import base64
import json
import sys

inputs, work = json.load(open(sys.argv[1], encoding="utf-8")), sys.argv[2]
rsa_keys = json.load(open(sys.argv[3], encoding="utf-8"))["keys"]
KEY_FORMS = ("sha1prng", "md5", "md5_hex_lower", "md5_hex_upper", "md5_hex16_lower", "md5_hex16_upper")
PADDINGS = ("pkcs1", "oaep_sha256_mgf1_sha1", "oaep_sha1")


def hexa(text):
    return text.encode("utf-8").hex() if isinstance(text, str) else text.hex()


def table(name, rows):
    with open(f"{work}/{name}.tsv", "w", encoding="utf-8") as file:
        file.writelines("\t".join(row) + "\n" for row in rows)


def ciphers():
    plains = {name: text.encode() for name, text in inputs["plains"].items()}
    long = inputs["long_plain"]
    plains[long["name"]] = (long["piece"].encode() * long["bytes"])[: long["bytes"]]
    for cipher, keys in inputs["cipher_keys"].items():
        for width, key in keys.items():
            for mode in ("ecb", "cbc"):
                for name, plain in plains.items():
                    iv = inputs["iv"] if mode == "cbc" else ""
                    yield f"{cipher}-{width}-{mode} {name}", cipher, mode, hexa(key), hexa(iv), hexa(plain)


def digests():
    for number, text in enumerate(inputs["digest_texts"]):
        for digest in ("md5", "sm3", "sha256"):
            yield f"{digest} {number}", digest, "", hexa(text)
        for which, key in enumerate(inputs["hmac_keys"]):
            yield f"hmac_sha256 {number} key {which}", "hmac_sha256", hexa(key), hexa(text)


def finserv():
    for word, before in (("amp", "&"), ("bare", ""), ("secret_key", "&secret_key="), ("key", "&key=")):
        for trim in (True, False):
            for skip in ("none", "empty"):
                name = f"finserv {word}{' trimmed' if trim else ''}{' without empties' if skip == 'empty' else ''}"
                yield name, {"secret": {"suffix": before}, "trim": trim, "skip": skip}


PLAIN = {"sort": "ascii", "kv": "=", "joiner": "&", "skip": "none", "null_as": "", "trim": False,
         "secret": {"suffix": "&"}, "digest": "md5", "hex": "lower", "number": "raw_token", "nested": "raw"}


def signs():
    for name, knobs in [*finserv(), *inputs["profiles"].items()]:
        profile = PLAIN | knobs
        place = profile["secret"]
        where, beside = ("wrap", "") if place == "wrap" else next(iter(place.items()))
        flat = [profile["sort"], hexa(profile["kv"]), hexa(profile["joiner"]), profile["skip"],
                profile["null_as"] or "empty", str(int(profile["trim"])), where, hexa(beside), profile["digest"],
                profile["hex"], profile["number"], profile["nested"]]
        for title, message in inputs["messages"].items():
            fields = ",".join(f"{hexa(n)}:{kind}:{hexa(v)}" for n, kind, v in message["fields"])
            secret = inputs["secrets"][message["secret"]]
            yield f"{name} / {title}", *flat, hexa(secret), fields, json.dumps(profile)


def rsa():
    """One row a text: type 1 with the private key (`recover`), and each padding with the public one."""
    for key, texts in inputs["rsa_texts"].items():
        pkcs8, spki = (base64.b64decode(rsa_keys[key][form]).hex() for form in ("pkcs8", "spki"))
        for text in texts:
            for how in ("recover", *PADDINGS):
                yield f"rsa {key} {how} {text}", how, key, pkcs8, spki, hexa(inputs["rsa_plains"][text])


table("rsa", rsa())
table("ciphers", ciphers())
table("digests", digests())
table("keys", ((f"key {form} {n}", form, hexa(seed)) for form in KEY_FORMS for n, seed in enumerate(inputs["key_seeds"])))
table("signs", signs())
