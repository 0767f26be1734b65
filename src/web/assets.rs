//! The few static files, built into the binary and named with a fingerprint so that browsers may keep them.

use std::sync::LazyLock;

use axum::extract::Path;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};

use crate::error::Error;

struct Asset {
    name: &'static str,
    kind: &'static str,
    bytes: &'static [u8],
}

const ASSETS: [Asset; 5] = [
    Asset { name: "kyodo.css", kind: "text/css; charset=utf-8", bytes: include_bytes!("../../static/kyodo.css") },
    Asset { name: "copy.js", kind: "text/javascript; charset=utf-8", bytes: include_bytes!("../../static/copy.js") },
    Asset {
        name: "minutes.js",
        kind: "text/javascript; charset=utf-8",
        bytes: include_bytes!("../../static/minutes.js"),
    },
    Asset { name: "roll.js", kind: "text/javascript; charset=utf-8", bytes: include_bytes!("../../static/roll.js") },
    Asset { name: "mark.svg", kind: "image/svg+xml", bytes: include_bytes!("../../static/mark.svg") },
];

/// Path pattern of the static files.
pub const PATH: &str = "/static/{name}";

/// The address of a static file, changing whenever its bytes do.
pub fn url(name: &str) -> String {
    let fingerprint = ASSETS.iter().zip(FINGERPRINTS.iter()).find(|(asset, _)| asset.name == name);
    format!("/static/{name}?v={}", fingerprint.map_or("", |(_, fingerprint)| fingerprint))
}

/// A few digits of each file's digest, in the order of the files.
static FINGERPRINTS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let digits = |asset: &Asset| Sha256::digest(asset.bytes)[..6].iter().map(|byte| format!("{byte:02x}")).collect();
    ASSETS.iter().map(digits).collect()
});

fn find(name: &str) -> Option<&'static Asset> {
    ASSETS.iter().find(|asset| asset.name == name)
}

/// Answers with a static file.
pub async fn show(Path(name): Path<String>) -> Result<Response, Error> {
    let asset = find(&name).ok_or(Error::NotFound)?;
    let mut response = asset.bytes.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(asset.kind));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
    Ok(response)
}
