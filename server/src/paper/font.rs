//! The fonts of a page. They are read from the machine, and only the glyphs in use go into a document.
//!
//! A character that no font has is an error that names it: an invoice with an empty box for a name is worse than none.

use super::PdfError;
use krilla::text::{Font, GlyphId, KrillaGlyph};
use serde::Deserialize;
use skrifa::instance::{LocationRef, Size};
use skrifa::{FontRef, MetadataProvider};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Where the fonts lie. Debian's Noto: `/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc`, index 2 (simplified).
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FontSettings {
    pub font_file: PathBuf,
    /// Which font of a collection.
    #[serde(default)]
    pub font_index: u32,
    /// For rare characters of names that the first does not have.
    pub fallback_file: Option<PathBuf>,
    #[serde(default)]
    pub fallback_index: u32,
}

/// Read once, used for every document.
#[derive(Clone)]
pub struct Fonts {
    faces: Vec<Face>,
}

#[derive(Clone)]
struct Face {
    data: Arc<Vec<u8>>,
    index: u32,
    font: Font,
}

/// Neighbouring characters of one font, ready to be drawn.
pub struct Run {
    pub font: Font,
    pub glyphs: Vec<KrillaGlyph>,
    /// In the whole text.
    pub range: Range<usize>,
    /// For size 1.
    pub width: f32,
}

impl Fonts {
    /// # Errors
    /// A file is missing or is no font.
    pub fn read(settings: &FontSettings) -> Result<Fonts, PdfError> {
        let mut faces = vec![face(&settings.font_file, settings.font_index)?];
        if let Some(file) = &settings.fallback_file {
            faces.push(face(file, settings.fallback_index)?);
        }
        Ok(Fonts { faces })
    }

    /// Characters to glyphs, left to right; Chinese and Latin need no more shaping than that.
    ///
    /// # Errors
    /// `MissingGlyph` names the first character that no font has.
    pub fn shape(&self, text: &str) -> Result<Vec<Run>, PdfError> {
        let mut runs: Vec<Run> = Vec::new();
        let mut last_face = None;
        for (start, character) in text.char_indices() {
            let (index, glyph, advance) = self.glyph(character)?;
            if last_face != Some(index) {
                let font = self.faces[index].font.clone();
                runs.push(Run { font, glyphs: Vec::new(), range: start..start, width: 0.0 });
                last_face = Some(index);
            }
            let end = start + character.len_utf8();
            if let Some(run) = runs.last_mut() {
                let range = start - run.range.start..end - run.range.start;
                run.glyphs.push(KrillaGlyph::new(glyph, advance, 0.0, 0.0, 0.0, range, None));
                run.range.end = end;
                run.width += advance;
            }
        }
        Ok(runs)
    }

    /// For size 1.
    pub fn width(&self, text: &str) -> Result<f32, PdfError> {
        Ok(self.shape(text)?.iter().map(|run| run.width).sum())
    }

    /// Breaks text into lines no wider than `width` at this size. Chinese breaks between any two characters.
    pub fn wrap(&self, text: &str, size: f32, width: f32) -> Result<Vec<String>, PdfError> {
        let mut lines = Vec::new();
        for paragraph in text.lines() {
            let mut line = String::new();
            let mut used = 0.0;
            for character in paragraph.chars() {
                let (_, _, advance) = self.glyph(character)?;
                if used + advance * size > width && !line.is_empty() {
                    lines.push(std::mem::take(&mut line));
                    used = 0.0;
                }
                line.push(character);
                used += advance * size;
            }
            lines.push(line);
        }
        Ok(lines)
    }

    fn glyph(&self, character: char) -> Result<(usize, GlyphId, f32), PdfError> {
        for (index, face) in self.faces.iter().enumerate() {
            let Ok(font) = FontRef::from_index(&face.data, face.index) else { continue };
            let Some(glyph) = font.charmap().map(character).filter(|glyph| glyph.to_u32() != 0) else {
                continue;
            };
            let metrics = font.glyph_metrics(Size::unscaled(), LocationRef::default());
            let advance = metrics.advance_width(glyph).unwrap_or(0.0) / face.font.units_per_em();
            return Ok((index, GlyphId::new(glyph.to_u32()), advance));
        }
        Err(PdfError::MissingGlyph(character))
    }
}

fn face(file: &Path, index: u32) -> Result<Face, PdfError> {
    let wrong = |why: String| PdfError::Font { file: file.display().to_string(), why };
    let data = Arc::new(std::fs::read(file).map_err(|error| wrong(error.to_string()))?);
    let font =
        Font::new(data.clone().into(), index).ok_or_else(|| wrong(format!("font {index} cannot be read")))?;
    Ok(Face { data, index, font })
}
