"""Answers ciphers and digests with the openssl command, one call a case."""
import base64
import subprocess
import sys
import tempfile

work = sys.argv[1]


def openssl(*arguments, given=b""):
    return subprocess.run(["openssl", *arguments], input=given, stdout=subprocess.PIPE, check=True).stdout


PADDINGS = {
    "recover": ([], 11),
    "pkcs1": (["-pkeyopt", "rsa_padding_mode:pkcs1"], 11),
    "oaep_sha256_mgf1_sha1": (
        ["-pkeyopt", "rsa_padding_mode:oaep", "-pkeyopt", "rsa_oaep_md:sha256", "-pkeyopt", "rsa_mgf1_md:sha1"], 66),
    "oaep_sha1": (["-pkeyopt", "rsa_padding_mode:oaep"], 42),
}


def rsa(out):
    ours = dict(line.rstrip("\n").split("\t") for line in open(f"{work}/ours.tsv", encoding="utf-8"))
    for line in open(f"{work}/rsa.tsv", encoding="utf-8"):
        name, how, bits, pkcs8, _, plain = line.rstrip("\n").split("\t")
        padding, overhead = PADDINGS[how]
        size, plain = int(bits.split()[0]) // 8, bytes.fromhex(plain)
        with tempfile.NamedTemporaryFile(dir=work) as key:
            key.write(bytes.fromhex(pkcs8))
            key.flush()

            def each(verb, whole, length):
                # pkeyutl signs digests only, the older rsautl whatever it is given.
                tool = ["rsautl"] if verb == "-sign" else ["pkeyutl", *padding]
                calls = [*tool, verb, "-inkey", key.name, "-keyform", "DER"]
                return b"".join(openssl(*calls, given=whole[at : at + length])
                                for at in range(0, len(whole), length))

            verb = "-sign" if how == "recover" else "-encrypt"
            print(name, base64.b64encode(each(verb, plain, size - overhead)).decode(), sep="\t", file=out)
            if how != "recover":
                print(f"opened {name}", each("-decrypt", base64.b64decode(ours[name]), size).hex(), sep="\t", file=out)


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
    rsa(out)
