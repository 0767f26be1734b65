//! The form of a series: from typed text to a draft with the subject of its meetings.

use chrono::{Datelike, NaiveDate, Weekday};

use super::dates::{Dated, Shift};
use super::record::Draft;
use super::rule::{LAST, Rule, Which, days_of_year, months_of_year, nth_words, weekday_name};
use crate::meetings::form::{self, Choices};
use crate::meetings::{Subject, finder};
use crate::text::{holidays, wareki};
use crate::web::Form;

/// Everything that is asked for about a series, checked.
pub(super) struct Wanted {
    /// The series.
    pub draft: Draft,
    /// What every meeting of it is about; its days are set for each.
    pub subject: Subject,
    /// The number of its first meeting, where they are counted.
    pub first_number: Option<i32>,
    /// Whether the days are fixed at once and stand in the calendar.
    pub fixes: bool,
}

/// The fiscal years for which a series may be made: this one and the next two.
pub(super) fn years(today: NaiveDate) -> Vec<(String, String)> {
    let now = wareki::fiscal_year(today);
    (now..now + 3).map(|year| (year.to_string(), wareki::fiscal_year_label(year))).collect()
}

/// How often, as the form offers it.
pub(super) const OFTEN: [(&str, &str); 4] =
    [("1", "毎月"), ("2", "隔月"), ("3", "3か月ごと"), ("months", "月を選ぶ(年2回など)")];

/// Which ones of a month, as the form offers them.
pub(super) fn nths() -> Vec<(String, String)> {
    [1, 2, 3, 4, 5, LAST].into_iter().map(|nth| (nth.to_string(), nth_words(nth))).collect()
}

/// The months of a fiscal year, as the form offers them.
pub(super) fn months() -> Vec<(String, String)> {
    months_of_year().map(|month| (month.to_string(), format!("{month}月"))).collect()
}

/// The weekdays, as the form offers them.
pub(super) fn weekdays() -> Vec<(String, String)> {
    all_weekdays().map(|day| (day.number_from_monday().to_string(), format!("{}曜", weekday_name(day)))).collect()
}

fn all_weekdays() -> impl Iterator<Item = Weekday> {
    (0..7).filter_map(|day| Weekday::try_from(day).ok())
}

/// A form as it is first opened: every second Wednesday of a month, in the next year once it is near.
pub(super) fn empty(choices: &Choices<'_>, today: NaiveDate) -> Form {
    let mut form = form::empty(choices, today);
    let year = wareki::fiscal_year(today) + i32::from((1..=3).contains(&today.month()));
    let values = [
        ("year", year.to_string()),
        ("often", "1".to_owned()),
        ("from_month", "4".to_owned()),
        ("which", "weekday".to_owned()),
        ("nth", "2".to_owned()),
        ("on_weekday", "3".to_owned()),
        ("shift", Shift::Next.key().to_owned()),
        ("weekends", "1".to_owned()),
    ];
    for (name, value) in values {
        form.set(name, value);
    }
    form
}

/// Reads the form; nothing while something is wrong.
pub(super) fn read(form: &mut Form, choices: &Choices<'_>, today: NaiveDate) -> Option<Wanted> {
    let year = form.choice("year", "年度", |typed| {
        years(today).into_iter().find(|(key, _)| key == typed).and_then(|(key, _)| key.parse::<i32>().ok())
    });
    let rule = read_rule(form);
    let shift = form.choice("shift", "祝日や休みの日にあたるとき", Shift::from_key);
    let first_number = form.number("first_number", "はじめの回の番号", 1, 999);
    let fixes = form.has("fixes", "1");
    // The days come from the rule; the meeting's own fields are read with the span of the year.
    let (first, last) = days_of_year(year.unwrap_or_else(|| wareki::fiscal_year(today)))?;
    form.set("first_day", first.to_string());
    form.set("last_day", last.to_string());
    form.set("weekday", "1");
    let subject = form::read(form, choices);
    if fixes && form.get("facility").is_empty() && form.get("place").trim().is_empty() {
        form.fault("place", "日時も決めるときは、場所を書くか、会場を一覧から選んでください。");
    }
    if !form.is_fine() {
        return None;
    }
    let subject = subject?;
    let draft = Draft {
        title: subject.title.clone(),
        fiscal_year: year?,
        rule: rule?,
        shift: (shift?, form.has("weekends", "1")),
        convener_group: subject.convener_group,
        convener: subject.convener.clone(),
    };
    Some(Wanted { draft, subject, first_number, fixes })
}

fn read_rule(form: &mut Form) -> Option<Rule> {
    let months = read_months(form)?;
    let which = match form.get("which") {
        "day" => {
            let day = form.number("month_day", "日にち", 1, 31);
            if day.is_none() && form.fault_of("month_day").is_none() {
                form.fault("month_day", "何日かを、1から31までの数字で書いてください。");
            }
            Which::Day(day?)
        }
        "last_day" => Which::Day(LAST),
        _ => {
            let nths: Vec<i32> = form.all("nth").iter().filter_map(|nth| nth.parse().ok()).collect();
            if nths.is_empty() {
                form.fault("nth", "第何週かを、一つ以上選んでください。");
            }
            let weekday = form.choice("on_weekday", "曜日", |typed| {
                all_weekdays().find(|day| day.number_from_monday().to_string() == typed)
            });
            Which::Weekday(nths, weekday?)
        }
    };
    Rule::new(which, &months)
}

/// The months of the year that are meant; every second or third one counts from the month that is chosen.
fn read_months(form: &mut Form) -> Option<Vec<u32>> {
    match form.get("often") {
        "1" => Some(months_of_year().collect()),
        step @ ("2" | "3") => {
            let step = if step == "2" { 2 } else { 3 };
            let known = |typed: &str| typed.parse::<u32>().ok().filter(|month| (1..=12).contains(month));
            let from = form.choice("from_month", "はじめの月", known)?;
            Some(months_of_year().filter(|month| (month + 12 - from).is_multiple_of(step)).collect())
        }
        "months" => {
            let months: Vec<u32> = form.all("month").iter().filter_map(|month| month.parse().ok()).collect();
            if months.is_empty() {
                form.fault("month", "開く月を、一つ以上選んでください。");
            }
            (!months.is_empty()).then_some(months)
        }
        _ => {
            form.fault("often", "どのくらいの間隔で開くかを選んでください。");
            None
        }
    }
}

/// The dates of a series as the city's holidays and closed days allow.
pub(super) fn dates(draft: &Draft, settings: &crate::city::Settings) -> Vec<Dated> {
    let days = finder::closed_days(settings);
    let closed = |on: NaiveDate| -> Option<String> {
        if let Some(name) = holidays::holiday(on) {
            return Some(finder::Reason::Holiday(on, name).to_string());
        }
        let found = days.iter().find(|one| one.holds(on))?;
        Some(format!("{}は「{}」です。", finder::day_words(on), found.name))
    };
    super::dates::dates(&draft.rule, draft.fiscal_year, draft.shift, &closed)
}
