"""Lays the tools' answers side by side, stops if two differ, and writes one JSON file per subject."""
import glob
import json
import os
import sys

work, target = sys.argv[1], sys.argv[2]
answers, versions = {}, {}
for path in sorted(glob.glob(f"{work}/out/*.tsv")):
    tool = os.path.basename(path)[:-4]
    for line in open(path, encoding="utf-8"):
        name, *cells = line.rstrip("\n").split("\t")
        if name == "#version":
            versions[tool] = cells[0]
        else:
            answers.setdefault(name, {})[tool] = tuple(cells)


def rows(name):
    return [line.rstrip("\n").split("\t") for line in open(f"{work}/{name}.tsv", encoding="utf-8")]


def agreed(name):
    given = answers.get(name, {})
    if len(set(given.values())) > 1:
        sys.exit(f"the tools disagree on {name}: {given}")
    if not given:
        sys.exit(f"no tool answered {name}")
    return next(iter(given.values())), sorted(given)


def write(subject, vectors):
    tools = sorted({tool for vector in vectors for tool in vector["by"]})
    with open(f"{target}/{subject}.json", "w", encoding="utf-8") as out:
        out.write('{"tools": ' + json.dumps({tool: versions[tool] for tool in tools}) + ',\n"vectors": [\n')
        out.write(",\n".join(json.dumps(vector, ensure_ascii=False) for vector in vectors))
        out.write("\n]}\n")
    alone = sum(len(vector["by"]) == 1 for vector in vectors)
    print(f"{subject}.json: {len(vectors)} vectors, {len(vectors) - alone} made alike by two tools or more")


def ciphers(wanted):
    for name, cipher, mode, key, iv, plain in rows("ciphers"):
        if cipher == wanted:
            (sealed,), by = agreed(name)
            yield {"name": name, "mode": mode, "key_hex": key, "iv_hex": iv, "plain_hex": plain, "sealed": sealed, "by": by}


def digests():
    for name, digest, key, text in rows("digests"):
        (result,), by = agreed(name)
        yield {"name": name, "digest": digest, "key_hex": key, "text_hex": text, "result": result, "by": by}


def keys():
    for name, form, seed in rows("keys"):
        (key,), by = agreed(name)
        yield {"name": name, "form": form, "text": bytes.fromhex(seed).decode(), "key_hex": key, "by": by}


def signs():
    for name, *_, secret, fields, profile in rows("signs"):
        (sign, text), by = agreed(name)
        split = [field.split(":") for field in fields.split(",")]
        plain = [[bytes.fromhex(n).decode(), kind, bytes.fromhex(v).decode()] for n, kind, v in split]
        yield {"name": name, "profile": json.loads(profile), "secret": bytes.fromhex(secret).decode(),
               "fields": plain, "string": bytes.fromhex(text).decode(), "sign": sign, "by": by}


def rsa():
    """Type 1 has one result. A padding with chance in it has one ciphertext a tool, and what each opened of ours."""
    for name, how, key, _, _, plain in rows("rsa"):
        if how == "recover":
            (sealed,), by = agreed(name)
            yield {"name": name, "how": how, "key": key, "plain_hex": plain, "sealed": sealed, "by": by}
            continue
        for tool, (sealed,) in sorted(answers[name].items()):
            yield {"name": f"{name} by {tool}", "how": how, "key": key, "plain_hex": plain, "sealed": sealed, "by": [tool]}
        (opened,), by = agreed(f"opened {name}")
        if opened != plain:
            sys.exit(f"our ciphertext of {name} opens to another text: {opened}")
        sealed = dict(line.rstrip("\n").split("\t") for line in open(f"{work}/ours.tsv", encoding="utf-8"))[name]
        yield {"name": f"{name} by us", "how": how, "key": key, "plain_hex": plain, "ours": sealed, "by": by}


write("rsa", list(rsa()))
write("aes", list(ciphers("aes")))
write("sm4", list(ciphers("sm4")))
write("digest", list(digests()))
write("key", list(keys()))
write("sign", list(signs()))
