//! Sheets as cameras see them: straight, turned, slanted, under a lamp, noisy, through JPEG. What was drawn into the box
//! must come out of it.

use super::cut::{Cut, cut};
use super::geometry::{BOX, MARK, MARKS, MODULE, PAGE, POINTER, POINTER_SIZE};
use super::plane::Plane;
use app::desk::evidence::SealState;
use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, Rgb, RgbImage};

const INK: [u8; 3] = [24, 26, 52];
const RED: [u8; 3] = [196, 40, 34];

/// What stands at this place of the sheet, in millimetres.
type Paint = fn(f32, f32) -> Option<[u8; 3]>;

fn inside((x, y): (f32, f32), size: f32, px: f32, py: f32) -> bool {
    (px - x).abs() <= size / 2.0 && (py - y).abs() <= size / 2.0
}

fn sheet(px: f32, py: f32, paint: Paint) -> [u8; 3] {
    for middle in MARKS {
        if inside(middle, MARK, px, py) {
            let white = inside(middle, MODULE * 5.0, px, py) && !inside(middle, MODULE * 3.0, px, py);
            return if white { [255; 3] } else { [0; 3] };
        }
    }
    if inside(POINTER, POINTER_SIZE, px, py) {
        return [0; 3];
    }
    let (x, y, w, h) = BOX;
    let on = |at: f32, edge: f32| (at - edge).abs() < 0.2;
    if (on(px, x) || on(px, x + w)) && (y..y + h).contains(&py)
        || (on(py, y) || on(py, y + h)) && (x..x + w).contains(&px)
    {
        return [150; 3];
    }
    // Lines of print above the box.
    if (50.0..95.0).contains(&py) && py % 8.0 < 3.0 && px % 3.0 < 2.0 && (30.0..150.0).contains(&px) {
        return [40; 3];
    }
    paint(px, py).unwrap_or([255; 3])
}

/// A wave as a hand writes it, through the middle of the box.
fn signature(x: f32, y: f32) -> Option<[u8; 3]> {
    let middle = BOX.1 + BOX.3 / 2.0;
    let wave = middle + 14.0 * ((x - 70.0) / 7.0).sin() * (1.0 - (x - 105.0).abs() / 60.0);
    ((70.0..140.0).contains(&x) && (y - wave).abs() < 1.3).then_some(INK)
}

/// A square seal in red with strokes inside.
fn stamp(x: f32, y: f32) -> Option<[u8; 3]> {
    let (dx, dy) = ((x - 105.0).abs(), (y - 145.0).abs());
    let frame = dx.max(dy) < 11.0 && dx.max(dy) > 9.5;
    let strokes = dx.max(dy) < 8.5 && (x % 4.0 < 1.4 || y % 5.0 < 1.2);
    (frame || strokes).then_some(RED)
}

fn nothing(_: f32, _: f32) -> Option<[u8; 3]> {
    None
}

fn filled(x: f32, y: f32) -> Option<[u8; 3]> {
    ((50.0..160.0).contains(&x) && (113.0..177.0).contains(&y) && (x + y) % 3.0 < 2.4).then_some([60; 3])
}

/// A picture of `size`, in which the page's corners lie at `corners` (upper left, upper right, lower right, lower left).
fn photo(size: (u32, u32), corners: [(f64, f64); 4], paint: Paint) -> DynamicImage {
    let (w, h) = (f64::from(PAGE.0), f64::from(PAGE.1));
    let back = Plane::through(corners, [(0.0, 0.0), (w, 0.0), (w, h), (0.0, h)]).unwrap();
    let mut noise = 12_345_u32;
    let picture = RgbImage::from_fn(size.0, size.1, |u, v| {
        let mut sum = [0.0_f64; 3];
        for (du, dv) in [(0.25, 0.25), (0.75, 0.25), (0.25, 0.75), (0.75, 0.75)] {
            let (x, y) = back.at(f64::from(u) + du, f64::from(v) + dv);
            let on_page = (0.0..w).contains(&x) && (0.0..h).contains(&y);
            let seen = if on_page { sheet(x as f32, y as f32, paint) } else { [96, 72, 50] };
            for (sum, value) in sum.iter_mut().zip(seen) {
                *sum += f64::from(value) / 4.0;
            }
        }
        // A lamp at the upper left, a warm one, and the sensor's noise.
        let light = 0.95 - 0.45 * (f64::from(u) / f64::from(size.0) + f64::from(v) / f64::from(size.1)) / 2.0;
        noise = noise.wrapping_mul(1_103_515_245).wrapping_add(12_345);
        let grain = f64::from((noise >> 16) & 15) - 7.5;
        let lit = [1.0, 0.97, 0.88].map(|warm| light * warm);
        Rgb(std::array::from_fn(|c| (sum[c] * lit[c] + grain).clamp(0.0, 255.0) as u8))
    });
    let mut bytes = Vec::new();
    picture.write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, 80)).unwrap();
    image::load_from_memory(&bytes).unwrap()
}

fn straight(paint: Paint) -> DynamicImage {
    photo((630, 891), [(0.0, 0.0), (630.0, 0.0), (630.0, 891.0), (0.0, 891.0)], paint)
}

fn slanted(paint: Paint) -> DynamicImage {
    photo((900, 1140), [(138.0, 84.0), (762.0, 132.0), (852.0, 1068.0), (54.0, 1014.0)], paint)
}

/// How well the ink that came out covers what was painted in: intersection over union, at best over small shifts.
fn likeness(seal: &[u8], paint: Paint) -> f64 {
    let seal = image::load_from_memory(seal).unwrap().to_rgba8();
    // The painted ink's bounds in millimetres tell the scale and the corner.
    let (mut left, mut top, mut right, mut bottom) = (f32::MAX, f32::MAX, 0.0_f32, 0.0_f32);
    let steps = |from: f32, length: f32| (0..(length * 5.0) as u32).map(move |i| from + i as f32 / 5.0);
    for y in steps(BOX.1, BOX.3) {
        for x in steps(BOX.0, BOX.2) {
            if paint(x, y).is_some() {
                (left, top) = (left.min(x), top.min(y));
                (right, bottom) = (right.max(x), bottom.max(y));
            }
        }
    }
    let ink = |x: u32, y: u32| seal.get_pixel(x, y)[3] > 110;
    let columns: Vec<u32> = (0..seal.width()).filter(|x| (0..seal.height()).any(|y| ink(*x, y))).collect();
    let rows: Vec<u32> = (0..seal.height()).filter(|y| (0..seal.width()).any(|x| ink(x, *y))).collect();
    let per_mm = f64::from(columns.last().unwrap() - columns[0]) / f64::from(right - left);
    let (mut both, mut either) = (0.0, 0.0);
    for y in rows[0]..*rows.last().unwrap() {
        for x in columns[0]..*columns.last().unwrap() {
            let mm_x = f64::from(left) + f64::from(x - columns[0]) / per_mm;
            let mm_y = f64::from(top) + f64::from(y - rows[0]) / per_mm;
            let painted = paint(mm_x as f32, mm_y as f32).is_some();
            both += f64::from(u8::from(painted && ink(x, y)));
            either += f64::from(u8::from(painted || ink(x, y)));
        }
    }
    both / either
}

fn seal(picture: &DynamicImage) -> Vec<u8> {
    match cut(picture) {
        Cut::Seal(bytes) => bytes,
        Cut::None(why) => panic!("{}", why.code()),
    }
}

fn no_seal(picture: &DynamicImage) -> SealState {
    match cut(picture) {
        Cut::Seal(_) => panic!("there was nothing to cut out"),
        Cut::None(why) => why,
    }
}

#[test]
fn r040_a_signature_comes_out_of_a_scan_whichever_way_up_it_lies() {
    let scan = straight(signature);
    for turned in [scan.clone(), scan.rotate90(), scan.rotate180(), scan.rotate270()] {
        let likeness = likeness(&seal(&turned), signature);
        assert!(likeness > 0.7, "{likeness}");
    }
}

#[test]
fn r040_a_red_seal_comes_out_of_a_slanted_photo_in_its_colour() {
    let bytes = seal(&slanted(stamp));
    let likeness = likeness(&bytes, stamp);
    assert!(likeness > 0.7, "{likeness}");
    let seal = image::load_from_memory(&bytes).unwrap().to_rgba8();
    assert_eq!(seal.get_pixel(0, 0)[3], 0, "paper is transparent");
    let inked: Vec<_> = seal.pixels().filter(|pixel| pixel[3] > 250).collect();
    let red =
        inked.iter().filter(|p| p[0] > p[1].saturating_add(60) && p[0] > p[2].saturating_add(60)).count();
    assert!(red * 10 > inked.len() * 9, "{red} of {}", inked.len());
    // A seal of 22 mm is not far from square.
    let (width, height) = (f64::from(seal.width()), f64::from(seal.height()));
    assert!((0.9..1.1).contains(&(width / height)), "{width} {height}");
}

#[test]
fn r040_what_is_no_sheet_or_has_nothing_in_its_box_says_so() {
    assert_eq!(no_seal(&straight(nothing)), SealState::Empty);
    assert_eq!(no_seal(&slanted(filled)), SealState::Smudged);
    let plain = DynamicImage::ImageRgb8(RgbImage::from_pixel(800, 600, Rgb([240, 240, 235])));
    assert_eq!(no_seal(&plain), SealState::NoMarks);
    // A corner is cut off.
    let cropped = straight(signature).crop_imm(0, 0, 540, 540);
    assert_eq!(no_seal(&cropped), SealState::NoMarks);
    // Seen in a mirror it is another sheet.
    assert_eq!(no_seal(&straight(signature).fliph()), SealState::NoMarks);
}

#[test]
fn r040_no_picture_breaks_the_finder() {
    let mut seed = 7_u32;
    for (width, height) in [(300, 300), (301, 977), (640, 333)] {
        let noise = RgbImage::from_fn(width, height, |x, y| {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let checks = if (x / 9 + y / 9) % 2 == 0 { 255 } else { 0 };
            Rgb([(seed >> 24) as u8, checks, (seed >> 16) as u8])
        });
        assert_eq!(no_seal(&DynamicImage::ImageRgb8(noise)), SealState::NoMarks);
    }
}
