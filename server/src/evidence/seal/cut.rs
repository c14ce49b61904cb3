//! The seal out of the scan: the box of the sheet seen straight on, its ink without the paper, trimmed.

use super::find::find;
use super::geometry::{BORDER, BOX};
use super::ink::ink;
use super::plane::Plane;
use app::desk::evidence::SealState;
use image::codecs::png::PngEncoder;
use image::{DynamicImage, Rgb, RgbImage, RgbaImage};

/// Pixels to a millimetre that the image keeps: 300 to the inch.
const MOST_PER_MM: f64 = 11.8;
/// Fewer cannot be read as a signature.
const LEAST_PER_MM: f64 = 2.0;
/// Parts of the box that ink covers: less is nothing, more is a shadow or a picture.
const LEAST_INK: f64 = 0.0008;
const MOST_INK: f64 = 0.55;
/// Bare paper left round the ink.
const MARGIN_MM: f64 = 2.0;

/// What came of it.
pub enum Cut {
    /// PNG with a transparent ground.
    Seal(Vec<u8>),
    /// Never `SealState::Cut` or `Accepted`.
    None(SealState),
}

/// Cuts the seal out of an upright or turned, straight or slanted picture of the sheet. Takes CPU: run it off the async
/// threads.
pub fn cut(picture: &DynamicImage) -> Cut {
    let Some(plane) = find(picture) else { return Cut::None(SealState::NoMarks) };
    let (x, y, width, height) = BOX;
    let (along, down) = plane.scale(f64::from(x + width / 2.0), f64::from(y + height / 2.0));
    let per_mm = ((along + down) / 2.0).min(MOST_PER_MM);
    if per_mm < LEAST_PER_MM {
        return Cut::None(SealState::NoMarks);
    }
    let straight = straighten(&picture.to_rgb8(), &plane, per_mm);
    let inked = ink(&straight, per_mm);
    let covered = inked.pixels().filter(|pixel| pixel[3] > 127).count() as f64
        / f64::from(inked.width() * inked.height());
    if covered < LEAST_INK {
        return Cut::None(SealState::Empty);
    }
    if covered > MOST_INK {
        return Cut::None(SealState::Smudged);
    }
    let seal = trim(&inked, (MARGIN_MM * per_mm) as u32);
    let mut bytes = Vec::new();
    match seal.write_with_encoder(PngEncoder::new(&mut bytes)) {
        Ok(()) => Cut::Seal(bytes),
        Err(_) => Cut::None(SealState::Smudged),
    }
}

/// The inside of the box, straight on.
fn straighten(picture: &RgbImage, plane: &Plane, per_mm: f64) -> RgbImage {
    let (left, top) = (f64::from(BOX.0 + BORDER), f64::from(BOX.1 + BORDER));
    let side = |length: f32| (f64::from(length - 2.0 * BORDER) * per_mm) as u32;
    RgbImage::from_fn(side(BOX.2), side(BOX.3), |x, y| {
        let (u, v) = plane.at(left + (f64::from(x) + 0.5) / per_mm, top + (f64::from(y) + 0.5) / per_mm);
        between(picture, u, v)
    })
}

/// Bilinear; beyond the edge the edge goes on.
fn between(picture: &RgbImage, u: f64, v: f64) -> Rgb<u8> {
    let within = |value: f64, size: u32| value.clamp(0.0, f64::from(size - 1));
    let (u, v) = (within(u, picture.width()), within(v, picture.height()));
    let (x, y) = (u as u32, v as u32);
    let (right, below) = ((x + 1).min(picture.width() - 1), (y + 1).min(picture.height() - 1));
    let (across, down) = (u - f64::from(x), v - f64::from(y));
    let at = |x: u32, y: u32| picture.get_pixel(x, y).0;
    let (a, b, c, d) = (at(x, y), at(right, y), at(x, below), at(right, below));
    Rgb(std::array::from_fn(|i| {
        let upper = f64::from(a[i]) * (1.0 - across) + f64::from(b[i]) * across;
        let lower = f64::from(c[i]) * (1.0 - across) + f64::from(d[i]) * across;
        (upper * (1.0 - down) + lower * down).round() as u8
    }))
}

/// To the ink, with a margin.
fn trim(inked: &RgbaImage, margin: u32) -> RgbaImage {
    let (mut left, mut top, mut right, mut bottom) = (inked.width(), inked.height(), 0, 0);
    for (x, y, pixel) in inked.enumerate_pixels() {
        if pixel[3] > 40 {
            (left, top) = (left.min(x), top.min(y));
            (right, bottom) = (right.max(x), bottom.max(y));
        }
    }
    let (left, top) = (left.saturating_sub(margin), top.saturating_sub(margin));
    let right = (right + margin).min(inked.width() - 1);
    let bottom = (bottom + margin).min(inked.height() - 1);
    image::imageops::crop_imm(inked, left, top, right - left + 1, bottom - top + 1).to_image()
}
