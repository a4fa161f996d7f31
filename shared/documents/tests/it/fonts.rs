//! Fonts that are not there, or are others, stop a process at its start.

use super::specimen::{fonts, issuer};
use documents::{NoFont, Printer, Unready};
use std::path::{Path, PathBuf};

const SERIF: &str = "NotoSerifCJK-Regular.ttc";

fn folder(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

fn refused(folder: &Path) -> NoFont {
    match Printer::open(issuer(), folder, None) {
        Err(Unready::Font(why)) => why,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_missing_font_is_told_with_its_file_and_the_package() {
    let why = refused(Path::new("/nowhere/at/all"));
    assert!(matches!(why, NoFont::Unreadable { .. }));
    let said = why.to_string();
    assert!(
        said.contains("/nowhere/at/all/NotoSerifCJK-Regular.ttc") && said.contains("fonts-noto-cjk"),
        "{said}"
    );
}

#[test]
fn a_file_without_the_face_for_simplified_chinese_is_refused() {
    let folder = folder("other-face");
    std::os::unix::fs::symlink(fonts().join("NotoSansCJK-Regular.ttc"), folder.join(SERIF)).unwrap();
    let why = refused(&folder);
    assert!(matches!(why, NoFont::NoFace { family: "Noto Serif CJK SC", .. }), "{why}");
    assert!(why.to_string().contains("fonts-noto-cjk"));
}

#[test]
fn what_is_no_font_or_only_its_beginning_is_refused() {
    let folder = folder("broken");
    let whole = std::fs::read(fonts().join(SERIF)).unwrap();
    for length in [0, 3, 12, 40, 2_000, whole.len() / 2, whole.len() - 300_000] {
        std::fs::write(folder.join(SERIF), &whole[..length]).unwrap();
        assert!(matches!(refused(&folder), NoFont::Unreadable { .. }), "{length}");
    }
    std::fs::write(folder.join(SERIF), b"not a font, but long enough to be looked at").unwrap();
    assert!(matches!(refused(&folder), NoFont::Unreadable { .. }));
}
