//! The frame of a page: a braid of fine waves between two rules, rosettes in the corners and a pale one in the middle,
//! as on papers that should not be copied. Places are in hundredths of a point: more digits only make the file longer.

use crate::layout::{Ink, PAGE, Sheet};
use krilla::geom::PathBuilder;
use std::f32::consts::{PI, TAU};

/// Middle of the band, from the edge of the page.
const BAND: f32 = 29.0;
/// Half the height of a wave, and about its length.
const SWING: f32 = 3.6;
const WAVE: f32 = 22.0;
/// Strands of the braid.
const STRANDS: usize = 3;
const CORNER: f32 = 10.5;

pub(crate) fn draw(sheet: &mut Sheet, accent: Ink, in_the_middle: bool) {
    let [width, height] = PAGE;
    if in_the_middle {
        rosette(sheet, [width / 2.0, height / 2.0], [165.0, 38.0], 30, (accent.tint(0.1), 0.35));
    }
    let ends = [BAND + CORNER, width - BAND - CORNER, height - BAND - CORNER];
    let mut braid = PathBuilder::new();
    for strand in 0..STRANDS {
        let phase = strand as f32 / STRANDS as f32;
        for y in [BAND, height - BAND] {
            wave(&mut braid, phase, ends[1] - ends[0], |along, swing| (ends[0] + along, y + swing));
        }
        for x in [BAND, width - BAND] {
            wave(&mut braid, phase, ends[2] - ends[0], |along, swing| (x + swing, ends[0] + along));
        }
    }
    sheet.shape(braid, None, Some((accent.tint(0.6), 0.35)));
    for (inset, weight, share) in [(BAND - 6.6, 1.1, 1.0), (BAND + 6.6, 0.5, 0.8)] {
        let sides = [inset, inset, width - 2.0 * inset, height - 2.0 * inset];
        sheet.rectangle(sides, None, Some((accent.tint(share), weight)));
    }
    for x in [BAND, width - BAND] {
        for y in [BAND, height - BAND] {
            sheet.shape(super::seal::circle([x, y], CORNER), Some(Ink(255, 255, 255)), Some((accent, 0.5)));
            rosette(sheet, [x, y], [CORNER - 1.4, 3.2], 8, (accent.tint(0.8), 0.3));
        }
    }
}

/// A wave along a line: one curve from each crest to the next trough. `phase` is the part of a wave it is ahead.
fn wave(path: &mut PathBuilder, phase: f32, length: f32, at: impl Fn(f32, f32) -> (f32, f32)) {
    let at = |along: f32, swing: f32| tidy(at(along, swing));
    let halves = (length / WAVE * 2.0).round().max(2.0);
    let half = length / halves;
    // Begun before the line and ended behind it, then cut: the corners cover what is over.
    let begin = -phase * 2.0 * half;
    let (mut x, mut swing) = (begin, SWING);
    let start = at(x.max(0.0), swing * (PI * (x.max(0.0) - begin) / half).cos());
    path.move_to(start.0, start.1);
    while x < length - 0.01 {
        let next = x + half;
        if x >= -0.01 && next <= length + 0.01 {
            let points = [at(x + half * 0.3642, swing), at(x + half * 0.6358, -swing), at(next, -swing)];
            path.cubic_to(points[0].0, points[0].1, points[1].0, points[1].1, points[2].0, points[2].1);
        } else {
            // The cut ends, in short straight lines.
            let (from, to) = (x.max(0.0), next.min(length));
            for part in 1..=6 {
                let along = from + (to - from) * part as f32 / 6.0;
                let point = at(along, swing * (PI * (along - x) / half).cos());
                path.line_to(point.0, point.1);
            }
        }
        (x, swing) = (next, -swing);
    }
}

fn tidy((x, y): (f32, f32)) -> (f32, f32) {
    ((x * 100.0).round() / 100.0, (y * 100.0).round() / 100.0)
}

/// Ellipses turned around a point.
fn rosette(sheet: &mut Sheet, [x, y]: [f32; 2], [long, short]: [f32; 2], leaves: usize, stroke: (Ink, f32)) {
    let mut path = PathBuilder::new();
    for leaf in 0..leaves {
        let (sine, cosine) = (leaf as f32 * TAU / 2.0 / leaves as f32).sin_cos();
        let at = |u: f32, v: f32| tidy((x + u * cosine - v * sine, y + u * sine + v * cosine));
        let (k, l) = (long * 0.552_285, short * 0.552_285);
        let start = at(long, 0.0);
        path.move_to(start.0, start.1);
        for [a, b, c] in [
            [(long, l), (k, short), (0.0, short)],
            [(-k, short), (-long, l), (-long, 0.0)],
            [(-long, -l), (-k, -short), (0.0, -short)],
            [(k, -short), (long, -l), (long, 0.0)],
        ] {
            let (a, b, c) = (at(a.0, a.1), at(b.0, b.1), at(c.0, c.1));
            path.cubic_to(a.0, a.1, b.0, b.1, c.0, c.1);
        }
        path.close();
    }
    sheet.shape(path, None, Some(stroke));
}
