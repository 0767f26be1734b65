//! The words of a letter: plain text that can be read on an old telephone (pure).

use chrono::NaiveDate;

use super::change::{Change, What};
use super::edition::Edition;
use crate::calendar::{self, Standing, Status};
use crate::text::day;

/// Most occurrences of the days of a letter, of what is new further ahead, and of changes; how many more there are is said.
const WINDOW: usize = 40;
pub(super) const AHEAD: usize = 15;
const CHANGES: usize = 20;
/// Most characters of what those who hold it say about a change.
const NOTICE: usize = 200;

/// Where things are shown in full.
#[derive(Clone, Copy, Debug)]
pub struct Links<'a> {
    /// Address of the site.
    pub base_url: &'a str,
    /// List of the days of the letter.
    pub window: &'a str,
    /// List of what comes after them.
    pub ahead: &'a str,
}

/// The text of a letter between its greeting and its end.
pub fn body(edition: &Edition, links: &Links<'_>, (from, to): (NaiveDate, NaiveDate)) -> String {
    let mut parts = Vec::new();
    if !edition.changes.is_empty() {
        parts.push(format!("■ 中止・変更のお知らせ\n\n{}", changes(&edition.changes, links.base_url, links.window)));
    }
    parts.extend(window(edition, links, from));
    if !edition.ahead.is_empty() {
        let shown = edition.ahead.iter().take(AHEAD).map(|one| item(one, links.base_url, &edition.changes, true));
        let heading = format!("■ 新しく載った予定({}より後)", day::short(to));
        parts.push(format!("{heading}\n\n{}{}", joined(shown), more(edition.ahead_total, AHEAD, links.ahead)));
    }
    parts.join("\n\n")
}

/// What is on, day by day; what began before comes first.
fn window(edition: &Edition, links: &Links<'_>, from: NaiveDate) -> Vec<String> {
    let (running, starting): (Vec<&Standing>, Vec<&Standing>) =
        edition.window.iter().partition(|one| one.first_day < from);
    let mut parts: Vec<(String, Vec<String>)> = Vec::new();
    for one in running.into_iter().chain(starting).take(WINDOW) {
        let heading =
            if one.first_day < from { "前から続いている予定".to_owned() } else { day::short(one.first_day) };
        let text = item(one, links.base_url, &edition.changes, false);
        match parts.last_mut().filter(|(last, _)| *last == heading) {
            Some((_, items)) => items.push(text),
            None => parts.push((heading, vec![text])),
        }
    }
    let left = more(edition.window.len(), WINDOW, links.window);
    let told = parts.into_iter().map(|(heading, items)| format!("■ {heading}\n\n{}", joined(items.into_iter())));
    told.chain((!left.is_empty()).then(|| left.trim_start().to_owned())).collect()
}

fn joined(items: impl Iterator<Item = String>) -> String {
    items.collect::<Vec<_>>().join("\n\n")
}

/// How many are not shown, and where they are.
fn more(all: usize, shown: usize, url: &str) -> String {
    match all.saturating_sub(shown) {
        0 => String::new(),
        left => format!("\n\nほかに{left}件あります。すべての一覧:\n{url}"),
    }
}

fn clock(time: &str) -> &str {
    time.strip_prefix('0').unwrap_or(time)
}

/// Such as 10:00〜12:00.
fn hours(begins: &str, ends: &str) -> String {
    match (begins, ends) {
        ("", _) => String::new(),
        (begins, "") => format!("{} ", clock(begins)),
        (begins, ends) => format!("{}〜{} ", clock(begins), clock(ends)),
    }
}

/// Days and hours in words: 12月5日(土) 10:00〜12:00.
fn when(first: NaiveDate, last: NaiveDate, begins: &str, ends: &str) -> String {
    let days = if first == last {
        day::short(first)
    } else {
        format!("{}から{}まで", day::short(first), day::short(last))
    };
    let hours = hours(begins, ends);
    format!("{days} {}", if hours.is_empty() { "終日" } else { hours.trim_end() })
}

/// One occurrence with its page; `dated` where no heading says the day.
fn item(one: &Standing, base_url: &str, changes: &[Change], dated: bool) -> String {
    let change = changes.iter().find(|change| change.now.as_ref() == Some(one));
    let mark = match (one.status(), change) {
        (Status::Cancelled, _) => "【中止】",
        (_, Some(change)) => change.what.mark(),
        (Status::Tentative, _) => "【未確定】",
        _ => "",
    };
    let is_long = one.first_day < one.last_day;
    let hours = if dated || is_long { String::new() } else { hours(&one.begins, &one.ends) };
    let mut lines = vec![format!("{mark}{hours}{}", one.title)];
    if dated || is_long {
        lines.push(format!("　日時: {}", when(one.first_day, one.last_day, &one.begins, &one.ends)));
    }
    if !one.place.is_empty() {
        lines.push(format!("　場所: {}", one.place));
    }
    lines.push(format!("　{base_url}{}", calendar::path(one.id)));
    lines.join("\n")
}

/// What became of what was told before, as it was and as it is; `list` shows the rest.
pub fn changes(changes: &[Change], base_url: &str, list: &str) -> String {
    let shown = changes.iter().take(CHANGES).map(|change| changed(change, base_url));
    format!("{}{}", joined(shown), more(changes.len(), CHANGES, list))
}

fn changed(change: &Change, base_url: &str) -> String {
    let before = &change.before;
    let title = change.now.as_ref().map_or(&before.title, |now| &now.title);
    let mut lines = vec![format!("{}{title}", change.what.mark())];
    lines.extend(details(change));
    if let Some(now) = change.now.as_ref().filter(|now| change.what != What::Back && !now.notice.is_empty()) {
        let said: String = now.notice.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(NOTICE).collect();
        lines.push(format!("　主催者から: {said}"));
    }
    if let Some(now) = &change.now {
        lines.push(format!("　{base_url}{}", calendar::path(now.id)));
    }
    lines.join("\n")
}

/// Days, hours and places of a change, as they were and as they are.
fn details(change: &Change) -> Vec<String> {
    let before = &change.before;
    let was = when(before.first_day, before.last_day, &before.begins, &before.ends);
    let Some(now) = &change.now else {
        let gone = "　この日の予定は、掲載がなくなりました。お出かけの前に、主催者にお確かめください。";
        return vec![format!("　日時: {was}"), gone.to_owned()];
    };
    let is = when(now.first_day, now.last_day, &now.begins, &now.ends);
    let same_time = (before.first_day, before.last_day, &before.begins) == (now.first_day, now.last_day, &now.begins);
    match (change.what, same_time) {
        (What::Back, _) => {
            let back = "　先に中止などとお知らせしましたが、行われることになりました。".to_owned();
            [vec![back, format!("　日時: {is}")], places(&before.place, &now.place)].concat()
        }
        (What::Moved, true) => {
            [vec![format!("　日時: {is}(変わりません)")], places(&before.place, &now.place)].concat()
        }
        (What::Moved, false) => {
            [vec![format!("　変更前: {was}"), format!("　変更後: {is}")], places(&before.place, &now.place)].concat()
        }
        _ => [vec![format!("　日時: {was}")], places(&before.place, &before.place)].concat(),
    }
}

fn places(before: &str, now: &str) -> Vec<String> {
    let said = |place: &str| if place.is_empty() { "(書かれていません)".to_owned() } else { place.to_owned() };
    match (before == now, now.is_empty()) {
        (true, true) => Vec::new(),
        (true, false) => vec![format!("　場所: {now}")],
        (false, _) => vec![format!("　場所の変更前: {}", said(before)), format!("　場所の変更後: {}", said(now))],
    }
}
