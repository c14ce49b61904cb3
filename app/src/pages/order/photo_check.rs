//! Whether a photo can be read, told before it is uploaded (B26): large enough, sharp, lit, and without a glare over the
//! writing. Pure over pixels; a person may still insist, the reviewer decides.

/// A picture as the browser draws it, scaled down to at most `EDGE` pixels at its longer edge.
pub struct Pixels {
    /// Of the picture itself, before it was scaled down.
    pub full_width: u32,
    pub full_height: u32,
    pub width: usize,
    pub height: usize,
    /// Four bytes a pixel: red, green, blue, alpha.
    pub rgba: Vec<u8>,
}

/// The longer edge that is looked at.
pub const EDGE: u32 = 800;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Problem {
    TooSmall,
    Blurred,
    TooDark,
    Glare,
}

impl Problem {
    pub const fn sentence(self) -> &'static str {
        match self {
            Problem::TooSmall => "照片太小，文字可能无法辨认。请靠近一些，让证件占满画面后重拍。",
            Problem::Blurred => "照片模糊。请拿稳手机，对准文字轻点屏幕对焦后重拍。",
            Problem::TooDark => "光线太暗。请到明亮的地方，或打开灯后重拍。",
            Problem::Glare => "有反光遮住了内容。请关闭闪光灯，稍微倾斜证件或换个角度后重拍。",
        }
    }
}

/// The shorter edge below which small print is lost.
const SHORT_EDGE: u32 = 600;
/// Mean brightness of a photo taken in the dark.
const DARK: u32 = 45;
/// Spread of the Laplacian below which there is no edge in the picture as sharp as print.
const SHARP: f64 = 35.0;
/// Brightness at which nothing is left to be seen.
const BURNT: u8 = 250;
/// Cells that the picture is cut into, each way.
const CELLS: usize = 24;
/// A glare covers so many cells at least; a scan on white burns more than this share of them, evenly.
const GLARE_CELLS: usize = 10;
const SCAN_SHARE: usize = 40;

/// The first thing that keeps the photo from being read.
pub fn check(pixels: &Pixels) -> Option<Problem> {
    if pixels.full_width.min(pixels.full_height) < SHORT_EDGE {
        return Some(Problem::TooSmall);
    }
    let grey = grey(pixels);
    if grey.len() < 9 || pixels.width < 3 || pixels.height < 3 {
        return Some(Problem::TooSmall);
    }
    let mean = grey.iter().map(|&level| u64::from(level)).sum::<u64>() / grey.len() as u64;
    if mean < u64::from(DARK) {
        return Some(Problem::TooDark);
    }
    if sharpness(&grey, pixels.width, pixels.height) < SHARP {
        return Some(Problem::Blurred);
    }
    glare(&grey, pixels.width, pixels.height).then_some(Problem::Glare)
}

/// ITU-R BT.601.
fn grey(pixels: &Pixels) -> Vec<u8> {
    let level =
        |p: &[u8]| ((u32::from(p[0]) * 299 + u32::from(p[1]) * 587 + u32::from(p[2]) * 114) / 1000) as u8;
    pixels.rgba.chunks_exact(4).take(pixels.width * pixels.height).map(level).collect()
}

/// Variance of the Laplacian: the usual measure of focus.
fn sharpness(grey: &[u8], width: usize, height: usize) -> f64 {
    let at = |x: usize, y: usize| f64::from(grey[y * width + x]);
    let (mut sum, mut squares, mut count) = (0.0, 0.0, 0.0);
    for y in 1..height - 1 {
        for x in 1..width - 1 {
            let bend = at(x - 1, y) + at(x + 1, y) + at(x, y - 1) + at(x, y + 1) - 4.0 * at(x, y);
            sum += bend;
            squares += bend * bend;
            count += 1.0;
        }
    }
    let mean = sum / count;
    squares / count - mean * mean
}

/// One burnt spot of some size in a picture that is not burnt all over.
fn glare(grey: &[u8], width: usize, height: usize) -> bool {
    let mut burnt = [[false; CELLS]; CELLS];
    let mut total = 0;
    for (row, cells) in burnt.iter_mut().enumerate() {
        for (column, cell) in cells.iter_mut().enumerate() {
            let (from_x, to_x) = (column * width / CELLS, (column + 1) * width / CELLS);
            let (from_y, to_y) = (row * height / CELLS, (row + 1) * height / CELLS);
            let lines = (from_y..to_y).map(|y| &grey[y * width + from_x..y * width + to_x]);
            let (mut bright, mut all) = (0, 0);
            for line in lines {
                bright += line.iter().filter(|level| **level >= BURNT).count();
                all += line.len();
            }
            *cell = all > 0 && bright * 10 >= all * 9;
            total += usize::from(*cell);
        }
    }
    total * 100 < SCAN_SHARE * CELLS * CELLS && largest_spot(&mut burnt) >= GLARE_CELLS
}

/// Cells of the largest connected spot; the cells are used up.
fn largest_spot(burnt: &mut [[bool; CELLS]; CELLS]) -> usize {
    let mut largest = 0;
    for row in 0..CELLS {
        for column in 0..CELLS {
            let (mut open, mut size) = (vec![(row, column)], 0);
            while let Some((row, column)) = open.pop() {
                if !std::mem::take(&mut burnt[row][column]) {
                    continue;
                }
                size += 1;
                let near = [(0, 1), (1, 0), (0, usize::MAX), (usize::MAX, 0)];
                let near = near.map(|(down, right)| (row.wrapping_add(down), column.wrapping_add(right)));
                open.extend(near.into_iter().filter(|(row, column)| *row < CELLS && *column < CELLS));
            }
            largest = largest.max(size);
        }
    }
    largest
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A page of print: dark strokes on paper of this brightness.
    fn page(paper: u8, ink: u8) -> Pixels {
        painted(move |x, y| if y % 12 < 3 && x % 5 < 3 { ink } else { paper })
    }

    fn painted(level: impl Fn(usize, usize) -> u8) -> Pixels {
        let (width, height) = (400, 300);
        let mut rgba = Vec::with_capacity(width * height * 4);
        for y in 0..height {
            for x in 0..width {
                let level = level(x, y);
                rgba.extend([level, level, level, 255]);
            }
        }
        Pixels { full_width: 1600, full_height: 1200, width, height, rgba }
    }

    #[test]
    fn a_sharp_photo_and_a_scan_on_white_pass_b26() {
        assert_eq!(check(&page(190, 40)), None, "a photo of paper");
        assert_eq!(check(&page(255, 20)), None, "a scan");
    }

    #[test]
    fn too_small_to_read() {
        let small = Pixels { full_width: 1600, full_height: 599, ..page(190, 40) };
        assert_eq!(check(&small), Some(Problem::TooSmall));
    }

    #[test]
    fn taken_in_the_dark() {
        assert_eq!(check(&page(40, 10)), Some(Problem::TooDark));
    }

    #[test]
    fn out_of_focus() {
        // The same strokes, spread out until no edge is left.
        let soft = painted(|x, y| 150 + (20.0 * ((x as f64 / 40.0).sin() + (y as f64 / 30.0).cos())) as u8);
        assert_eq!(check(&soft), Some(Problem::Blurred));
    }

    #[test]
    fn a_lamp_over_the_writing() {
        let lamp = painted(|x, y| {
            let (dx, dy) = (x as i32 - 250, y as i32 - 120);
            if dx * dx + dy * dy < 60 * 60 {
                255
            } else if y % 12 < 3 && x % 5 < 3 {
                40
            } else {
                190
            }
        });
        assert_eq!(check(&lamp), Some(Problem::Glare));
    }
}
