//! Doubles among many entries for `bin/bench`: a thousand new entries against a hundred thousand, of two hundred sources.
//!
//! `duplicates` tells, run by run, the milliseconds of folding all of them, those of comparing, and how many pairs look alike; every
//! tenth of the new entries is one of the others written differently, and has to be among them. `duplicates DATABASE` stores them in a
//! database that has its reference data and tells the same of a whole search, reading and keeping included.

use std::time::Instant;

use chrono::{Days, Duration, NaiveDate};
use kyodo::aggregation::duplicates::comparing::{Day, Folded, Folder, Listed, Vocabulary, alike};
use kyodo::aggregation::duplicates::search;
use kyodo::calendar::{self, Desk, Draft, Span};
use kyodo::city::City;
use kyodo::clock::Clock;
use kyodo::db;
use uuid::Uuid;

const KNOWN: usize = 100_000;
const NEW: usize = 1_000;
const SOURCES: usize = 200;
const RUNS: usize = 5;
/// Days over which the entries are spread.
const SPANS: [usize; 2] = [730, 90];

const TOWNS: [&str; 12] =
    ["厳原", "美津島", "豊玉", "峰", "上県", "上対馬", "小茂田", "佐須", "鶏知", "仁位", "三根", "比田勝"];
const THEMES: [&str; 20] = [
    "健康",
    "料理",
    "書道",
    "歴史",
    "海",
    "山",
    "星空",
    "古代",
    "防災",
    "子育て",
    "国際",
    "音楽",
    "写真",
    "絵本",
    "囲碁",
    "郷土",
    "森",
    "川",
    "花",
    "祭",
];
const KINDS: [&str; 12] = [
    "教室",
    "講座",
    "まつり",
    "大会",
    "コンサート",
    "ひろば",
    "相談会",
    "体験会",
    "講演会",
    "サロン",
    "フェスタ",
    "朝市",
];
const PLACES: [&str; 10] = [
    "交流センター",
    "文化会館",
    "公民館",
    "体育館",
    "総合運動公園",
    "図書館",
    "保健センター",
    "港",
    "観光情報館",
    "市役所",
];

/// Numbers that look like chance and are the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % most
    }

    fn of<'a>(&mut self, words: &[&'a str]) -> &'a str {
        words[self.below(words.len())]
    }
}

fn made(dice: &mut Dice, id: usize, source: &str, first: NaiveDate, span: usize) -> Listed {
    let day = first + Days::new(dice.below(span) as u64);
    let long = if dice.below(20) == 0 { 1 + dice.below(30) } else { 0 };
    let last = day + Days::new(long as u64);
    let begins = (dice.below(10) > 0).then(|| u16::try_from(8 * 60 + 30 * dice.below(24)).unwrap_or_default());
    let (town, theme, other, kind) = (dice.of(&TOWNS), dice.of(&THEMES), dice.of(&THEMES), dice.of(&KINDS));
    let mut listed = Listed { id: Uuid::from_u128(id as u128 + 1), source: source.to_owned(), ..Listed::default() };
    listed.title = format!("第{}回 {town}{theme}{other}{kind}", 1 + dice.below(9));
    listed.place = format!("対馬市{}{} 第{}会議室", dice.of(&TOWNS), dice.of(&PLACES), 1 + dice.below(3));
    listed.organiser = format!("{}の会", dice.of(&THEMES));
    listed.url = format!("https://example.jp/{source}/{id}?utm_source=feed");
    listed.days =
        day.iter_days().take_while(|day| *day <= last).map(|on| (on, Day { first: day, last, begins })).collect();
    listed
}

/// All entries; the new ones stand at the end.
fn entries(first: NaiveDate, span: usize) -> Vec<Listed> {
    let mut dice = Dice(7);
    let source = |number: usize| format!("feed:{}", Uuid::from_u128(number as u128 % SOURCES as u128 + 1));
    let mut all: Vec<Listed> = (0..KNOWN).map(|id| made(&mut dice, id, &source(id), first, span)).collect();
    let own = format!("feed:{}", Uuid::from_u128(9_999));
    for number in 0..NEW {
        let id = KNOWN + number;
        let mut new = made(&mut dice, id, &own, first, span);
        if number % 10 == 0 {
            let known = all[dice.below(KNOWN)].clone();
            new = Listed { id: new.id, source: own.clone(), url: new.url, ..known };
            new.title = format!("【お知らせ】{} 開催のご案内", new.title.split(' ').nth(1).unwrap_or_default());
            new.place = new.place.replace("対馬市", "");
        }
        all.push(new);
    }
    all
}

fn vocabulary() -> Vocabulary {
    let towns = [("izuhara", "厳原町"), ("mitsushima", "美津島町"), ("toyotama", "豊玉町"), ("mine", "峰町")];
    let north = [("kamiagata", "上県町"), ("kamitsushima", "上対馬町")];
    Vocabulary::new("対馬市", &["対馬", "つしま"], towns.into_iter().chain(north))
}

fn pure(first: NaiveDate) -> anyhow::Result<()> {
    let words = vocabulary();
    for span in SPANS {
        let all = entries(first, span);
        for _ in 0..RUNS {
            let all = all.clone();
            let began = Instant::now();
            let mut folder = Folder::new(&words);
            let folded: Vec<Folded> = all.into_iter().map(|listed| folder.fold(listed)).collect();
            let fold = began.elapsed();
            let new: Vec<usize> = (KNOWN..KNOWN + NEW).collect();
            let pairs = alike(&folded, &new, 60);
            anyhow::ensure!(pairs.len() >= NEW / 10, "only {} of the doubles were found", pairs.len());
            println!("{span} {} {} {}", fold.as_millis(), (began.elapsed() - fold).as_millis(), pairs.len());
        }
    }
    Ok(())
}

fn draft(listed: &Listed, zone: chrono_tz::Tz) -> Draft {
    let (first, last) = (listed.days[0].0, listed.days[listed.days.len() - 1].0);
    let span = match listed.days[0].1.begins {
        Some(minutes) => {
            let at = first.and_hms_opt(0, 0, 0).unwrap_or_default() + Duration::minutes(minutes.into());
            let starts = at.and_local_timezone(zone).single().map(|at| at.to_utc()).unwrap_or_default();
            Span::Times { starts, ends: Some(starts + Duration::hours(1) + Duration::days((last - first).num_days())) }
        }
        None => Span::Days { first, last },
    };
    Draft {
        place: listed.place.clone(),
        organiser: listed.organiser.clone(),
        url: listed.url.clone(),
        ..Draft::new(&listed.source, &listed.id.to_string(), &listed.title, span, zone)
    }
}

async fn stored(url: &str) -> anyhow::Result<()> {
    let database = db::connect(url, false).await?;
    let city = City::load(&database).await?;
    let clock = Clock::System;
    let (now, today) = (clock.now(), clock.today(city.profile.zone));
    let all = entries(today + Days::new(1), SPANS[0]);
    let mut desk = Desk { city: &city, host: "example.jp", now: now - Duration::days(1), today };
    let (known, new) = all.split_at(KNOWN);
    let mut by_source: std::collections::BTreeMap<&str, Vec<Draft>> = std::collections::BTreeMap::new();
    for listed in known {
        by_source.entry(&listed.source).or_default().push(draft(listed, city.profile.zone));
    }
    for drafts in by_source.values() {
        let transaction = db::begin(&database).await?;
        calendar::store_all(&transaction, &desk, drafts, false).await?;
        transaction.commit().await?;
    }
    let began = Instant::now();
    let turn = search(&database, &desk).await?;
    println!("first {} {}", began.elapsed().as_millis(), turn.found);
    desk.now = now;
    let transaction = db::begin(&database).await?;
    let drafts: Vec<Draft> = new.iter().map(|listed| draft(listed, city.profile.zone)).collect();
    calendar::store_all(&transaction, &desk, &drafts, false).await?;
    transaction.commit().await?;
    for _ in 0..RUNS {
        let began = Instant::now();
        let turn = search(&database, &desk).await?;
        println!("search {} {} {}", began.elapsed().as_millis(), turn.compared, turn.found);
    }
    Ok(())
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let first = Clock::System.today(chrono_tz::Tz::Asia__Tokyo);
    match std::env::args().nth(1) {
        Some(url) => stored(&url).await,
        None => pure(first),
    }
}
