//! Unpacking the streams that hold a file's structure: Flate with PNG prediction, and never more than the limits allow.

use super::object::{Dict, Object};
use super::work::{Broken, Read, Work};
use miniz_oxide::inflate::{TINFLStatus, decompress_to_vec_zlib_with_limit};

/// The data of a stream of structure, unpacked.
pub(crate) fn unpack(dict: &Dict, data: &[u8], work: &Work) -> Read<Vec<u8>> {
    let packed = match dict.get("Filter") {
        None => false,
        Some(Object::Name(name)) => flate(name)?,
        Some(Object::List(names)) => match names.as_slice() {
            [] => false,
            [Object::Name(name)] => flate(name)?,
            _ => return Err(Broken::Unsupported),
        },
        Some(_) => return Err(Broken::Unsupported),
    };
    let unpacked = if packed { inflate(data, work.may_unpack())? } else { data.to_vec() };
    work.unpack(unpacked.len())?;
    let parameters = match dict.get("DecodeParms") {
        None => return Ok(unpacked),
        Some(Object::Dict(parameters)) => parameters,
        Some(Object::List(list)) => match list.as_slice() {
            [Object::Dict(parameters)] => parameters,
            _ => return Err(Broken::Unsupported),
        },
        Some(_) => return Err(Broken::Unsupported),
    };
    predict(parameters, unpacked)
}

fn flate(name: &[u8]) -> Read<bool> {
    if name == b"FlateDecode" { Ok(true) } else { Err(Broken::Unsupported) }
}

fn inflate(data: &[u8], limit: usize) -> Read<Vec<u8>> {
    decompress_to_vec_zlib_with_limit(data, limit).map_err(|error| match error.status {
        TINFLStatus::HasMoreOutput => Broken::Limit,
        _ => Broken::Syntax,
    })
}

/// Undoes PNG prediction of rows of single bytes.
fn predict(parameters: &Dict, data: Vec<u8>) -> Read<Vec<u8>> {
    let number = |key, default| match parameters.get(key) {
        None => Ok(default),
        Some(value) => value.int().ok_or(Broken::Syntax),
    };
    match number("Predictor", 1)? {
        1 => return Ok(data),
        10..=15 if number("Colors", 1)? == 1 && number("BitsPerComponent", 8)? == 8 => {}
        _ => return Err(Broken::Unsupported),
    }
    let columns = usize::try_from(number("Columns", 1)?).map_err(|_| Broken::Syntax)?;
    if columns == 0 || columns > 4096 || !data.len().is_multiple_of(columns + 1) {
        return Err(Broken::Syntax);
    }
    let mut out: Vec<u8> = Vec::with_capacity(data.len());
    let mut above = vec![0; columns];
    for row in data.chunks_exact(columns + 1) {
        let mut line = row[1..].to_vec();
        for at in 0..columns {
            let (left, up) = (if at == 0 { 0 } else { line[at - 1] }, above[at]);
            let corner = if at == 0 { 0 } else { above[at - 1] };
            let guess = match row[0] {
                0 => 0,
                1 => left,
                2 => up,
                3 => ((u16::from(left) + u16::from(up)) / 2) as u8,
                4 => paeth(left, up, corner),
                _ => return Err(Broken::Syntax),
            };
            line[at] = line[at].wrapping_add(guess);
        }
        out.extend_from_slice(&line);
        above = line;
    }
    Ok(out)
}

fn paeth(left: u8, up: u8, corner: u8) -> u8 {
    let (a, b, c) = (i16::from(left), i16::from(up), i16::from(corner));
    let guess = a + b - c;
    let (to_a, to_b, to_c) = ((guess - a).abs(), (guess - b).abs(), (guess - c).abs());
    if to_a <= to_b && to_a <= to_c {
        left
    } else if to_b <= to_c {
        up
    } else {
        corner
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pdf::work::Limits;
    use miniz_oxide::deflate::compress_to_vec_zlib;

    fn packed() -> Dict {
        Dict(vec![(b"Filter".to_vec(), Object::name("FlateDecode"))])
    }

    #[test]
    fn a_bomb_does_not_go_off() {
        let bomb = compress_to_vec_zlib(&vec![0; 4 << 20], 9);
        let limits = Limits { unpacked_bytes: 1 << 20, ..Limits::default() };
        let work = Work::new(&limits, std::sync::Arc::default());
        assert_eq!(unpack(&packed(), &bomb, &work), Err(Broken::Limit));
    }

    #[test]
    fn rows_are_predicted_from_the_row_above() {
        let mut dict = packed();
        let parameters = [("Predictor", 12), ("Columns", 2)];
        dict.set(
            "DecodeParms",
            Object::Dict(Dict(parameters.map(|(k, v)| (k.into(), Object::Int(v))).into())),
        );
        let data = compress_to_vec_zlib(&[2, 1, 2, 2, 1, 1], 6);
        let work = Work::new(&Limits::default(), std::sync::Arc::default());
        assert_eq!(unpack(&dict, &data, &work).unwrap(), [1, 2, 2, 3]);
    }
}
