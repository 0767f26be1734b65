//! A month as text for those who set it elsewhere: the city's magazine (広報) and the captions of the cable television.

use std::collections::HashMap;

use chrono::Datelike;
use uuid::Uuid;

use super::typeset::{self, Letters};
use crate::app::App;
use crate::calendar::{self, Entry, Month, Occurrence};
use crate::city::Rule;
use crate::city::settings::{CATV_COLUMNS, CATV_LINES, KOHO_COLUMNS, KOHO_LINES, Settings};
use crate::error::Error;
use crate::text::day;

/// Entries asked for by identifier in one question.
const SOME: usize = 10_000;

/// Who sets the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Setter {
    /// The city's magazine.
    Magazine,
    /// The captions of the cable television.
    Television,
}

impl Setter {
    pub const ALL: [Self; 2] = [Self::Magazine, Self::Television];

    pub fn key(self) -> &'static str {
        match self {
            Self::Magazine => "koho",
            Self::Television => "catv",
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|setter| setter.key() == key)
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::Magazine => "広報に載せる文",
            Self::Television => "有線テレビの文字放送",
        }
    }

    /// Full-width letters of a line, and lines of a page (0 for one page).
    pub fn size(self, settings: &Settings) -> (usize, usize) {
        let number = |rule: Rule| usize::try_from(settings.number(rule)).unwrap_or_default();
        match self {
            Self::Magazine => (number(KOHO_COLUMNS), number(KOHO_LINES)),
            Self::Television => (number(CATV_COLUMNS), number(CATV_LINES)),
        }
    }
}

/// The pages of a month, each of them lines.
pub(super) async fn pages(
    app: &App,
    setter: Setter,
    month: Month,
    // What the list is narrowed to; nothing for everything.
    narrowed: Option<&str>,
    listed: &[Occurrence],
) -> Result<Vec<Vec<String>>, Error> {
    let mut ids: Vec<Uuid> = listed.iter().map(|occurrence| occurrence.id).collect();
    ids.sort();
    ids.dedup();
    let mut entries: HashMap<Uuid, Entry> = HashMap::new();
    for some in ids.chunks(SOME) {
        let found = calendar::find_all(&app.db, some).await?;
        entries.extend(found.into_iter().map(|entry| (entry.id, entry)));
    }
    let city = app.city();
    let (columns, lines) = setter.size(&city.settings);
    let name = &city.profile.name;
    let heading = match narrowed {
        Some(title) => format!("{}月　{title}　{name}", month.first.month()),
        None => format!("{}月の予定　{name}", month.first.month()),
    };
    let mut blocks = vec![set(&[heading], setter, columns)];
    for occurrence in listed {
        // Public when it was listed and public still, or it is left out.
        if let Some(entry) = entries.get(&occurrence.id).filter(|entry| entry.public) {
            blocks.push(set(&block(setter, occurrence, entry), setter, columns));
        }
    }
    Ok(typeset::pages(&blocks, lines, setter == Setter::Magazine))
}

fn set(lines: &[String], setter: Setter, columns: usize) -> Vec<String> {
    let letters = match setter {
        Setter::Magazine => Letters::Mixed,
        Setter::Television => Letters::Wide,
    };
    let indent = if columns > 10 { "　　" } else { "" };
    lines.iter().flat_map(|line| typeset::lines(&typeset::widened(line, letters), columns, indent)).collect()
}

/// What begins a way to get in touch.
const WAYS: [&str; 5] = ["電話", "TEL", "FAX", "メール", "ファックス"];

/// The lines of one entry, before they are broken.
fn block(setter: Setter, occurrence: &Occurrence, entry: &Entry) -> Vec<String> {
    let stopped = if occurrence.is_cancelled() { "【中止】" } else { "" };
    let when = when(setter, occurrence);
    let mut lines = match (setter, when.split_once(' ')) {
        // A screen has room for a day or for its times.
        (Setter::Television, Some((day, times))) => vec![format!("●{day}"), format!("　{times}")],
        _ => vec![format!("●{when}")],
    };
    lines.push(format!("　{stopped}{}", occurrence.title));
    let mut labelled = vec![("場所", occurrence.place.as_str())];
    if setter == Setter::Magazine {
        labelled.extend([("対象", entry.audience.as_str()), ("料金", &entry.fee), ("申込み", &entry.apply)]);
    }
    labelled.push(("問い合わせ", &entry.contact));
    if !occurrence.is_cancelled() || !entry.notice.is_empty() {
        labelled.push(("お知らせ", &entry.notice));
    }
    for (label, text) in labelled.into_iter().filter(|(_, text)| !text.is_empty()) {
        let mut line = format!("　{label}　");
        for (at, word) in text.split_whitespace().enumerate() {
            // A number or an address is found more easily, and broken less often, at the beginning of a line.
            if at > 0 && WAYS.iter().any(|way| word.starts_with(way)) {
                lines.push(std::mem::replace(&mut line, "　　".to_owned()));
            } else if at > 0 {
                line.push(' ');
            }
            line.push_str(word);
        }
        lines.push(line);
    }
    lines
}

fn when(setter: Setter, occurrence: &Occurrence) -> String {
    let clock = |text: &str| match (setter, text.split_once(':')) {
        (Setter::Magazine, Some((hour, "00"))) => format!("{hour}時"),
        (Setter::Magazine, Some((hour, minute))) => format!("{hour}時{minute}分"),
        _ => text.to_owned(),
    };
    let first = day::short(occurrence.first_day);
    let (begins, ends) = (clock(occurrence.clock()), clock(occurrence.end_clock()));
    let last = if occurrence.is_long() { day::short(occurrence.last_day) } else { String::new() };
    match (begins.as_str(), ends.as_str(), last.as_str()) {
        ("", _, "") => first,
        ("", _, last) => format!("{first}〜{last}"),
        (begins, "", _) => format!("{first} {begins}〜"),
        (begins, ends, last) => format!("{first} {begins}〜{last}{ends}"),
    }
}
