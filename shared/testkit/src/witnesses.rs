//! What other people's tools say of a signed PDF: pdfsig (poppler, NSS), pyHanko and qpdf;
//! `scripts/witnesses` installs them.

use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

fn checkout() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// What pdfsig says of a file, with `root` (PEM) as its only trust.
pub fn pdfsig(root: &Path, file: &Path) -> String {
    let mut pdfsig = Command::new("pdfsig");
    pdfsig.arg("-nssdir").arg(nss(root)).arg(file);
    let output = pdfsig.output().expect("pdfsig is missing: run scripts/witnesses");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// That qpdf finds nothing wrong with a file's structure: not even a warning.
pub fn qpdf(file: &Path) {
    let checked = Command::new("qpdf").arg("--check").arg(file).output();
    let checked = checked.expect("qpdf is missing: run scripts/witnesses");
    let said = String::from_utf8_lossy(&checked.stdout);
    let complaint = String::from_utf8_lossy(&checked.stderr);
    assert!(checked.status.success() && complaint.is_empty(), "qpdf: {said}{complaint}");
    assert!(said.contains("No syntax or stream encoding errors found"), "qpdf: {said}");
}

/// An NSS database that trusts the root, below the build folder; one for each test process.
fn nss(root: &Path) -> PathBuf {
    let folder = checkout().join(format!("target/tmp/nss-{}", std::process::id()));
    if !folder.join("complete").exists() {
        fs::create_dir_all(&folder).unwrap();
        let run = |arguments: &mut Command| {
            let done = arguments
                .arg("-d")
                .arg(&folder)
                .output()
                .expect("certutil is missing: run scripts/witnesses");
            assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        };
        run(Command::new("certutil").args(["-N", "--empty-password"]));
        run(Command::new("certutil").args(["-A", "-n", "root", "-t", "CT,CT,CT", "-i"]).arg(root));
        fs::write(folder.join("complete"), "").unwrap();
    }
    folder
}

/// What pyHanko says of files, one object each (`signatures`: `good`, `trusted`, `coverage`, `changes`, `stamped`; or
/// `error`), with `root` (PEM) as its only trust.
pub fn pyhanko(root: &Path, files: &[PathBuf]) -> Vec<Value> {
    let output = Command::new(checkout().join("scripts/pyhanko")).arg(root).args(files).output().unwrap();
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "pyHanko does not run; run scripts/witnesses: {complaint}");
    let lines = String::from_utf8(output.stdout).unwrap();
    lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Lets pyHanko sign a file, with all that long-term validation needs; `keys` is made by `scripts/signing-keys`.
pub fn pyhanko_signs(keys: &Path, from: &Path, to: &Path) {
    let script = checkout().join("scripts/pyhanko");
    let done = Command::new(script).arg("sign").args([keys, from, to]).output().unwrap();
    let complaint = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success(), "pyHanko does not sign; run scripts/witnesses: {complaint}");
}
