//! A photo's pixels, as the browser decodes them: drawn onto a canvas that nobody sees, scaled down.

use crate::pages::order::photo_check::{EDGE, Pixels};
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{CanvasRenderingContext2d, File, HtmlCanvasElement, ImageBitmap};

/// `None` where the browser cannot read it.
pub async fn read_pixels(file: &File) -> Option<Pixels> {
    let bitmap = window().create_image_bitmap_with_blob(file).ok()?;
    let bitmap: ImageBitmap = JsFuture::from(bitmap).await.ok()?.unchecked_into();
    let (full_width, full_height) = (bitmap.width(), bitmap.height());
    let scale = (f64::from(EDGE) / f64::from(full_width.max(full_height))).min(1.0);
    let scaled = |edge: u32| (f64::from(edge) * scale).round().max(1.0);
    let (width, height) = (scaled(full_width), scaled(full_height));
    let canvas: HtmlCanvasElement = document().create_element("canvas").ok()?.unchecked_into();
    canvas.set_width(width as u32);
    canvas.set_height(height as u32);
    let context: CanvasRenderingContext2d = canvas.get_context("2d").ok()??.unchecked_into();
    context.draw_image_with_image_bitmap_and_dw_and_dh(&bitmap, 0.0, 0.0, width, height).ok()?;
    bitmap.close();
    let data = context.get_image_data(0.0, 0.0, width, height).ok()?;
    Some(Pixels {
        full_width,
        full_height,
        width: data.width() as usize,
        height: data.height() as usize,
        rgba: data.data().0,
    })
}
