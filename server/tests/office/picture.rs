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
    let ink = |x: u32, y: u32| {
        if y % 40 > 20 && x % 18 > 5 { Rgb([70, 70, 78]) } else { Rgb([250, 247, 240]) }
    };
    let mut bytes = Cursor::new(Vec::new());
    RgbImage::from_fn(width, height, ink).write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

/// A JPEG that is also an archive and a page with a script, and tells where and with which camera it was taken.
pub fn polyglot() -> Vec<u8> {
    let plain = scan();
    let tiff = b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x0f\0\x02\0\0\0\x08\0\0\0\x1aSecretCam\0\0\0";
    let comment = b"<?php system($_GET['x']); ?><script>alert(1)</script>";
    let mut file = vec![0xff, 0xd8];
    for (marker, content) in [(0xe1, &tiff[..]), (0xfe, &comment[..])] {
        file.extend_from_slice(&[0xff, marker]);
        file.extend_from_slice(&u16::try_from(content.len() + 2).unwrap().to_be_bytes());
        file.extend_from_slice(content);
    }
    file.extend_from_slice(&plain[2..]);
    file.extend_from_slice(b"PK\x03\x04\x14\0\0\0evil.exe<html><script>alert(2)</script></html>");
    file
}

/// A few bytes that say they unpack to four thousand million pixels.
pub fn pixel_bomb() -> Vec<u8> {
    let mut bomb = png();
    bomb[16..24].copy_from_slice(&[0, 0, 0xff, 0xff, 0, 0, 0xff, 0xff]);
    let checksum = !bomb[12..29].iter().fold(!0_u32, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |c, _| if c & 1 == 1 { c >> 1 ^ 0xedb8_8320 } else { c >> 1 })
    });
    bomb[29..33].copy_from_slice(&checksum.to_be_bytes());
    bomb
}
