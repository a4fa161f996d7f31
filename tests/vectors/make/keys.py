"""Makes the dummy RSA keys once, each in every form in which partners hand keys over; writes rsa_keys.json.

Run by hand only when keys of another kind are wanted: `python3 make/keys.py > rsa_keys.json`, then `make.sh`.
"""
import base64
import json
import subprocess

SIZES = {"1024": 1024, "1032": 1032, "2048": 2048, "3072": 3072, "4096": 4096}


def openssl(*arguments, given=b""):
    return subprocess.run(["openssl", *arguments], input=given, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True).stdout


def forms(pkcs8):
    written = {
        "pkcs8": openssl("pkcs8", "-topk8", "-nocrypt", "-outform", "DER", given=pkcs8),
        "pkcs1": openssl("rsa", "-traditional", "-outform", "DER", given=pkcs8),
        "spki": openssl("pkey", "-pubout", "-outform", "DER", given=pkcs8),
    }
    written["pkcs1_public"] = openssl("rsa", "-RSAPublicKey_out", "-outform", "DER", given=pkcs8)
    pem = {
        "pkcs8_pem": pkcs8,
        "pkcs1_pem": openssl("rsa", "-traditional", given=pkcs8),
        "spki_pem": openssl("pkey", "-pubout", given=pkcs8),
        "pkcs1_public_pem": openssl("rsa", "-RSAPublicKey_out", given=pkcs8),
    }
    texts = {name: base64.b64encode(der).decode() for name, der in written.items()}
    return texts | {name: text.decode() for name, text in pem.items()}


keys = {}
for name, bits in SIZES.items():
    keys[name] = forms(openssl("genpkey", "-algorithm", "RSA", "-pkeyopt", f"rsa_keygen_bits:{bits}"))
keys["2048 exponent 3"] = forms(
    openssl("genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-pkeyopt", "rsa_keygen_pubexp:3"))
# Too short or too long for us; an 8192-bit key takes long to make and only its public half is needed.
refused = {}
for bits in (512, 768, 8192):
    made = openssl("genpkey", "-algorithm", "RSA", "-pkeyopt", f"rsa_keygen_bits:{bits}")
    refused[str(bits)] = forms(made)["spki"]
print(json.dumps({"tool": openssl("version").decode().split()[1], "keys": keys, "refused": refused}, indent=1))
