//! QR codes, drawn as one path.

use crate::app::markup::{AnyView, Show as _, view};
use qrcodegen::{QrCode, QrCodeEcc};

/// How many modules of white a reader needs around the code.
const QUIET: i32 = 4;

/// The QR code of a text; nothing when the text is too long for one.
pub fn qr(text: &str, label: &'static str) -> AnyView {
    let Ok(code) = QrCode::encode_text(text, QrCodeEcc::Medium) else {
        return AnyView::default();
    };
    let side = code.size() + 2 * QUIET;
    let view_box = format!("0 0 {side} {side}");
    view! {
        <svg class="qr" role="img" aria-label=label viewBox=view_box shape-rendering="crispEdges">
            <rect class="qr-light" width=side height=side></rect>
            <path class="qr-dark" d=path(&code)></path>
        </svg>
    }
    .show()
}

fn path(code: &QrCode) -> String {
    let mut path = String::new();
    for y in 0..code.size() {
        for x in 0..code.size() {
            if code.get_module(x, y) {
                path.push_str(&format!("M{} {}h1v1h-1z", x + QUIET, y + QUIET));
            }
        }
    }
    path
}
