#!/bin/sh
# Makes the dummy RSA keys of the simulated platforms, and what OpenSSL makes of a text with them, for the tests.
# The files beside this script are committed; run it again only if a test asks for another key. Nothing here is secret.
set -eu
cd "$(dirname "$0")"

key() { openssl genpkey -quiet -algorithm RSA -pkeyopt "rsa_keygen_bits:$2" -out "$1.pem"; }

# 岳阳: one pair for each project (its public half is released after opening), one of the platform itself.
key yueyang-project-1 1024
key yueyang-project-2 1024
key yueyang-project-3 2048
key yueyang-platform 1024
# 福州: the pair mailed to the insurer (rsa_pk, rsa_sk), and the platform's own (api_rsa_pk).
key fuzhou-insurer 2048
key fuzhou-api 2048

# Witnesses: a text of two blocks in which a Chinese character straddles the border at byte 117.
golden=golden && mkdir -p $golden && rm -f $golden/*
printf '%s' X021示例市雨污分流管网改造工程施工第二标段示例市滨江新区城市建设投资有限公司第三中学教学楼扩建老旧小区改造 \
    > $golden/text.txt
head -c 117 $golden/text.txt > $golden/first.bin
tail -c +118 $golden/text.txt > $golden/second.bin
for part in first second; do
    # Block type 1: sealed with the private half, opened with the public one.
    openssl rsautl -sign -inkey yueyang-project-1.pem -in $golden/$part.bin -out $golden/$part.type1 2>/dev/null
    for padding in pkcs1 oaep; do
        openssl pkeyutl -encrypt -inkey fuzhou-insurer.pem -pkeyopt rsa_padding_mode:$padding \
            -in $golden/$part.bin -out $golden/$part.$padding
    done
    openssl pkeyutl -encrypt -inkey fuzhou-insurer.pem -pkeyopt rsa_padding_mode:oaep -pkeyopt rsa_oaep_md:sha256 \
        -pkeyopt rsa_mgf1_md:sha1 -in $golden/$part.bin -out $golden/$part.oaep256
done
cat $golden/first.type1 $golden/second.type1 | openssl base64 -A > $golden/private_sealed.b64
for padding in pkcs1 oaep oaep256; do
    cat $golden/first.$padding $golden/second.$padding | openssl base64 -A > $golden/$padding.b64
done
openssl pkey -in yueyang-project-1.pem -pubout -outform DER | openssl base64 -A > $golden/spki.b64
rm $golden/first.* $golden/second.*
chmod 644 ./*.pem
