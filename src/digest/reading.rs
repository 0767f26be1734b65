//! What a feed carries on the day of sending, read once for everybody who gets it.

use std::collections::HashSet;

use chrono::{Days, NaiveDate};
use chrono_tz::Tz;
use sea_orm::{ConnectionTrait, DbErr};

use super::cadence::Cadence;
use super::edition::{Edition, Reading};
use super::subscription::Cohort;
use super::text::AHEAD;
use super::told::{self, Memory};
use crate::app::App;
use crate::calendar::{self, Filter, Standing, Status};
use crate::error::Error;
use crate::feeds::Selection;
use crate::web::query::link;

/// A feed as it is on the day of sending.
pub(super) struct Issue {
    /// What the feed is called.
    pub title: String,
    /// First and last day of the letter.
    pub days: (NaiveDate, NaiveDate),
    /// Address of the list of these days.
    pub window_url: String,
    /// Address of the list of what comes after them.
    pub ahead_url: String,
    /// Short digests of everything that is in the feed and to come.
    pub known: String,
    zone: Tz,
    window: Vec<Standing>,
    coming: Vec<(String, NaiveDate)>,
}

impl Issue {
    /// Reads a feed; nothing when there is no such feed any more.
    pub async fn read(app: &App, feed: &str, cadence: Cadence) -> Result<Option<Self>, Error> {
        let Some(selection) = Selection::parse(feed) else { return Ok(None) };
        let Some(title) = selection.title(app).await? else { return Ok(None) };
        let Some(filter) = selection.filter(app).await? else { return Ok(None) };
        let (city, from) = (app.city(), app.today());
        let to = from.checked_add_days(Days::new(cadence.days() - 1)).unwrap_or(from);
        let coming = calendar::coming_uids(&app.db, &city, &filter, from).await?;
        Ok(Some(Self {
            title,
            days: (from, to),
            zone: city.profile.zone,
            window_url: list(app, &filter, from, Some(to)),
            ahead_url: list(app, &filter, to.succ_opt().unwrap_or(to), None),
            window: calendar::standing(&app.db, &city, &filter, (from, to)).await?,
            known: told::written_uids(coming.iter().map(|(uid, _)| uid.as_str())),
            coming,
        }))
    }

    /// The letter for those who were told the same before.
    pub async fn edition(&self, db: &impl ConnectionTrait, cohort: &Cohort) -> Result<Edition, DbErr> {
        let mut memory = told::memory(db, &cohort.told).await?;
        told::carry_over(db, &mut memory, self.zone).await?;
        let known = told::find(db, &cohort.known).await?;
        let mut elsewhere = self.elsewhere(db, &memory).await?;
        let seen: HashSet<&str> = self.window.iter().chain(&elsewhere).map(|one| one.uid.as_str()).collect();
        let gone = memory.iter().filter(|told| told.last_day >= self.days.0 && !seen.contains(told.uid.as_str()));
        let gone: HashSet<String> = gone.map(|told| told.uid.clone()).collect();
        if !gone.is_empty() && told::follow(db, &mut memory, &gone).await? {
            elsewhere = self.elsewhere(db, &memory).await?;
        }
        let (ahead, ahead_total) = match known {
            Some(known) => {
                let told: HashSet<&str> = memory.iter().map(|told| told.uid.as_str()).collect();
                self.ahead(db, &known, &told).await?
            }
            // Whoever gets the first letter knows what is listed; further ahead only what comes later is new.
            None => (Vec::new(), 0),
        };
        let reading = Reading { window: &self.window, elsewhere: &elsewhere, ahead: &ahead, ahead_total };
        Ok(Edition::of(&memory, &reading, self.days.0))
    }

    /// What is remembered and is not in the days of the letter, as it stands now.
    async fn elsewhere(&self, db: &impl ConnectionTrait, memory: &Memory) -> Result<Vec<Standing>, DbErr> {
        let here: HashSet<(&str, &str)> =
            self.window.iter().map(|one| (one.uid.as_str(), one.instance.as_str())).collect();
        let away = memory.iter().filter(|told| !here.contains(&told.key()));
        let mut away: Vec<String> = away.map(|told| told.uid.clone()).collect();
        away.sort_unstable();
        away.dedup();
        let mut found = calendar::standing_of(db, &away, self.days.0).await?;
        found.retain(|one| !here.contains(&(one.uid.as_str(), one.instance.as_str())));
        Ok(found)
    }

    /// The first occurrences of what came into the feed and begins after the days of the letter, and how many there are.
    async fn ahead(
        &self,
        db: &impl ConnectionTrait,
        known: &str,
        told: &HashSet<&str>,
    ) -> Result<(Vec<Standing>, usize), DbErr> {
        let known = told::read_uids(known);
        let is_new = |uid: &str| !known.contains(told::mark(uid).as_str()) && !told.contains(uid);
        let coming = self.coming.iter().filter(|(uid, first)| *first > self.days.1 && is_new(uid));
        let mut new: Vec<&(String, NaiveDate)> = coming.collect();
        new.sort_by_key(|(_, first)| *first);
        let uids: Vec<String> = new.iter().take(2 * AHEAD).map(|(uid, _)| uid.clone()).collect();
        let mut first: Vec<Standing> = Vec::with_capacity(uids.len());
        for one in calendar::standing_of(db, &uids, self.days.0).await? {
            if one.status() != Status::Cancelled && !first.iter().any(|other| other.uid == one.uid) {
                first.push(one);
            }
        }
        let cancelled = uids.len() - first.len();
        Ok((first, new.len() - cancelled))
    }
}

fn list(app: &App, filter: &Filter, from: NaiveDate, to: Option<NaiveDate>) -> String {
    let (from, to) = (from.to_string(), to.map(|to| to.to_string()).unwrap_or_default());
    let own = filter.pairs();
    let mut pairs = vec![("view", "list"), ("from", from.as_str()), ("to", to.as_str())];
    pairs.extend(own.iter().map(|(name, value)| (*name, value.as_str())));
    pairs.retain(|(_, value)| !value.is_empty());
    format!("{}{}", app.config.base_url, link(calendar::INDEX, &pairs))
}
