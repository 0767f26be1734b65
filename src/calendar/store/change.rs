//! What is different between an entry as it was and as it is to be, and who needs to know.

use std::collections::HashMap;

use uuid::Uuid;

use super::super::entry::Entry;
use super::super::spread::local;
use super::Desk;
use super::known::Links;
use crate::table::{Outcome, quoted};

/// Gives a new version of an entry what it keeps from the old one, and says what changed.
///
/// The sequence counts, and the stamp moves, only when something in a feed is different: clients fetch and redraw an
/// entry for that (RFC 5545 §3.8.7.4).
pub(super) fn settle(
    entry: &mut Entry,
    links: &Links,
    old: Option<&Entry>,
    known: &HashMap<Uuid, Links>,
    desk: &Desk<'_>,
) -> (Outcome, Vec<String>) {
    let Some(old) = old else { return (Outcome::Taken, Vec::new()) };
    let none = Links::default();
    let before = known.get(&old.id).unwrap_or(&none);
    entry.id = old.id;
    entry.created_at = old.created_at;
    entry.updated_at = old.updated_at;
    entry.sequence = old.sequence;
    if entry.cancelled_at.is_some() && old.cancelled_at.is_some() {
        entry.cancelled_at = old.cancelled_at;
    }
    let mut notes = told_changes(old, entry, desk);
    if before.categories != links.categories {
        notes.push("分類が変わりました。".to_owned());
    }
    if !notes.is_empty() {
        entry.updated_at = desk.now;
        // What goes out of sight is in no feed any more; the next version that is seen counts one further.
        let seen = entry.public || !old.public;
        entry.sequence = old.sequence.saturating_add(i32::from(seen));
    }
    notes.extend(untold_changes(old, entry));
    if before.items != links.items {
        notes.push("計画の項目との関係が変わりました。".to_owned());
    }
    if notes.is_empty() && same_row(old, entry) {
        return (Outcome::Unchanged, notes);
    }
    (Outcome::Changed, notes)
}

/// Adds what it means for a series that some of its changed occurrences are no longer changed.
pub(super) fn with_dropped(
    (outcome, mut notes): (Outcome, Vec<String>),
    dropped: usize,
    entry: &mut Entry,
    desk: &Desk<'_>,
) -> (Outcome, Vec<String>) {
    if dropped == 0 {
        return (outcome, notes);
    }
    notes.push(format!("個別に変更されていた回のうち{dropped}回を、元のくり返しに戻しました。"));
    if entry.updated_at != desk.now {
        entry.sequence = entry.sequence.saturating_add(1);
        entry.updated_at = desk.now;
    }
    (Outcome::Changed, notes)
}

/// Differences that a subscriber sees.
fn told_changes(old: &Entry, new: &Entry, desk: &Desk<'_>) -> Vec<String> {
    let when = |entry: &Entry| when(entry, desk);
    let town = |entry: &Entry| desk.city.town_name(&entry.town_key).to_owned();
    let status = |entry: &Entry| entry.status().key().to_owned();
    let pairs = [
        ("名称", old.title.clone(), new.title.clone()),
        ("状態", status(old), status(new)),
        ("種類", old.kind().label().to_owned(), new.kind().label().to_owned()),
        ("日時", when(old), when(new)),
        ("日時の備考", old.time_note.clone(), new.time_note.clone()),
        ("くり返し", old.rrule.clone(), new.rrule.clone()),
        ("追加の回", old.rdates().join("、"), new.rdates().join("、")),
        ("除いた回", old.exdates().join("、"), new.exdates().join("、")),
        ("場所", old.place.clone(), new.place.clone()),
        ("住所", old.address.clone(), new.address.clone()),
        ("町", town(old), town(new)),
        ("位置", position(old), position(new)),
        ("主催", old.organiser.clone(), new.organiser.clone()),
        ("対象", old.audience.clone(), new.audience.clone()),
        ("料金", old.fee.clone(), new.fee.clone()),
        ("定員", old.capacity.clone(), new.capacity.clone()),
        ("申込方法", old.apply.clone(), new.apply.clone()),
        ("連絡先", old.contact.clone(), new.contact.clone()),
        ("URL", old.url.clone(), new.url.clone()),
        ("説明", old.description.clone(), new.description.clone()),
        ("お知らせ", old.notice.clone(), new.notice.clone()),
        ("公開", shown(old), shown(new)),
    ];
    let changed = pairs.iter().filter(|(_, old, new)| old != new);
    changed.map(|(label, old, new)| format!("{label}: {}→{}", quoted(old), quoted(new))).collect()
}

/// Differences that only staff see.
fn untold_changes(old: &Entry, new: &Entry) -> Vec<String> {
    let mut notes = Vec::new();
    if old.kana != new.kana {
        notes.push(format!("読み: {}→{}", quoted(&old.kana), quoted(&new.kana)));
    }
    if old.extra != new.extra {
        notes.push("そのほかの列が変わりました。".to_owned());
    }
    if old.group_id != new.group_id {
        notes.push("名簿の団体との関係が変わりました。".to_owned());
    }
    if old.facility_id != new.facility_id {
        notes.push("施設との関係が変わりました。".to_owned());
    }
    notes
}

/// Whether the rows are equal but for how far the series was written, which moves with every day.
fn same_row(old: &Entry, new: &Entry) -> bool {
    let reached = Entry { expanded_to: old.expanded_to, ..new.clone() };
    *old == reached
}

fn shown(entry: &Entry) -> String {
    if entry.public { "公開" } else { "非公開" }.to_owned()
}

fn position(entry: &Entry) -> String {
    entry.lat.zip(entry.lon).map(|(lat, lon)| format!("{lat},{lon}")).unwrap_or_default()
}

fn when(entry: &Entry, desk: &Desk<'_>) -> String {
    let zone = desk.city.profile.zone;
    let clock = |moment| local(moment, zone).format("%Y-%m-%d %H:%M").to_string();
    match (entry.starts_at, entry.ends_at) {
        (Some(starts), Some(ends)) => format!("{}から{}まで", clock(starts), clock(ends)),
        (Some(starts), None) => clock(starts),
        (None, _) if entry.starts_on == entry.ends_on => entry.starts_on.to_string(),
        (None, _) => format!("{}から{}まで", entry.starts_on, entry.ends_on),
    }
}
