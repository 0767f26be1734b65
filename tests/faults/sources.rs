//! Sources while the site is killed: each is as before its reading or as after it, never in between.

use std::sync::Arc;

use kyodo::aggregation::{Asked, Draft, Room, State, approve, find};
use kyodo::audit::Actor;
use kyodo::db;
use sea_orm::ConnectionTrait;

use super::{number, one, real_world, staff_cookie, under_fire};
use crate::hosting::{Host, calendar};

/// Entries of the source.
const MANY: u32 = 40;

/// The source with all its entries at one hour.
fn file(hour: usize) -> String {
    let event = |number: u32| {
        let (day, minute) = (number % 28 + 1, number % 60);
        format!(
            "UID:e{number}@example.com\nSUMMARY:見本{hour}時\nDTSTART:202701{day:02}T{hour:02}{minute:02}00Z\nDURATION:PT1H"
        )
    };
    let events: Vec<String> = (0..MANY).map(event).collect();
    calendar("見本", &events.iter().map(String::as_str).collect::<Vec<_>>())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_site_leaves_every_source_whole_as_before_or_as_after() {
    let world = real_world().await;
    let host = Host::open().await;
    host.put_untagged("/a.ics", "text/calendar", file(1));
    let permit = format!("fetch_allow = \"127.0.0.1:{}\"\n", host.port);
    std::fs::write(world.folder().join("kyodo.toml"), permit).unwrap();
    let room = Room::open(&world.app);
    let desk = room.desk(&world.app);
    let draft = Draft::plain("見本館", &host.url("/a.ics"));
    let transaction = db::begin(world.db()).await.unwrap();
    let asked = Asked { account_id: None, name: "見本", now: desk.now };
    let id = draft.add(&transaction, State::Trial, &asked).await.unwrap();
    let source = find(&transaction, id).await.unwrap().unwrap();
    approve(&transaction, &desk, &source, (&Actor::named("見本"), "")).await.unwrap();
    transaction.commit().await.unwrap();
    let cookie = staff_cookie(&world).await;
    let (host, database) = (Arc::new(host), world.db().clone());
    let answered = under_fire(&world, move |client, base, turn| {
        let (host, database, cookie) = (Arc::clone(&host), database.clone(), cookie.clone());
        async move {
            host.put_untagged("/a.ics", "text/calendar", file(turn % 9));
            // What a killed reader had to itself is free again after some minutes; here at once.
            database.execute_unprepared("UPDATE sources SET claimed_until = NULL").await.ok()?;
            let request = client.post(format!("{base}/sources/{id}/reading")).header("cookie", cookie);
            let answer = request.header("sec-fetch-site", "same-origin").send().await.ok()?;
            let place = answer.headers().get("location")?.to_str().ok()?.to_owned();
            place.ends_with("done=taken").then(|| turn.to_string())
        }
    })
    .await;
    assert!(!answered.is_empty(), "nothing was ever taken in");
    let count = "SELECT COUNT(*) AS number FROM calendar_entries WHERE source LIKE 'feed:%'";
    assert_eq!(number(&world, count).await, i64::from(MANY));
    let titles = "SELECT COUNT(DISTINCT title) AS number FROM calendar_entries WHERE source LIKE 'feed:%'";
    assert_eq!(number(&world, titles).await, 1);
    let title: String = one(&world, "SELECT MAX(title) AS it FROM calendar_entries WHERE source LIKE 'feed:%'").await;
    // The report that is kept is that of the entries that are there.
    let kept: String = one(&world, "SELECT CAST(report AS TEXT) AS it FROM source_contents WHERE slot = 'taken'").await;
    assert!(kept.contains(&title), "{title} is not in {kept}");
    let days = "SELECT COUNT(*) AS number FROM occurrences o JOIN calendar_entries e ON e.id = o.entry_id WHERE e.source LIKE 'feed:%'";
    assert_eq!(number(&world, days).await, i64::from(MANY));
}
