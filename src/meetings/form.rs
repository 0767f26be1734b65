//! The form of a meeting: from typed text to a [`Subject`], and back.

use chrono::{NaiveDate, NaiveTime};
use uuid::Uuid;

use super::meeting::Meeting;
use super::rights::Convener;
use super::seat::Seat;
use super::subject::{Subject, Venue};
use crate::city::{City, Facility};
use crate::groups::Named;
use crate::plan::Item;
use crate::text::times;
use crate::web::Form;

/// Most days that a day is looked for in.
pub(super) const MOST_DAYS: i64 = 366;

/// What the form chooses from.
pub(super) struct Choices<'a> {
    /// The city.
    pub city: &'a City,
    /// Every facility.
    pub facilities: &'a [Facility],
    /// The items of the current plan.
    pub items: &'a [Item],
    /// The groups of the directory.
    pub groups: &'a [Named],
    /// In whose name this person may convene.
    pub conveners: &'a [Convener],
}

/// Reads the form; nothing while something is wrong.
pub(super) fn read(form: &mut Form, choices: &Choices<'_>) -> Option<Subject> {
    let title = form.needed_line("title", "会議の名前", 200);
    let purpose = form.block("purpose", "会議の目的", 4_000);
    let convener = form.choice("convener", "招集する人", |typed| {
        choices.conveners.iter().find(|one| one.key() == typed).cloned()
    });
    let chair_group = read_chair_group(form, choices);
    let chair = form.line("chair", "進行(議長)", 200);
    let length_minutes = form.number("length", "会議の長さ", 15, 600);
    if form.get("length").trim().is_empty() {
        form.fault("length", "会議の長さを分で書いてください。");
    }
    let (first_day, last_day) = read_days(form);
    let weekdays: Vec<u32> =
        form.all("weekday").iter().filter_map(|day| day.parse().ok()).filter(|day| (1..=7).contains(day)).collect();
    if weekdays.is_empty() {
        form.fault("weekday", "曜日を一つ以上選んでください。");
    }
    let (opens, closes) = read_hours(form, length_minutes);
    let groups = read_groups(form, choices);
    let least_groups = form.number("least", "必要な団体の数", 0, 2_000).unwrap_or(0);
    if usize::try_from(least_groups).is_ok_and(|least| least > groups.len()) {
        form.fault("least", format!("招く団体は{}です。必要な団体の数は、それ以下にしてください。", groups.len()));
    }
    let venue = read_venue(form, choices);
    let items = read_items(form, choices);
    if !form.is_fine() {
        return None;
    }
    let convener = convener?;
    Some(Subject {
        title,
        purpose,
        convener: convener_words(&convener, choices.city),
        convener_group: convener.group_id,
        chair_group,
        chair,
        public: form.has("public", "1"),
        length_minutes: length_minutes?,
        first_day: first_day?,
        last_day: last_day?,
        weekdays,
        opens: opens?.format("%H:%M").to_string(),
        closes: closes?.format("%H:%M").to_string(),
        least_groups,
        venue,
        groups,
        items,
    })
}

/// Who convenes, in words.
fn convener_words(convener: &Convener, city: &City) -> String {
    match convener.group_id {
        Some(_) => convener.name.clone(),
        None => format!("{} {}", city.profile.name, city.profile.office.section),
    }
}

fn read_chair_group(form: &mut Form, choices: &Choices<'_>) -> Option<Uuid> {
    let typed = form.get("chair_group").to_owned();
    if typed.is_empty() {
        return None;
    }
    let found = choices.groups.iter().map(|group| group.id).find(|id| id.to_string() == typed);
    if found.is_none() {
        form.fault("chair_group", "進行する団体を一覧から選んでください。");
    }
    found
}

fn read_days(form: &mut Form) -> (Option<NaiveDate>, Option<NaiveDate>) {
    let (first, last) = (form.day("first_day", "いつから"), form.day("last_day", "いつまで"));
    for (name, day) in [("first_day", first), ("last_day", last)] {
        if day.is_none() {
            form.fault(name, "日にちを書いてください。");
        }
    }
    if let (Some(first), Some(last)) = (first, last) {
        if last < first {
            form.fault("last_day", "「いつまで」は「いつから」よりあとの日にしてください。");
        } else if (last - first).num_days() > MOST_DAYS {
            form.fault("last_day", "期間は1年以内にしてください。");
        }
    }
    (first, last)
}

fn read_hours(form: &mut Form, length_minutes: Option<i32>) -> (Option<NaiveTime>, Option<NaiveTime>) {
    let (opens, closes) = (clock(form, "opens"), clock(form, "closes"));
    if let (Some(opens), Some(closes), Some(length)) = (opens, closes, length_minutes)
        && (closes - opens).num_minutes() < i64::from(length)
    {
        form.fault("closes", "この時間帯には、会議の長さが入りません。終わりの時刻を遅くしてください。");
    }
    (opens, closes)
}

/// A time of day that must not be empty.
pub(super) fn clock(form: &mut Form, name: &str) -> Option<NaiveTime> {
    let typed = form.get(name).trim().to_owned();
    if typed.is_empty() {
        form.fault(name, "時刻を書いてください。例: 13:30");
        return None;
    }
    times::parse_time(&typed).map_err(|fault| form.fault(name, fault.to_string())).ok()
}

/// The groups that are ticked, each with whether the meeting needs it; a group that is needed is invited.
fn read_groups(form: &mut Form, choices: &Choices<'_>) -> Vec<(Uuid, bool)> {
    let everybody = form.has("everybody", "1");
    let mut groups = Vec::new();
    for group in choices.groups {
        let key = group.id.to_string();
        let required = form.has("required", &key);
        if everybody || required || form.has("group", &key) {
            groups.push((group.id, required));
        }
    }
    if groups.is_empty() {
        form.fault("group", "招く団体を一つ以上選んでください。");
    }
    groups
}

/// The place: a facility with a room in it, a place in words with its town, a town alone, or nothing yet.
pub(super) fn read_venue(form: &mut Form, choices: &Choices<'_>) -> Venue {
    let place = form.line("place", "場所", 300);
    let typed = form.get("facility").to_owned();
    let hall = choices.facilities.iter().find(|one| one.key == typed);
    if hall.is_none() && !typed.is_empty() {
        form.fault("facility", "会場を一覧から選んでください。");
    }
    let town = form.get("town").to_owned();
    if !town.is_empty() && choices.city.town(&town).is_none() {
        form.fault("town", "町を一覧から選んでください。");
    }
    match hall {
        Some(hall) => Venue { facility_id: Some(hall.id), town_key: hall.town_key.clone(), place },
        None => Venue { facility_id: None, town_key: town, place },
    }
}

fn read_items(form: &mut Form, choices: &Choices<'_>) -> Vec<Uuid> {
    let codes: Vec<String> = form.all("items").into_iter().map(str::to_owned).collect();
    let mut items = Vec::new();
    for code in codes {
        match choices.items.iter().find(|item| item.code == code) {
            Some(item) => items.push(item.id),
            None => form.fault("items", "計画の項目を一覧から選んでください。"),
        }
    }
    items
}

/// A form that holds a meeting.
pub(super) fn filled(meeting: &Meeting, seats: &[Seat], items: &[Uuid], choices: &Choices<'_>) -> Form {
    let hall = choices.facilities.iter().find(|one| Some(one.id) == meeting.facility_id);
    let mut form = Form::filled([
        ("title", meeting.title.clone()),
        ("purpose", meeting.purpose.clone()),
        ("convener", meeting.convener_group.map_or_else(|| "city".to_owned(), |id| id.to_string())),
        ("chair_group", meeting.chair_group.map(|id| id.to_string()).unwrap_or_default()),
        ("chair", meeting.chair.clone()),
        ("length", meeting.length_minutes.to_string()),
        ("first_day", meeting.first_day.to_string()),
        ("last_day", meeting.last_day.to_string()),
        ("opens", meeting.opens.clone()),
        ("closes", meeting.closes.clone()),
        ("least", meeting.least_groups.to_string()),
        ("facility", hall.map(|hall| hall.key.clone()).unwrap_or_default()),
        ("town", meeting.town_key.clone()),
        ("place", meeting.place.clone()),
        ("version", meeting.version.to_string()),
    ]);
    if meeting.public {
        form.add("public", "1");
    }
    for day in meeting.weekdays() {
        form.add("weekday", day.to_string());
    }
    for seat in seats {
        form.add(if seat.required { "required" } else { "group" }, seat.group_id.to_string());
    }
    for item in choices.items.iter().filter(|item| items.contains(&item.id)) {
        form.add("items", item.code.clone());
    }
    form
}

/// A form as it is first opened: on weekdays, in office hours, for the items that such meetings fulfil.
pub(super) fn empty(choices: &Choices<'_>, today: NaiveDate) -> Form {
    let mut form = Form::filled([
        ("length", "90".to_owned()),
        ("first_day", (today + chrono::Days::new(21)).to_string()),
        ("last_day", (today + chrono::Days::new(51)).to_string()),
        ("opens", "10:00".to_owned()),
        ("closes", "16:00".to_owned()),
        ("public", "1".to_owned()),
    ]);
    for day in 1..=5 {
        form.add("weekday", day.to_string());
    }
    for code in &choices.city.profile.meeting_items {
        form.add("items", code.clone());
    }
    form
}
