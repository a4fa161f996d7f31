//! Poppler's programs: another reader than ours, for the text and the picture of a page.

use std::io::Write;
use std::process::{Command, Stdio};

/// A page in grey: width, height, and a byte for each point.
pub(crate) struct Grey {
    pub(crate) width: usize,
    pub(crate) height: usize,
    pub(crate) points: Vec<u8>,
}

/// Runs a program on a file.
pub(crate) fn run(program: &str, arguments: &[&str], pdf: &[u8]) -> Vec<u8> {
    let mut command = Command::new(program);
    let started = command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
    let mut reader = started.unwrap_or_else(|error| {
        panic!(
            "{program} cannot be run ({error}): install the package poppler-utils (scripts/services up does)"
        )
    });
    let mut stdin = reader.stdin.take().unwrap();
    let given = pdf.to_vec();
    // Beside us: a program that answers before it has read all must not wait for us.
    let writer = std::thread::spawn(move || stdin.write_all(&given));
    let read = reader.wait_with_output().unwrap();
    assert!(read.status.success(), "{program} refuses the file");
    writer.join().unwrap().unwrap();
    read.stdout
}

/// The lines of a document.
pub(crate) fn lines(pdf: &[u8]) -> Vec<String> {
    let text = String::from_utf8(run("pdftotext", &["-enc", "UTF-8", "-layout", "-", "-"], pdf)).unwrap();
    text.lines().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect()
}

/// The text of a document with all blanks and line ends taken out.
pub(crate) fn text(pdf: &[u8]) -> String {
    let text = String::from_utf8(run("pdftotext", &["-enc", "UTF-8", "-layout", "-", "-"], pdf)).unwrap();
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// How many pages a document has.
pub(crate) fn pages(pdf: &[u8]) -> usize {
    let info = String::from_utf8(run("pdfinfo", &["-"], pdf)).unwrap();
    let pages = info.lines().find_map(|line| line.strip_prefix("Pages:")).unwrap();
    pages.trim().parse().unwrap()
}

/// A page, 50 points to the inch.
pub(crate) fn grey(pdf: &[u8], page: usize) -> Grey {
    let page = page.to_string();
    let picture = run("pdftoppm", &["-r", "50", "-gray", "-f", &page, "-l", &page, "-singlefile", "-"], pdf);
    let (head, points) = picture.split_at(head_of(&picture));
    let numbers = String::from_utf8_lossy(head);
    let size: Vec<usize> = numbers.split_whitespace().skip(1).map(|number| number.parse().unwrap()).collect();
    Grey { width: size[0], height: size[1], points: points.to_vec() }
}

/// Length of a picture's head: its kind, width and height, 255, each on a line of its own.
fn head_of(picture: &[u8]) -> usize {
    picture.split_inclusive(|byte| *byte == b'\n').take(3).map(<[u8]>::len).sum()
}

/// Part of a page in colour, one point to a PDF point: left, top, width, height; three bytes for each point.
pub(crate) fn colours(pdf: &[u8], page: usize, [x, y, width, height]: [u32; 4]) -> Vec<[u8; 3]> {
    let [x, y, width, height] = [x, y, width, height].map(|number| number.to_string());
    let page = page.to_string();
    let part = ["-x", &x, "-y", &y, "-W", &width, "-H", &height];
    let whole = ["-r", "72", "-f", &page, "-l", &page, "-singlefile", "-"];
    let picture = run("pdftoppm", &[&part[..], &whole[..]].concat(), pdf);
    picture[head_of(&picture)..].chunks_exact(3).map(|point| [point[0], point[1], point[2]]).collect()
}
