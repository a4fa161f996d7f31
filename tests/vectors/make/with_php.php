<?php
// Answers the wrapped MD5 signatures the PHP way: ksort, concatenation, array_filter for what it takes to be empty.
$work = $argv[1];
$out = fopen("$work/out/php.tsv", 'w');
fwrite($out, "#version\t" . PHP_VERSION . "\n");
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
