<?php
// Answers the wrapped MD5 signatures the PHP way: ksort, concatenation, array_filter for what it takes to be empty.
$work = $argv[1];
$out = fopen("$work/out/php.tsv", 'w');
fwrite($out, "#version\t" . PHP_VERSION . "\n");
$ours = [];
foreach (file("$work/ours.tsv", FILE_IGNORE_NEW_LINES) as $line) {
    [$name, $ours[$name]] = explode("\t", $line);
}
// Pieces by str_split, as operators' classes do it; PHP knows no OAEP with another digest than SHA-1.
foreach (file("$work/rsa.tsv", FILE_IGNORE_NEW_LINES) as $line) {
    [$name, $how, , $pkcs8, $spki, $plain] = explode("\t", $line);
    if ($how === 'oaep_sha256_mgf1_sha1') {
        continue;
    }
    $pem = fn ($label, $der) => "-----BEGIN $label-----\n" . chunk_split(base64_encode(hex2bin($der)), 64, "\n") . "-----END $label-----\n";
    [$secret, $open] = [$pem('PRIVATE KEY', $pkcs8), $pem('PUBLIC KEY', $spki)];
    $size = openssl_pkey_get_details(openssl_pkey_get_public($open))['bits'] / 8;
    $padding = $how === 'oaep_sha1' ? OPENSSL_PKCS1_OAEP_PADDING : OPENSSL_PKCS1_PADDING;
    $whole = '';
    foreach (str_split(hex2bin($plain), $size - ($how === 'oaep_sha1' ? 42 : 11)) as $piece) {
        $sealed = '';
        $how === 'recover' ? openssl_private_encrypt($piece, $sealed, $secret) : openssl_public_encrypt($piece, $sealed, $open, $padding);
        $whole .= $sealed;
    }
    fwrite($out, "$name\t" . base64_encode($whole) . "\n");
    if ($how === 'recover') {
        continue;
    }
    $opened = '';
    foreach (str_split(base64_decode($ours[$name]), $size) as $piece) {
        openssl_private_decrypt($piece, $text, $secret, $padding);
        $opened .= $text;
    }
    fwrite($out, "opened $name\t" . bin2hex($opened) . "\n");
}
foreach (file("$work/signs.tsv", FILE_IGNORE_NEW_LINES) as $line) {
    [$name, $sort, $kv, $joiner, $skip, $nullAs, $trim, $where, $beside, $digest, $case, $number, $nested, $secret, $fields]
        = explode("\t", $line);
    $native = in_array($skip, ['none', 'php_falsy']) && $sort === 'ascii' && $nullAs === 'empty' && $trim === '0';
    if ($digest !== 'md5' || !$native || $number !== 'raw_token' || $nested !== 'raw') {
        continue;
    }
    $typed = [];
    $spelled = [];
    foreach (explode(',', $fields) as $field) {
        [$key, $kind, $value] = explode(':', $field);
        $key = hex2bin($key);
        $spelled[$key] = hex2bin($value);
        $typed[$key] = $kind === 'text' ? $spelled[$key] : json_decode($kind === 'null' ? 'null' : $spelled[$key], true);
    }
    $kept = $skip === 'php_falsy' ? array_filter($typed) : $typed;
    ksort($kept, SORT_STRING);
    $parts = [];
    foreach ($kept as $key => $_) {
        $parts[] = $key . hex2bin($kv) . $spelled[$key];
    }
    $base = implode(hex2bin($joiner), $parts);
    $secret = hex2bin($secret);
    $beside = hex2bin($beside);
    $whole = ['suffix' => $base . $beside . $secret, 'prefix' => $secret . $beside . $base, 'wrap' => $secret . $base . $secret][$where];
    $sign = $case === 'upper' ? strtoupper(md5($whole)) : md5($whole);
    fwrite($out, "$name\t$sign\t" . bin2hex($whole) . "\n");
}
