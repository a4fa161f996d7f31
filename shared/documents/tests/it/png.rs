//! Pictures as small PNG files: 16 levels of grey, which anybody can look at.

use super::poppler::Grey;
use miniz_oxide::deflate::compress_to_vec_zlib;
use miniz_oxide::inflate::decompress_to_vec_zlib;

const MAGIC: &[u8] = b"\x89PNG\r\n\x1a\n";

/// Writes a picture with 4 bits for each point, rows as they are.
pub(crate) fn write(picture: &Grey) -> Vec<u8> {
    let mut rows = Vec::new();
    for row in picture.points.chunks(picture.width) {
        rows.push(0);
        rows.extend(
            row.chunks(2).map(|two| level(two[0]) << 4 | two.get(1).map_or(0, |point| level(*point))),
        );
    }
    let mut head = Vec::new();
    head.extend((picture.width as u32).to_be_bytes());
    head.extend((picture.height as u32).to_be_bytes());
    head.extend([4, 0, 0, 0, 0]);
    let mut file = MAGIC.to_vec();
    for (name, data) in [(b"IHDR", head), (b"IDAT", compress_to_vec_zlib(&rows, 9)), (b"IEND", Vec::new())] {
        file.extend((data.len() as u32).to_be_bytes());
        let part = [name.as_slice(), &data].concat();
        file.extend(&part);
        file.extend(crc(&part).to_be_bytes());
    }
    file
}

/// Reads what [`write`] wrote.
pub(crate) fn read(file: &[u8]) -> Grey {
    let number = |at: usize| u32::from_be_bytes(file[at..at + 4].try_into().unwrap()) as usize;
    let (width, height) = (number(16), number(20));
    assert_eq!(file[24..29], [4, 0, 0, 0, 0], "not a picture of ours");
    // The head takes 25 bytes behind the magic; then comes the length of the data.
    let rows = decompress_to_vec_zlib(&file[41..41 + number(33)]).expect("PNG data");
    let row = |row: &[u8]| {
        let points = row[1..].iter().flat_map(|two| [two >> 4, two & 15]);
        points.take(width).map(|level| level * 17).collect::<Vec<_>>()
    };
    Grey { width, height, points: rows.chunks(1 + width.div_ceil(2)).flat_map(row).collect() }
}

/// As the file keeps it.
pub(crate) fn coarse(picture: &Grey) -> Grey {
    let points = picture.points.iter().map(|point| level(*point) * 17).collect();
    Grey { width: picture.width, height: picture.height, points }
}

fn level(point: u8) -> u8 {
    ((u16::from(point) + 8) / 17) as u8
}

fn crc(part: &[u8]) -> u32 {
    let step = |sum: u32, byte: &u8| {
        (0..8).fold(
            sum ^ u32::from(*byte),
            |sum, _| if sum & 1 == 1 { sum >> 1 ^ 0xEDB8_8320 } else { sum >> 1 },
        )
    };
    !part.iter().fold(u32::MAX, step)
}

#[test]
fn what_is_written_reads_back() {
    let points = (0..=254).chain(100..101).collect::<Vec<u8>>();
    let picture = Grey { width: 51, height: 5, points: points[..255].to_vec() };
    let read = read(&write(&picture));
    assert_eq!((read.width, read.height), (51, 5));
    assert_eq!(read.points, coarse(&picture).points);
}
