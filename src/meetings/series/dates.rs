//! The dates of a series in one year: what its rule gives, and how each date steps aside from a day on which nobody meets.

use std::collections::BTreeSet;

use chrono::{Datelike, Days, NaiveDate, Weekday};

use super::rule::{Rule, days_of_year};
use crate::text::day;

/// Days after which no further day is looked for.
const FARTHEST: u64 = 21;

/// Where a date goes that falls on a day on which nobody meets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shift {
    /// To the next weekday on which people meet.
    Next,
    /// To the one before.
    Before,
    /// Nowhere: there is no meeting.
    Skip,
    /// It stays where it is.
    Stay,
}

impl Shift {
    /// All of them in the order in which they are offered.
    pub const ALL: [Self; 4] = [Self::Next, Self::Before, Self::Skip, Self::Stay];

    /// Key in forms and in the database.
    pub fn key(self) -> &'static str {
        match self {
            Self::Next => "next",
            Self::Before => "before",
            Self::Skip => "skip",
            Self::Stay => "stay",
        }
    }

    /// The one under a key.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.key() == key)
    }

    /// The words people choose from.
    pub fn label(self) -> &'static str {
        match self {
            Self::Next => "次の平日へずらす",
            Self::Before => "前の平日へずらす",
            Self::Skip => "その回は開かない(とばす)",
            Self::Stay => "祝日や休みの日でも、そのまま開く",
        }
    }

    /// What is said behind the rule, such as 祝日は次の平日.
    pub fn words(self) -> &'static str {
        match self {
            Self::Next => "祝日は次の平日",
            Self::Before => "祝日は前の平日",
            Self::Skip => "祝日は開かない",
            Self::Stay => "祝日も開く",
        }
    }
}

/// Why nobody meets on a day, as one sentence; nothing for a day on which people meet.
pub type Closed<'a> = dyn Fn(NaiveDate) -> Option<String> + 'a;

/// What becomes of one date of the rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dated {
    /// The date as the rule gives it.
    pub by_rule: NaiveDate,
    /// When the meeting is; nothing where there is none.
    pub on: Option<NaiveDate>,
    /// Why it is not on the date of the rule; empty where it is.
    pub reason: String,
}

impl Dated {
    /// Whether it is on another day than the rule says.
    pub fn is_shifted(&self) -> bool {
        self.on.is_some_and(|on| on != self.by_rule)
    }
}

/// The dates of a rule in a fiscal year, in the order of the rule; no two of them on one day.
pub fn dates(rule: &Rule, fiscal_year: i32, (shift, weekends): (Shift, bool), closed: &Closed<'_>) -> Vec<Dated> {
    let against = |on: NaiveDate| {
        let weekend = (weekends && is_weekend(on)).then(|| format!("{}は土日です。", day::short(on)));
        closed(on).or(weekend)
    };
    let by_rule = rule.days(fiscal_year);
    // A date that stands keeps its day; what steps aside finds another one.
    let mut taken: BTreeSet<NaiveDate> = by_rule.iter().copied().filter(|on| against(*on).is_none()).collect();
    let mut dates = Vec::with_capacity(by_rule.len());
    for on in by_rule {
        let reason = match against(on) {
            Some(reason) if shift != Shift::Stay => reason,
            _ => {
                dates.push(Dated { by_rule: on, on: Some(on), reason: String::new() });
                continue;
            }
        };
        let found = target(on, shift, fiscal_year, |other| {
            !is_weekend(other) && !taken.contains(&other) && against(other).is_none()
        });
        taken.extend(found);
        let reason = told(&reason, found, shift);
        dates.push(Dated { by_rule: on, on: found, reason });
    }
    dates
}

fn is_weekend(on: NaiveDate) -> bool {
    matches!(on.weekday(), Weekday::Sat | Weekday::Sun)
}

fn target(from: NaiveDate, shift: Shift, fiscal_year: i32, fits: impl Fn(NaiveDate) -> bool) -> Option<NaiveDate> {
    let (first, last) = days_of_year(fiscal_year)?;
    let step = |days: u64| match shift {
        Shift::Next => from.checked_add_days(Days::new(days)),
        Shift::Before => from.checked_sub_days(Days::new(days)),
        Shift::Skip | Shift::Stay => None,
    };
    (1..=FARTHEST).map_while(step).take_while(|on| (first..=last).contains(on)).find(|on| fits(*on))
}

fn told(reason: &str, found: Option<NaiveDate>, shift: Shift) -> String {
    match (found, shift) {
        (Some(on), _) => format!("{reason}{}に開きます。", day::short(on)),
        (None, Shift::Skip) => format!("{reason}この回は開きません。"),
        (None, _) => format!("{reason}年度の中に、ずらせる平日がないため、この回は開きません。"),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::meetings::series::rule::{LAST, Which, months_of_year};
    use crate::text::holidays::holiday;

    fn closed(on: NaiveDate) -> Option<String> {
        let (month, number) = (on.month(), on.day());
        if let Some(name) = holiday(on) {
            return Some(format!("{}は{name}です。", day::short(on)));
        }
        let obon = month == 8 && (13..=16).contains(&number);
        let new_year = (month == 12 && number >= 29) || (month == 1 && number <= 3);
        (obon || new_year).then(|| format!("{}は休みです。", day::short(on)))
    }

    fn weekly(nths: &[i32], weekday: Weekday) -> Rule {
        Rule::new(Which::Weekday(nths.to_vec(), weekday), &months_of_year().collect::<Vec<_>>()).unwrap()
    }

    fn on(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn of(rule: &Rule, year: i32, shift: Shift, by_rule: &str) -> (Option<NaiveDate>, String) {
        let found = dates(rule, year, (shift, false), &closed).into_iter().find(|one| one.by_rule == on(by_rule));
        let found = found.unwrap();
        (found.on, found.reason)
    }

    #[test]
    fn a_date_on_a_holiday_goes_to_the_next_or_the_former_weekday_or_is_left_out_and_says_why() {
        // 23 September 2026 is 秋分の日, 21 敬老の日, and 22 the day between them.
        let rule = weekly(&[4], Weekday::Tue);
        let reason = "9月22日(火・国民の休日)は国民の休日です。";
        assert_eq!(
            of(&rule, 2026, Shift::Next, "2026-09-22"),
            (Some(on("2026-09-24")), format!("{reason}9月24日(木)に開きます。"))
        );
        assert_eq!(
            of(&rule, 2026, Shift::Before, "2026-09-22"),
            (Some(on("2026-09-18")), format!("{reason}9月18日(金)に開きます。"))
        );
        assert_eq!(of(&rule, 2026, Shift::Skip, "2026-09-22"), (None, format!("{reason}この回は開きません。")));
        assert_eq!(of(&rule, 2026, Shift::Stay, "2026-09-22"), (Some(on("2026-09-22")), String::new()));
        // 6 May 2026 is 振替休日.
        assert_eq!(of(&weekly(&[1], Weekday::Wed), 2026, Shift::Next, "2026-05-06").0, Some(on("2026-05-07")));
    }

    #[test]
    fn the_turn_of_the_year_and_obon_are_left_as_well() {
        assert_eq!(of(&weekly(&[5], Weekday::Wed), 2026, Shift::Next, "2026-12-30").0, Some(on("2027-01-04")));
        assert_eq!(of(&weekly(&[2], Weekday::Thu), 2026, Shift::Before, "2026-08-13").0, Some(on("2026-08-12")));
    }

    #[test]
    fn a_day_of_the_month_leaves_saturdays_and_sundays_if_wished() {
        let rule = Rule::new(Which::Day(15), &[8, 11]).unwrap();
        let found = dates(&rule, 2026, (Shift::Next, true), &closed);
        assert_eq!(found[1].on, Some(on("2026-11-16")));
        assert!(found[1].reason.contains("土日です"));
        assert_eq!(dates(&rule, 2026, (Shift::Next, false), &closed)[1].on, Some(on("2026-11-15")));
    }

    #[test]
    fn nothing_leaves_the_fiscal_year() {
        // 31 March 2029 is a Saturday.
        let rule = Rule::new(Which::Day(31), &[3]).unwrap();
        let found = dates(&rule, 2028, (Shift::Next, true), &closed);
        assert_eq!(found[0].on, None);
        assert!(found[0].reason.contains("年度の中に"));
    }

    /// Whether a rule means a day, told from the day alone.
    fn is_meant(which: &Which, months: &[u32], day: NaiveDate) -> bool {
        let last = (day + Days::new(1)).month() != day.month();
        let last_week = (day + Days::new(7)).month() != day.month();
        months.contains(&day.month())
            && match which {
                Which::Weekday(nths, weekday) => {
                    day.weekday() == *weekday
                        && nths.iter().any(|nth| {
                            if *nth == LAST { last_week } else { i64::from(day.day0() / 7 + 1) == i64::from(*nth) }
                        })
                }
                Which::Day(LAST) => last,
                Which::Day(number) => i64::from(day.day()) == i64::from(*number),
            }
    }

    fn any_which() -> impl Strategy<Value = Which> {
        let nths = proptest::collection::vec(prop_oneof![1..=5, Just(LAST)], 1..4);
        let weekday = (0_u8..7).prop_map(|day| Weekday::try_from(day).unwrap());
        prop_oneof![
            (nths, weekday).prop_map(|(nths, weekday)| Which::Weekday(nths, weekday)),
            prop_oneof![1..=31, Just(LAST)].prop_map(Which::Day),
        ]
    }

    proptest! {
        #[test]
        fn every_date_obeys_the_rule_or_says_why_and_none_is_on_a_closed_day_or_there_twice(
            which in any_which(),
            months in proptest::collection::vec(1_u32..=12, 1..12),
            year in 2020_i32..2060,
            shift in proptest::sample::select(&Shift::ALL[..3]),
            weekends: bool,
        ) {
            let rule = Rule::new(which.clone(), &months).unwrap();
            let (first, last) = days_of_year(year).unwrap();
            let meant: Vec<NaiveDate> = first.iter_days().take_while(|on| *on <= last)
                .filter(|on| is_meant(&which, &months, *on)).collect();
            let found = dates(&rule, year, (shift, weekends), &closed);
            prop_assert_eq!(found.iter().map(|one| one.by_rule).collect::<Vec<_>>(), meant);
            let mut seen = BTreeSet::new();
            for one in &found {
                let stands = closed(one.by_rule).is_none() && !(weekends && is_weekend(one.by_rule));
                prop_assert_eq!(stands, one.reason.is_empty(), "a reason stands exactly where something changed");
                if let Some(on) = one.on {
                    prop_assert!(closed(on).is_none() && (first..=last).contains(&on));
                    prop_assert!(!one.is_shifted() || !is_weekend(on));
                    prop_assert!(!one.is_shifted() || (on > one.by_rule) == (shift == Shift::Next));
                    prop_assert!(seen.insert(on), "{} twice", on);
                }
            }
        }
    }
}
