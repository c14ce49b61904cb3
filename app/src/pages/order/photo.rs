//! What is doubtful about a chosen picture, before it is sent.

use super::photo_check::{Problem, check};
use crate::pages::phone::pixels::read_pixels;
use web_sys::File;

/// Nothing where the browser cannot draw it: the office decides by content.
pub async fn doubt(file: &File) -> Option<Problem> {
    check(&read_pixels(file).await?)
}
