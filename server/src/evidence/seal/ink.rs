//! Ink from paper: the light is evened out, what is darker than the paper becomes ink with its own colour, the paper
//! becomes transparent, specks go.

use super::blobs::blobs;
use image::{Rgb, RgbImage, Rgba, RgbaImage};

/// The paper's brightness is taken over patches of so many millimetres.
const PATCH_MM: f64 = 9.0;
/// Darkness against the paper: below the first nothing, from the second on all ink.
const FAINT: f32 = 0.22;
const FULL: f32 = 0.5;
/// A patch of ink smaller than so many square millimetres is dust.
const SPECK_MM2: f64 = 0.25;

/// Ink on nothing, as large as the picture.
pub fn ink(picture: &RgbImage, per_mm: f64) -> RgbaImage {
    let paper = Paper::of(picture, (PATCH_MM * per_mm).max(8.0) as u32);
    let mut ink = RgbaImage::from_fn(picture.width(), picture.height(), |x, y| {
        let white = paper.at(x, y);
        let Rgb(seen) = *picture.get_pixel(x, y);
        let clean: [f32; 3] = std::array::from_fn(|c| (f32::from(seen[c]) / white[c]).min(1.0));
        let darkness = 1.0 - clean.iter().copied().fold(1.0, f32::min);
        let alpha = ((darkness - FAINT) / (FULL - FAINT)).clamp(0.0, 1.0);
        // What the ink would be without the paper that shines through.
        let colour = clean.map(|value| {
            let pure = if alpha > 0.0 { 1.0 - (1.0 - value) / alpha.max(0.35) } else { 1.0 };
            (pure.clamp(0.0, 1.0) * 255.0) as u8
        });
        Rgba([colour[0], colour[1], colour[2], (alpha * 255.0) as u8])
    });
    drop_specks(&mut ink, (SPECK_MM2 * per_mm * per_mm) as usize);
    ink
}

fn drop_specks(ink: &mut RgbaImage, least: usize) {
    let set: Vec<bool> = ink.pixels().map(|pixel| pixel[3] > 0).collect();
    let (all, labels) = blobs(&set, ink.width() as usize);
    for (pixel, label) in ink.pixels_mut().zip(labels) {
        if label > 0 && all[label as usize - 1].area < least {
            *pixel = Rgba([255, 255, 255, 0]);
        }
    }
}

/// How bright the bare paper is, place by place.
struct Paper {
    columns: u32,
    rows: u32,
    patch: u32,
    white: Vec<[f32; 3]>,
}

impl Paper {
    fn of(picture: &RgbImage, patch: u32) -> Paper {
        let (columns, rows) = (picture.width().div_ceil(patch), picture.height().div_ceil(patch));
        let mut white = Vec::with_capacity((columns * rows) as usize);
        for row in 0..rows {
            for column in 0..columns {
                white.push(bright(picture, column * patch, row * patch, patch));
            }
        }
        // A patch that a seal fills takes the paper of its neighbours.
        let filled = (0..rows)
            .flat_map(|row| (0..columns).map(move |column| (column, row)))
            .map(|(column, row)| brightest_near(&white, columns, rows, column, row))
            .collect();
        Paper { columns, rows, patch, white: filled }
    }

    /// Between the middles of the patches.
    fn at(&self, x: u32, y: u32) -> [f32; 3] {
        let place = |at: u32, count: u32| {
            let exact = (at as f32 / self.patch as f32 - 0.5).clamp(0.0, (count - 1) as f32);
            let low = exact as u32;
            (low, (low + 1).min(count - 1), exact - low as f32)
        };
        let (left, right, across) = place(x, self.columns);
        let (top, bottom, down) = place(y, self.rows);
        let cell = |column: u32, row: u32| self.white[(row * self.columns + column) as usize];
        let (a, b, c, d) = (cell(left, top), cell(right, top), cell(left, bottom), cell(right, bottom));
        std::array::from_fn(|i| {
            let upper = a[i] * (1.0 - across) + b[i] * across;
            let lower = c[i] * (1.0 - across) + d[i] * across;
            (upper * (1.0 - down) + lower * down).max(1.0)
        })
    }
}

/// The ninth decile of each colour: paper, where any of it is bare.
fn bright(picture: &RgbImage, left: u32, top: u32, patch: u32) -> [f32; 3] {
    let mut counts = [[0_u32; 256]; 3];
    let mut seen = 0;
    for y in top..(top + patch).min(picture.height()) {
        for x in left..(left + patch).min(picture.width()) {
            for (count, value) in counts.iter_mut().zip(picture.get_pixel(x, y).0) {
                count[usize::from(value)] += 1;
            }
            seen += 1;
        }
    }
    counts.map(|count| {
        let mut above = 0;
        let tenth = seen / 10;
        let level = count.iter().enumerate().rev().find(|(_, n)| {
            above += **n;
            above > tenth
        });
        level.map_or(255.0, |(value, _)| value as f32)
    })
}

fn brightest_near(white: &[[f32; 3]], columns: u32, rows: u32, column: u32, row: u32) -> [f32; 3] {
    let mut best = [0.0_f32; 3];
    for y in row.saturating_sub(1)..=(row + 1).min(rows - 1) {
        for x in column.saturating_sub(1)..=(column + 1).min(columns - 1) {
            let cell = white[(y * columns + x) as usize];
            for (best, value) in best.iter_mut().zip(cell) {
                *best = best.max(value);
            }
        }
    }
    best
}
