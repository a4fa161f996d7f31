"""Flattens inputs.json into tables of hexadecimal cells that every other tool can read without a JSON parser."""
import json
import sys

inputs, work = json.load(open(sys.argv[1], encoding="utf-8")), sys.argv[2]


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


table("ciphers", ciphers())
table("digests", digests())
table("keys", ((f"sha1prng {n}", hexa(seed)) for n, seed in enumerate(inputs["key_seeds"])))
table("signs", signs())
