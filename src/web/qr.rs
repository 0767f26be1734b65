//! An address as a QR code.

use qrcode::render::svg;
use qrcode::{EcLevel, QrCode};

/// An address as a QR code, drawn as SVG paths; `class` is for the style sheet, `label` says what it is.
///
/// Only an address longer than a QR code can hold gives nothing, and those of this site are bounded.
pub fn qr(url: &str, class: &str, label: &str) -> String {
    let Ok(code) = QrCode::with_error_correction_level(url, EcLevel::M) else { return String::new() };
    let drawn = code.render::<svg::Color<'_>>().min_dimensions(200, 200).quiet_zone(true).build();
    let svg = drawn.find("<svg").map_or(drawn.as_str(), |at| &drawn[at..]);
    svg.replacen("<svg ", &format!("<svg class=\"{class}\" role=\"img\" aria-label=\"{label}\" "), 1)
}
