//! One A4 page: a title, a table of facts, paragraphs, a closing and a foot, in the largest type that fits.

use crate::face;
use pdf_writer::types::{CidFontType, FontFlags, SystemInfo};
use pdf_writer::{Content, Finish, Name, Pdf, Rect, Ref, Str, TextStr};

/// The facts do not fit on one page, not even in the smallest type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the names and texts are too long for one page")]
pub struct TooLong;

/// What is on the page.
pub(crate) struct Sheet<'a> {
    /// Centred at the top.
    pub(crate) title: &'a str,
    /// To the right under the title.
    pub(crate) number: String,
    /// The table: label and value.
    pub(crate) rows: Vec<(&'a str, String)>,
    /// Paragraphs; all but those that begin with 致 are indented by two characters.
    pub(crate) paragraphs: Vec<String>,
    /// Lines to the right under the text.
    pub(crate) closing: Vec<String>,
    /// Small, at the foot.
    pub(crate) foot: String,
}

const WIDTH: f32 = 595.28;
const HEIGHT: f32 = 841.89;
const SIDE: f32 = 56.0;
const TOP: f32 = 64.0;
const BOTTOM: f32 = 58.0;
const TITLE_SIZE: f32 = 24.0;
const FOOT_SIZE: f32 = 8.0;
/// Type sizes tried in turn, points.
const SIZES: [f32; 8] = [11.0, 10.5, 10.0, 9.0, 8.0, 7.0, 6.0, 5.0];
/// From one base line to the next, in type sizes.
const LEADING: f32 = 1.65;
/// Width of the label column, in type sizes.
const LABEL: f32 = 8.0;
/// White around the text of a cell, in type sizes.
const PAD: f32 = 0.5;

const FONT: Name<'_> = Name(b"F1");
const FONT_NAME: Name<'_> = Name(b"STSong-Light");

/// Draws the sheet.
///
/// # Errors
/// [`TooLong`] if it does not fit in the smallest type.
pub(crate) fn draw(sheet: &Sheet<'_>) -> Result<Vec<u8>, TooLong> {
    let page = SIZES.iter().find_map(|&size| Pen::write(sheet, size)).ok_or(TooLong)?;
    Ok(assemble(sheet.title, &page))
}

/// Writes down the page; `y` is the top of what comes next.
struct Pen {
    content: Content,
    size: f32,
    y: f32,
}

impl Pen {
    /// The page in one type size, if it fits.
    fn write(sheet: &Sheet<'_>, size: f32) -> Option<Content> {
        let mut pen = Self { content: Content::with_capacity(12 * 1024), size, y: HEIGHT - TOP };
        pen.content.set_line_width(0.6);
        pen.title(sheet.title);
        pen.right(&sheet.number);
        pen.y -= size * 0.4;
        pen.table(&sheet.rows);
        pen.y -= size * 0.8;
        for paragraph in &sheet.paragraphs {
            pen.paragraph(paragraph);
        }
        pen.y -= size;
        for line in &sheet.closing {
            pen.right(line);
        }
        let fits = pen.y >= BOTTOM;
        pen.foot(&sheet.foot);
        fits.then_some(pen.content)
    }

    fn room(&self, width: f32) -> usize {
        (width / self.size * face::HAN as f32) as usize
    }

    fn text(&mut self, text: &str, size: f32, x: f32, baseline: f32) {
        self.content
            .begin_text()
            .set_font(FONT, size)
            .set_text_matrix([1.0, 0.0, 0.0, 1.0, x, baseline])
            .show(Str(&face::utf16(text)))
            .end_text();
    }

    fn title(&mut self, title: &str) {
        let width = points(face::span(title), TITLE_SIZE);
        self.text(title, TITLE_SIZE, (WIDTH - width) / 2.0, self.y - TITLE_SIZE);
        self.y -= TITLE_SIZE * 1.7;
    }

    /// Lines that end at the right margin.
    fn right(&mut self, text: &str) {
        for line in face::lines(text, self.room(WIDTH - 2.0 * SIDE), 0) {
            let width = points(face::span(&line), self.size);
            self.line(&line, WIDTH - SIDE - width);
        }
    }

    fn line(&mut self, line: &str, x: f32) {
        self.text(line, self.size, x, self.y - self.size * 1.2);
        self.y -= self.size * LEADING;
    }

    fn paragraph(&mut self, text: &str) {
        let indent = if text.starts_with('致') { 0 } else { 2 * face::HAN };
        for (at, line) in face::lines(text, self.room(WIDTH - 2.0 * SIDE), indent).iter().enumerate() {
            let shift = if at == 0 { points(indent, self.size) } else { 0.0 };
            self.line(line, SIDE + shift);
        }
    }

    fn table(&mut self, rows: &[(&str, String)]) {
        let (top, pad) = (self.y, self.size * PAD);
        let split = SIDE + self.size * LABEL;
        let room = self.room(WIDTH - SIDE - split - 2.0 * pad);
        for (label, value) in rows {
            self.rule(self.y);
            let row = self.y;
            self.text(label, self.size, SIDE + pad, row - self.size * 1.2);
            for line in face::lines(value, room, 0) {
                self.line(&line, split + pad);
            }
        }
        self.rule(self.y);
        for x in [SIDE, split, WIDTH - SIDE] {
            self.content.move_to(x, top).line_to(x, self.y).stroke();
        }
    }

    fn rule(&mut self, y: f32) {
        self.content.move_to(SIDE, y).line_to(WIDTH - SIDE, y).stroke();
    }

    fn foot(&mut self, foot: &str) {
        self.content.set_fill_gray(0.35);
        self.text(foot, FOOT_SIZE, SIDE, BOTTOM - 24.0);
    }
}

/// Thousandths of a type size as points.
fn points(span: usize, size: f32) -> f32 {
    span as f32 * size / face::HAN as f32
}

/// Puts the file together: one page and the font it names, no font program.
fn assemble(title: &str, page: &Content) -> Vec<u8> {
    let [catalog, tree, leaf, content, font, descendant, descriptor, info] =
        [1, 2, 3, 4, 5, 6, 7, 8].map(Ref::new);
    let mut pdf = Pdf::with_capacity(16 * 1024);
    pdf.catalog(catalog).pages(tree).lang(TextStr("zh-CN"));
    pdf.pages(tree).kids([leaf]).count(1);
    let mut sheet = pdf.page(leaf);
    sheet.parent(tree).media_box(Rect::new(0.0, 0.0, WIDTH, HEIGHT)).contents(content);
    sheet.resources().fonts().pair(FONT, font);
    sheet.finish();
    pdf.stream(content, page.as_bytes());
    write_font(&mut pdf, font, descendant, descriptor);
    pdf.document_info(info).title(TextStr(title)).producer(TextStr("Baohan Gateway"));
    pdf.finish()
}

/// The predefined Song face of every reader that knows Chinese; printable ASCII is CIDs 1 to 95 of Adobe-GB1.
fn write_font(pdf: &mut Pdf, font: Ref, descendant: Ref, descriptor: Ref) {
    pdf.type0_font(font)
        .base_font(Name(b"STSong-Light-UniGB-UTF16-H"))
        .encoding_predefined(Name(b"UniGB-UTF16-H"))
        .descendant_font(descendant);
    let system = SystemInfo { registry: Str(b"Adobe"), ordering: Str(b"GB1"), supplement: 5 };
    let mut cid = pdf.cid_font(descendant);
    cid.subtype(CidFontType::Type0).base_font(FONT_NAME).system_info(system);
    cid.font_descriptor(descriptor).default_width(1000.0);
    cid.widths().consecutive(1, (' '..='~').map(|c| face::width(c) as f32));
    cid.finish();
    pdf.font_descriptor(descriptor)
        .name(FONT_NAME)
        .flags(FontFlags::SERIF | FontFlags::SYMBOLIC)
        .bbox(Rect::new(-25.0, -254.0, 1000.0, 880.0))
        .italic_angle(0.0)
        .ascent(880.0)
        .descent(-120.0)
        .cap_height(700.0)
        .stem_v(93.0);
}
