"""Answers ciphers and digests with the openssl command, one call a case."""
import base64
import subprocess
import sys

work = sys.argv[1]


def openssl(*arguments, given=b""):
    return subprocess.run(["openssl", *arguments], input=given, stdout=subprocess.PIPE, check=True).stdout


with open(f"{work}/out/openssl.tsv", "w", encoding="utf-8") as out:
    print("#version", openssl("version").decode().split()[1], sep="\t", file=out)
    for line in open(f"{work}/ciphers.tsv", encoding="utf-8"):
        name, cipher, mode, key, iv, plain = line.rstrip("\n").split("\t")
        method = f"-{cipher}-{mode}" if cipher == "sm4" else f"-aes-{len(key) * 4}-{mode}"
        extra = ["-iv", iv] if mode == "cbc" else []
        sealed = openssl("enc", method, "-K", key, *extra, given=bytes.fromhex(plain))
        print(name, base64.b64encode(sealed).decode(), sep="\t", file=out)
    for line in open(f"{work}/digests.tsv", encoding="utf-8"):
        name, digest, key, text = line.rstrip("\n").split("\t")
        if digest == "hmac_sha256":
            how = ["dgst", "-sha256", "-mac", "HMAC", "-macopt", f"hexkey:{key}"]
        else:
            how = ["dgst", f"-{digest}"]
        print(name, openssl(*how, given=bytes.fromhex(text)).decode().split()[-1], sep="\t", file=out)
