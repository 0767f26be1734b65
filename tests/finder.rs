//! Looking for a day in a whole town: what the groups have on elsewhere, who may see of it what, and how much is read.

use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};

use chrono::{DateTime, Days, NaiveDate, Utc};
use kyodo::calendar::{self, Span};
use kyodo::groups::Duty;
use kyodo::meetings::finder::{self, Findings, Invited, Place, Sight, Verdict, Wish};
use kyodo::seed;
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, DbErr, ExecResult, QueryResult, Statement};
use uuid::Uuid;

use crate::meetings::{DAY, form};
use crate::world::{Browser, World, now, today};

/// A connection that counts what it is asked.
struct Counting<'a>(&'a DatabaseConnection, AtomicUsize);

type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T, DbErr>> + Send + 'a>>;

impl ConnectionTrait for Counting<'_> {
    fn get_database_backend(&self) -> DbBackend {
        self.0.get_database_backend()
    }

    fn execute_raw<'life0, 'async_trait>(&'life0 self, asked: Statement) -> Answer<'async_trait, ExecResult>
    where
        'life0: 'async_trait,
        Self: 'async_trait,
    {
        self.1.fetch_add(1, Ordering::Relaxed);
        self.0.execute_raw(asked)
    }

    fn execute_unprepared<'life0, 'life1, 'async_trait>(
        &'life0 self,
        asked: &'life1 str,
    ) -> Answer<'async_trait, ExecResult>
    where
        'life0: 'async_trait,
        'life1: 'async_trait,
        Self: 'async_trait,
    {
        self.1.fetch_add(1, Ordering::Relaxed);
        self.0.execute_unprepared(asked)
    }

    fn query_one_raw<'life0, 'async_trait>(&'life0 self, asked: Statement) -> Answer<'async_trait, Option<QueryResult>>
    where
        'life0: 'async_trait,
        Self: 'async_trait,
    {
        self.1.fetch_add(1, Ordering::Relaxed);
        self.0.query_one_raw(asked)
    }

    fn query_all_raw<'life0, 'async_trait>(&'life0 self, asked: Statement) -> Answer<'async_trait, Vec<QueryResult>>
    where
        'life0: 'async_trait,
        Self: 'async_trait,
    {
        self.1.fetch_add(1, Ordering::Relaxed);
        self.0.query_all_raw(asked)
    }
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

async fn town() -> World {
    let world = World::new().await;
    seed::reference(world.db(), now()).await.unwrap();
    world.app.revisions().await.unwrap();
    world
}

/// Convenes a meeting of these groups; its identifier.
async fn convene(staff: &Browser<'_>, groups: &[Uuid], number: usize, more: &[(&str, &str)]) -> Uuid {
    let groups: Vec<String> = groups.iter().map(Uuid::to_string).collect();
    let own = format!("01936d00-0000-7000-8000-{number:012}");
    let fields = [&[("items", ""), ("id", own.as_str())], more].concat();
    let led = staff.done("/meetings/new", &form(&groups, &fields)).await;
    led.strip_prefix("/meetings/").unwrap().split('/').next().unwrap().parse().unwrap()
}

/// What is found for a group on one day.
async fn found(world: &World, group: Uuid, meeting: Uuid, sight: &Sight) -> Findings {
    let on = day("2026-12-16");
    let invited = vec![Invited { id: group, required: true }];
    let wish = Wish { place: Place::Town("izuhara".to_owned()), meeting: Some(meeting), ..Wish::new(on, on, invited) };
    finder::find(world.db(), &world.app.city(), wish, sight, today()).await.unwrap()
}

fn told(findings: &Findings, minute: u32) -> String {
    match findings.start(day("2026-12-16"), minute).unwrap().verdict() {
        Verdict::Rejected { reasons, .. } => reasons.iter().map(ToString::to_string).collect(),
        Verdict::Possible(found) => found.points.iter().map(ToString::to_string).collect(),
    }
}

#[tokio::test]
async fn a_group_that_is_invited_elsewhere_is_busy_with_the_way_and_a_day_it_is_only_asked_about_is_told() {
    let world = town().await;
    let (staff, sea) = (world.staff().await, world.group("見本 海の会", "ウミノカイ").await);
    let other = convene(&staff, &[sea], 1, &[("title", "見本 北の会議"), ("town", "kamitsushima")]).await;
    let own = convene(&staff, &[sea], 2, &[]).await;
    let candidate = [("on", "2026-12-16"), ("begins", "10:00"), ("place", "見本会館")];
    staff.done(&format!("/meetings/{other}/dates"), &candidate).await;
    let asked = found(&world, sea, own, &Sight::Staff).await;
    assert!(told(&asked, 600).contains("「見本 北の会議」の候補日になっています"), "{}", told(&asked, 600));
    staff.done(&format!("/meetings/{other}/day"), &[&DAY[..], &[("town", "kamitsushima")]].concat()).await;
    let fixed = found(&world, sea, own, &Sight::Staff).await;
    assert!(!fixed.start(day("2026-12-16"), 600).unwrap().is_possible());
    // It ends at 11:30 in the north, 135 minutes away.
    let way = told(&fixed, 13 * 60);
    assert!(way.contains("「見本 北の会議」") && way.contains("会場まで135分かかるため間に合いません"), "{way}");
    assert!(fixed.start(day("2026-12-16"), 14 * 60).unwrap().is_possible());
    let admin = world.admin().await;
    let changed = [("travel.kamitsushima.izuhara", "150"), ("was.travel.kamitsushima.izuhara", "135")];
    admin.done("/staff/settings/travel", &changed).await;
    world.app.revisions().await.unwrap();
    let slower = found(&world, sea, own, &Sight::Staff).await;
    assert!(told(&slower, 13 * 60).contains("会場まで150分かかるため"), "the city's own minutes count at once");
    admin.done("/staff/settings/travel", &[("reset", "all")]).await;
    world.app.revisions().await.unwrap();
    let itself = found(&world, sea, other, &Sight::Staff).await;
    assert!(itself.start(day("2026-12-16"), 600).unwrap().is_possible(), "a meeting is not in its own way");
    let sql = format!(
        "INSERT INTO meeting_replies (id, meeting_id, seat_id, answer, people, delegates, proxy, opinion, names_public,
        channel, said_by, written_by, sequence, answered_at, latest) SELECT s.id, s.meeting_id, s.id, 'absent', 0, '', '', '',
        FALSE, 'screen', '', '', 0, '2026-11-23T00:00:00Z', TRUE FROM meeting_seats s JOIN meetings m ON m.id = s.meeting_id
        WHERE m.title = '見本 北の会議' AND s.group_id = {}",
        literal(&world, sea)
    );
    world.db().execute_unprepared(&sql).await.unwrap();
    let free = found(&world, sea, own, &Sight::Staff).await;
    assert!(free.start(day("2026-12-16"), 600).unwrap().is_possible(), "a group that does not go there is free");
}

/// An identifier as it stands in the database's own text.
fn literal(world: &World, id: Uuid) -> String {
    match world.db().get_database_backend() {
        DbBackend::Sqlite => format!("x'{}'", id.simple()),
        _ => format!("'{id}'"),
    }
}

#[tokio::test]
async fn a_member_who_convenes_learns_of_what_others_do_not_show_only_that_they_cannot_come() {
    let world = town().await;
    let (sea, forest) =
        (world.group("見本 海の会", "ウミノカイ").await, world.group("見本 森の会", "モリノカイ").await);
    world.join(forest, "mori@example.jp", Duty::Member).await;
    let (staff, member) = (world.staff().await, world.member("mori@example.jp").await);
    let starts: DateTime<Utc> = "2026-12-16T01:00:00Z".parse().unwrap();
    let span = Span::Times { starts, ends: Some(starts + chrono::Duration::hours(5)) };
    let mut hidden = calendar::Draft::new("test", "1", "見本 内緒の集まり", span, world.app.city().profile.zone);
    (hidden.group_id, hidden.public, hidden.town_key) = (Some(sea), false, "kamitsushima".to_owned());
    let city = world.app.city();
    let desk = calendar::Desk { city: &city, host: "kyodo.example.jp", now: now(), today: today() };
    calendar::store(world.db(), &desk, &hidden).await.unwrap();
    let closed = convene(&staff, &[sea], 1, &[("title", "見本 内輪の会議"), ("public", "")]).await;
    let later = [("on", "2026-12-23"), DAY[0], DAY[2], DAY[3], DAY[4]];
    staff.done(&format!("/meetings/{closed}/day"), &later).await;
    let forest_text = forest.to_string();
    let sea_text = sea.to_string();
    let more = [
        ("convener", forest_text.as_str()),
        ("required", sea_text.as_str()),
        ("first_day", "2026-12-16"),
        ("last_day", "2026-12-23"),
        ("closes", "12:00"),
    ];
    let own = convene(&member, &[sea, forest], 2, &more).await;
    let page = member.page(&format!("/meetings/{own}/finding")).await;
    assert!(page.contains("「見本 海の会」は都合がつかないため参加できません。"), "{page}");
    for secret in ["内緒の集まり", "内輪の会議", "別の予定", "上対馬町です", "見本会館"] {
        assert!(!page.contains(secret), "{secret}: {page}");
    }
    let seen = staff.page(&format!("/meetings/{own}/finding")).await;
    assert!(seen.contains("内緒の集まり") && seen.contains("内輪の会議"), "{seen}");
}

#[tokio::test]
async fn more_than_two_thousand_entries_are_all_read_with_as_many_questions_as_few() {
    let world = town().await;
    let mut groups = Vec::new();
    for number in 0..12 {
        groups.push(world.group(&format!("見本 {number}の会"), "ミホン").await);
    }
    let city = world.app.city();
    let desk = calendar::Desk { city: &city, host: "kyodo.example.jp", now: now(), today: today() };
    let transaction = kyodo::db::begin(world.db()).await.unwrap();
    let starts: DateTime<Utc> = "2026-11-30T23:00:00Z".parse().unwrap();
    for number in 0..7 {
        let span = Span::Times { starts, ends: Some(starts + chrono::Duration::minutes(30)) };
        let title = format!("見本 毎日の体操 {number}");
        let mut daily = calendar::Draft::new("test", &number.to_string(), &title, span, city.profile.zone);
        daily.rrule = "FREQ=DAILY;COUNT=320".to_owned();
        calendar::store(&transaction, &desk, &daily).await.unwrap();
    }
    let last = day("2027-10-13");
    let span = Span::Days { first: last, last };
    let mut busy = calendar::Draft::new("test", "last", "見本 最後の行事", span, city.profile.zone);
    busy.group_id = Some(groups[0]);
    calendar::store(&transaction, &desk, &busy).await.unwrap();
    transaction.commit().await.unwrap();
    let look = async |count: usize| {
        let invited = groups.iter().take(count).map(|id| Invited { id: *id, required: true }).collect();
        let wish = Wish::new(day("2026-12-01"), day("2027-10-14"), invited);
        let counting = Counting(world.db(), AtomicUsize::new(0));
        let findings = finder::find(&counting, &city, wish, &Sight::Staff, today()).await.unwrap();
        (findings, counting.1.into_inner())
    };
    let (findings, asked) = look(12).await;
    assert_eq!(findings.known().engagements.len(), 7 * 319 + 1, "from a day before to a day after");
    assert!(findings.starts_on(last).all(|start| !start.is_possible()));
    assert!(findings.starts_on(last + Days::new(1)).any(|start| start.is_possible()));
    assert_eq!(asked, 3);
    assert_eq!(look(1).await.1, asked);
}
