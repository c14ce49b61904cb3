//! Scans to upload, and files that only look like some.

use image::{ImageFormat, Rgb, RgbImage};
use std::io::Cursor;
use std::sync::OnceLock;

/// A scan as a camera gives it: JPEG, large enough to be read.
pub fn scan() -> Vec<u8> {
    static SCAN: OnceLock<Vec<u8>> = OnceLock::new();
    SCAN.get_or_init(|| encoded(360, 320, ImageFormat::Jpeg)).clone()
}

pub fn png() -> Vec<u8> {
    static SCAN: OnceLock<Vec<u8>> = OnceLock::new();
    SCAN.get_or_init(|| encoded(360, 320, ImageFormat::Png)).clone()
}

pub fn encoded(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
    let ink = |x: u32, y: u32| if y % 40 > 20 && (x / 6) % 3 > 0 { Rgb([70, 70, 78]) } else { Rgb([250, 247, 240]) };
    let mut bytes = Cursor::new(Vec::new());
    RgbImage::from_fn(width, height, ink).write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}
