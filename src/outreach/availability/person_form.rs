//! The form with the town, the telephone and the hours of somebody.

use chrono::{DateTime, NaiveTime, TimeDelta, Utc};

use super::hours::{Hours, Span, WEEKDAYS, clock, length};
use super::person::{Draft, Record};
use crate::city::{City, outreach_rules};
use crate::text::{phone, times};
use crate::web::Form;

/// The fields of one weekday.
pub(super) struct Weekday {
    pub opens: String,
    pub closes: String,
    pub opens_label: String,
    pub closes_label: String,
}

/// The fields of the week, from Monday.
pub(super) fn week() -> Vec<Weekday> {
    let field = |(place, name): (usize, &&str)| Weekday {
        opens: opens(place),
        closes: closes(place),
        opens_label: format!("{name}曜の始まり"),
        closes_label: format!("{name}曜の終わり"),
    };
    WEEKDAYS.iter().enumerate().map(field).collect()
}

fn opens(place: usize) -> String {
    format!("opens{}", place + 1)
}

fn closes(place: usize) -> String {
    format!("closes{}", place + 1)
}

/// The form as it stands; for whoever was never put down, with the usual hours.
pub(super) fn filled(record: Option<&Record>) -> Form {
    let hours = record.map_or_else(Hours::usual, |record| record.hours);
    let mut form = Form::new();
    form.set("town", record.map(|record| record.base_town.clone()).unwrap_or_default());
    form.set("phone", record.map(|record| record.phone.clone()).unwrap_or_default());
    form.set("active", if record.is_none_or(|record| record.is_active) { "1" } else { "" });
    form.set("seen", seen(record));
    for (place, (from, until)) in hours.0.iter().enumerate().filter_map(|(place, span)| Some((place, (*span)?))) {
        form.set(&opens(place), from.format("%H:%M").to_string());
        form.set(&closes(place), until.format("%H:%M").to_string());
    }
    form
}

/// The state from which a form is made, as it stands in the form.
pub(super) fn seen(record: Option<&Record>) -> String {
    record.map(|record| record.updated_at.timestamp_micros().to_string()).unwrap_or_default()
}

/// The state from which a form was made.
pub(super) fn read_seen(form: &Form) -> Option<DateTime<Utc>> {
    form.get("seen").parse().ok().and_then(DateTime::from_timestamp_micros)
}

/// Reads the form; nothing while something is wrong.
pub(super) fn read(form: &mut Form, city: &City) -> Option<Draft> {
    let town = form.choice("town", "出発する町", |key| city.town(key).map(|town| town.key.clone()));
    let phone = form.line("phone", "電話番号", 60);
    let phone = if phone.is_empty() { Ok(phone) } else { phone::phone(&phone).map(|phone| phone.to_string()) };
    let phone = phone.map_err(|fault| form.fault("phone", fault.to_string()));
    let mut hours = Hours::default();
    for place in 0..hours.0.len() {
        hours.0[place] = span(form, place);
    }
    let least = i64::from(city.settings.number(outreach_rules::REST_HOURS));
    if form.is_fine() {
        check_nights(form, &hours, least);
    }
    if !form.is_fine() {
        return None;
    }
    Some(Draft { base_town: town?, phone: phone.ok()?, is_active: form.has("active", "1"), hours })
}

fn span(form: &mut Form, place: usize) -> Option<Span> {
    let (opens, closes) = (opens(place), closes(place));
    let (from, until) = (time(form, &opens), time(form, &closes));
    let is_empty = |name: &str| form.get(name).trim().is_empty();
    match (is_empty(&opens), is_empty(&closes)) {
        (true, false) => {
            form.fault(&opens, "始まりの時刻も書いてください。仕事のない日は、両方とも空にしてください。");
        }
        (false, true) => {
            form.fault(&closes, "終わりの時刻も書いてください。仕事のない日は、両方とも空にしてください。");
        }
        _ => {}
    }
    let (from, until) = from.zip(until)?;
    if from >= until {
        form.fault(&closes, format!("終わりは、始まり({})より後の時刻にしてください。", clock(from)));
    }
    Some((from, until))
}

fn time(form: &mut Form, name: &str) -> Option<NaiveTime> {
    let typed = form.get(name).trim().to_owned();
    if typed.is_empty() {
        return None;
    }
    times::parse_time(&typed).map_err(|fault| form.fault(name, fault.to_string())).ok()
}

fn check_nights(form: &mut Form, hours: &Hours, least: i64) {
    for (place, night) in hours.short_nights(TimeDelta::hours(least)) {
        let before = (place + 6) % 7;
        let (Some((_, until)), Some((from, _))) = (hours.0[before], hours.0[place]) else { continue };
        form.fault(
            &opens(place),
            format!(
                "{}曜の終わり({})から{}曜の始まり({})までが{}です。{least}時間以上あけてください。",
                WEEKDAYS[before],
                clock(until),
                WEEKDAYS[place],
                clock(from),
                length(night)
            ),
        );
    }
}
