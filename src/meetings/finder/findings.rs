//! What was found (さがした結果): every start can be asked what it is worth and why.

use chrono::NaiveDate;

use super::judging::{self, Judged};
use super::known::{Engagement, Known};
use super::order::{self, Quality};
use super::reason::Reason;
use super::refused::Refused;
use super::times::{Minute, clock, day_of, day_words, moment_words};
use super::verdict::{Possible, Verdict};
use super::wish::Wish;

/// The result of looking for dates.
#[derive(Clone, Debug)]
pub struct Findings {
    pub(super) wish: Wish,
    pub(super) known: Known,
    pub(super) judged: Vec<Judged>,
    /// What each group has on that keeps nobody away, as far as the reader may see it.
    pub(super) asides: Vec<Vec<usize>>,
    /// What each group has on at a place from which a way is not known, as far as the reader may see it.
    pub(super) unplaced: Vec<Vec<usize>>,
    /// What is told of whole days: what is big, and what goes on for days in a building.
    pub(super) of_days: Vec<usize>,
}

/// One start among the findings.
#[derive(Clone, Copy, Debug)]
pub struct Start<'a> {
    pub(super) findings: &'a Findings,
    pub(super) judged: &'a Judged,
}

/// Looks through every start; pure, for what is known and the day of asking are given.
pub fn look(wish: Wish, mut known: Known) -> Result<Findings, Refused> {
    wish.check(known.today)?;
    if known.venues.is_empty() {
        return Err(Refused::UnknownPlace);
    }
    known.name_each_group_once();
    let by_group = judging::by_group(&known);
    let judged = judging::judge(&wish, &known, &by_group);
    let is_of_day = |one: &Engagement| one.big || one.goes_on() && !one.site.is_empty();
    let of_days = (0..known.engagements.len()).filter(|at| is_of_day(&known.engagements[*at])).collect();
    let of_groups = |test: &dyn Fn(&Engagement) -> bool| {
        let is_told = |at: &usize| known.engagements[*at].title.is_some() && test(&known.engagements[*at]);
        by_group.iter().map(|list| list.iter().copied().filter(is_told).collect()).collect()
    };
    let has_no_way =
        |one: &Engagement| known.venues.iter().any(|venue| judging::journey(&known, &one.town, venue).is_none());
    let asides = of_groups(&|one| !one.is_obstacle());
    let unplaced = of_groups(&|one| one.is_obstacle() && has_no_way(one));
    Ok(Findings { wish, known, judged, asides, unplaced, of_days })
}

impl Findings {
    /// Every start that was looked at, in the order of time.
    pub fn starts(&self) -> impl Iterator<Item = Start<'_>> {
        self.judged.iter().map(|judged| Start { findings: self, judged })
    }

    /// The starts of one day.
    pub fn starts_on(&self, day: NaiveDate) -> impl Iterator<Item = Start<'_>> {
        self.starts().filter(move |start| start.day() == day)
    }

    /// Every day of the wish.
    pub fn days(&self) -> impl Iterator<Item = NaiveDate> {
        judging::days(&self.wish)
    }

    /// The start at a minute of a day, if it was looked at.
    pub fn start(&self, day: NaiveDate, minute: u32) -> Option<Start<'_>> {
        let wanted = super::times::at(day, minute);
        let at = self.judged.binary_search_by_key(&wanted, |judged| judged.start).ok()?;
        Some(Start { findings: self, judged: &self.judged[at] })
    }

    /// How many starts are possible.
    pub fn count(&self) -> usize {
        self.judged.iter().filter(|judged| judged.obstacles == 0).count()
    }

    /// The best proposals in the order of [`super::order`]; fewer where there are no more.
    pub fn best(&self, most: usize) -> Vec<Possible> {
        let possible: Vec<&Judged> = self.judged.iter().filter(|judged| judged.obstacles == 0).collect();
        let starts: Vec<(Minute, Quality)> = possible.iter().map(|judged| (judged.start, judged.quality)).collect();
        order::best(&starts, most).into_iter().map(|at| Possible::of(self, possible[at])).collect()
    }

    /// Why there is no meeting on a day, whatever the hour; empty where the hours decide.
    pub fn against_day(&self, day: NaiveDate) -> Vec<Reason> {
        judging::against_day(&self.wish, &self.known, day)
    }

    /// The start with the fewest obstacles, of all days; among equals the best one.
    pub fn nearest(&self) -> Option<Start<'_>> {
        self.starts().min_by_key(Start::distance)
    }

    /// The start of a day with the fewest obstacles; among equals the best one.
    pub fn nearest_on(&self, day: NaiveDate) -> Option<Start<'_>> {
        self.starts_on(day).min_by_key(Start::distance)
    }

    /// What is big, or goes on for days in a building, on a day.
    pub(super) fn of_day(&self, day: NaiveDate) -> impl Iterator<Item = &Engagement> {
        self.of_days.iter().map(|at| &self.known.engagements[*at]).filter(move |engagement| engagement.touches(day))
    }

    /// What was looked for.
    pub fn wish(&self) -> &Wish {
        &self.wish
    }

    /// What was known.
    pub fn known(&self) -> &Known {
        &self.known
    }
}

impl Start<'_> {
    /// Its day.
    pub fn day(&self) -> NaiveDate {
        day_of(self.judged.start)
    }

    /// The moment at which the meeting begins.
    pub fn begins(&self) -> Minute {
        self.judged.start
    }

    /// The moment at which it ends.
    pub fn ends(&self) -> Minute {
        self.judged.start + Minute::from(self.findings.wish.minutes)
    }

    /// Day and time in words, such as 10月12日(月)10時から12時まで.
    pub fn when(&self) -> String {
        let day = self.day();
        format!("{}{}から{}まで", day_words(day), clock(self.begins()), moment_words(self.ends(), day))
    }

    /// Whether the meeting could be then.
    pub fn is_possible(&self) -> bool {
        self.judged.obstacles == 0
    }

    /// How many reasons there are against it.
    pub fn obstacles(&self) -> usize {
        self.judged.obstacles
    }

    /// Its rank among the possible ones, see [`super::order`].
    pub fn quality(&self) -> Quality {
        self.judged.quality
    }

    /// What it is worth and why.
    pub fn verdict(&self) -> Verdict {
        Verdict::of(self.findings, self.judged)
    }

    fn distance(&self) -> (usize, Quality, Minute) {
        (self.judged.obstacles, self.judged.quality, self.judged.start)
    }
}
