//! Meetings for `bin/bench`: looking for a day among 66 groups and 10,000 entries, and inviting 1,000 groups.
//!
//! `meetings look` judges 90 days in memory and tells the milliseconds with every explanation, beside those of a plain scan of the same
//! starts, places and entries that has to find the same days. `meetings fill DATABASE` writes the groups, the entries and a meeting
//! without a day, tells its identifier, the milliseconds of reading and judging, and how many entries were read.
//! `meetings invite DATABASE` makes the invitations of 1,000 groups in one transaction and tells its milliseconds and the meeting.

use std::time::Instant;

use anyhow::{Context, bail};
use chrono::{DateTime, Days, NaiveDate, Utc};
use kyodo::accounts::account;
use kyodo::audit::{Actor, Channel};
use kyodo::calendar::{self, Span};
use kyodo::city::City;
use kyodo::clock::{Clock, new_id};
use kyodo::meetings::finder::{self, Engagement, Findings, Group, Invited, Known, Minute, Sight, Venue, Wish};
use kyodo::meetings::{self, Desk, Subject, invitation, meeting, seat};
use kyodo::{db, groups};
use sea_orm::{ConnectionTrait, DatabaseConnection};
use uuid::Uuid;

const GROUPS: usize = 66;
const DAYS: u64 = 90;
const ENTRIES: usize = 10_000;
const INVITED: usize = 1_000;
const HOST: &str = "kyodo.example.jp";
const BASE: &str = "https://kyodo.example.jp";

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["look"] => look(),
        ["fill", url] => fill(&db::connect(url, false).await?).await,
        ["invite", url] => invite(&db::connect(url, false).await?).await,
        _ => bail!("usage: meetings look | meetings fill|invite DATABASE"),
    }
}

/// Numbers that look like chance and are the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % most
    }
}

fn milliseconds(began: Instant) -> f64 {
    began.elapsed().as_secs_f64() * 1000.0
}

fn towns() -> Vec<&'static str> {
    vec!["izuhara", "mitsushima", "toyotama", "mine", "kamiagata", "kamitsushima"]
}

fn travel() -> kyodo::city::Travel {
    let mut travel = kyodo::city::Travel::default();
    for (from, to) in towns().iter().flat_map(|from| towns().into_iter().map(move |to| (*from, to))) {
        if let Some(minutes) = kyodo::city::travel::shipped(from, to) {
            travel.put(from, to, minutes.unsigned_abs());
        }
    }
    travel
}

fn first() -> NaiveDate {
    NaiveDate::from_ymd_opt(2027, 1, 12).unwrap_or_default()
}

fn known() -> (Wish, Known) {
    let mut dice = Dice(7);
    let ids: Vec<Uuid> = (0..GROUPS).map(|_| new_id()).collect();
    let place =
        |town: &&str| Venue { facility_id: None, name: (*town).into(), town: (*town).into(), site: String::new() };
    let group = |(at, id): (usize, &Uuid)| Group {
        id: *id,
        name: format!("見本の会 {at}"),
        town: towns()[at % 6].to_owned(),
        required: at < 2,
    };
    let engagements = (0..ENTRIES).map(|number| {
        let day = first() + Days::new(dice.below(DAYS as usize) as u64);
        let begins = (dice.below(24) * 30 + 480) as u32;
        Engagement {
            title: Some(format!("見本の行事 {number}")),
            first_day: day,
            last_day: day,
            begins: Some(begins),
            ends: Some(begins + 120),
            groups: if number % 4 == 0 { vec![ids[dice.below(GROUPS)]] } else { vec![] },
            site: String::new(),
            town: towns()[dice.below(6)].to_owned(),
            big: number % 500 == 0,
            tentative: false,
        }
    });
    let engagements = engagements.collect();
    let invited = ids.iter().enumerate().map(|(at, id)| Invited { id: *id, required: at < 2 }).collect();
    let wish = Wish { least: 40, ..Wish::new(first(), first() + Days::new(DAYS - 1), invited) };
    let known = Known {
        groups: ids.iter().enumerate().map(group).collect(),
        venues: towns().iter().map(place).collect(),
        engagements,
        travel: travel(),
        leave_from: 480,
        home_by: 1200,
        today: first(),
        ..Known::default()
    };
    (wish, known)
}

/// Everything that a page could ask of the findings, in sentences.
fn explained(findings: &Findings) -> usize {
    let told = findings.starts().map(|start| match start.verdict() {
        finder::Verdict::Rejected { reasons, .. } => {
            reasons.iter().map(|reason| reason.to_string().len()).sum::<usize>()
        }
        finder::Verdict::Possible(found) => found.points.iter().map(|point| point.to_string().len()).sum(),
    });
    told.sum()
}

/// How many starts are possible by a plain scan: each start at each place against each entry of each group.
fn scanned(wish: &Wish, known: &Known, findings: &Findings) -> usize {
    let is_kept = |id: Uuid, begins: Minute, venue: &Venue| {
        known.engagements.iter().filter(|one| one.groups.contains(&id)).any(|one| {
            let there = known.travel.minutes(&one.town, &venue.town).unwrap_or(0);
            let back = known.travel.minutes(&venue.town, &one.town).unwrap_or(0);
            begins < one.to() + Minute::from(there) && one.from() < begins + Minute::from(wish.minutes + back)
        })
    };
    let is_possible = |start: &finder::Start<'_>| {
        findings.against_day(start.day()).is_empty()
            && known.venues.iter().any(|venue| {
                let away = known.groups.iter().filter(|group| is_kept(group.id, start.begins(), venue));
                let (count, required) =
                    away.fold((0, false), |(count, required), group| (count + 1, required || group.required));
                !required && known.groups.len() - count >= wish.least
            })
    };
    findings.starts().filter(is_possible).count()
}

fn look() -> anyhow::Result<()> {
    let (wish, known) = known();
    let mut took = Vec::new();
    for _ in 0..5 {
        let (wish, known, began) = (wish.clone(), known.clone(), Instant::now());
        let findings = finder::look(wish, known)?;
        let length = findings.best(6).len();
        let judged = milliseconds(began);
        let length = length + explained(&findings);
        took.push(format!("{judged:.1} {:.1}", milliseconds(began)));
        anyhow::ensure!(length > 0);
    }
    let findings = finder::look(wish.clone(), known.clone())?;
    // Ten days of the plain scan stand for all.
    let short = Wish { last: first() + Days::new(9), ..wish };
    let ten = finder::look(short.clone(), known.clone())?;
    let began = Instant::now();
    let plain = scanned(&short, &known, &ten);
    let scan = milliseconds(began) * 9.0;
    anyhow::ensure!(plain == ten.count(), "the plain scan finds {plain} instead of {}", ten.count());
    println!("{} {} {scan:.1} {}", findings.starts().count(), findings.count(), took.join(" "));
    Ok(())
}

struct Town {
    city: City,
    now: DateTime<Utc>,
    today: NaiveDate,
}

impl Town {
    async fn open(database: &DatabaseConnection) -> anyhow::Result<Self> {
        let (city, now) = (City::load(database).await?, Clock::System.now());
        let today = now.with_timezone(&city.profile.zone).date_naive();
        Ok(Self { city, now, today })
    }

    fn desk(&self) -> Desk<'_> {
        Desk { city: &self.city, base_url: BASE, host: HOST, now: self.now, today: self.today }
    }

    /// Groups with a member each.
    async fn groups(&self, db: &impl ConnectionTrait, count: usize, word: &str) -> anyhow::Result<Vec<Uuid>> {
        let actor = Actor::named("見本");
        let mut ids = Vec::new();
        for number in 0..count {
            let draft = groups::Draft {
                name: format!("見本 {word}の会 {number}"),
                kana: "ミホンノカイ".to_owned(),
                town_key: towns()[number % 6].to_owned(),
                ..groups::Draft::default()
            };
            let change = groups::Change {
                group_id: None,
                draft: &draft,
                actor: &actor,
                channel: Channel::Counter,
                action: "登録",
                reason: "",
            };
            let id =
                groups::keep(db, &self.city, change, self.now).await.map_err(|fault| anyhow::anyhow!("{fault:?}"))?;
            let account = account::ensure(db, &format!("{}@example.jp", new_id().simple()), "", self.now).await?;
            groups::member::join(db, (id, account.id), groups::Duty::Representative, "見本", self.now).await?;
            ids.push(id);
        }
        Ok(ids)
    }

    /// A meeting of these groups; its identifier.
    async fn meeting(&self, db: &impl ConnectionTrait, invited: &[Uuid]) -> anyhow::Result<Uuid> {
        let (id, first) = (new_id(), self.today + Days::new(14));
        let subject = Subject {
            title: "見本 連絡調整会議".to_owned(),
            purpose: "予定を知らせ合う。".to_owned(),
            convener_group: None,
            convener: "見本市 市民協働課".to_owned(),
            chair_group: None,
            chair: String::new(),
            public: true,
            length_minutes: 120,
            first_day: first,
            last_day: first + Days::new(DAYS - 1),
            weekdays: (1..=7).collect(),
            opens: "09:00".to_owned(),
            closes: "21:00".to_owned(),
            least_groups: 40,
            venue: meetings::Venue::default(),
            groups: Vec::new(),
            items: Vec::new(),
        };
        meeting::insert(db, id, &subject, ("見本", self.now)).await?;
        let seats: Vec<(Uuid, bool)> = invited.iter().enumerate().map(|(at, id)| (*id, at < 2)).collect();
        seat::give(db, id, &seats, self.now).await?;
        Ok(id)
    }

    /// Entries of two hours in the time of the meeting, a quarter of them of these groups.
    async fn entries(&self, db: &impl ConnectionTrait, of: &[Uuid]) -> anyhow::Result<()> {
        let (mut dice, zone) = (Dice(7), self.city.profile.zone);
        for number in 0..ENTRIES {
            let day = self.today + Days::new(14 + dice.below(DAYS as usize) as u64);
            let at = day.and_hms_opt(8 + dice.below(12) as u32, 0, 0).context("time")?;
            let starts = at.and_local_timezone(zone).earliest().context("time")?.to_utc();
            let span = Span::Times { starts, ends: Some(starts + chrono::Duration::hours(2)) };
            let title = format!("見本の行事 {number}");
            let mut draft = calendar::Draft::new("bench", &number.to_string(), &title, span, zone);
            draft.town_key = towns()[dice.below(6)].to_owned();
            draft.group_id = (number % 4 == 0).then(|| of[dice.below(of.len())]);
            calendar::store(db, &self.desk().calendar(), &draft).await.map_err(|fault| anyhow::anyhow!("{fault:?}"))?;
        }
        Ok(())
    }
}

async fn fill(database: &DatabaseConnection) -> anyhow::Result<()> {
    let town = Town::open(database).await?;
    let transaction = db::begin(database).await?;
    let invited = town.groups(&transaction, GROUPS, "朝").await?;
    town.entries(&transaction, &invited).await?;
    let id = town.meeting(&transaction, &invited).await?;
    transaction.commit().await?;
    let mut took = Vec::new();
    let mut read = 0;
    for _ in 0..5 {
        let first = town.today + Days::new(14);
        let groups = invited.iter().enumerate().map(|(at, id)| Invited { id: *id, required: at < 2 }).collect();
        let wish = Wish { least: 40, meeting: Some(id), ..Wish::new(first, first + Days::new(DAYS - 1), groups) };
        let began = Instant::now();
        let findings = finder::find(database, &town.city, wish, &Sight::Staff, town.today).await?;
        read = findings.known().engagements.len();
        anyhow::ensure!(explained(&findings) > 0);
        took.push(format!("{:.1}", milliseconds(began)));
    }
    println!("{id} {read} {}", took.join(" "));
    Ok(())
}

async fn invite(database: &DatabaseConnection) -> anyhow::Result<()> {
    let town = Town::open(database).await?;
    let transaction = db::begin(database).await?;
    let invited = town.groups(&transaction, INVITED, "夜").await?;
    let id = town.meeting(&transaction, &invited).await?;
    let starts = town.now + chrono::Duration::days(40);
    let venue = meetings::Venue { place: "見本会館".to_owned(), ..meetings::Venue::default() };
    let span = (starts, starts + chrono::Duration::hours(2));
    meeting::fix(&transaction, (id, 1), span, &venue, ("見本", town.now)).await?;
    meetings::keep_entry(&transaction, &town.desk(), id).await?;
    transaction.commit().await?;
    let began = Instant::now();
    let transaction = db::begin(database).await?;
    let held = meeting::hold(&transaction, id).await?.context("meeting")?;
    let due = invitation::due(&transaction, &held, town.now).await?.context("nothing is due")?;
    let words =
        invitation::Words { number: "見本第1号", sender: "kyodo@city.example.jp", ..invitation::Words::default() };
    let made = invitation::make(&transaction, &town.desk(), (&held, &due), &words, &Actor::named("見本 職員")).await?;
    transaction.commit().await?;
    let took = milliseconds(began);
    anyhow::ensure!(made.is_some_and(|made| made.letters == INVITED), "not everybody was invited");
    println!("{took:.1} {id}");
    Ok(())
}
