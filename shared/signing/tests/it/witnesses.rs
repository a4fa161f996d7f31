//! What other people's tools say: pdfsig (poppler, NSS) and pyHanko.

use crate::house::{keys, root};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What pdfsig says of a file, with the sandbox root as its only trust.
pub(crate) fn pdfsig(file: &Path) -> String {
    let output = Command::new("pdfsig")
        .arg("-nssdir")
        .arg(nss())
        .arg(file)
        .output()
        .expect("pdfsig is missing: apt-get install poppler-utils");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// An NSS database that trusts the sandbox root.
fn nss() -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("nss-{}", std::process::id()));
    if !folder.exists() {
        fs::create_dir_all(&folder).unwrap();
        for arguments in [vec!["-N", "--empty-password"], vec!["-A", "-n", "root", "-t", "CT,CT,CT", "-i"]] {
            let mut certutil = Command::new("certutil");
            certutil.args(&arguments);
            if arguments.contains(&"-i") {
                certutil.arg(keys().join("root.pem"));
            }
            let done = certutil.arg("-d").arg(&folder).output();
            let done = done.expect("certutil is missing: apt-get install libnss3-tools");
            assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        }
    }
    folder
}

/// What pyHanko says of files, one object each.
pub(crate) fn pyhanko(files: &[PathBuf]) -> Vec<Value> {
    let output = Command::new(root().join("scripts/pyhanko"))
        .arg(keys().join("root.pem"))
        .args(files)
        .output()
        .expect("scripts/pyhanko");
    assert!(
        output.status.success(),
        "pyHanko does not run; scripts/pyhanko install: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    let lines = String::from_utf8(output.stdout).unwrap();
    lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}
