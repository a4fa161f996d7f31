//! The file: PDF/A-2b with the fonts in it, the same bytes for the same marks.

use crate::fonts::{Fonts, Style};
use crate::layout::{Glyph, Ink, Mark, PAGE, Pages, Shape, Sheet};
use domain::Timestamp;
use krilla::configure::{Archival, ConfigurationBuilder, PdfVersion};
use krilla::geom::{Point, Transform};
use krilla::graphic::Graphic;
use krilla::metadata::{DateTime, Metadata};
use krilla::num::NormalizedF32;
use krilla::page::PageSettings;
use krilla::paint::{Fill, Stroke};
use krilla::surface::Surface;
use krilla::text::{Font, GlyphId, KrillaGlyph};
use krilla::{Data, Document, SerializeSettings};
use std::collections::{BTreeMap, BTreeSet};

/// Why no file could be made: the font files were taken away, or a rule of PDF/A is broken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NotDrawn(pub(crate) String);

/// What a reader's program shows about the document.
#[derive(Debug, Clone)]
pub(crate) struct Card {
    pub(crate) title: String,
    pub(crate) author: String,
    pub(crate) subject: String,
    pub(crate) at: Timestamp,
}

/// Of the outlines, to a type size.
const UNITS: f32 = 1000.0;

type Faces = BTreeMap<Style, Font>;

/// Writes the file. Blocks.
pub(crate) fn pdf(fonts: &Fonts, pages: &Pages, card: Card) -> Result<Vec<u8>, NotDrawn> {
    let faces = faces(fonts, pages)?;
    let mut document = Document::new_with(settings()?);
    let mut ground = None;
    for sheet in &pages.sheets {
        let size = PageSettings::from_wh(PAGE[0], PAGE[1]).ok_or_else(|| not("no page of this size"))?;
        let mut page = document.start_page_with(size);
        let mut surface = page.surface();
        // Written once and shown on every page.
        let ground = ground.get_or_insert_with(|| graphic(&mut surface, &pages.ground, &faces));
        surface.draw_graphic(ground.clone());
        sheet.marks.iter().for_each(|mark| draw(&mut surface, mark, &faces));
        surface.finish();
        page.finish();
    }
    document.set_metadata(metadata(card));
    document.finish().map_err(|error| not(format!("{error:?}")))
}

fn graphic(surface: &mut Surface<'_>, sheet: &Sheet, faces: &Faces) -> Graphic {
    let mut builder = surface.stream_builder();
    let mut inner = builder.surface();
    sheet.marks.iter().for_each(|mark| draw(&mut inner, mark, faces));
    inner.finish();
    Graphic::new(builder.finish(), false)
}

fn not(why: impl Into<String>) -> NotDrawn {
    NotDrawn(why.into())
}

fn settings() -> Result<SerializeSettings, NotDrawn> {
    let configuration = ConfigurationBuilder::new()
        .with_version(PdfVersion::Pdf17)
        .with_archival_validator(Archival::A2_B)
        .finish()
        .map_err(|error| not(format!("{error:?}")))?;
    Ok(SerializeSettings { configuration, enable_tagging: false, ..SerializeSettings::default() })
}

fn metadata(card: Card) -> Metadata {
    let at = card.at.shanghai();
    let date = DateTime::new(at.year().clamp(0, 9999) as u16)
        .month(at.month().into())
        .day(at.day())
        .hour(at.hour())
        .minute(at.minute())
        .second(at.second())
        .utc_offset_hour(8);
    Metadata::new()
        .title(card.title)
        .authors(vec![card.author])
        .description(card.subject)
        .language("zh-CN".to_owned())
        .creator("Baohan Gateway".to_owned())
        .producer("Baohan Gateway".to_owned())
        .creation_date(date)
}

/// The faces that are used, each with only the glyphs that are shown.
fn faces(fonts: &Fonts, pages: &Pages) -> Result<Faces, NotDrawn> {
    let mut used: BTreeMap<Style, BTreeSet<u16>> = BTreeMap::new();
    for mark in pages.sheets.iter().chain([&pages.ground]).flat_map(|sheet| &sheet.marks) {
        match mark {
            Mark::Text { glyphs, .. } => {
                glyphs.iter().for_each(|glyph| _ = used.entry(glyph.style).or_default().insert(glyph.id));
            }
            Mark::Picture { glyph, style, .. } => _ = used.entry(*style).or_default().insert(*glyph),
            Mark::Shape(_) => {}
        }
    }
    let font = |(style, glyphs): (Style, BTreeSet<u16>)| {
        let bytes = fonts.face(style).font_of(&glyphs).map_err(|error| not(error.to_string()))?;
        Font::new(Data::from(bytes), 0).map(|font| (style, font)).ok_or_else(|| not("a font is broken"))
    };
    used.into_iter().map(font).collect()
}

fn draw(surface: &mut Surface<'_>, mark: &Mark, faces: &Faces) {
    match mark {
        Mark::Text { x, y, size, ink, glyphs } => {
            surface.set_fill(Some(fill(*ink)));
            surface.set_stroke(None);
            let mut x = *x;
            for run in glyphs.chunk_by(|a, b| a.style == b.style) {
                if let Some(font) = faces.get(&run[0].style) {
                    write(surface, run, font, [x, *y], *size);
                }
                x += run.iter().map(|glyph| glyph.advance).sum::<f32>() * size;
            }
        }
        Mark::Shape(Shape { path, fill: area, stroke }) => {
            surface.set_fill(area.map(fill));
            surface.set_stroke(stroke.map(|(ink, width)| Stroke {
                paint: colour(ink).into(),
                width,
                ..Stroke::default()
            }));
            surface.draw_path(path);
        }
        Mark::Picture { glyph, style, matrix: [a, b, c, d, x, y], ink } => {
            let Some(font) = faces.get(style) else { return };
            surface.set_fill(Some(fill(*ink)));
            surface.set_stroke(None);
            // Drawn large and made small by the matrix, so that no digits are lost.
            let [a, b, c, d] = [a, b, c, d].map(|part| part / UNITS);
            surface.push_transform(&Transform::from_row(a, b, c, d, *x, *y));
            let glyph = KrillaGlyph::new(GlyphId::new(u32::from(*glyph)), 1.0, 0.0, 0.0, 0.0, 0..0, None);
            surface.draw_glyphs(Point::from_xy(0.0, 0.0), &[glyph], font.clone(), "", UNITS, true);
            surface.pop();
        }
    }
}

/// Text of one face.
fn write(surface: &mut Surface<'_>, run: &[Glyph], font: &Font, [x, y]: [f32; 2], size: f32) {
    let text: String = run.iter().map(|glyph| glyph.c).collect();
    let glyphs: Vec<KrillaGlyph> = run
        .iter()
        .zip(text.char_indices())
        .map(|(glyph, (at, c))| {
            let id = GlyphId::new(u32::from(glyph.id));
            KrillaGlyph::new(id, glyph.advance, glyph.shift, 0.0, 0.0, at..at + c.len_utf8(), None)
        })
        .collect();
    surface.draw_glyphs(Point::from_xy(x, y), &glyphs, font.clone(), &text, size, false);
}

fn fill(ink: Ink) -> Fill {
    Fill { paint: colour(ink).into(), opacity: NormalizedF32::ONE, ..Fill::default() }
}

fn colour(Ink(red, green, blue): Ink) -> krilla::color::rgb::Color {
    krilla::color::rgb::Color::new(red, green, blue)
}
