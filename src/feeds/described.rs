//! An entry in words, as every format says it; what is not named here goes out in none of them.

use crate::calendar::{Entry, Status};

/// What is said about an entry under a label, in order, empty ones left out.
pub(super) fn facts(entry: &Entry) -> Vec<(&'static str, &str)> {
    let labelled = [
        ("日時の備考", entry.time_note.as_str()),
        ("主催", &entry.organiser),
        ("対象", &entry.audience),
        ("料金", &entry.fee),
        ("定員", &entry.capacity),
        ("申込み", &entry.apply),
        ("問い合わせ", &entry.contact),
        ("ホームページ", &entry.url),
    ];
    labelled.into_iter().filter(|(_, text)| !text.is_empty()).collect()
}

/// Everything a person needs on the spot, beginning with what changed and ending with the items and the page; clients seldom show URL.
pub(super) fn description(entry: &Entry, items: &[String], url: &str) -> String {
    let lines = facts(entry).into_iter().map(|(label, text)| format!("{label}: {text}"));
    let mut parts: Vec<String> = vec![entry.notice.clone(), entry.description.clone()];
    parts.push(lines.collect::<Vec<_>>().join("\n"));
    let codes = (!items.is_empty()).then(|| format!("計画の項目: {}\n", items.join("、")));
    parts.push(format!("{}{url}", codes.unwrap_or_default()));
    parts.retain(|part| !part.is_empty());
    parts.join("\n\n")
}

/// Place and address.
pub(super) fn location(entry: &Entry) -> String {
    [entry.place.as_str(), entry.address.as_str()].join(" ").trim().to_owned()
}

/// The title, saying that it is cancelled.
pub(super) fn title(entry: &Entry) -> String {
    match entry.status() == Status::Cancelled && !entry.title.starts_with("【中止】") {
        true => format!("【中止】{}", entry.title),
        false => entry.title.clone(),
    }
}
