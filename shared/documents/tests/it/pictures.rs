//! Pages compared with the pictures in `tests/pages`, which somebody has looked at.
//!
//! `UPDATE_FIXTURES=1 cargo nextest run -p documents pictures` writes them; look at them before they are committed.

use super::png;
use super::poppler::{Grey, grey, pages};
use super::specimen::{every, extremes, letter, printer};
use documents::{Letter, Rendered, Shown};
use std::fs;
use std::path::PathBuf;

/// A page is compared in squares of so many points.
const SQUARE: usize = 16;
/// The mean grey of a square may differ by so much, of 255. Another version of poppler, which smooths edges in another
/// way, changes it by less; a character that is missing or stands elsewhere by more.
const TOLERANCE: f32 = 9.0;

/// Half the point where two pages differ most, and by how much.
fn difference(one: &Grey, other: &Grey) -> f32 {
    assert_eq!((one.width, one.height), (other.width, other.height), "pages of different sizes");
    let mean = |page: &Grey, x: usize, y: usize| {
        let rows = y..(y + SQUARE).min(page.height);
        let points: Vec<f32> = rows
            .flat_map(|row| {
                let end = (x + SQUARE).min(page.width);
                page.points[row * page.width + x..row * page.width + end]
                    .iter()
                    .map(|point| f32::from(*point))
            })
            .collect();
        points.iter().sum::<f32>() / points.len() as f32
    };
    let squares = (0..one.height)
        .step_by(SQUARE / 2)
        .flat_map(|y| (0..one.width).step_by(SQUARE / 2).map(move |x| (x, y)));
    squares.map(|(x, y)| (mean(one, x, y) - mean(other, x, y)).abs()).fold(0.0, f32::max)
}

/// Compares every page of a document with its picture.
fn compare(name: &str, rendered: &Rendered) {
    let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/pages"));
    let count = pages(&rendered.bytes);
    for page in 1..=count {
        let path = folder.join(format!("{name}-{page}.png"));
        let picture = png::coarse(&grey(&rendered.bytes, page));
        if std::env::var_os("UPDATE_FIXTURES").is_some() {
            fs::create_dir_all(&folder).unwrap();
            fs::write(&path, png::write(&picture)).unwrap();
        }
        let kept = fs::read(&path).expect("a picture per page; UPDATE_FIXTURES=1 writes it");
        let most = difference(&png::read(&kept), &picture);
        assert!(
            most <= TOLERANCE,
            "page {page} of {name} looks different (by {most}): compare {}",
            path.display()
        );
    }
    let beyond = folder.join(format!("{name}-{}.png", count + 1));
    assert!(!beyond.exists(), "{name} has fewer pages than {}", beyond.display());
}

#[test]
fn every_template_looks_as_it_did() {
    for (name, rendered) in every(&printer()) {
        compare(name, &rendered.unwrap());
    }
}

#[test]
fn rare_characters_and_long_texts_are_whole() {
    for (name, rendered) in extremes(&printer()) {
        let rendered = rendered.unwrap();
        assert_eq!(pages(&rendered.bytes), 2, "{name}");
        compare(name, &rendered);
    }
}

#[test]
fn another_name_makes_another_picture() {
    let printer = printer();
    let picture = |letter: &Letter<'_>| grey(&printer.guarantee(letter).unwrap().bytes, 1);
    let usual = picture(&letter());
    assert!(difference(&usual, &usual) < f32::EPSILON);
    // One character of the project's name.
    let other = Letter {
        project_name: Shown::Plain("示例市江南片区道路改造及配套管网工程"), ..letter()
    };
    let changed = difference(&usual, &picture(&other));
    assert!(changed > 1.0, "one changed character is not seen: {changed}");
    let shorter =
        Letter { project_name: Shown::Plain("示例市江北片区道路改造工程"), ..letter() };
    let changed = difference(&usual, &picture(&shorter));
    assert!(changed > TOLERANCE, "missing characters are within the tolerance: {changed}");
}
