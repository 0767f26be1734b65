//! A feed for programs (JSON Feed 1.1), with what a calendar knows of each entry under `_kyodo`.

use serde::Serialize;

use super::atom;
use super::items::{News, Piece, stamp};

#[derive(Serialize)]
struct Feed<'a> {
    version: &'static str,
    title: &'a str,
    home_page_url: &'a str,
    feed_url: String,
    description: &'a str,
    icon: &'a str,
    authors: [Author<'a>; 1],
    language: &'static str,
    items: Vec<Item<'a>>,
}

#[derive(Serialize)]
struct Author<'a> {
    name: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    url: &'a str,
}

#[derive(Serialize)]
struct Item<'a> {
    id: &'a str,
    url: &'a str,
    title: &'a str,
    summary: &'a str,
    content_html: String,
    date_published: String,
    date_modified: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    authors: Vec<Author<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tags: Vec<&'a str>,
    _kyodo: &'a serde_json::Value,
}

/// The feed as a file.
pub(super) fn file(news: &News) -> Vec<u8> {
    let feed = Feed {
        version: "https://jsonfeed.org/version/1.1",
        title: &news.title,
        home_page_url: &news.page,
        feed_url: format!("{}.json", news.address),
        description: &news.description,
        icon: &news.icon,
        authors: [Author { name: &news.author, url: &news.site }],
        language: "ja",
        items: news.pieces.iter().map(item).collect(),
    };
    // Nothing in it can fail to be written: no maps with other keys than text, no numbers that are not finite.
    let mut bytes = serde_json::to_vec(&feed).unwrap_or_default();
    bytes.push(b'\n');
    bytes
}

fn item(piece: &Piece) -> Item<'_> {
    let organiser = Author { name: &piece.organiser, url: "" };
    Item {
        id: &piece.id,
        url: &piece.url,
        title: &piece.title,
        summary: &piece.summary,
        content_html: atom::xhtml(piece),
        date_published: stamp(piece.published),
        date_modified: stamp(piece.updated),
        authors: (!piece.organiser.is_empty()).then_some(organiser).into_iter().collect(),
        tags: piece.categories.iter().map(|(_, name)| name.as_str()).collect(),
        _kyodo: &piece.event,
    }
}
