//! A QR code as one SVG path. The text it holds stands in `data-code`, for tests and for the sandbox's phone.

use leptos::prelude::*;
use qrcodegen::{QrCode, QrCodeEcc};

/// Modules of white around the code that scanners need (ISO/IEC 18004).
const QUIET: i32 = 4;

#[component]
pub fn Qr(#[prop(into)] text: String, #[prop(into)] label: String) -> impl IntoView {
    drawing(&text).map(|(side, path)| {
        view! {
            <svg
                class="qr"
                role="img"
                aria-label=label
                data-code=text
                viewBox=format!("0 0 {side} {side}")
                shape-rendering="crispEdges"
            >
                <rect width=side height=side fill="#fff" />
                <path d=path fill="#000" />
            </svg>
        }
    })
}

/// The side with its quiet zone, in modules, and the path. `None` where the text is longer than a QR code holds.
fn drawing(text: &str) -> Option<(i32, String)> {
    let code = QrCode::encode_text(text, QrCodeEcc::Medium).ok()?;
    let mut path = String::new();
    for y in 0..code.size() {
        for x in (0..code.size()).filter(|&x| code.get_module(x, y)) {
            path.push_str(&format!("M{} {}h1v1h-1z", x + QUIET, y + QUIET));
        }
    }
    Some((code.size() + 2 * QUIET, path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_has_its_quiet_zone_and_finder() {
        let (side, path) = drawing("weixin://wxpay/bizpayurl?pr=abc").expect("short text");
        assert_eq!(side, 29 + 2 * QUIET, "31 bytes at level M need version 3");
        assert!(path.starts_with("M4 4h1v1h-1z"), "the finder's corner is dark");
        assert!(drawing(&"x".repeat(4000)).is_none());
    }
}
