//! The verdict on one start (判定の結果), told in full: made when somebody asks, from what was judged.

use chrono::NaiveDate;

use super::advantage::{Journey, Point};
use super::findings::Findings;
use super::judging::{self, Judged};
use super::known::{Engagement, Known, Venue};
use super::order::Quality;
use super::reason::{Busy, Held, Hindrance, Reason};
use super::times::{Minute, at, clock, day_of, day_words, moment_words};

/// What a start is worth.
#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    /// No meeting then, and each reason why.
    Rejected {
        /// The place that has the fewest obstacles.
        venue: Venue,
        /// The reasons, each of which would have to change.
        reasons: Vec<Reason>,
    },
    /// There could be one.
    Possible(Box<Possible>),
}

/// A date that could be proposed.
#[derive(Clone, Debug, PartialEq)]
pub struct Possible {
    /// The day.
    pub day: NaiveDate,
    /// The moment at which it begins.
    pub begins: Minute,
    /// The moment at which it ends.
    pub ends: Minute,
    /// The place.
    pub venue: Venue,
    /// Names of the groups that can come.
    pub can: Vec<String>,
    /// The groups that cannot, and why.
    pub cannot: Vec<Busy>,
    /// The farthest journey; nothing where nobody's is known.
    pub farthest: Option<Journey>,
    /// Minutes of all journeys, one way.
    pub total: u32,
    /// When the group that is farthest leaves home.
    pub leaving: Minute,
    /// When the last one is home again.
    pub home: Minute,
    /// Big events on the same day.
    pub big: Vec<Held>,
    /// Its answers to the questions of [`super::order`].
    pub quality: Quality,
    /// Everything to know about it, one sentence each, the most important first.
    pub points: Vec<Point>,
}

impl Verdict {
    pub(super) fn of(findings: &Findings, judged: &Judged) -> Self {
        if judged.obstacles == 0 {
            return Self::Possible(Box::new(Possible::of(findings, judged)));
        }
        Self::Rejected { venue: findings.known.venues[judged.venue].clone(), reasons: reasons(findings, judged) }
    }
}

/// Each reason against a start.
fn reasons(findings: &Findings, judged: &Judged) -> Vec<Reason> {
    let (wish, known, day) = (&findings.wish, &findings.known, day_of(judged.start));
    let mut reasons = judging::against_day(wish, known, day);
    reasons.extend(judged.taken.map(|taken| Reason::VenueTaken {
        venue: known.venues[judged.venue].name.clone(),
        held: held(known, &known.engagements[taken], day),
    }));
    reasons.extend(away(findings, judged).into_iter().filter(|busy| busy.required).map(Reason::Required));
    let can = known.groups.len() - judged.kept.len();
    let least = wish.least.max(1);
    reasons.extend((can < least).then_some(Reason::TooFew { can, least }));
    reasons
}

/// The groups that cannot come and why.
fn away(findings: &Findings, judged: &Judged) -> Vec<Busy> {
    let known = &findings.known;
    let busy = |&(group, at): &(usize, usize)| {
        let (group, engagement) = (&known.groups[group], &known.engagements[at]);
        let end = judged.start + Minute::from(findings.wish.minutes);
        let venue = &known.venues[judged.venue].town;
        let hindrance = if engagement.to() <= judged.start {
            Hindrance::Before(known.travel.minutes(&engagement.town, venue).unwrap_or(0))
        } else if end <= engagement.from() {
            Hindrance::After(known.travel.minutes(venue, &engagement.town).unwrap_or(0))
        } else {
            Hindrance::Overlap
        };
        let held = held(known, engagement, day_of(judged.start));
        Busy { group: group.name.clone(), required: group.required, held, hindrance }
    };
    judged.kept.iter().map(busy).collect()
}

fn held(known: &Known, engagement: &Engagement, on: NaiveDate) -> Held {
    Held {
        title: engagement.title.clone(),
        from: engagement.from(),
        to: engagement.to(),
        whole_days: engagement.begins.is_none(),
        unknown_end: engagement.has_unknown_end(),
        town: known.town_name(&engagement.town).to_owned(),
        on,
    }
}

impl Possible {
    pub(super) fn of(findings: &Findings, judged: &Judged) -> Self {
        let (known, day) = (&findings.known, day_of(judged.start));
        let venue = known.venues[judged.venue].clone();
        let kept = |group: usize| judged.kept.iter().any(|(away, _)| *away == group);
        let coming: Vec<usize> = (0..known.groups.len()).filter(|group| !kept(*group)).collect();
        let journeys = coming.iter().filter_map(|group| {
            let town = known.groups[*group].town.as_str();
            judging::journey(known, town, &venue).map(|journey| (town, journey))
        });
        let back = journeys.clone().map(|(_, (_, back))| back).max().unwrap_or(0);
        // Of several towns as far away the first group's is named.
        let farthest = journeys.clone().reduce(|one, two| if two.1.0 > one.1.0 { two } else { one });
        let farthest = farthest.map(|(town, (minutes, _))| Journey { town: known.town_name(town).to_owned(), minutes });
        let ends = judged.start + Minute::from(findings.wish.minutes);
        let big = findings.of_day(day).filter(|engagement| engagement.big);
        let mut possible = Self {
            day,
            begins: judged.start,
            ends,
            can: coming.iter().map(|group| known.groups[*group].name.clone()).collect(),
            cannot: away(findings, judged),
            leaving: judged.start - Minute::from(judged.quality.farthest),
            home: ends + Minute::from(back),
            farthest,
            total: judged.quality.total,
            big: big.map(|engagement| held(known, engagement, day)).collect(),
            quality: judged.quality,
            venue,
            points: Vec::new(),
        };
        possible.points = possible.tell(findings, judged, &coming);
        possible
    }

    fn tell(&self, findings: &Findings, judged: &Judged, coming: &[usize]) -> Vec<Point> {
        let known = &findings.known;
        let invited = known.groups.len();
        let required = known.groups.iter().filter(|group| group.required).count();
        let mut points = vec![Point::Attendance { can: coming.len(), invited, required }];
        points.extend(self.cannot.iter().cloned().map(Point::Away));
        // That something is on which the reader may not see is not told where nobody is kept away by it.
        points.extend(self.big.iter().filter(|held| held.title.is_some()).cloned().map(Point::Big));
        points.extend(self.big.is_empty().then_some(Point::NoBig));
        points.extend(coming.iter().flat_map(|group| self.asides(findings, *group)));
        points.extend(self.going_on(findings).map(Point::InBuilding));
        points.extend(self.journeys(known));
        if known.venues.len() > 1 {
            points.push(Point::Chosen(self.venue.name.clone()));
        }
        points.extend(judged.runner_up.map(|(venue, quality)| Point::RunnerUp {
            venue: known.venues[venue].name.clone(),
            farthest: quality.farthest,
            total: quality.total,
            can: invited - quality.missing as usize,
        }));
        points.extend(coming.iter().flat_map(|group| self.unknown(findings, *group)));
        points
    }

    /// What a group that can come has on beside, as far as the reader may see it.
    fn asides(&self, findings: &Findings, group: usize) -> Vec<Point> {
        let (known, time) = (&findings.known, (self.begins, findings.wish.minutes));
        let is_aside = |engagement: &&Engagement| judging::is_near(known, engagement, time, &self.venue.town);
        let engagements = findings.asides[group].iter().map(|at| &known.engagements[*at]).filter(is_aside);
        let aside = |engagement: &Engagement| Point::Aside {
            group: known.groups[group].name.clone(),
            held: held(known, engagement, self.day),
            tentative: engagement.tentative,
        };
        engagements.map(aside).collect()
    }

    /// What goes on for days in the building.
    fn going_on(&self, findings: &Findings) -> impl Iterator<Item = Held> {
        let here = findings.of_day(self.day).filter(|one| one.goes_on() && one.is_in(&self.venue));
        here.map(|engagement| held(&findings.known, engagement, self.day))
    }

    /// What there is to say about the ways.
    fn journeys(&self, known: &Known) -> Vec<Point> {
        match &self.farthest {
            None => Vec::new(),
            Some(farthest) if farthest.minutes == 0 && self.quality.unknown == 0 => vec![Point::Near],
            Some(farthest) => vec![
                Point::Farthest(farthest.clone()),
                Point::Hours {
                    on: self.day,
                    leaving: self.leaving,
                    home: self.home,
                    too_early: self.leaving < at(self.day, known.leave_from),
                    too_late: self.home > at(self.day, known.home_by),
                },
                Point::Total(self.total),
            ],
        }
    }

    /// What is not known about a group that can come: its own way, and the ways from and to what else it has on.
    fn unknown(&self, findings: &Findings, group: usize) -> Vec<Point> {
        let known = &findings.known;
        let name = &known.groups[group].name;
        let mut points = Vec::new();
        if judging::journey(known, &known.groups[group].town, &self.venue).is_none() {
            points.push(Point::UnknownHome(name.clone()));
        }
        let longest = Minute::from(known.travel.longest());
        let near = |engagement: &&Engagement| {
            self.begins < engagement.to() + longest
                && engagement.from() < self.ends + longest
                && judging::journey(known, &engagement.town, &self.venue).is_none()
        };
        let engagements = findings.unplaced[group].iter().map(|at| &known.engagements[*at]);
        points.extend(
            engagements
                .filter(near)
                .map(|engagement| Point::UnknownPlace { group: name.clone(), held: held(known, engagement, self.day) }),
        );
        points
    }

    /// Day and time in words, such as 10月12日(月)10時から12時まで.
    pub fn when(&self) -> String {
        let ends = moment_words(self.ends, self.day);
        format!("{}{}から{ends}まで", day_words(self.day), clock(self.begins))
    }

    /// The sentences that speak for it.
    pub fn advantages(&self) -> impl Iterator<Item = &Point> {
        self.points.iter().filter(|point| point.is_advantage())
    }

    /// The other sentences: what to keep in mind.
    pub fn remarks(&self) -> impl Iterator<Item = &Point> {
        self.points.iter().filter(|point| !point.is_advantage())
    }
}
