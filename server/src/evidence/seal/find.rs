//! The sheet in a picture: its four marks, whichever way up it lies, at a slant and under uneven light.

use super::blobs::{Blob, blobs};
use super::geometry::{BLANKS, MARK, MARKS, MODULE, POINTER};
use super::plane::Plane;
use image::{DynamicImage, GrayImage, imageops::FilterType};

/// Pixels of the longer edge on which the marks are looked for.
const LOOK_AT: u32 = 1600;
/// Darker than its surroundings by so much, in hundredths.
const DARKER: u64 = 20;
/// The smallest mark that shows its ring.
const SMALLEST: usize = 11;
/// More marks than these are a pattern, not a sheet.
const MOST_MARKS: usize = 16;

/// From millimetres on the sheet to pixels of this picture; `None` where its four marks are not seen.
pub fn find(picture: &DynamicImage) -> Option<Plane> {
    let longer = picture.width().max(picture.height());
    let small = if longer > LOOK_AT {
        picture.resize(LOOK_AT, LOOK_AT, FilterType::Triangle).to_luma8()
    } else {
        picture.to_luma8()
    };
    let shrunk = f64::from(picture.width()) / f64::from(small.width());
    let dark = dark(&small);
    let marks = marks(&dark, small.width() as usize);
    let corners = choose(&marks, &dark, &small)?;
    let full = corners.map(|(x, y)| ((x + 0.5) * shrunk - 0.5, (y + 0.5) * shrunk - 0.5));
    Plane::through(sheet(), full)
}

fn sheet() -> [(f64, f64); 4] {
    MARKS.map(|(x, y)| (f64::from(x), f64::from(y)))
}

/// Darker than the mean around it: shadows and a lamp's cone are around and not in the mark.
fn dark(gray: &GrayImage) -> Vec<bool> {
    let (width, height) = (gray.width() as usize, gray.height() as usize);
    let mut sums = vec![0_u64; (width + 1) * (height + 1)];
    for y in 0..height {
        let mut row = 0;
        for x in 0..width {
            row += u64::from(gray.as_raw()[y * width + x]);
            sums[(y + 1) * (width + 1) + x + 1] = sums[y * (width + 1) + x + 1] + row;
        }
    }
    let reach = width.max(height) / 14;
    let sum = |left: usize, top: usize, right: usize, bottom: usize| {
        let at = |x: usize, y: usize| sums[y * (width + 1) + x];
        at(right, bottom) + at(left, top) - at(left, bottom) - at(right, top)
    };
    let is_dark = |place: usize| {
        let (x, y) = (place % width, place / width);
        let (left, top) = (x.saturating_sub(reach), y.saturating_sub(reach));
        let (right, bottom) = ((x + reach + 1).min(width), (y + reach + 1).min(height));
        let count = ((right - left) * (bottom - top)) as u64;
        u64::from(gray.as_raw()[place]) * count * 100 < sum(left, top, right, bottom) * (100 - DARKER)
    };
    (0..width * height).map(is_dark).collect()
}

/// Middle and size of every ring with a core in its middle.
fn marks(dark: &[bool], width: usize) -> Vec<(f64, f64, f64)> {
    let (all, _) = blobs(dark, width);
    let square = |blob: &Blob, least: usize| {
        let (w, h) = (blob.width(), blob.height());
        w >= least && h >= least && w * 10 < h * 18 && h * 10 < w * 18
    };
    let rings = all.iter().filter(|blob| square(blob, SMALLEST) && (0.22..0.72).contains(&blob.fill()));
    let mut found: Vec<(f64, f64, f64)> = rings
        .filter_map(|ring| {
            let size = (ring.width() + ring.height()) as f64 / 2.0;
            let middle = ((ring.left + ring.right) as f64 / 2.0, (ring.top + ring.bottom) as f64 / 2.0);
            let core = all.iter().find(|core| {
                let part = (core.width() + core.height()) as f64 / 2.0 / size;
                square(core, 3)
                    && core.fill() > 0.5
                    && (0.28..0.62).contains(&part)
                    && (core.x - middle.0).hypot(core.y - middle.1) < size * 0.15
            })?;
            Some((core.x, core.y, size))
        })
        .collect();
    found.sort_by(|a, b| b.2.total_cmp(&a.2));
    found.truncate(MOST_MARKS);
    found
}

/// Four that stand to each other as on the sheet, in the sheet's order.
fn choose(marks: &[(f64, f64, f64)], dark: &[bool], small: &GrayImage) -> Option<[(f64, f64); 4]> {
    let count = marks.len();
    for a in 0..count {
        for b in a + 1..count {
            for c in b + 1..count {
                for d in c + 1..count {
                    let four = [marks[a], marks[b], marks[c], marks[d]];
                    // Sorted by size; the far ones of a slanted sheet are smaller.
                    if four[3].2 * 2.5 < four[0].2 {
                        continue;
                    }
                    if let Some(found) = turned(four, dark, small) {
                        return Some(found);
                    }
                }
            }
        }
    }
    None
}

/// The four in the sheet's order, by the way up that its pointer tells.
fn turned(four: [(f64, f64, f64); 4], dark: &[bool], small: &GrayImage) -> Option<[(f64, f64); 4]> {
    let (x, y) = four.iter().fold((0.0, 0.0), |(x, y), mark| (x + mark.0 / 4.0, y + mark.1 / 4.0));
    let mut round = four;
    // Clockwise, as y goes down.
    round.sort_by(|a, b| (a.1 - y).atan2(a.0 - x).total_cmp(&(b.1 - y).atan2(b.0 - x)));
    (0..4).find_map(|first| {
        let order: [(f64, f64, f64); 4] = std::array::from_fn(|place| round[(first + place) % 4]);
        let corners = order.map(|(x, y, _)| (x, y));
        let plane = Plane::through(sheet(), corners)?;
        let fits = order.iter().zip(MARKS).all(|(mark, (x, y))| {
            let (along, down) = plane.scale(f64::from(x), f64::from(y));
            let size = (along + down) / 2.0 * f64::from(MARK);
            (0.7..1.6).contains(&(mark.2 / size))
        });
        let is_dark = |(x, y): (f32, f32)| {
            let around = [(0.0, 0.0), (-MODULE, 0.0), (MODULE, 0.0), (0.0, -MODULE), (0.0, MODULE)];
            let seen = around.iter().filter(|(dx, dy)| {
                let (u, v) = plane.at(f64::from(x + dx), f64::from(y + dy));
                let inside =
                    u >= 0.0 && v >= 0.0 && u < f64::from(small.width()) && v < f64::from(small.height());
                inside && dark[v as usize * small.width() as usize + u as usize]
            });
            seen.count() >= 4
        };
        (fits && is_dark(POINTER) && BLANKS.iter().all(|blank| !is_dark(*blank))).then_some(corners)
    })
}
