//! A feed for news readers (Atom, RFC 4287): the same records give the same bytes.

use chrono::DateTime;

use super::items::{News, Piece, stamp};

/// The feed as a file.
pub(super) fn file(news: &News) -> Vec<u8> {
    let mut out = String::with_capacity(2_000 + news.pieces.len() * 2_000);
    out.push_str(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"ja\">\n",
    );
    let own = format!("{}.atom", news.address);
    element(&mut out, "id", &own);
    element(&mut out, "title", &news.title);
    element(&mut out, "subtitle", &news.description);
    // The stamp is that of the latest record; a feed without any has stood still since the beginning of time.
    let updated = news.pieces.iter().map(|piece| piece.updated).max().unwrap_or(DateTime::UNIX_EPOCH);
    element(&mut out, "updated", &stamp(updated));
    link(&mut out, "self", "application/atom+xml", &own);
    link(&mut out, "alternate", "text/html", &news.page);
    link(&mut out, "alternate", "text/calendar", &format!("{}.ics", news.address));
    link(&mut out, "alternate", "application/feed+json", &format!("{}.json", news.address));
    person(&mut out, &news.author);
    element(&mut out, "icon", &news.icon);
    for piece in &news.pieces {
        entry(&mut out, piece);
    }
    out.push_str("</feed>\n");
    out.into_bytes()
}

fn entry(out: &mut String, piece: &Piece) {
    out.push_str("<entry>\n");
    element(out, "id", &piece.id);
    element(out, "title", &piece.title);
    element(out, "published", &stamp(piece.published));
    element(out, "updated", &stamp(piece.updated));
    link(out, "alternate", "text/html", &piece.url);
    if !piece.organiser.is_empty() {
        person(out, &piece.organiser);
    }
    for (key, name) in &piece.categories {
        out.push_str(&format!("<category term=\"{}\" label=\"{}\"/>\n", escaped(key), escaped(name)));
    }
    element(out, "summary", &piece.summary);
    out.push_str("<content type=\"xhtml\"><div xmlns=\"http://www.w3.org/1999/xhtml\">");
    out.push_str(&xhtml(piece));
    out.push_str("</div></content>\n</entry>\n");
}

/// What is said about an entry, as elements that mean the same in XHTML and in HTML.
pub(super) fn xhtml(piece: &Piece) -> String {
    let mut out = String::new();
    let mut paragraph = |text: &str| {
        if !text.is_empty() {
            out.push_str(&format!("<p>{}</p>", escaped(text).replace('\n', "<br/>")));
        }
    };
    piece.notices.iter().for_each(|notice| paragraph(notice));
    paragraph(&piece.summary);
    paragraph(&piece.body);
    let lines = piece.facts.iter().map(|(label, text)| format!("{label}: {text}"));
    paragraph(&lines.collect::<Vec<_>>().join("\n"));
    if !piece.codes.is_empty() {
        paragraph(&format!("計画の項目: {}", piece.codes.join("、")));
    }
    out
}

fn element(out: &mut String, name: &str, text: &str) {
    out.push_str(&format!("<{name}>{}</{name}>\n", escaped(text)));
}

fn link(out: &mut String, rel: &str, kind: &str, url: &str) {
    out.push_str(&format!("<link rel=\"{rel}\" type=\"{kind}\" href=\"{}\"/>\n", escaped(url)));
}

fn person(out: &mut String, name: &str) {
    out.push_str(&format!("<author><name>{}</name></author>\n", escaped(name)));
}

/// Text without what XML cannot hold (XML 1.0 §2.2), and with nothing left that means something.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' | '\n' => out.push(letter),
            '\u{FFFE}' | '\u{FFFF}' => {}
            letter if letter < ' ' => {}
            _ => out.push(letter),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    #[test]
    fn text_means_nothing_and_holds_nothing_that_xml_cannot() {
        assert_eq!(super::escaped("<b a=\"1\">&\u{0}\u{8}\r\n\u{FFFF}雞"), "&lt;b a=&quot;1&quot;&gt;&amp;\n雞");
    }
}
