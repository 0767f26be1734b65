//! The calendar by mail: ordered twice, told once, and silent when nothing is new.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use chrono::{DateTime, NaiveDateTime, TimeZone, Utc};
use kyodo::app::App;
use kyodo::calendar::{self, Desk, Draft, OWN, Span, Status};
use kyodo::clock::Clock;
use kyodo::db;
use kyodo::digest::{self, Cadence, Turn};
use kyodo::inbound::{self, Channel, Outcome, Taken};
use kyodo::mail::Courier;
use kyodo::takers::TAKERS;
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use crate::smtp::Smtp;
use crate::world::{Posted, World, now};

const ZONE: chrono_tz::Tz = chrono_tz::Tz::Asia__Tokyo;
/// The Thursday of the week in which every test takes place, an hour after letters are sent.
const THURSDAY: &str = "2026-11-26T07:00";

fn moment(local: &str) -> DateTime<Utc> {
    let local = NaiveDateTime::parse_from_str(local, "%Y-%m-%dT%H:%M").unwrap();
    ZONE.from_local_datetime(&local).single().unwrap().to_utc()
}

/// The same site at another time.
pub async fn at(world: &World, local: &str) -> App {
    App::new(world.app.config.clone(), world.db().clone(), Clock::Fixed(moment(local))).await.unwrap()
}

/// Sends what is due at a time of the city.
pub async fn send(world: &World, local: &str) -> Turn {
    digest::send_due(&at(world, local).await).await.unwrap()
}

fn turn(letters: usize, quiet: usize) -> Turn {
    Turn { letters, quiet, failed: 0 }
}

/// An event of the city in 厳原, 10:00 to 12:00.
fn event(key: &str, title: &str, day: &str) -> Draft {
    let starts = moment(&format!("{day}T10:00"));
    let span = Span::Times { starts, ends: Some(starts + chrono::Duration::hours(2)) };
    Draft {
        place: "見本 厳原体育館".to_owned(),
        town_key: "izuhara".to_owned(),
        ..Draft::new(OWN, key, title, span, ZONE)
    }
}

fn on(draft: &Draft, local: &str) -> Draft {
    let starts = moment(local);
    Draft { span: Span::Times { starts, ends: Some(starts + chrono::Duration::hours(2)) }, ..draft.clone() }
}

async fn store(world: &World, draft: &Draft, local: &str) -> Uuid {
    let city = world.app.city();
    let now = moment(local);
    let desk = Desk { city: &city, host: "kyodo.example.jp", now, today: now.with_timezone(&ZONE).date_naive() };
    calendar::store(world.db(), &desk, draft).await.unwrap().id
}

async fn put(world: &World, draft: &Draft) -> Uuid {
    store(world, draft, "2026-11-23T09:00").await
}

/// The path of the personal link in a letter.
fn path(letter: &Posted) -> String {
    letter.secret("リンク").trim_start_matches("https://kyodo.example.jp").to_owned()
}

/// Orders a feed and confirms it, as its reader does; gives the path of the reader's page.
pub async fn order(world: &World, mail: &str, feed: &str, cadence: Cadence) -> String {
    let visitor = world.visitor();
    visitor.done(digest::INDEX, &[("mail", mail), ("feed", feed), ("cadence", &cadence.key())]).await;
    let own = path(posted(world, "digest.confirm").await.last().unwrap());
    visitor.done(&format!("{own}/confirmation"), &[]).await;
    own
}

pub async fn star(world: &World, mail: &str, entry: Uuid) -> String {
    let visitor = world.visitor();
    visitor.done(digest::INDEX, &[("mail", mail), ("entry", &entry.to_string())]).await;
    let own = path(posted(world, "digest.confirm").await.last().unwrap());
    visitor.done(&format!("{own}/confirmation"), &[]).await;
    own
}

/// The regular letters that were posted, oldest first.
pub async fn posted(world: &World, kind: &str) -> Vec<Posted> {
    world.letters().await.into_iter().filter(|letter| letter.kind == kind).collect()
}

async fn count(world: &World, table: &str) -> i64 {
    let sql = format!("SELECT COUNT(*) AS total FROM {table}");
    let row = world.db().query_one_raw(db::statement(world.db().get_database_backend(), &sql, vec![]));
    row.await.unwrap().unwrap().try_get("", "total").unwrap()
}

/// The middle of a letter: what stands between its greeting and the words about the letter itself.
pub fn told(letter: &Posted) -> String {
    let (_, rest) = letter.body.split_once("お知らせメールです。\n\n").unwrap();
    rest.split("\n\n■ このメールについて").next().unwrap().to_owned()
}

#[tokio::test]
async fn nothing_begins_before_the_owner_of_the_address_presses_the_button() {
    let world = World::new().await;
    put(&world, &event("1", "見本 海岸清掃", "2026-11-28")).await;
    let visitor = world.visitor();
    let fields = [("mail", " Mihon@Example.jp "), ("feed", "town/izuhara"), ("cadence", "4")];
    let to = visitor.done("/subscribe/mail", &fields).await;
    assert_eq!(to, "/subscribe/mail?sent=1");
    assert!(visitor.page(&to).await.contains("確認のメールを送りました"));
    let letter = world.letters().await.remove(0);
    assert_eq!((letter.kind.as_str(), letter.to_mail.as_str()), ("digest.confirm", "mihon@example.jp"));
    assert!(letter.body.contains("「厳原町の予定」を、毎週木曜日の6時ごろにお送りします。"), "{}", letter.body);
    assert!(letter.body.contains("令和8年11月30日(月)までに"), "{}", letter.body);
    let own = path(&letter);
    for _ in 0..2 {
        let page = visitor.page(&own).await;
        assert!(page.contains("お知らせメールを始めますか") && page.contains("mi***@example.jp"), "{page}");
        assert!(!page.contains("mihon@example.jp"));
    }
    assert_eq!(send(&world, THURSDAY).await, turn(0, 0));
    assert_eq!((count(&world, "digest_readers").await, count(&world, "digest_orders").await), (0, 1));
    assert_eq!(visitor.done(&format!("{own}/confirmation"), &[]).await, format!("{own}?done=confirmed"));
    let page = visitor.page(&format!("{own}?done=confirmed")).await;
    assert!(
        page.contains("お知らせメールを始めました。") && page.contains("次は 令和8年11月26日(木) 6時ごろです。"),
        "{page}"
    );
    // A second press is no second subscription.
    assert_eq!(visitor.done(&format!("{own}/confirmation"), &[]).await, format!("{own}?done=confirmed"));
    assert_eq!((count(&world, "digest_subscriptions").await, count(&world, "digest_orders").await), (1, 0));
    assert_eq!(send(&world, THURSDAY).await, turn(1, 0));
}

#[tokio::test]
async fn the_answer_is_the_same_whether_or_not_an_address_is_known_and_no_secret_is_kept() {
    let world = World::new().await;
    order(&world, "mihon@example.jp", "all", Cadence::FIRST).await;
    let visitor = world.visitor();
    for mail in ["mihon@example.jp", "shiranai@example.jp"] {
        let fields = [("mail", mail), ("feed", "all"), ("cadence", "1")];
        assert_eq!(visitor.done("/subscribe/mail", &fields).await, "/subscribe/mail?sent=1");
        assert_eq!(visitor.done("/subscribe/mail/link", &[("own", mail)]).await, "/subscribe/mail?done=link");
    }
    let letters = world.letters().await;
    let kinds: Vec<(&str, &str)> =
        letters[1..].iter().map(|letter| (letter.kind.as_str(), letter.to_mail.as_str())).collect();
    assert_eq!(
        kinds,
        [
            ("digest.confirm", "mihon@example.jp"),
            ("digest.link", "mihon@example.jp"),
            ("digest.confirm", "shiranai@example.jp"),
            ("digest.unknown", "shiranai@example.jp")
        ]
    );
    // Whoever types another's address changes nothing of theirs.
    assert!(visitor.page(&path(&letters[2])).await.contains("毎週木曜日のお知らせです。"));
    let token = path(&letters[2]).rsplit('/').next().unwrap().to_owned();
    for table in ["digest_ways", "digest_orders"] {
        let sql = format!("SELECT hash FROM {table}");
        let rows = world.db().query_all_raw(db::statement(world.db().get_database_backend(), &sql, vec![])).await;
        assert!(rows.unwrap().iter().all(|row| row.try_get::<String>("", "hash").unwrap() != token));
    }
}

#[tokio::test]
async fn what_cannot_be_used_is_said_beside_its_field_and_stays_typed() {
    let world = World::new().await;
    let visitor = world.visitor();
    let answer = visitor.post("/subscribe/mail", &[("mail", "見本@"), ("feed", "town/x"), ("cadence", "9")]).await;
    let page = answer.text();
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    for words in
        ["3か所を直してください", "受け取る予定を選んでください。", "届く日を選んでください。", "value=\"見本@\""]
    {
        assert!(page.contains(words), "{words} in {page}");
    }
    let answer = visitor.post("/subscribe/mail/link", &[("own", "見本")]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text().contains("value=\"見本\""));
    let page = visitor.page("/subscribe/mail?feed=town/x").await;
    assert!(page.contains("選ばれた配信がありません。"), "{page}");
    assert!(world.page("/subscribe?feed=town/mine").await.contains("/subscribe/mail?feed=town/mine"));
    let page = visitor.page("/subscribe/mail?feed=town/mine").await;
    assert!(page.contains("<option value=\"town/mine\" selected>"), "{page}");
    assert_eq!(world.letters().await.len(), 0);
}

#[tokio::test]
async fn one_address_gets_five_letters_an_hour_and_no_more() {
    let world = World::new().await;
    let visitor = world.visitor();
    let fields = [("mail", "mihon@example.jp"), ("feed", "all"), ("cadence", "4")];
    for _ in 0..5 {
        visitor.done("/subscribe/mail", &fields).await;
    }
    assert_eq!(visitor.post("/subscribe/mail", &fields).await.status, StatusCode::TOO_MANY_REQUESTS);
    let link = visitor.post("/subscribe/mail/link", &[("own", "mihon@example.jp")]).await;
    assert_eq!(link.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(world.letters().await.len(), 5);
}

#[tokio::test]
async fn a_weekly_letter_tells_of_eight_days_in_their_order() {
    let world = World::new().await;
    let cleaning = put(&world, &event("1", "見本 海岸清掃", "2026-11-28")).await;
    let mut fair = event("2", "見本 作品展", "2026-11-20");
    fair.span = Span::Days { first: "2026-11-20".parse().unwrap(), last: "2026-11-29".parse().unwrap() };
    fair.place = String::new();
    let fair = put(&world, &fair).await;
    let last = put(&world, &on(&event("3", "見本 {{secret:リンク}} 体操", "2026-12-03"), "2026-12-03T09:30")).await;
    put(&world, &event("4", "見本 九日目", "2026-12-04")).await;
    put(&world, &Draft { public: false, ..event("5", "見本 内緒の集まり", "2026-11-28") }).await;
    put(&world, &Draft { town_key: "mine".to_owned(), ..event("6", "見本 よその町", "2026-11-28") }).await;
    order(&world, "mihon@example.jp", "town/izuhara", Cadence::FIRST).await;
    assert_eq!(send(&world, THURSDAY).await, turn(1, 0));
    let letter = posted(&world, "digest.edition").await.remove(0);
    assert_eq!(letter.subject, "11月26日(木)から12月3日(木)までの予定のお知らせ");
    assert_eq!(letter.state, "queued");
    let site = "https://kyodo.example.jp/events";
    let expected = format!(
        "■ 前から続いている予定\n\n見本 作品展\n　日時: 11月20日(金)から11月29日(日)まで 終日\n　{site}/{fair}\n\n\
        ■ 11月28日(土)\n\n10:00〜12:00 見本 海岸清掃\n　場所: 見本 厳原体育館\n　{site}/{cleaning}\n\n\
        ■ 12月3日(木)\n\n9:30〜11:30 見本 {{ {{secret:リンク}}}} 体操\n　場所: 見本 厳原体育館\n　{site}/{last}"
    );
    assert_eq!(told(&letter), expected);
    assert!(!letter.body.contains("内緒") && !letter.body.contains("よその町"));
}

#[tokio::test]
async fn the_same_week_twice_is_told_once_and_silence_follows_when_nothing_is_new() {
    let world = World::new().await;
    let cleaning = event("1", "見本 海岸清掃", "2026-11-28");
    put(&world, &cleaning).await;
    put(&world, &event("2", "見本 体操", "2026-12-03")).await;
    order(&world, "mihon@example.jp", "all", Cadence::FIRST).await;
    assert_eq!(send(&world, THURSDAY).await, turn(1, 0));
    for later in ["2026-11-26T07:01", "2026-11-27T07:00", "2026-12-02T23:00", "2026-12-03T05:59"] {
        assert_eq!(send(&world, later).await, turn(0, 0), "{later}");
    }
    // Words, title and closing hour change no plans; what was told a week ago is no news today.
    let mut described = event("2", "見本 ラジオ体操", "2026-12-03");
    described.description = "新しい説明".to_owned();
    described.span = Span::Times { starts: moment("2026-12-03T10:00"), ends: Some(moment("2026-12-03T11:00")) };
    store(&world, &described, "2026-11-30T09:00").await;
    assert_eq!(send(&world, "2026-12-03T06:00").await, turn(0, 1));
    // A week later something comes within reach.
    put(&world, &event("3", "見本 音楽会", "2026-12-12")).await;
    assert_eq!(send(&world, "2026-12-10T06:00").await, turn(1, 0));
    assert!(told(&posted(&world, "digest.edition").await[1]).contains("見本 音楽会"));
}

#[tokio::test]
async fn somebody_without_any_event_hears_nothing() {
    let world = World::new().await;
    order(&world, "mihon@example.jp", "town/mine", Cadence::DAILY).await;
    put(&world, &event("1", "見本 海岸清掃", "2026-11-28")).await;
    assert_eq!(send(&world, "2026-11-24T06:00").await, turn(0, 1));
    assert_eq!(posted(&world, "digest.edition").await.len(), 0);
}

#[tokio::test]
async fn a_series_is_told_week_after_week_each_time_once() {
    let world = World::new().await;
    let weekly = Draft { rrule: "FREQ=WEEKLY".to_owned(), ..event("1", "見本 体操", "2026-11-20") };
    put(&world, &weekly).await;
    order(&world, "mihon@example.jp", "all", Cadence::FIRST).await;
    for (day, date) in [("2026-11-26", "11月27日(金)"), ("2026-12-03", "12月4日(金)"), ("2026-12-10", "12月11日(金)")]
    {
        assert_eq!(send(&world, &format!("{day}T06:00")).await, turn(1, 0), "{day}");
        let letter = posted(&world, "digest.edition").await.pop().unwrap();
        assert!(told(&letter).starts_with(&format!("■ {date}\n\n10:00〜12:00 見本 体操")), "{}", letter.body);
        assert_eq!(told(&letter).matches("体操").count(), 1);
    }
}

#[tokio::test]
async fn what_was_told_and_then_cancelled_or_moved_is_told_again_with_both_times() {
    let world = World::new().await;
    let (first, second, third) = (
        event("1", "見本 海岸清掃", "2026-12-03"),
        event("2", "見本 体操", "2026-12-02"),
        event("3", "見本 音楽会", "2026-12-03"),
    );
    let ids = [put(&world, &first).await, put(&world, &second).await, put(&world, &third).await];
    order(&world, "mihon@example.jp", "all", Cadence::DAILY).await;
    order(&world, "mihon@example.jp", "town/izuhara", Cadence::FIRST).await;
    assert_eq!(send(&world, THURSDAY).await, turn(1, 1));
    let stopped = Draft { status: Status::Cancelled, notice: "大雨の\nため".to_owned(), ..first };
    store(&world, &stopped, "2026-11-30T09:00").await;
    store(&world, &on(&second, "2026-12-20T13:00"), "2026-11-30T09:00").await;
    store(&world, &Draft { place: "見本 公園".to_owned(), ..third }, "2026-11-30T09:00").await;
    // Of three changes one was told to nobody on a daily letter, as it was not near then.
    assert_eq!(send(&world, "2026-12-03T06:00").await, turn(2, 0));
    let letters = posted(&world, "digest.edition").await;
    let weekly = letters[1..].iter().find(|letter| letter.body.contains("厳原町")).unwrap();
    assert_eq!(weekly.subject, "12月3日(木)から12月10日(木)までの予定のお知らせ(中止・変更があります)");
    let site = "https://kyodo.example.jp/events";
    let [cleaning, exercise, music] = ids;
    // The second was to be on the day before: its day is over, and nobody is told of a day that is over.
    let expected = format!(
        "■ 中止・変更のお知らせ\n\n\
        【中止】見本 海岸清掃\n　日時: 12月3日(木) 10:00〜12:00\n　場所: 見本 厳原体育館\n　主催者から: 大雨の ため\n　{site}/{cleaning}\n\n\
        【変更】見本 音楽会\n　日時: 12月3日(木) 10:00〜12:00(変わりません)\n　場所の変更前: 見本 厳原体育館\n　場所の変更後: 見本 公園\n　{site}/{music}\n\n\
        ■ 12月3日(木)\n\n\
        【中止】10:00〜12:00 見本 海岸清掃\n　場所: 見本 厳原体育館\n　{site}/{cleaning}\n\n\
        【変更】10:00〜12:00 見本 音楽会\n　場所: 見本 公園\n　{site}/{music}"
    );
    assert_eq!(told(weekly), expected);
    assert!(!weekly.body.contains(&exercise.to_string()));
    assert_eq!(send(&world, "2026-12-10T06:00").await, turn(0, 2), "a change is told once");
}

#[tokio::test]
async fn what_moves_out_of_the_week_is_told_and_told_again_when_its_new_day_comes() {
    let world = World::new().await;
    let cleaning = event("1", "見本 海岸清掃", "2026-12-03");
    put(&world, &cleaning).await;
    order(&world, "mihon@example.jp", "all", Cadence::FIRST).await;
    assert_eq!(send(&world, THURSDAY).await, turn(1, 0));
    store(&world, &on(&cleaning, "2026-12-20T13:00"), "2026-11-30T09:00").await;
    assert_eq!(send(&world, "2026-12-03T06:00").await, turn(1, 0));
    let moved = told(&posted(&world, "digest.edition").await[1]);
    let times = "　変更前: 12月3日(木) 10:00〜12:00\n　変更後: 12月20日(日) 13:00〜15:00\n";
    assert!(moved.starts_with("■ 中止・変更のお知らせ\n\n【変更】見本 海岸清掃\n") && moved.contains(times), "{moved}");
    assert_eq!(send(&world, "2026-12-10T06:00").await, turn(0, 1));
    assert_eq!(send(&world, "2026-12-17T06:00").await, turn(1, 0));
    let letter = posted(&world, "digest.edition").await.pop().unwrap();
    assert!(told(&letter).starts_with("■ 12月20日(日)\n\n13:00〜15:00 見本 海岸清掃"), "{}", letter.body);
}

#[tokio::test]
async fn one_day_of_a_series_is_called_off_and_what_vanishes_is_told_of() {
    let world = World::new().await;
    let weekly = Draft { rrule: "FREQ=WEEKLY".to_owned(), ..event("1", "見本 体操", "2026-11-26") };
    put(&world, &weekly).await;
    let lone = event("2", "見本 海岸清掃", "2026-12-03");
    put(&world, &lone).await;
    order(&world, "mihon@example.jp", "all", Cadence::FIRST).await;
    assert_eq!(send(&world, THURSDAY).await, turn(1, 0));
    let stopped = Draft {
        recurrence_id: "2026-12-03T01:00:00Z".to_owned(),
        rrule: String::new(),
        status: Status::Cancelled,
        ..on(&weekly, "2026-12-03T10:00")
    };
    store(&world, &stopped, "2026-11-30T09:00").await;
    store(&world, &Draft { public: false, ..lone }, "2026-11-30T09:00").await;
    assert_eq!(send(&world, "2026-12-03T06:00").await, turn(1, 0));
    let letter = told(&posted(&world, "digest.edition").await[1]);
    let changes = letter.split("■ 12月3日").next().unwrap();
    assert!(changes.contains("【中止】見本 体操\n　日時: 12月3日(木) 10:00〜12:00"), "{letter}");
    assert!(
        changes.contains("【取り下げ】見本 海岸清掃\n　日時: 12月3日(木) 10:00〜12:00\n　この日の予定は"),
        "{letter}"
    );
    assert_eq!(letter.matches("海岸清掃").count(), 1, "{letter}");
    assert!(letter.contains("■ 12月10日(木)\n\n10:00〜12:00 見本 体操"), "{letter}");
}

#[tokio::test]
async fn what_is_newly_listed_further_ahead_is_told_and_again_when_it_is_near() {
    let world = World::new().await;
    put(&world, &event("1", "見本 前からの予定", "2027-03-01")).await;
    put(&world, &event("2", "見本 体操", "2026-11-28")).await;
    order(&world, "mihon@example.jp", "all", Cadence::FIRST).await;
    assert_eq!(send(&world, THURSDAY).await, turn(1, 0));
    assert!(!posted(&world, "digest.edition").await[0].body.contains("前からの予定"));
    let concert = put(&world, &event("3", "見本 音楽会", "2026-12-20")).await;
    put(&world, &Draft { status: Status::Cancelled, ..event("4", "見本 中止の会", "2026-12-21") }).await;
    assert_eq!(send(&world, "2026-12-03T06:00").await, turn(1, 0));
    let letter = posted(&world, "digest.edition").await.pop().unwrap();
    let expected = format!(
        "■ 新しく載った予定(12月10日(木)より後)\n\n見本 音楽会\n　日時: 12月20日(日) 10:00〜12:00\n　場所: 見本 厳原体育館\n　https://kyodo.example.jp/events/{concert}"
    );
    assert_eq!(told(&letter), expected);
    assert_eq!(send(&world, "2026-12-10T06:00").await, turn(0, 1));
    assert_eq!(send(&world, "2026-12-17T06:00").await, turn(1, 0));
    let near = told(&posted(&world, "digest.edition").await.pop().unwrap());
    assert!(near.starts_with("■ 12月20日(日)\n\n10:00〜12:00 見本 音楽会"), "{near}");
}

#[tokio::test]
async fn a_letter_that_would_be_too_long_says_how_many_more_there_are_and_where() {
    let world = World::new().await;
    for number in 0..43 {
        put(&world, &event(&number.to_string(), &format!("見本 第{number}回"), "2026-11-28")).await;
    }
    order(&world, "mihon@example.jp", "town/izuhara", Cadence::FIRST).await;
    assert_eq!(send(&world, THURSDAY).await, turn(1, 0));
    let letter = told(&posted(&world, "digest.edition").await[0]);
    assert_eq!(letter.matches("見本 第").count(), 40);
    let list = "/events?view=list&from=2026-11-26&to=2026-12-03&town=izuhara";
    assert!(letter.ends_with(&format!("ほかに3件あります。すべての一覧:\nhttps://kyodo.example.jp{list}")), "{letter}");
    assert!(world.page(list).await.contains("見本 第42回"));
    // What was cut was counted, and is no news a day later.
    assert_eq!(send(&world, "2026-11-27T06:00").await, turn(0, 0));
}

#[tokio::test]
async fn a_night_without_the_site_sends_once_and_not_before_the_morning() {
    let world = World::new().await;
    put(&world, &event("1", "見本 海岸清掃", "2026-11-28")).await;
    put(&world, &event("2", "見本 体操", "2026-12-05")).await;
    order(&world, "weekly@example.jp", "all", Cadence::FIRST).await;
    order(&world, "daily@example.jp", "all", Cadence::DAILY).await;
    // Nothing ran from Monday to the night before Saturday.
    assert_eq!(send(&world, "2026-11-28T03:00").await, turn(0, 0));
    assert_eq!(send(&world, "2026-11-28T06:00").await, turn(2, 0));
    let subjects: Vec<String> =
        posted(&world, "digest.edition").await.into_iter().map(|letter| letter.subject).collect();
    assert!(subjects.contains(&"11月28日(土)から12月5日(土)までの予定のお知らせ".to_owned()), "{subjects:?}");
    assert!(subjects.contains(&"11月28日(土)から11月29日(日)までの予定のお知らせ".to_owned()), "{subjects:?}");
    assert_eq!(send(&world, "2026-11-28T06:01").await, turn(0, 0));
    // The next Thursday is a Thursday like any other: the week of it was told two days early.
    assert_eq!(send(&world, "2026-12-03T06:00").await, turn(0, 2));
}

#[tokio::test]
async fn the_hour_is_the_citys_and_a_confirmed_order_waits_for_its_day() {
    let world = World::new().await;
    put(&world, &event("1", "見本 海岸清掃", "2026-11-28")).await;
    let admin = world.admin().await;
    let page = admin.page("/staff/settings/rules").await;
    let mut fields = crate::faults::fields(&page);
    fields.retain(|(name, _)| name != "digest.hour");
    fields.push(("digest.hour".to_owned(), "18".to_owned()));
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    admin.done("/staff/settings/rules", &fields).await;
    world.app.revisions().await.unwrap();
    order(&world, "mihon@example.jp", "all", Cadence::FIRST).await;
    assert_eq!(send(&world, "2026-11-25T19:00").await, turn(0, 0), "no Thursday");
    assert_eq!(send(&world, "2026-11-26T17:59").await, turn(0, 0), "not the hour");
    assert_eq!(send(&world, "2026-11-26T18:00").await, turn(1, 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn several_replicas_share_the_work_and_every_reader_gets_one_letter() {
    let world = World::new().await;
    put(&world, &event("1", "見本 海岸清掃", "2026-11-28")).await;
    let (slot, mut mails) = ("2026-11-19".parse().unwrap(), Vec::new());
    for number in 0..250 {
        let mail = format!("mihon{number:03}@example.jp");
        let reader = digest::ensure_reader(world.db(), &mail, now()).await.unwrap();
        digest::subscribe(world.db(), reader.id, ("all", Cadence::FIRST), slot, now()).await.unwrap();
        mails.push(mail);
    }
    let (one, other) = (at(&world, THURSDAY).await, at(&world, THURSDAY).await);
    let (one, other) = tokio::join!(
        tokio::spawn(async move { digest::send_due(&one).await.unwrap() }),
        tokio::spawn(async move { digest::send_due(&other).await.unwrap() })
    );
    assert_eq!(one.unwrap().letters + other.unwrap().letters, 250);
    let letters = posted(&world, "digest.edition").await;
    let mut to: Vec<String> = letters.iter().map(|letter| letter.to_mail.clone()).collect();
    to.sort();
    assert_eq!(to, mails);
    let secrets: std::collections::HashSet<String> =
        letters.iter().map(|letter| letter.secret("unsubscribe")).collect();
    assert_eq!(secrets.len(), 250, "each has a link of their own");
    // What they remember is one row for all of them.
    assert_eq!(count(&world, "digest_states").await, 2);
}

#[tokio::test]
async fn one_click_stops_a_letter_through_a_real_mail_server_and_looking_stops_nothing() {
    let world = World::new().await;
    put(&world, &event("1", "見本 海岸清掃", "2026-11-28")).await;
    order(&world, "mihon@example.jp", "all", Cadence::FIRST).await;
    order(&world, "mihon@example.jp", "town/izuhara", Cadence::FIRST).await;
    assert_eq!(send(&world, THURSDAY).await, turn(2, 0));
    let smtp = Smtp::start(world.folder(), &[]);
    let clock = Clock::Fixed(moment(THURSDAY));
    Courier::new(world.db().clone(), smtp.post(), &world.app.config.base_url, clock).carry_due().await;
    let taken = smtp.taken();
    let letter = taken.iter().find(|letter| letter.text.starts_with("「すべての予定」のお知らせメールです。")).unwrap();
    assert_eq!(letter.headers["list-unsubscribe-post"], "List-Unsubscribe=One-Click");
    assert_eq!(letter.headers["list-id"], "<digest.kyodo.example.jp>");
    let ways: Vec<&str> = letter.headers["list-unsubscribe"].split(", ").collect();
    let url = ways[0].trim_matches(['<', '>']);
    let path = url.trim_start_matches("https://kyodo.example.jp");
    let token = path.trim_start_matches("/subscribe/mail/").trim_end_matches("/end");
    assert_eq!(ways[1], format!("<mailto:kyodo@city.example.jp?subject=unsubscribe%20{token}>"));
    assert!(
        letter.text.replace("\r\n", "\n").ends_with(&format!("次のページで止められます。\n{url}\n")),
        "{}",
        letter.text
    );
    assert!(
        letter.text.contains(&format!("https://kyodo.example.jp/subscribe/mail/{token}\r\n"))
            || letter.text.contains(&format!("https://kyodo.example.jp/subscribe/mail/{token}\n"))
    );
    assert!(letter.defects.is_empty(), "{:?}", letter.defects);
    // A scanner looks; nothing happens.
    let page = world.page(path).await;
    assert!(page.contains("「すべての予定」のお知らせメール(毎週木曜日)"), "{page}");
    assert_eq!(count(&world, "digest_subscriptions").await, 2);
    let post = || {
        let request = Request::post(path).header("content-type", "application/x-www-form-urlencoded");
        world.ask(request.body(Body::from("List-Unsubscribe=One-Click")).unwrap())
    };
    assert_eq!(post().await.status, StatusCode::OK);
    assert_eq!(count(&world, "digest_subscriptions").await, 1);
    assert_eq!(post().await.status, StatusCode::OK, "a provider may try again");
    assert!(world.page(path).await.contains("このメールは止まっています"));
    assert_eq!(count(&world, "digest_subscriptions").await, 1, "the other one goes on");
}

#[tokio::test]
async fn a_mail_that_asks_for_it_stops_a_letter_and_leaves_no_secret_behind() {
    let world = World::new().await;
    put(&world, &event("1", "見本 海岸清掃", "2026-11-28")).await;
    order(&world, "mihon@example.jp", "all", Cadence::FIRST).await;
    order(&world, "mihon@example.jp", "town/izuhara", Cadence::FIRST).await;
    send(&world, THURSDAY).await;
    let token = posted(&world, "digest.edition").await[0].secret("unsubscribe");
    let mail = |id: &str, token: &str| {
        format!("From: tensou@example.jp\r\nTo: kyodo@city.example.jp\r\nSubject: unsubscribe {token}\r\nMessage-ID: <{id}@x>\r\n\r\n\r\n")
            .into_bytes()
    };
    let take = |bytes: Vec<u8>| {
        let world = &world;
        async move { inbound::take(world.db(), &bytes, Channel::Pipe, TAKERS, (ZONE, now())).await.unwrap() }
    };
    assert_eq!(take(mail("1", &token)).await, Taken::Stored(Outcome::Taken));
    assert_eq!(count(&world, "digest_subscriptions").await, 1);
    assert_eq!(take(mail("2", &token)).await, Taken::Stored(Outcome::Taken));
    let forged = "x".repeat(43);
    assert_eq!(take(mail("3", &forged)).await, Taken::Stored(Outcome::Ignored));
    assert_eq!(take(mail("4", "それはなに")).await, Taken::Stored(Outcome::Written), "a person wrote it");
    let sql = "SELECT subject, head, reason FROM inbound_mails WHERE message_id = '<1@x>'";
    let row = world.db().query_one_raw(db::statement(world.db().get_database_backend(), sql, vec![])).await;
    let row = row.unwrap().unwrap();
    let text = |name: &str| row.try_get::<String>("", name).unwrap();
    assert_eq!(
        (text("subject"), text("reason")),
        ("unsubscribe ●●●●".to_owned(), "お知らせメールを止めました。".to_owned())
    );
    assert!(!text("head").contains(&token), "{}", text("head"));
}

#[tokio::test]
async fn a_reader_changes_the_day_rests_goes_on_and_is_forgotten() {
    let world = World::new().await;
    put(&world, &event("1", "見本 海岸清掃", "2026-11-28")).await;
    let own = order(&world, "mihon@example.jp", "all", Cadence::FIRST).await;
    let visitor = world.visitor();
    let page = visitor.page(&own).await;
    let id = page.split(&format!("{own}/digests/")).nth(1).unwrap().split('"').next().unwrap().to_owned();
    let act = format!("{own}/digests/{id}");
    assert_eq!(visitor.done(&act, &[("act", "move"), ("cadence", "5")]).await, format!("{own}?done=moved"));
    assert!(visitor.page(&own).await.contains("次は 令和8年11月27日(金) 6時ごろです。"));
    assert_eq!(send(&world, THURSDAY).await, turn(0, 0));
    assert_eq!(visitor.done(&act, &[("act", "pause")]).await, format!("{own}?done=paused"));
    assert!(visitor.page(&own).await.contains("お休み中"));
    assert_eq!(send(&world, "2026-11-27T07:00").await, turn(0, 0));
    assert_eq!(visitor.done(&act, &[("act", "resume")]).await, format!("{own}?done=resumed"));
    assert_eq!(send(&world, "2026-11-27T07:00").await, turn(1, 0));
    assert_eq!(visitor.post(&act, &[("act", "explode")]).await.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    // Nobody else's link changes anything of it.
    let other = order(&world, "hoka@example.jp", "all", Cadence::FIRST).await;
    assert_eq!(visitor.done(&format!("{other}/digests/{id}"), &[("act", "end")]).await, format!("{other}?done=over"));
    assert_eq!(count(&world, "digest_subscriptions").await, 2);
    assert_eq!(visitor.done(&format!("{own}/forgetting"), &[]).await, "/subscribe/mail?done=forgotten");
    assert_eq!(visitor.get(&own).await.status, StatusCode::GONE);
    assert!(
        world.letters().await.iter().all(|letter| letter.to_mail == "hoka@example.jp"),
        "no letter keeps the address"
    );
    assert_eq!((count(&world, "digest_readers").await, count(&world, "digest_subscriptions").await), (1, 1));
    assert_eq!(visitor.post(&act, &[("act", "end")]).await.status, StatusCode::GONE);
}

#[tokio::test]
async fn the_last_thing_that_ends_takes_the_address_with_it() {
    let world = World::new().await;
    let entry = put(&world, &event("1", "見本 海岸清掃", "2026-11-28")).await;
    let own = star(&world, "mihon@example.jp", entry).await;
    let visitor = world.visitor();
    let page = visitor.page(&own).await;
    assert!(page.contains("見本 海岸清掃") && page.contains("令和8年11月28日(土)まで"), "{page}");
    let act = page.split(&format!("{own}/stars/")).nth(1).unwrap().split('"').next().unwrap().to_owned();
    assert_eq!(visitor.done(&format!("{own}/stars/{act}"), &[]).await, "/subscribe/mail?done=forgotten");
    assert_eq!((count(&world, "digest_readers").await, world.letters().await.len()), (0, 0));
}

#[tokio::test]
async fn a_cancelled_or_moved_event_is_told_at_once_to_those_who_starred_it_and_only_once() {
    let world = World::new().await;
    let cleaning = event("1", "見本 海岸清掃", "2026-11-28");
    let entry = put(&world, &cleaning).await;
    let page = world.page(&format!("/events/{entry}")).await;
    assert!(page.contains(&format!("/subscribe/mail?entry={entry}")), "{page}");
    assert!(world.page(&format!("/subscribe/mail?entry={entry}")).await.contains("中止や変更をメールで受け取る"));
    star(&world, "mihon@example.jp", entry).await;
    let other = put(&world, &event("2", "見本 体操", "2026-11-28")).await;
    star(&world, "hoka@example.jp", other).await;
    let tell = async |local: &str| digest::tell_starred(&at(&world, local).await).await.unwrap();
    assert_eq!(tell("2026-11-24T09:00").await, 0);
    store(&world, &Draft { title: "見本 海岸の清掃".to_owned(), ..cleaning.clone() }, "2026-11-24T09:00").await;
    assert_eq!(tell("2026-11-24T09:01").await, 0, "a title changes no plans");
    store(&world, &on(&cleaning, "2026-11-29T13:00"), "2026-11-24T10:00").await;
    assert_eq!(tell("2026-11-24T10:01").await, 1);
    assert_eq!(tell("2026-11-24T10:02").await, 0);
    let letter = posted(&world, "digest.notice").await.remove(0);
    assert_eq!((letter.to_mail.as_str(), letter.subject.as_str()), ("mihon@example.jp", "【変更】見本 海岸清掃"));
    let times = "　変更前: 11月28日(土) 10:00〜12:00\n　変更後: 11月29日(日) 13:00〜15:00\n";
    assert!(letter.body.contains(times), "{}", letter.body);
    let stopped = Draft { status: Status::Cancelled, ..on(&cleaning, "2026-11-29T13:00") };
    store(&world, &stopped, "2026-11-25T10:00").await;
    assert_eq!(tell("2026-11-25T10:01").await, 1);
    store(&world, &on(&cleaning, "2026-11-29T13:00"), "2026-11-26T10:00").await;
    assert_eq!(tell("2026-11-26T10:01").await, 1);
    let subjects: Vec<String> =
        posted(&world, "digest.notice").await.into_iter().map(|letter| letter.subject).collect();
    assert_eq!(subjects[1..], ["【中止】見本 海岸清掃", "【開催】見本 海岸清掃"]);
}

#[tokio::test]
async fn one_day_of_a_starred_series_is_called_off_and_then_the_whole_of_it() {
    let world = World::new().await;
    let weekly = Draft { rrule: "FREQ=WEEKLY;COUNT=30".to_owned(), ..event("1", "見本 体操", "2026-11-26") };
    let entry = put(&world, &weekly).await;
    star(&world, "mihon@example.jp", entry).await;
    let stopped = Draft {
        recurrence_id: "2026-12-03T01:00:00Z".to_owned(),
        rrule: String::new(),
        status: Status::Cancelled,
        ..on(&weekly, "2026-12-03T10:00")
    };
    store(&world, &stopped, "2026-11-24T09:00").await;
    let tell = async |local: &str| digest::tell_starred(&at(&world, local).await).await.unwrap();
    assert_eq!(tell("2026-11-24T09:01").await, 1);
    let letter = posted(&world, "digest.notice").await.remove(0);
    assert!(letter.body.contains("【中止】見本 体操\n　日時: 12月3日(木) 10:00〜12:00"), "{}", letter.body);
    assert_eq!(letter.body.matches("【中止】").count(), 1);
    store(&world, &Draft { status: Status::Cancelled, ..weekly }, "2026-11-25T09:00").await;
    assert_eq!(tell("2026-11-25T09:01").await, 1);
    let letter = posted(&world, "digest.notice").await.remove(1);
    assert_eq!(letter.body.matches("【中止】").count(), 20, "{}", letter.body);
    assert!(letter.body.contains("ほかに9件あります。"), "{}", letter.body);
}

#[tokio::test]
async fn a_star_ends_with_its_day_and_the_address_is_forgotten() {
    let world = World::new().await;
    let entry = put(&world, &event("1", "見本 海岸清掃", "2026-11-28")).await;
    star(&world, "mihon@example.jp", entry).await;
    digest::sweep(&at(&world, "2026-11-28T23:00").await).await.unwrap();
    assert_eq!(count(&world, "digest_stars").await, 1);
    digest::sweep(&at(&world, "2026-11-29T00:00").await).await.unwrap();
    assert_eq!((count(&world, "digest_stars").await, count(&world, "digest_readers").await), (0, 0));
    assert_eq!(world.letters().await.len(), 0);
    let late = at(&world, "2026-11-29T09:00").await;
    let request = Request::get(format!("/subscribe/mail?entry={entry}")).body(Body::empty()).unwrap();
    let answer = tower::ServiceExt::oneshot(late.router(), request).await.unwrap();
    let bytes = axum::body::to_bytes(answer.into_body(), usize::MAX).await.unwrap();
    assert!(String::from_utf8_lossy(&bytes).contains("この予定は、終わったか、掲載がなくなりました。"));
}

#[tokio::test]
async fn an_order_that_nobody_confirms_is_forgotten_with_its_letter() {
    let world = World::new().await;
    let fields = [("mail", "mihon@example.jp"), ("feed", "all"), ("cadence", "4")];
    world.visitor().done("/subscribe/mail", &fields).await;
    let own = path(&world.letters().await[0]);
    digest::sweep(&at(&world, "2026-11-30T08:59").await).await.unwrap();
    assert_eq!((count(&world, "digest_orders").await, world.letters().await.len()), (1, 1));
    digest::sweep(&at(&world, "2026-11-30T09:01").await).await.unwrap();
    assert_eq!((count(&world, "digest_orders").await, world.letters().await.len()), (0, 0));
    assert_eq!(world.visitor().get(&own).await.status, StatusCode::GONE);
    assert_eq!(world.visitor().post(&format!("{own}/confirmation"), &[]).await.status, StatusCode::GONE);
}

#[tokio::test]
async fn an_address_that_returns_three_letters_in_a_row_is_left_alone_until_its_owner_comes_back() {
    let world = World::new().await;
    let own = order(&world, "mihon@example.jp", "all", Cadence::DAILY).await;
    order(&world, "hoka@example.jp", "all", Cadence::DAILY).await;
    let smtp = Smtp::start(world.folder(), &["--answer", "mihon=550 5.1.1 No such user"]);
    for day in 24..=26 {
        put(&world, &event(&day.to_string(), &format!("見本 {day}日の会"), &format!("2026-11-{day}"))).await;
        let local = format!("2026-11-{day}T07:00");
        assert_eq!(send(&world, &local).await, turn(2, 0));
        digest::sweep(&at(&world, &local).await).await.unwrap();
        assert!(!world.page(&own).await.contains("止めています"), "{day}");
        let clock = Clock::Fixed(moment(&local));
        Courier::new(world.db().clone(), smtp.post(), &world.app.config.base_url, clock).carry_due().await;
    }
    assert_eq!(kyodo::mail::waiting(world.db(), 10).await.unwrap().0, 0, "nobody of the office has to look");
    digest::sweep(&at(&world, "2026-11-26T08:00").await).await.unwrap();
    assert!(world.page(&own).await.contains("メールが届かないため、止めています"));
    put(&world, &event("27", "見本 27日の会", "2026-11-27")).await;
    assert_eq!(send(&world, "2026-11-27T07:00").await, turn(1, 0), "only to the other one");
    let trail = world.staff().await.page("/staff/audit").await;
    assert!(trail.contains("お知らせメールの停止") && trail.contains("mi***@example.jp") && !trail.contains("mihon@"));
    let page = world.page(&own).await;
    let id = page.split(&format!("{own}/digests/")).nth(1).unwrap().split('"').next().unwrap().to_owned();
    world.visitor().done(&format!("{own}/digests/{id}"), &[("act", "resume")]).await;
    digest::sweep(&at(&world, "2026-11-27T08:00").await).await.unwrap();
    assert!(!world.page(&own).await.contains("止めています"), "what came back before counts no more");
}

#[tokio::test]
async fn the_office_sees_numbers_and_an_administrator_ends_an_address_on_request() {
    let world = World::new().await;
    order(&world, "mihon@example.jp", "town/izuhara", Cadence::FIRST).await;
    order(&world, "mihon@example.jp", "all", Cadence::DAILY).await;
    order(&world, "hoka@example.jp", "all", Cadence::DAILY).await;
    let staff = world.staff().await;
    let page = staff.page("/staff/digests").await;
    assert!(page.contains("厳原町の予定") && page.contains("3件"), "{page}");
    assert!(!page.contains("example.jp") && !page.contains("ご本人に頼まれて"), "{page}");
    assert_eq!(staff.post("/staff/digests", &[("mail", "mihon@example.jp")]).await.status, StatusCode::NOT_FOUND);
    let admin = world.admin().await;
    let unknown = admin.post("/staff/digests", &[("mail", "nai@example.jp")]).await;
    assert_eq!(unknown.status, StatusCode::UNPROCESSABLE_ENTITY);
    let found = admin.post("/staff/digests", &[("mail", "MIHON@example.jp")]).await.text();
    assert!(found.contains("厳原町の予定 毎週木曜日") && found.contains("すべての予定 毎日"), "{found}");
    let act = found.split("action=\"/staff/digests/").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let act = format!("/staff/digests/{act}");
    let lacking = admin.post(&act, &[("channel", "")]).await;
    assert_eq!(lacking.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(admin.done(&act, &[("channel", "phone"), ("reason", "本人から")]).await, "/staff/digests?done=ended");
    assert_eq!(admin.done(&act, &[("channel", "phone")]).await, "/staff/digests?done=gone");
    assert_eq!((count(&world, "digest_readers").await, count(&world, "digest_subscriptions").await), (1, 1));
    let trail = admin.page("/staff/audit").await;
    assert!(trail.contains("お知らせメールの終了") && trail.contains("mi***@example.jp"), "{trail}");
    assert!(!trail.contains("mihon@example.jp"));
}

#[tokio::test]
async fn letters_links_and_memories_of_long_ago_are_forgotten() {
    let world = World::new().await;
    put(&world, &event("1", "見本 海岸清掃", "2026-11-28")).await;
    let own = order(&world, "mihon@example.jp", "all", Cadence::FIRST).await;
    send(&world, THURSDAY).await;
    let smtp = Smtp::start(world.folder(), &[]);
    let clock = Clock::Fixed(moment(THURSDAY));
    Courier::new(world.db().clone(), smtp.post(), &world.app.config.base_url, clock).carry_due().await;
    digest::sweep(&at(&world, "2026-12-20T09:00").await).await.unwrap();
    assert_eq!((world.letters().await.len(), count(&world, "digest_ways").await), (2, 2));
    digest::sweep(&at(&world, "2026-12-27T09:00").await).await.unwrap();
    assert_eq!((world.letters().await.len(), count(&world, "digest_ways").await), (0, 2));
    assert_eq!(count(&world, "digest_states").await, 2, "what a reader was told is kept");
    assert_eq!(world.visitor().get(&own).await.status, StatusCode::OK);
    digest::sweep(&at(&world, "2027-06-01T09:00").await).await.unwrap();
    assert_eq!(count(&world, "digest_ways").await, 0);
    assert_eq!(world.visitor().get(&own).await.status, StatusCode::GONE);
    world.visitor().done("/subscribe/mail/link", &[("own", "mihon@example.jp")]).await;
    assert!(world.visitor().page(&path(world.letters().await.last().unwrap())).await.contains("毎週木曜日"));
}

#[tokio::test]
async fn what_is_shown_as_one_with_another_event_is_no_news_and_keeps_its_star() {
    let world = World::new().await;
    let (one, two) = (event("1", "見本 海岸清掃", "2026-12-03"), event("2", "見本 海岸の清掃", "2026-12-03"));
    let (lead, other) = (put(&world, &one).await, put(&world, &two).await);
    order(&world, "mihon@example.jp", "all", Cadence::FIRST).await;
    star(&world, "hoshi@example.jp", other).await;
    assert_eq!(send(&world, THURSDAY).await, turn(1, 0));
    let (city, now) = (world.app.city(), moment("2026-11-27T09:00"));
    let desk = Desk { city: &city, host: "kyodo.example.jp", now, today: "2026-11-27".parse().unwrap() };
    let transaction = db::begin(world.db()).await.unwrap();
    let actor = kyodo::audit::Actor::named("試験");
    calendar::union::merge(&transaction, &desk, (lead, &[other]), (&actor, false)).await.unwrap();
    transaction.commit().await.unwrap();
    let tell = async |local: &str| digest::tell_starred(&at(&world, local).await).await.unwrap();
    assert_eq!((tell("2026-11-27T09:01").await, tell("2026-11-27T09:02").await), (0, 0), "nothing has changed");
    order(&world, "daily@example.jp", "all", Cadence::DAILY).await;
    assert_eq!(send(&world, "2026-12-02T06:00").await, turn(1, 0), "the daily reader was told of neither");
    let letter = posted(&world, "digest.edition").await.pop().unwrap();
    assert_eq!(told(&letter).matches("清掃").count(), 1, "{}", letter.body);
    assert_eq!(send(&world, "2026-12-03T06:00").await, turn(0, 2), "both were told of what is one now");
    store(&world, &Draft { status: Status::Cancelled, ..one }, "2026-12-03T07:00").await;
    assert_eq!(tell("2026-12-03T07:01").await, 1);
    let notice = posted(&world, "digest.notice").await.pop().unwrap();
    assert!(notice.to_mail == "hoshi@example.jp" && notice.body.contains("【中止】見本 海岸清掃"), "{}", notice.body);
}
