//! How things stand: who works when, what stands already, which places are taken, as the planner's problem.

use std::ops::Range;

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, Utc};
use sea_orm::{ConnectionTrait, DbErr};
use uuid::Uuid;

use crate::calendar::{self, Engagement};
use crate::city::{City, Facility, facility, travel};
use crate::outreach::availability::{self, Available};
use crate::outreach::planner::{Duty, Held, Instance, MOST_PEOPLE, Minute, Person, Request, Taken, Window};
use crate::outreach::request::wish::moment;
use crate::outreach::rules::Rules;
use crate::outreach::session::{self, Going, Session, crew};
use crate::outreach::topic;

/// Minutes of a day.
const DAY: Minute = 24 * 60;

/// The problem on some days from a Monday on, with what its numbers mean.
pub struct Situation<'a> {
    /// The city.
    pub city: &'a City,
    /// The rules.
    pub rules: Rules,
    /// The Monday that is day 0.
    pub first: NaiveDate,
    /// How many days.
    pub days: usize,
    /// Who may be sent, in the order of the planner's people.
    pub people: Vec<Available>,
    /// The sessions that stand.
    pub standing: Vec<Session>,
    /// Who goes to them.
    pub going: Vec<Going>,
    /// The planner's problem.
    pub instance: Instance,
    halls: Vec<Facility>,
    sites: Vec<String>,
}

/// What is needed for a session.
#[derive(Clone, Debug, Default)]
pub struct Need {
    /// Key of the town.
    pub town_key: String,
    /// The facility of the city's list.
    pub facility_id: Option<Uuid>,
    /// How long it takes.
    pub minutes: Minute,
    /// How many people go.
    pub people: usize,
    /// The topic; nothing for a wish of its own, about which everybody may speak.
    pub topic_id: Option<Uuid>,
}

impl<'a> Situation<'a> {
    /// Reads how things stand from the week of a day on, leaving out some sessions that are about to be moved.
    pub async fn read(
        db: &impl ConnectionTrait,
        (city, rules): (&'a City, Rules),
        (from, until): (NaiveDate, NaiveDate),
        leaving_out: &[Uuid],
    ) -> Result<Self, DbErr> {
        let first = from - Days::new(from.weekday().num_days_from_monday().into());
        let days = usize::try_from((until - first).num_days() + 1).unwrap_or(1);
        let last = first + Days::new(days as u64 - 1);
        let mut people = availability::of(db, city, first, days).await?;
        people.retain(|one| city.town(&one.base_town).is_some());
        people.truncate(MOST_PEOPLE);
        let zone = city.profile.zone;
        let span = (moment(first, NaiveTime::MIN, zone), moment(last + Days::new(1), NaiveTime::MIN, zone));
        let mut standing = session::standing(db, span).await?;
        let own: Vec<Uuid> = standing.iter().filter_map(|one| one.entry_id).collect();
        standing.retain(|one| !leaving_out.contains(&one.id));
        let going = crew::standing(db, span).await?;
        let mut taken = calendar::engagements(db, city, first, last).await?;
        taken.retain(|one| !one.site.is_empty() && !own.contains(&one.entry_id));
        let mut situation = Self {
            halls: facility::all(db).await?,
            instance: Instance::default(),
            sites: Vec::new(),
            city,
            rules,
            first,
            days,
            people,
            standing,
            going,
        };
        situation.fill(&taken);
        Ok(situation)
    }

    fn fill(&mut self, taken: &[Engagement]) {
        let towns = &self.city.towns;
        let far = travel::MOST.unsigned_abs();
        let minutes = |from: &str, to: &str| self.city.travel.minutes(from, to).unwrap_or(far);
        self.instance = Instance {
            travel: towns.iter().map(|from| towns.iter().map(|to| minutes(&from.key, &to.key)).collect()).collect(),
            setup: self.rules.around.0,
            teardown: self.rules.around.1,
            most_per_day: self.rules.most_per.0 as usize,
            most_per_week: self.rules.most_per.1 as usize,
            people: (0..self.people.len()).map(|at| self.person(at)).collect(),
            requests: Vec::new(),
            taken: Vec::new(),
        };
        taken.iter().for_each(|one| self.take(one));
        for one in self.standing.clone() {
            if let (Some(site), Some((day, time))) =
                (self.site(one.facility_id), self.within(one.starts_at, one.ends_at))
            {
                self.instance.taken.push(Taken { site, day, time: self.around(time) });
            }
        }
    }

    fn person(&self, at: usize) -> Person {
        let one = &self.people[at];
        let base = self.town(&one.base_town);
        let hours = one.windows.iter().map(|window| window.map(|(opens, closes)| clock(opens)..clock(closes)));
        let windows = rested(hours, self.rules.rest_hours * 60).enumerate();
        let windows = windows.filter_map(|(day, time)| Some(Window { day, time: time? }));
        let mut duties: Vec<Duty> = Vec::new();
        for duty in &one.duties {
            let place = duty.town_key.as_deref().map_or(base, |key| self.town(key));
            duties.extend(self.each_day(duty.starts, duty.ends).map(|(day, time)| Duty { day, time, place }));
        }
        let mut held = Vec::new();
        for session in self.standing.iter().filter(|session| self.goes(session.id, one.account_id)) {
            let Some((day, time)) = self.within(session.starts_at, session.ends_at) else { continue };
            duties.push(Duty { day, time: self.around(time), place: self.town(&session.town_key) });
            held.push(Held { day });
        }
        Person { id: at as i64, base, windows: windows.collect(), duties, held }
    }

    fn take(&mut self, one: &Engagement) {
        let site = self.site_named(&one.site);
        for day in one.first_day.iter_days().take_while(|day| *day <= one.last_day) {
            let Some(at) = self.day(day) else { continue };
            let from = if day == one.first_day { read(&one.begins).unwrap_or(0) } else { 0 };
            let until = if day == one.last_day { read(&one.ends).unwrap_or(from + 60) } else { DAY };
            let whole = one.begins.is_empty();
            self.instance.taken.push(Taken { site, day: at, time: if whole { 0..DAY } else { from..until } });
        }
    }

    /// Puts a session that is asked for into the problem; says its place in the list. Wishes are days and minutes
    /// with their ranks; no ranks where each start is a wish of its own.
    pub async fn ask(
        &mut self,
        db: &impl ConnectionTrait,
        need: &Need,
        (wishes, ranks): (Vec<(usize, Minute)>, Vec<usize>),
    ) -> Result<usize, DbErr> {
        let speakers = match need.topic_id {
            Some(id) => topic::speakers(db, id).await?,
            None => Vec::new(),
        };
        let may = |one: &Available| speakers.is_empty() || speakers.contains(&one.account_id);
        let at = self.instance.requests.len();
        let request = Request {
            id: at as i64,
            place: self.town(&need.town_key),
            site: self.site(need.facility_id),
            minutes: need.minutes,
            need: need.people,
            speakers: (0..self.people.len()).filter(|at| may(&self.people[*at])).collect(),
            wishes,
            ranks,
        };
        self.instance.requests.push(request);
        Ok(at)
    }

    /// The day's number in the problem.
    pub fn day(&self, on: NaiveDate) -> Option<usize> {
        usize::try_from((on - self.first).num_days()).ok().filter(|day| *day < self.days)
    }

    /// The day under a number.
    pub fn date(&self, day: usize) -> NaiveDate {
        self.first + Days::new(day as u64)
    }

    /// The place of a town in the table of travel.
    pub fn town(&self, key: &str) -> usize {
        self.city.towns.iter().position(|town| town.key == key).unwrap_or(0)
    }

    /// The place of somebody in the list of people.
    pub fn at(&self, account_id: Uuid) -> Option<usize> {
        self.people.iter().position(|one| one.account_id == account_id)
    }

    /// Whether somebody goes to a session that stands.
    pub fn goes(&self, session_id: Uuid, account_id: Uuid) -> bool {
        self.going.iter().any(|one| one.session_id == session_id && one.account_id == account_id)
    }

    fn site(&mut self, facility_id: Option<Uuid>) -> Option<usize> {
        let hall = self.halls.iter().find(|hall| Some(hall.id) == facility_id)?;
        let name = if hall.site.is_empty() { hall.key.clone() } else { hall.site.clone() };
        Some(self.site_named(&name))
    }

    fn site_named(&mut self, name: &str) -> usize {
        self.sites.iter().position(|site| site == name).unwrap_or_else(|| {
            self.sites.push(name.to_owned());
            self.sites.len() - 1
        })
    }

    fn around(&self, time: Range<Minute>) -> Range<Minute> {
        time.start.saturating_sub(self.rules.around.0)..time.end + self.rules.around.1
    }

    /// The day and the minutes of something that lies on one day.
    fn within(&self, starts: DateTime<Utc>, ends: DateTime<Utc>) -> Option<(usize, Range<Minute>)> {
        self.each_day(starts, ends).next()
    }

    /// A span of time, day by day.
    fn each_day(&self, starts: DateTime<Utc>, ends: DateTime<Utc>) -> impl Iterator<Item = (usize, Range<Minute>)> {
        let zone = self.city.profile.zone;
        let (starts, ends) = (starts.with_timezone(&zone), ends.with_timezone(&zone));
        let (first, last) = (starts.date_naive(), ends.date_naive());
        let begin = first.max(self.first);
        begin.iter_days().take_while(move |day| *day <= last).take(self.days).filter_map(move |on| {
            let from = if on == first { clock(starts.time()) } else { 0 };
            let until = if on == last { clock(ends.time()) } else { DAY };
            let day = self.day(on)?;
            (from < until).then_some((day, from..until))
        })
    }
}

/// The hours of days in a row with the rest between them: work begins so much later where the evening before ended late. The
/// hours of a week keep it by themselves; a holiday, which has those of a Sunday, may not.
fn rested(
    hours: impl Iterator<Item = Option<Range<Minute>>>,
    rest: Minute,
) -> impl Iterator<Item = Option<Range<Minute>>> {
    let mut before: Option<Minute> = None;
    hours.map(move |own| {
        let least = before.map_or(0, |ended| (ended + rest).saturating_sub(DAY));
        before = own.as_ref().map(|time| time.end);
        own.map(|time| time.start.max(least)..time.end).filter(|time| !time.is_empty())
    })
}

fn clock(time: NaiveTime) -> Minute {
    crate::outreach::rules::minutes(time)
}

/// Minutes of `HH:MM`, up to `24:00`.
fn read(text: &str) -> Option<Minute> {
    let (hour, minute) = text.split_once(':')?;
    Some(hour.parse::<Minute>().ok()? * 60 + minute.parse::<Minute>().ok()?)
}

#[cfg(test)]
mod tests {
    use super::rested;

    #[test]
    fn work_begins_later_after_a_late_evening_and_not_after_a_day_without_work() {
        let own = [Some(480..1380), Some(480..1020), None, Some(480..1380), Some(480..540)];
        let kept: Vec<_> = rested(own.into_iter(), 660).collect();
        assert_eq!(kept, [Some(480..1380), Some(600..1020), None, Some(480..1380), None]);
    }
}
