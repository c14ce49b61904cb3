//! Words and lines on a page. Lengths are millimetres from the upper left corner, sizes of letters are points.

use super::PdfError;
use super::font::Fonts;
use krilla::color::rgb;
use krilla::geom::{PathBuilder, Point, Rect, Transform};
use krilla::num::NormalizedF32;
use krilla::paint::{Fill, Stroke};
use krilla::surface::Surface;

/// Points in a millimetre.
pub const MM: f32 = 72.0 / 25.4;

#[derive(Clone, Copy)]
pub struct Ink(pub u8, pub u8, pub u8);

#[derive(Clone, Copy)]
pub enum Align {
    Left,
    Centre,
    Right,
}

/// How words look.
#[derive(Clone, Copy)]
pub struct Style {
    pub size: f32,
    pub ink: Ink,
    pub align: Align,
    pub bold: bool,
}

impl Style {
    pub const fn new(size: f32, ink: Ink) -> Style {
        Style { size, ink, align: Align::Left, bold: false }
    }

    pub const fn align(self, align: Align) -> Style {
        Style { align, ..self }
    }

    pub const fn bold(self) -> Style {
        Style { bold: true, ..self }
    }
}

/// A place for words: `y` is the upper edge.
#[derive(Clone, Copy)]
pub struct Frame {
    pub x: f32,
    pub y: f32,
    pub width: f32,
    pub height: f32,
}

/// A stroke round each letter thickens it; a bold font of its own would double what must be installed.
const BOLD_STROKE: f32 = 0.03;
/// From baseline to baseline, in sizes.
const LEADING: f32 = 1.35;
/// The middle of a Chinese character above its baseline, in sizes.
const MIDDLE: f32 = 0.36;
/// Smaller cannot be read on paper.
const SMALLEST: f32 = 5.0;

/// One page while it is drawn.
pub struct Canvas<'a, 'p> {
    pub surface: &'a mut Surface<'p>,
    pub fonts: &'a Fonts,
}

impl Canvas<'_, '_> {
    /// One line; `x` is its left end, middle or right end, `y` its baseline.
    pub fn words(&mut self, x: f32, y: f32, style: Style, text: &str) -> Result<(), PdfError> {
        self.draw(x, y, style, NormalizedF32::ONE, text)
    }

    /// Words inside a frame, as large as they fit, in the middle of its height.
    ///
    /// # Errors
    /// `TooLong` where they do not fit even small.
    pub fn fit(&mut self, frame: Frame, style: Style, text: &str) -> Result<(), PdfError> {
        let mut size = style.size;
        let lines = loop {
            let lines = self.fonts.wrap(text, size, frame.width * MM)?;
            if lines.len() as f32 * size * LEADING <= frame.height * MM {
                break lines;
            }
            size -= 0.5;
            if size < SMALLEST {
                return Err(PdfError::TooLong(text.to_owned()));
            }
        };
        let leading = size * LEADING / MM;
        let middle = frame.y + frame.height / 2.0 - leading * (lines.len() as f32 - 1.0) / 2.0;
        let x = match style.align {
            Align::Left => frame.x,
            Align::Centre => frame.x + frame.width / 2.0,
            Align::Right => frame.x + frame.width,
        };
        for (index, line) in lines.iter().enumerate() {
            let y = middle + leading * index as f32 + size * MIDDLE / MM;
            self.words(x, y, Style { size, ..style }, line)?;
        }
        Ok(())
    }

    /// A column of characters, one under the other.
    pub fn column(&mut self, frame: Frame, style: Style, text: &str) -> Result<(), PdfError> {
        let count = text.chars().count() as f32;
        let step = (frame.height / count).min(style.size * 1.3 / MM);
        let first = frame.y + frame.height / 2.0 - step * (count - 1.0) / 2.0;
        for (index, character) in text.chars().enumerate() {
            let y = first + step * index as f32 + style.size * MIDDLE / MM;
            self.words(frame.x + frame.width / 2.0, y, style.align(Align::Centre), &character.to_string())?;
        }
        Ok(())
    }

    /// Words across the page, see-through and turned; `x`, `y` is their middle.
    pub fn slanted(
        &mut self,
        x: f32,
        y: f32,
        degrees: f32,
        style: Style,
        text: &str,
    ) -> Result<(), PdfError> {
        self.surface.push_transform(&Transform::from_rotate_at(degrees, x * MM, y * MM));
        let drawn = self.draw(
            x,
            y,
            style.align(Align::Centre),
            NormalizedF32::new(0.2).unwrap_or(NormalizedF32::ONE),
            text,
        );
        self.surface.pop();
        drawn
    }

    pub fn line(&mut self, from: (f32, f32), to: (f32, f32), thickness: f32, ink: Ink) {
        let mut path = PathBuilder::new();
        path.move_to(from.0 * MM, from.1 * MM);
        path.line_to(to.0 * MM, to.1 * MM);
        self.stroke(path, thickness, ink);
    }

    /// A line from point to point, as a hand draws it.
    pub fn way(&mut self, points: &[(f32, f32)], thickness: f32, ink: Ink) {
        let mut path = PathBuilder::new();
        for (index, (x, y)) in points.iter().enumerate() {
            if index == 0 {
                path.move_to(x * MM, y * MM);
            } else {
                path.line_to(x * MM, y * MM);
            }
        }
        self.stroke(path, thickness, ink);
    }

    pub fn frame(&mut self, frame: Frame, thickness: f32, ink: Ink) {
        if let Some(rect) = rect(frame) {
            let mut path = PathBuilder::new();
            path.push_rect(rect);
            self.stroke(path, thickness, ink);
        }
    }

    pub fn filled(&mut self, frame: Frame, ink: Ink) {
        let mut path = PathBuilder::new();
        if let Some(rect) = rect(frame) {
            path.push_rect(rect);
        }
        if let Some(path) = path.finish() {
            self.surface.set_stroke(None);
            self.surface.set_fill(Some(fill(ink, NormalizedF32::ONE)));
            self.surface.draw_path(&path);
        }
    }

    fn stroke(&mut self, path: PathBuilder, thickness: f32, ink: Ink) {
        if let Some(path) = path.finish() {
            self.surface.set_fill(None);
            self.surface.set_stroke(Some(stroke(ink, thickness, NormalizedF32::ONE)));
            self.surface.draw_path(&path);
        }
    }

    fn draw(
        &mut self,
        x: f32,
        y: f32,
        style: Style,
        opacity: NormalizedF32,
        text: &str,
    ) -> Result<(), PdfError> {
        let runs = self.fonts.shape(text)?;
        let width: f32 = runs.iter().map(|run| run.width * style.size).sum();
        let mut at = x * MM
            - match style.align {
                Align::Left => 0.0,
                Align::Centre => width / 2.0,
                Align::Right => width,
            };
        self.surface.set_fill(Some(fill(style.ink, opacity)));
        self.surface.set_stroke(style.bold.then(|| stroke(style.ink, style.size * BOLD_STROKE, opacity)));
        for run in runs {
            let start = Point::from_xy(at, y * MM);
            self.surface.draw_glyphs(start, &run.glyphs, run.font, &text[run.range], style.size, false);
            at += run.width * style.size;
        }
        Ok(())
    }
}

fn rect(frame: Frame) -> Option<Rect> {
    Rect::from_xywh(frame.x * MM, frame.y * MM, frame.width * MM, frame.height * MM)
}

fn fill(ink: Ink, opacity: NormalizedF32) -> Fill {
    Fill { paint: rgb::Color::new(ink.0, ink.1, ink.2).into(), opacity, ..Fill::default() }
}

fn stroke(ink: Ink, width: f32, opacity: NormalizedF32) -> Stroke {
    Stroke { paint: rgb::Color::new(ink.0, ink.1, ink.2).into(), width, opacity, ..Stroke::default() }
}
