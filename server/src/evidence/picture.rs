//! A picture is what its bytes say. It is decoded under limits and written anew, so that nothing but pixels survives:
//! no EXIF, no trailing archive, no script (R136, ASVS 5.2.2, 5.2.6, 14.2.8).

use app::desk::error::FileRefusal;
use app::desk::evidence::{LIMIT_BYTES, LIMIT_PIXELS, MIN_EDGE_PX};
use image::codecs::jpeg::{JpegDecoder, JpegEncoder};
use image::codecs::png::{PngDecoder, PngEncoder};
use image::{DynamicImage, ImageDecoder, Limits};
use std::io::Cursor;

/// Memory that decoding one picture may take: 40 million pixels of four bytes, and room to turn it.
const LIMIT_MEMORY: u64 = 512 * 1024 * 1024;

/// A cleaned picture.
#[derive(Debug)]
pub struct Picture {
    pub media_type: &'static str,
    pub bytes: Vec<u8>,
}

/// Decodes and writes anew; gives the pixels too. Takes CPU and memory: run it off the async threads.
///
/// # Errors
/// Too large, not a JPEG or PNG by content, undecodable, too many pixels, too small to read.
pub fn clean(upload: &[u8]) -> Result<(Picture, DynamicImage), FileRefusal> {
    if upload.len() as u64 > LIMIT_BYTES {
        return Err(FileRefusal::TooLarge { limit_bytes: LIMIT_BYTES });
    }
    match upload {
        [0xff, 0xd8, 0xff, ..] => {
            let decoder = JpegDecoder::new(Cursor::new(upload)).map_err(|_| FileRefusal::Unreadable)?;
            let image = decode(decoder)?;
            let mut bytes = Vec::new();
            let encoder = JpegEncoder::new_with_quality(&mut bytes, 90);
            image.to_rgb8().write_with_encoder(encoder).map_err(|_| FileRefusal::Unreadable)?;
            Ok((Picture { media_type: "image/jpeg", bytes }, image))
        }
        [0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, ..] => {
            let decoder = PngDecoder::with_limits(Cursor::new(upload), limits())
                .map_err(|_| FileRefusal::Unreadable)?;
            let image = decode(decoder)?;
            let mut bytes = Vec::new();
            image.write_with_encoder(PngEncoder::new(&mut bytes)).map_err(|_| FileRefusal::Unreadable)?;
            Ok((Picture { media_type: "image/png", bytes }, image))
        }
        _ => Err(FileRefusal::WrongType),
    }
}

fn limits() -> Limits {
    let mut limits = Limits::default();
    limits.max_alloc = Some(LIMIT_MEMORY);
    limits
}

/// The header alone decides about the size, before a pixel is unpacked.
fn decode(mut decoder: impl ImageDecoder) -> Result<DynamicImage, FileRefusal> {
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > LIMIT_PIXELS {
        return Err(FileRefusal::TooManyPixels { limit: LIMIT_PIXELS });
    }
    if width.min(height) < MIN_EDGE_PX {
        return Err(FileRefusal::TooSmall { min_edge_px: MIN_EDGE_PX });
    }
    decoder.set_limits(limits()).map_err(|_| FileRefusal::Unreadable)?;
    // The camera's "this way up" is in the EXIF that goes away: turn the pixels instead.
    let orientation = decoder.orientation().map_err(|_| FileRefusal::Unreadable)?;
    let mut image = DynamicImage::from_decoder(decoder).map_err(|_| FileRefusal::Unreadable)?;
    image.apply_orientation(orientation);
    Ok(image)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn png(width: u32, height: u32) -> Vec<u8> {
        let mut bytes = Vec::new();
        DynamicImage::new_rgb8(width, height).write_with_encoder(PngEncoder::new(&mut bytes)).unwrap();
        bytes
    }

    fn jpeg(width: u32, height: u32) -> Vec<u8> {
        let mut bytes = Vec::new();
        DynamicImage::new_rgb8(width, height).write_with_encoder(JpegEncoder::new(&mut bytes)).unwrap();
        bytes
    }

    #[test]
    fn r136_what_is_behind_the_picture_goes() {
        let mut polyglot = png(400, 400);
        polyglot.extend_from_slice(b"PK\x03\x04<script>alert(1)</script>");
        let (clean, _) = clean(&polyglot).unwrap();
        assert_eq!(clean.media_type, "image/png");
        assert!(!clean.bytes.windows(8).any(|w| w == b"<script>"));
    }

    #[test]
    fn r136_exif_goes_and_the_picture_stands_upright() {
        let plain = jpeg(400, 600);
        // APP1 with one IFD entry: orientation 6, "turn right to see me".
        let tiff = b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0";
        let mut tagged = vec![0xff, 0xd8, 0xff, 0xe1];
        tagged.extend_from_slice(&u16::try_from(tiff.len() + 2).unwrap().to_be_bytes());
        tagged.extend_from_slice(tiff);
        tagged.extend_from_slice(&plain[2..]);
        let (clean, _) = clean(&tagged).unwrap();
        assert!(!clean.bytes.windows(4).any(|w| w == b"Exif"));
        let shown = image::load_from_memory(&clean.bytes).unwrap();
        assert_eq!((shown.width(), shown.height()), (600, 400));
    }

    #[test]
    fn r136_type_is_by_content() {
        assert_eq!(clean(b"GIF89a").unwrap_err(), FileRefusal::WrongType);
        assert_eq!(clean(b"%PDF-1.7").unwrap_err(), FileRefusal::WrongType);
        assert_eq!(clean(b"<svg onload=alert(1)>").unwrap_err(), FileRefusal::WrongType);
        assert_eq!(clean(b"\xff\xd8\xff\xe0 not a picture").unwrap_err(), FileRefusal::Unreadable);
        assert_eq!(clean(b"").unwrap_err(), FileRefusal::WrongType);
    }

    #[test]
    fn r136_a_pixel_bomb_is_refused_by_its_header() {
        let mut bomb = png(400, 400);
        // IHDR's width and height, and its checksum.
        bomb[16..24].copy_from_slice(&[0, 0, 0xff, 0xff, 0, 0, 0xff, 0xff]);
        let crc = crc32(&bomb[12..29]);
        bomb[29..33].copy_from_slice(&crc.to_be_bytes());
        assert_eq!(clean(&bomb).unwrap_err(), FileRefusal::TooManyPixels { limit: LIMIT_PIXELS });
        assert_eq!(clean(&png(200, 900)).unwrap_err(), FileRefusal::TooSmall { min_edge_px: MIN_EDGE_PX });
        let large = vec![0xff; usize::try_from(LIMIT_BYTES).unwrap() + 1];
        assert_eq!(clean(&large).unwrap_err(), FileRefusal::TooLarge { limit_bytes: LIMIT_BYTES });
    }

    fn crc32(bytes: &[u8]) -> u32 {
        !bytes.iter().fold(!0, |crc, byte| {
            (0..8).fold(crc ^ u32::from(*byte), |c, _| if c & 1 == 1 { c >> 1 ^ 0xedb8_8320 } else { c >> 1 })
        })
    }
}
