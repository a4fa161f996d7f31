// Answers SM4, SM3 and the SM3 signatures with the npm package sm-crypto.
const fs = require('fs');
const { sm3, sm4 } = require('sm-crypto');
const work = process.argv[2];
const rows = (name) => fs.readFileSync(`${work}/${name}.tsv`, 'utf8').trimEnd().split('\n').map((line) => line.split('\t'));
const text = (hex) => Buffer.from(hex, 'hex').toString('utf8');
const out = [`#version\t${require('sm-crypto/package.json').version}`];

for (const [name, cipher, mode, key, iv, plain] of rows('ciphers')) {
  if (cipher !== 'sm4') continue;
  const options = mode === 'cbc' ? { mode: 'cbc', iv } : {};
  const sealed = sm4.encrypt(Array.from(Buffer.from(plain, 'hex')), key, options);
  out.push(`${name}\t${Buffer.from(sealed, 'hex').toString('base64')}`);
}
for (const [name, digest, , bytes] of rows('digests')) {
  if (digest === 'sm3') out.push(`${name}\t${sm3(Array.from(Buffer.from(bytes, 'hex')))}`);
}
for (const row of rows('signs')) {
  const [name, sort, kv, joiner, skip, , , where, beside, digest, hexCase, number, nested, secret, fields] = row;
  if (digest !== 'sm3' || number !== 'raw_token' || nested !== 'raw') continue;
  const params = {};
  for (const field of fields.split(',')) {
    const [key, kind, value] = field.split(':');
    const shown = kind === 'null' ? '' : text(value);
    // \s takes the no-break blank for white space, Java does not
    if (skip === 'blank' && (kind === 'null' || kind === 'text') && /^[^\S\u00a0]*$/.test(shown)) continue;
    params[text(key)] = shown;
  }
  const fold = (a) => (sort === 'ascii_ci' ? a.toLowerCase() : a);
  const names = Object.keys(params).sort((a, b) => (fold(a) < fold(b) ? -1 : fold(a) > fold(b) ? 1 : a < b ? -1 : 1));
  const base = names.map((key) => key + text(kv) + params[key]).join(text(joiner));
  const whole = where === 'prefix' ? text(secret) + text(beside) + base : base + text(beside) + text(secret);
  const sign = sm3(whole);
  out.push(`${name}\t${hexCase === 'upper' ? sign.toUpperCase() : sign}\t${Buffer.from(whole, 'utf8').toString('hex')}`);
}
fs.writeFileSync(`${work}/out/sm-crypto.tsv`, out.join('\n') + '\n');
