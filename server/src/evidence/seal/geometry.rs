//! Where everything stands on the sheet, in millimetres from the upper left corner of an A4 page. Who draws the sheet and
//! who finds it again in a picture read the same numbers.

pub const PAGE: (f32, f32) = (210.0, 297.0);

/// Middles of the four marks: upper left, upper right, lower right, lower left.
pub const MARKS: [(f32, f32); 4] = [(35.0, 100.0), (175.0, 100.0), (175.0, 190.0), (35.0, 190.0)];
/// A mark is a black square of seven modules with a white ring of one module round a black core of three.
pub const MARK: f32 = 10.5;
pub const MODULE: f32 = MARK / 7.0;

/// A black square beside the first mark tells which way up the sheet lies; the like of it beside the others is white.
pub const POINTER: (f32, f32) = (54.0, 100.0);
pub const POINTER_SIZE: f32 = 5.0;
/// The places of the other three, in the order of the marks after the first.
pub const BLANKS: [(f32, f32); 3] = [(156.0, 100.0), (156.0, 190.0), (54.0, 190.0)];

/// What is signed or stamped in: x, y, width, height.
pub const BOX: (f32, f32, f32, f32) = (47.0, 110.0, 116.0, 70.0);
/// Its border is not part of the seal.
pub const BORDER: f32 = 1.5;
