//! Addresses on the web, as far as it is safe to follow them.

use url::Url;

/// The most characters of an address.
const MOST: usize = 2_000;

/// An address that begins with http or https; anything else leads nowhere that a reader should go.
pub(super) fn web_address(text: &str) -> Option<String> {
    let text = text.trim();
    let url = (text.len() <= MOST).then(|| Url::parse(text).ok())??;
    is_web(&url).then(|| url.into())
}

/// An address as a page means it: its own, or one relative to the page.
pub(super) fn joined(page: &str, text: &str) -> Option<String> {
    let text = text.trim();
    if text.is_empty() || text.len() > MOST {
        return None;
    }
    let url = match Url::parse(page) {
        Ok(page) => page.join(text).ok()?,
        Err(_) => Url::parse(text).ok()?,
    };
    is_web(&url).then(|| url.into())
}

fn is_web(url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https") && url.has_host()
}
