//! What may be asked for: the rules of the city, said in plain words, and why something is refused.

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, Utc, Weekday};
use sea_orm::{ConnectionTrait, DbErr};

use super::request::Wish;
use crate::city::{City, Rule, outreach_rules as rule};
use crate::db::statement;
use crate::revision::{self, Scope};
use crate::text::holidays::holiday;
use crate::text::{day, office_days};

/// The rules as the city has set them, with the days on which it holds no sessions besides.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rules {
    /// Days between handing in and the first day that may be wished for.
    pub lead_days: u32,
    /// Days ahead that may be wished for.
    pub ahead_days: u32,
    /// Fewest people.
    pub min_people: i32,
    /// No session begins before, in minutes from midnight.
    pub opens: u32,
    /// A session on a weekday ends by then.
    pub closes: u32,
    /// A session on a Saturday, a Sunday or a holiday ends by then; nothing where there are none.
    pub holiday_closes: Option<u32>,
    /// First day of December without sessions, last one of January.
    pub new_year: (u32, u32),
    /// Longest session, in minutes.
    pub most_minutes: i32,
    /// Open days within which a request is decided.
    pub decision_days: u32,
    /// Days for which an offer stands.
    pub offer_days: u32,
    /// Minutes at the place before and after.
    pub around: (u32, u32),
    /// Most sessions of a person on a day and in a week.
    pub most_per: (u32, u32),
    /// Hours between two working days of a person.
    pub rest_hours: u32,
    /// Further days without sessions, each with its reason.
    pub closures: Vec<(NaiveDate, String)>,
}

/// Why a wish, or a request, is not taken; as text, the rule behind it and what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// In the past.
    #[error("すぎた日時です。{0}からあとの日を選んでください。")]
    Past(String),
    /// Too soon.
    #[error("希望日の{0}日前までに申し込んでいただく決まりです。{1}からあとの日を選んでください。")]
    Soon(u32, String),
    /// Too far ahead.
    #[error("{0}日より先の日は、まだ申し込めません。{1}までの日を選んでください。")]
    Far(u32, String),
    /// A day without sessions.
    #[error("{0}は、{1}、出前説明会を行いません。別の日を選んでください。")]
    Closed(String, String),
    /// Too early on that day.
    #[error("出前説明会は{0}からです。{0}か、それよりあとに始めてください。")]
    Early(String),
    /// Too late on that day.
    #[error("{0}の出前説明会は、{1}までに終わる決まりです。{2}分の説明会なので、{3}までに始めてください。")]
    Late(&'static str, String, i32, String),
    /// A range into which the session does not fit.
    #[error(
        "この時間の幅には、{0}分の説明会が入りません。終わりの時刻を遅くするか、「この時刻から」だけを書いてください。"
    )]
    Narrow(i32),
}

impl Rules {
    /// The rules as of now.
    pub async fn load(db: &impl ConnectionTrait, city: &City) -> Result<Self, DbErr> {
        Ok(Self { closures: closures(db).await?, ..Self::of(city) })
    }

    /// The rules of the settings alone.
    pub fn of(city: &City) -> Self {
        let number = |rule: Rule| city.settings.number(rule).unsigned_abs();
        let hour = |rule: Rule| number(rule) * 60;
        Self {
            lead_days: number(rule::LEAD_DAYS),
            ahead_days: number(rule::AHEAD_DAYS),
            min_people: city.settings.number(rule::MIN_PEOPLE),
            opens: hour(rule::OPENS),
            closes: hour(rule::CLOSES),
            holiday_closes: Some(hour(rule::HOLIDAY_CLOSES)).filter(|closes| *closes > 0),
            new_year: (number(rule::CLOSED_FROM), number(rule::CLOSED_UNTIL)),
            most_minutes: city.settings.number(rule::MOST_MINUTES),
            decision_days: number(rule::DECISION_DAYS),
            offer_days: number(rule::OFFER_DAYS),
            around: (number(rule::SETUP), number(rule::TEARDOWN)),
            most_per: (number(rule::MOST_PER_DAY), number(rule::MOST_PER_WEEK)),
            rest_hours: number(rule::REST_HOURS),
            closures: Vec::new(),
        }
    }

    /// The first day that may be wished for.
    pub fn first_day(&self, today: NaiveDate) -> NaiveDate {
        today + Days::new(self.lead_days.into())
    }

    /// The last day that may be wished for.
    pub fn last_day(&self, today: NaiveDate) -> NaiveDate {
        today + Days::new(self.ahead_days.max(self.lead_days).into())
    }

    /// By which day a request that came on this day is decided.
    pub fn due(&self, received: NaiveDate) -> NaiveDate {
        office_days::after(received, self.decision_days)
    }

    /// From when until when a session may lie on a day, as minutes from midnight; or why there are none.
    pub fn hours(&self, on: NaiveDate) -> Result<(u32, u32), Refusal> {
        let closed = |why: &str| {
            let why = if why.ends_with("ため") { why.to_owned() } else { format!("{why}のため") };
            Refusal::Closed(day::short(on), why)
        };
        let (from, until) = self.new_year;
        if (on.month() == 12 && on.day() >= from) || (on.month() == 1 && on.day() <= until) {
            return Err(closed("年末年始"));
        }
        if let Some((_, why)) = self.closures.iter().find(|(day, _)| *day == on) {
            return Err(closed(if why.is_empty() { "休み" } else { why }));
        }
        let closes = if is_holiday(on) {
            self.holiday_closes
                .ok_or_else(|| closed(if holiday(on).is_some() { "祝日" } else { "土曜・日曜" }))?
        } else {
            self.closes
        };
        Ok((self.opens, closes))
    }

    /// Whether a session of this length may start at this time of a day that is in reach.
    pub fn judge_start(&self, on: NaiveDate, starts: NaiveTime, length_minutes: i32) -> Result<(), Refusal> {
        let (opens, closes) = self.hours(on)?;
        if minutes(starts) < opens {
            return Err(Refusal::Early(of_minutes(self.opens)));
        }
        if minutes(starts) + length_minutes.unsigned_abs() > closes {
            let kind = if is_holiday(on) { "土曜・日曜・祝日" } else { "平日" };
            let latest = closes.saturating_sub(length_minutes.unsigned_abs());
            return Err(Refusal::Late(kind, of_minutes(closes), length_minutes, of_minutes(latest)));
        }
        Ok(())
    }

    /// Whether a wish may be made today.
    pub fn judge(&self, wish: Wish, length_minutes: i32, today: NaiveDate) -> Result<(), Refusal> {
        if wish.day <= today {
            return Err(Refusal::Past(day::short(self.first_day(today))));
        }
        if wish.day < self.first_day(today) {
            return Err(Refusal::Soon(self.lead_days, day::short(self.first_day(today))));
        }
        if wish.day > self.last_day(today) {
            return Err(Refusal::Far(self.ahead_days, day::long(self.last_day(today))));
        }
        let length = i64::from(length_minutes);
        if wish.until.is_some_and(|until| (until - wish.starts).num_minutes() < length) {
            return Err(Refusal::Narrow(length_minutes));
        }
        // A range may reach past the end of the hours: only its starts have to lie within.
        self.judge_start(wish.day, wish.starts, length_minutes)
    }

    /// The rules for everybody, in plain words: what each is about, and what it says.
    pub fn words(&self) -> Vec<(&'static str, String)> {
        let opens = of_minutes(self.opens);
        let holidays = match self.holiday_closes {
            Some(closes) => format!("土曜・日曜・祝日は{opens}から{}まで", of_minutes(closes)),
            None => "土曜・日曜・祝日は行いません".to_owned(),
        };
        let (from, until) = self.new_year;
        let lead = if self.lead_days == 0 {
            "希望日の前の日までに申し込んでください。".to_owned()
        } else {
            format!("希望日の{}日前までに申し込んでください。", self.lead_days)
        };
        let mut words = vec![
            ("いつまでに", lead),
            ("何人から", format!("{}人以上の集まりに伺います。", self.min_people)),
            ("時間", format!("平日は{opens}から{}まで、{holidays}。", of_minutes(self.closes))),
            ("長さ", format!("{}分以内です。", self.most_minutes)),
            ("休み", format!("12月{from}日から1月{until}日までは行いません。")),
            (
                "会場",
                "市内の会場を、申し込む方がご用意ください。会場の予約と使用料、当日の進行もお願いします。".to_owned(),
            ),
            ("費用", "職員の派遣は無料です。".to_owned()),
            (
                "お返事",
                format!("市役所が開いている日の{}日以内に、受けられるかどうかをお知らせします。", self.decision_days),
            ),
            (
                "お受けできないとき",
                "政治・宗教・営利を目的とする集まり、苦情や陳情のための集まりには伺えません。".to_owned(),
            ),
        ];
        words
            .extend(self.closures.iter().map(|(on, why)| ("休み", format!("{}は行いません({why})。", day::long(*on)))));
        words
    }
}

fn is_holiday(on: NaiveDate) -> bool {
    matches!(on.weekday(), Weekday::Sat | Weekday::Sun) || holiday(on).is_some()
}

/// Minutes from midnight.
pub fn minutes(time: NaiveTime) -> u32 {
    u32::try_from((time - NaiveTime::MIN).num_minutes()).unwrap_or(0)
}

/// A time of day in minutes from midnight, as people read it.
pub fn of_minutes(minutes: u32) -> String {
    format!("{}:{:02}", minutes / 60, minutes % 60)
}

/// The further days without sessions from the one before today on, the soonest first.
pub async fn closures(db: &impl ConnectionTrait) -> Result<Vec<(NaiveDate, String)>, DbErr> {
    let sql = "SELECT day, words FROM outreach_closures ORDER BY day";
    let rows = db.query_all_raw(statement(db.get_database_backend(), sql, vec![])).await?;
    rows.iter().map(|row| Ok((row.try_get("", "day")?, row.try_get("", "words")?))).collect()
}

/// Closes a day, or opens it again.
pub async fn close(
    db: &impl ConnectionTrait,
    on: NaiveDate,
    words: Option<&str>,
    (by, now): (&str, DateTime<Utc>),
) -> Result<(), DbErr> {
    let backend = db.get_database_backend();
    match words {
        Some(words) => {
            let sql = "INSERT INTO outreach_closures (day, words, added_by, added_at) VALUES (?, ?, ?, ?)
                ON CONFLICT (day) DO UPDATE SET words = excluded.words";
            db.execute_raw(statement(backend, sql, vec![on.into(), words.into(), by.into(), now.into()])).await?;
        }
        None => {
            db.execute_raw(statement(backend, "DELETE FROM outreach_closures WHERE day = ?", vec![on.into()])).await?;
        }
    }
    revision::bump(db, Scope::Calendar, now).await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules() -> Rules {
        Rules {
            lead_days: 14,
            ahead_days: 180,
            opens: 9 * 60,
            closes: 21 * 60,
            holiday_closes: Some(17 * 60),
            new_year: (29, 3),
            most_minutes: 120,
            decision_days: 10,
            closures: vec![("2026-12-21".parse().unwrap(), "庁舎の停電".to_owned())],
            ..Rules::default()
        }
    }

    fn told(day: &str, starts: &str, until: &str) -> String {
        let time = |text| NaiveTime::parse_from_str(text, "%H:%M").ok();
        let wish = Wish { day: day.parse().unwrap(), starts: time(starts).unwrap(), until: time(until) };
        rules()
            .judge(wish, 90, "2026-11-23".parse().unwrap())
            .map_or_else(|why| why.to_string(), |()| "よい".to_owned())
    }

    #[test]
    fn a_wish_is_refused_by_the_rule_behind_it_and_told_what_is_possible() {
        assert_eq!(told("2026-11-20", "10:00", ""), "すぎた日時です。12月7日(月)からあとの日を選んでください。");
        assert_eq!(
            told("2026-12-06", "10:00", ""),
            "希望日の14日前までに申し込んでいただく決まりです。12月7日(月)からあとの日を選んでください。"
        );
        assert_eq!(told("2026-12-07", "10:00", ""), "よい");
        assert!(told("2027-05-23", "10:00", "").contains("180日より先の日"));
        assert_eq!(
            told("2026-12-29", "10:00", ""),
            "12月29日(火)は、年末年始のため、出前説明会を行いません。別の日を選んでください。"
        );
        assert!(told("2026-12-21", "10:00", "").contains("庁舎の停電のため"));
        assert_eq!(told("2026-12-16", "8:30", ""), "出前説明会は9:00からです。9:00か、それよりあとに始めてください。");
        assert_eq!(
            told("2026-12-19", "16:00", ""),
            "土曜・日曜・祝日の出前説明会は、17:00までに終わる決まりです。90分の説明会なので、15:30までに始めてください。"
        );
        assert_eq!(told("2026-12-16", "19:30", ""), "よい");
        assert!(told("2026-12-16", "13:00", "14:00").contains("90分の説明会が入りません"));
    }

    #[test]
    fn where_no_session_is_held_on_holidays_the_day_says_so() {
        let rules = Rules { holiday_closes: None, ..rules() };
        let on = |text: &str| rules.hours(text.parse().unwrap()).unwrap_err().to_string();
        assert!(on("2026-11-23").contains("祝日のため") && on("2026-12-19").contains("土曜・日曜のため"));
        assert_eq!(rules.hours("2026-12-16".parse().unwrap()), Ok((540, 1260)));
        assert_eq!(rules.due("2026-11-24".parse().unwrap()), "2026-12-08".parse::<NaiveDate>().unwrap());
    }
}
