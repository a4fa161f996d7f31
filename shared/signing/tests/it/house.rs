//! Sandbox keys, signers and a timestamp authority for these tests.

use crypto::digest::sha256;
use domain::Timestamp;
use signing::sign::{Place, Stamping, Wording, sign_document};
use signing::{Later, LocalSigner, TimestampAuthority, TrustAnchors, Unstamped};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

/// The folder of sandbox keys, made once.
pub(crate) fn keys() -> &'static Path {
    static KEYS: OnceLock<PathBuf> = OnceLock::new();
    KEYS.get_or_init(|| {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("signing-keys");
        let made = Command::new(root().join("scripts/signing-keys")).arg(&folder).status().unwrap();
        assert!(made.success(), "scripts/signing-keys failed");
        folder
    })
}

pub(crate) fn read(name: &str) -> String {
    fs::read_to_string(keys().join(name)).unwrap()
}

pub(crate) fn trust() -> TrustAnchors {
    TrustAnchors::from_pem(&read("root.pem")).unwrap()
}

/// The signer of this name: `rsa` or `p256`.
pub(crate) fn signer(name: &str) -> LocalSigner {
    LocalSigner::from_pem(&read(&format!("{name}.key")), &read(&format!("{name}.chain.pem")), b"").unwrap()
}

#[expect(clippy::disallowed_methods, reason = "keys and timestamps made a moment ago are of now")]
pub(crate) fn now() -> Timestamp {
    Timestamp::new(std::time::SystemTime::now().into())
}

pub(crate) fn wording() -> Wording<'static> {
    let place = Place { page: 0, rect: [380.0, 120.0, 500.0, 240.0] };
    Wording { at: now(), place, reason: "出具保函", name: "示范担保有限公司" }
}

/// `openssl ts` as an authority.
#[derive(Debug)]
pub(crate) struct OpenSsl {
    pub(crate) certificate: &'static str,
}

pub(crate) const AUTHORITY: OpenSsl = OpenSsl { certificate: "tsa" };

impl OpenSsl {
    fn reply(&self, request: &[u8]) -> Vec<u8> {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
        let name = format!("{}-{}", std::process::id(), hex(&sha256(request)[..8]));
        let (query, reply, serial) = (
            folder.join(format!("{name}.tsq")),
            folder.join(format!("{name}.tsr")),
            folder.join(format!("{name}.serial")),
        );
        fs::write(&query, request).unwrap();
        fs::write(&serial, "01\n").unwrap();
        let ts = Command::new("openssl")
            .args(["ts", "-reply", "-section", "sandbox", "-config"])
            .arg(keys().join("tsa.cnf"))
            .arg("-queryfile")
            .arg(&query)
            .arg("-signer")
            .arg(keys().join(format!("{}.pem", self.certificate)))
            .arg("-inkey")
            .arg(keys().join(format!("{}.key", self.certificate)))
            .arg("-out")
            .arg(&reply)
            .env("TSA_SERIAL", &serial)
            .output()
            .expect("openssl is missing: apt-get install openssl");
        assert!(ts.status.success(), "{}", String::from_utf8_lossy(&ts.stderr));
        let answer = fs::read(&reply).unwrap();
        for file in [query, reply, serial] {
            fs::remove_file(file).unwrap();
        }
        answer
    }
}

impl TimestampAuthority for OpenSsl {
    fn ask(&self, request: Vec<u8>) -> Later<'_, Result<Vec<u8>, Unstamped>> {
        Box::pin(async move { Ok(self.reply(&request)) })
    }
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// How a document is signed in a test.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Level {
    Plain,
    Stamped,
    Archived,
}

/// The document, signed.
pub(crate) fn signed(pdf: &[u8], key: &str, level: Level) -> Vec<u8> {
    let trust = trust();
    let stamping = Stamping {
        authority: &AUTHORITY,
        trust: &trust,
        nonces: [[0xa5; 16], [7; 16]],
        whole_document: level == Level::Archived,
    };
    let stamping = (level != Level::Plain).then_some(&stamping);
    block_on(sign_document(pdf, &wording(), &signer(key), stamping)).unwrap()
}

pub(crate) fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

/// A place for a file of this test.
pub(crate) fn paper(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("papers");
    fs::create_dir_all(&folder).unwrap();
    folder.join(name)
}
