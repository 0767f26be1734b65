//! Reading a source: what came, with the source's defaults put in and its words heard, before anything is written.

use std::collections::{HashMap, HashSet};

use chrono::{Days, NaiveDate};
use sea_orm::ConnectionTrait;

use super::kinds::Trust;
use super::report::{Report, SAMPLE, Sample};
use super::source::Source;
use crate::calendar::{self, Arrived, Desk, Draft, ImportFault, Incoming, Sent, Span, Status};
use crate::city::City;
use crate::city::settings::sources::PAST_DAYS;
use crate::text::day;
use crate::text::fold::fold;

/// What a source holds, ready to be written.
#[derive(Clone, Debug)]
pub struct Reading {
    /// The entries that come in.
    pub drafts: Vec<Draft>,
    /// The names of everything that the source still mentions without a fault in its choice: also what ended long ago, and what could not
    /// be read this time.
    pub mentioned: HashSet<String>,
    /// The names of what was left out by choice.
    pub unwanted: HashSet<String>,
    /// The names of those among them that are nobody else's business (CLASS).
    pub secret: HashSet<String>,
    /// Whether a series has all its changed occurrences with it.
    pub whole_series: bool,
    /// Whether nothing at all stands in it.
    pub is_empty: bool,
    /// What is to be told.
    pub report: Report,
}

/// Reads what came from a source.
pub async fn read(
    db: &impl ConnectionTrait,
    desk: &Desk<'_>,
    source: &Source,
    sent: &Sent,
) -> Result<Reading, ImportFault> {
    let incoming = calendar::look(db, desk, &source.calendar_name(), sent).await?;
    Ok(sorted(source, desk, incoming))
}

/// Sorts what came: what comes in, what is over, what is not wanted.
fn sorted(source: &Source, desk: &Desk<'_>, incoming: Incoming) -> Reading {
    let Incoming { form, name, entries, refused, unread, nameless, notes, whole_series } = incoming;
    let words = Words::of(source);
    let oldest = oldest(desk);
    let mut report = Report { form, name, notes, nameless, ..Report::default() };
    let mut reading = Reading {
        drafts: Vec::with_capacity(entries.len()),
        secret: HashSet::new(),
        mentioned: unread.into_iter().collect(),
        unwanted: HashSet::new(),
        whole_series,
        is_empty: entries.is_empty() && refused.is_empty(),
        report: Report::default(),
    };
    for row in refused {
        report.leave(row.line, &row.subject, row.notes);
    }
    let mut sound = Vec::with_capacity(entries.len());
    let mut left_occurrences: HashMap<String, Vec<String>> = HashMap::new();
    let series: HashSet<String> = entries
        .iter()
        .filter(|one| one.draft.recurrence_id.is_empty())
        .map(|one| one.draft.source_uid.clone())
        .chain(reading.mentioned.iter().cloned())
        .collect();
    for Arrived { line, mut draft, notes } in entries {
        complete(&mut draft, source);
        if !draft.recurrence_id.is_empty() {
            let alone = format!("{}#{}", draft.source_uid, draft.recurrence_id);
            if series.contains(&draft.source_uid) {
                // Should it have stood by itself before its series came, it is no entry of its own any more.
                reading.unwanted.insert(alone);
            } else {
                stand_alone(&mut draft, alone);
            }
        }
        let name = draft.source_uid.clone();
        if let Some(reason) = words.against(&draft, desk.city) {
            report.leave(line, &draft.title, vec![reason]);
            if !draft.recurrence_id.is_empty() {
                // The series does not show in its place what one occurrence is not to show.
                left_occurrences.entry(name.clone()).or_default().push(draft.recurrence_id);
            } else if !draft.public {
                reading.secret.insert(name.clone());
            }
            reading.unwanted.insert(name);
            continue;
        }
        let mut faults = draft.faults();
        if calendar::is_restless(&draft.rrule) {
            faults.push(calendar::RESTLESS.to_owned());
        }
        reading.mentioned.insert(name);
        if is_over(&draft, desk.city, oldest) {
            report.ended += 1;
        } else if faults.is_empty() {
            report.mend(line, &draft.title, notes);
            sound.push(draft);
        } else {
            report.leave(line, &draft.title, faults);
        }
    }
    except(&mut sound, left_occurrences);
    report.found = sound.iter().filter(|draft| draft.recurrence_id.is_empty()).count();
    report.coming = sound.iter().filter(|draft| is_coming(draft, desk)).count();
    report.sample = sample(&sound, desk);
    reading.unwanted.retain(|name| !reading.mentioned.contains(name));
    Reading { drafts: sound, report, ..reading }
}

/// Lets a changed occurrence whose series is not in the source stand for itself: many calendars are exported month by month.
fn stand_alone(draft: &mut Draft, name: String) {
    draft.source_uid = name;
    draft.recurrence_id = String::new();
    draft.and_future = false;
}

/// Takes occurrences, by the names of their series, out of these.
fn except(drafts: &mut [Draft], mut occurrences: HashMap<String, Vec<String>>) {
    for series in drafts.iter_mut().filter(|draft| draft.recurrence_id.is_empty()) {
        series.exdates.extend(occurrences.remove(&series.source_uid).unwrap_or_default());
    }
}

/// Puts in what the source says of all its entries, and takes out what it may not say.
fn complete(draft: &mut Draft, source: &Source) {
    if draft.town_key.is_empty() {
        draft.town_key.clone_from(&source.town_key);
    }
    if draft.categories.is_empty() {
        draft.categories = source.categories();
    }
    if source.trust() < Trust::Official {
        // Evidence for the plan is not what anybody's calendar says of itself.
        draft.items.clear();
        draft.group_id = None;
    }
    draft.items.extend(source.items());
    draft.items.sort();
    draft.items.dedup();
    if draft.organiser.is_empty() {
        source.owner().clone_into(&mut draft.organiser);
    }
    draft.group_id = source.group_id.or(draft.group_id);
    if draft.url.is_empty() {
        draft.url.clone_from(&source.home_url);
    }
}

/// The day before which nothing is taken in that was over.
fn oldest(desk: &Desk<'_>) -> NaiveDate {
    let days = u64::try_from(desk.city.settings.number(PAST_DAYS)).unwrap_or_default();
    desk.today.checked_sub_days(Days::new(days)).unwrap_or(NaiveDate::MIN)
}

fn last_day(draft: &Draft, city: &City) -> NaiveDate {
    match draft.span {
        Span::Days { last, .. } => last,
        Span::Times { starts, ends } => ends.unwrap_or(starts).with_timezone(&city.profile.zone).date_naive(),
    }
}

fn is_single(draft: &Draft) -> bool {
    draft.rrule.is_empty() && draft.rdates.is_empty() && draft.recurrence_id.is_empty()
}

fn is_over(draft: &Draft, city: &City, oldest: NaiveDate) -> bool {
    is_single(draft) && last_day(draft, city) < oldest
}

fn is_coming(draft: &Draft, desk: &Desk<'_>) -> bool {
    draft.recurrence_id.is_empty()
        && draft.status != Status::Cancelled
        && (!is_single(draft) || last_day(draft, desk.city) >= desk.today)
}

/// The next entries, as the calendar would show them.
fn sample(drafts: &[Draft], desk: &Desk<'_>) -> Vec<Sample> {
    let mut coming: Vec<&Draft> = drafts
        .iter()
        .filter(|draft| {
            draft.recurrence_id.is_empty() && (is_coming(draft, desk) || last_day(draft, desk.city) >= desk.today)
        })
        .collect();
    coming.sort_by_key(|draft| (last_day(draft, desk.city), draft.source_uid.clone()));
    coming.into_iter().take(SAMPLE).map(|draft| shown(draft, desk.city)).collect()
}

fn shown(draft: &Draft, city: &City) -> Sample {
    let zone = city.profile.zone;
    let when = match draft.span {
        Span::Days { first, last } => day::span(first, last),
        Span::Times { starts, .. } => {
            let starts = starts.with_timezone(&zone);
            format!("{} {}", day::long(starts.date_naive()), starts.format("%-H:%M"))
        }
    };
    let names = draft.categories.iter().filter_map(|key| city.category(key)).map(|term| term.name.as_str());
    Sample {
        when,
        title: draft.title.clone(),
        place: draft.place.clone(),
        town: city.town_name(&draft.town_key).to_owned(),
        categories: names.collect::<Vec<_>>().join("、"),
        remark: match draft.status {
            Status::Cancelled => "中止".to_owned(),
            Status::Tentative => "未確定".to_owned(),
            Status::Confirmed if !is_single(draft) => "くり返し".to_owned(),
            Status::Confirmed => String::new(),
        },
    }
}

/// The words that let an entry in or keep it out.
struct Words {
    takes: Vec<(String, String)>,
    leaves: Vec<(String, String)>,
}

impl Words {
    fn of(source: &Source) -> Self {
        let listed = |text: &str| -> Vec<(String, String)> {
            let words = text.lines().map(str::trim).filter(|word| !word.is_empty());
            words.map(|word| (word.to_owned(), fold(word))).filter(|(_, key)| !key.is_empty()).collect()
        };
        Self { takes: listed(&source.takes), leaves: listed(&source.leaves) }
    }

    /// Why an entry stays out.
    fn against(&self, draft: &Draft, city: &City) -> Option<String> {
        if !draft.public {
            return Some("非公開（CLASS）の予定のため、取り込みません。".to_owned());
        }
        if self.takes.is_empty() && self.leaves.is_empty() {
            return None;
        }
        let names = draft.categories.iter().filter_map(|key| city.category(key)).map(|term| term.name.as_str());
        let own = draft.extra.get("CATEGORIES").map(String::as_str);
        let texts = [draft.title.as_str(), &draft.description, &draft.place, &draft.organiser];
        let text = fold(&texts.into_iter().chain(own).chain(names).collect::<Vec<_>>().join("\n"));
        if let Some((word, _)) = self.leaves.iter().find(|(_, key)| text.contains(key.as_str())) {
            return Some(format!("「{word}」ということばがあるため、取り込みません。"));
        }
        if self.takes.is_empty() || self.takes.iter().any(|(_, key)| text.contains(key.as_str())) {
            return None;
        }
        Some("取り込むと決めたことばが、1つもないため、取り込みません。".to_owned())
    }
}
