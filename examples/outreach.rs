//! The free times of one request for `bin/bench`: twenty people with three duties on each of sixty days, two of them needed.
//!
//! `outreach DATABASE` fills a database that has its reference data and tells, run by run, the milliseconds of reading how things stand,
//! those of judging every start, how many starts are offered and how many days offer none.

use std::time::Instant;

use anyhow::{Context, bail};
use chrono::{Days, Duration, NaiveTime};
use kyodo::accounts::{Role, account};
use kyodo::city::City;
use kyodo::clock::{Clock, new_id};
use kyodo::db;
use kyodo::outreach::availability::{duty, hours::Hours, person};
use kyodo::outreach::dispatch::{Need, Situation};
use kyodo::outreach::planner::{Opening, slots};
use kyodo::outreach::request::wish;
use kyodo::outreach::rules::Rules;
use sea_orm::ConnectionTrait;

const PEOPLE: usize = 20;
const DAYS: u64 = 60;
const RUNS: usize = 5;

/// Numbers that look like chance and are the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % most
    }
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let Some(url) = std::env::args().nth(1) else { bail!("usage: outreach DATABASE") };
    let database = db::connect(&url, false).await?;
    let city = City::load(&database).await?;
    let first = Clock::System.today(city.profile.zone) + Days::new(14);
    let transaction = db::begin(&database).await?;
    fill(&transaction, &city, first).await?;
    transaction.commit().await?;
    for _ in 0..RUNS {
        let rules = Rules::load(&database, &city).await?;
        let began = Instant::now();
        let last = first + Days::new(DAYS - 1);
        let mut situation = Situation::read(&database, (&city, rules.clone()), (first, last), &[]).await?;
        let need = Need { town_key: "mine".to_owned(), minutes: 90, people: 2, ..Need::default() };
        let asked = situation.ask(&database, &need, (Vec::new(), Vec::new())).await?;
        let read = began.elapsed();
        let began = Instant::now();
        let openings: Vec<Opening> = first
            .iter_days()
            .take(DAYS as usize)
            .filter_map(|on| Some((situation.day(on)?, rules.hours(on).ok()?)))
            .map(|(day, (from, until))| Opening { day, time: from..until })
            .collect();
        let found = slots(&situation.instance, &situation.instance.requests[asked], &openings, 30);
        let judged = began.elapsed();
        let milliseconds = |took: std::time::Duration| took.as_secs_f64() * 1000.0;
        println!("{:.2} {:.2} {} {}", milliseconds(read), milliseconds(judged), found.open.len(), found.closed.len());
    }
    Ok(())
}

async fn fill(db: &impl ConnectionTrait, city: &City, first: chrono::NaiveDate) -> anyhow::Result<()> {
    let mut dice = Dice(3);
    let now = Clock::System.now();
    let time = |hour| NaiveTime::from_hms_opt(hour, 0, 0);
    for number in 0..PEOPLE {
        let mail = format!("mihon-demae{number}@example.jp");
        account::insert(db, &mail, &format!("見本 職員{number}"), Role::Staff, now).await?;
        let account = account::find_by_mail(db, &mail).await?.context("no account")?;
        let town = city.towns[dice.below(city.towns.len())].key.clone();
        let hours = Hours([time(8).zip(time(22)); 7]);
        let draft = person::Draft { base_town: town, phone: String::new(), is_active: true, hours };
        person::set(db, (account.id, None), &draft, now).await?;
        for on in first.iter_days().take(DAYS as usize) {
            for part in 0..3 {
                let minutes = 540 + 180 * part + dice.below(100) as i64;
                let starts = wish::moment(on, NaiveTime::MIN, city.profile.zone) + Duration::minutes(minutes);
                let duty = duty::Draft {
                    kind: duty::Kind::Duty,
                    starts_at: starts,
                    ends_at: starts + Duration::hours(1),
                    town_key: city.towns[dice.below(city.towns.len())].key.clone(),
                    note: String::new(),
                };
                duty::insert(db, (account.id, new_id()), &duty, ("試験", now)).await?;
            }
        }
    }
    Ok(())
}
