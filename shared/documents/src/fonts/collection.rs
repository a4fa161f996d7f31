//! A font file: which faces it holds, and the tables of the one that has the right family name.

use super::bytes::{u16_at, u32_at};
use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

/// Why there is no type to print with.
#[derive(Debug, thiserror::Error)]
pub enum NoFont {
    /// The file is not there or cannot be read.
    #[error("the font {path} cannot be read ({why}): install the package fonts-noto-cjk, or name the folder that holds it in documents.fonts", path = path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        why: io::Error,
    },
    /// The file has no face for simplified Chinese.
    #[error("the font {path} has no face “{family}”: install the package fonts-noto-cjk", path = path.display())]
    NoFace {
        /// The file.
        path: PathBuf,
        /// The family name that was looked for.
        family: &'static str,
    },
    /// The face is not made as those of the package are.
    #[error("the font {path} is not the one of the package fonts-noto-cjk: {what}", path = path.display())]
    Unfit {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        what: &'static str,
    },
}

/// The tables of one face in an open file.
#[derive(Debug)]
pub(super) struct Tables {
    pub(super) file: File,
    records: Vec<([u8; 4], u64, usize)>,
}

/// More faces or tables than any font has.
const ENOUGH: usize = 64;
/// Name records that hold the family: the plain one and the typographic one.
const FAMILY: [u16; 2] = [1, 16];

impl Tables {
    /// Finds the face with this family name in a collection, or in a file of a single face.
    pub(super) fn find(path: &Path, family: &'static str) -> Result<Self, NoFont> {
        let unreadable = |why| NoFont::Unreadable { path: path.to_owned(), why };
        let mut file = File::open(path).map_err(unreadable)?;
        for start in faces(&file).map_err(unreadable)? {
            let face = Self { records: records(&file, start).map_err(unreadable)?, file };
            let names = face.read(*b"name").map_err(unreadable)?;
            if has_family(&names, family) {
                return Ok(face);
            }
            file = face.file;
        }
        Err(NoFont::NoFace { path: path.to_owned(), family })
    }

    /// Where a table stands: offset and length.
    pub(super) fn place(&self, tag: [u8; 4]) -> io::Result<(u64, usize)> {
        let found = self.records.iter().find(|(name, ..)| *name == tag);
        found.map(|&(_, offset, length)| (offset, length)).ok_or_else(broken)
    }

    /// Reads a whole table.
    pub(super) fn read(&self, tag: [u8; 4]) -> io::Result<Vec<u8>> {
        let (offset, length) = self.place(tag)?;
        read_at(&self.file, offset, length)
    }
}

/// Reads a part of a file.
pub(super) fn read_at(file: &File, offset: u64, length: usize) -> io::Result<Vec<u8>> {
    // A length out of a broken file must not reserve more than the file has.
    if length as u64 > file.metadata()?.len() {
        return Err(broken());
    }
    let mut bytes = vec![0; length];
    file.read_exact_at(&mut bytes, offset)?;
    Ok(bytes)
}

fn broken() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "not a font")
}

/// Where the faces of a file begin.
fn faces(file: &File) -> io::Result<Vec<u64>> {
    let head = read_at(file, 0, 12)?;
    match &head[..4] {
        b"ttcf" => {
            let count = u32_at(&head, 8).map(|count| count as usize).filter(|count| *count <= ENOUGH);
            let list = read_at(file, 12, 4 * count.ok_or_else(broken)?)?;
            Ok((0..list.len() / 4).filter_map(|n| u32_at(&list, 4 * n)).map(u64::from).collect())
        }
        b"OTTO" => Ok(vec![0]),
        _ => Err(broken()),
    }
}

fn records(file: &File, start: u64) -> io::Result<Vec<([u8; 4], u64, usize)>> {
    let count = u16_at(&read_at(file, start, 12)?, 4).map(usize::from).filter(|count| *count <= ENOUGH);
    let list = read_at(file, start + 12, 16 * count.ok_or_else(broken)?)?;
    let record = |bytes: &[u8]| {
        let tag = bytes.get(..4)?.try_into().ok()?;
        Some((tag, u64::from(u32_at(bytes, 8)?), u32_at(bytes, 12)? as usize))
    };
    Ok(list.chunks(16).filter_map(record).collect())
}

/// True if one of the family names is this one. Names are UTF-16 where they matter (platform 3).
fn has_family(names: &[u8], family: &str) -> bool {
    let wanted: Vec<u8> = family.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let count = u16_at(names, 2).map_or(0, usize::from);
    let texts = u16_at(names, 4).map_or(0, usize::from);
    (0..count).map(|n| 6 + 12 * n).any(|at| {
        let field = |n: usize| u16_at(names, at + 2 * n).map_or(0, usize::from);
        let is_family = FAMILY.iter().any(|id| usize::from(*id) == field(3));
        let text = names.get(texts + field(5)..texts + field(5) + field(4));
        is_family && text == Some(&wanted)
    })
}
