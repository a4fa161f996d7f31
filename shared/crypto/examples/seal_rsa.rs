//! Encrypts the texts of the vectors' RSA table, for other implementations to open: `tests/vectors/make.sh` runs it.

use crypto::rsa::{Padding, PublicKey};
use std::error::Error;
use std::io::BufRead;

/// Fixed, so that the vectors hold our very bytes; real nonces are unforeseeable.
const NONCE: [u8; 16] = *b"a nonce of tests";

fn main() -> Result<(), Box<dyn Error>> {
    for line in std::io::stdin().lock().lines() {
        let line = line?;
        let cells: Vec<&str> = line.split('\t').collect();
        let [name, how, _, _, spki, plain] = cells[..] else { return Err("a row has six cells".into()) };
        let padding = match how {
            "pkcs1" => Padding::Pkcs1,
            "oaep_sha256_mgf1_sha1" => Padding::OaepSha256Mgf1Sha1,
            "oaep_sha1" => Padding::OaepSha1,
            _ => continue,
        };
        let sealed = PublicKey::read(spki)?.encrypt(&crypto::text::from_hex(plain)?, padding, &NONCE)?;
        println!("{name}\t{}", crypto::text::to_base64(&sealed));
    }
    Ok(())
}
