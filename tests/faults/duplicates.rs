//! Entries made one by staff while the site is killed.

use std::sync::Arc;

use chrono::Duration;
use kyodo::calendar::{self, Desk, Draft, Span};
use kyodo::clock::Clock;
use kyodo::db;
use uuid::Uuid;

use super::{number, real_world, sent, staff_cookie, under_fire};
use crate::world::World;

/// Pairs that can be made one.
const PAIRS: usize = 400;

/// Two entries of two sources for every pair, in the order of the pairs.
async fn pairs(world: &World) -> Vec<(Uuid, Uuid)> {
    let city = world.app.city();
    let now = Clock::System.now();
    let desk = Desk { city: &city, host: "kyodo.example.jp", now, today: Clock::System.today(city.profile.zone) };
    let drafts = |source: &str| -> Vec<Draft> {
        let drafts = (0..PAIRS).map(|number| {
            let starts = now + Duration::days(30) + Duration::hours(number as i64 % 9);
            let span = Span::Times { starts, ends: Some(starts + Duration::hours(1)) };
            let zone = chrono_tz::Tz::Asia__Tokyo;
            Draft::new(source, &format!("{number}"), &format!("見本 行事{number}"), span, zone)
        });
        drafts.collect()
    };
    let transaction = db::begin(world.db()).await.unwrap();
    let one = calendar::store_all(&transaction, &desk, &drafts("import:見本一"), false).await.unwrap();
    let other = calendar::store_all(&transaction, &desk, &drafts("import:見本二"), false).await.unwrap();
    transaction.commit().await.unwrap();
    one.into_iter().zip(other).map(|(one, other)| (one.id, other.id)).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_site_keeps_every_union_whole_and_no_entry_is_seen_twice_or_not_at_all() {
    let world = real_world().await;
    let pairs = Arc::new(pairs(&world).await);
    let cookie = staff_cookie(&world).await;
    let taken = Arc::clone(&pairs);
    let answered = under_fire(&world, move |client, base, turn| {
        let (cookie, pairs) = (cookie.clone(), Arc::clone(&taken));
        async move {
            let (one, other) = pairs[turn % PAIRS];
            let (one, other) = (one.to_string(), other.to_string());
            let fields = [("first", &*one), ("second", &*other), ("lead", &*one), ("do", "merge"), ("stands", "open")];
            let done = sent(&client, &format!("{base}/staff/duplicates/pair"), &cookie, &fields, turn).await;
            done.then_some(one)
        }
    })
    .await;
    for one in &answered {
        let id = Uuid::parse_str(one).unwrap();
        let union = calendar::union::of_entry(world.db(), id).await.unwrap();
        let union = union.unwrap_or_else(|| panic!("{one} was told to be one of two"));
        assert_eq!(calendar::union::members(world.db(), union.id).await.unwrap().len(), 2);
    }
    let unions = number(&world, "SELECT COUNT(*) AS number FROM entry_unions").await;
    assert!(unions >= answered.len() as i64);
    for sql in [
        "SELECT COUNT(*) AS number FROM audit WHERE action = '予定のまとめ'",
        "SELECT COUNT(*) AS number FROM entry_likenesses WHERE state = 'merged'",
        "SELECT COUNT(*) AS number FROM calendar_entries WHERE public = FALSE",
        "SELECT COUNT(DISTINCT entry_id) AS number FROM occurrences WHERE public = FALSE",
        "SELECT COUNT(*) AS number FROM entry_union_members m JOIN entry_unions u ON u.id = m.union_id
            JOIN calendar_entries e ON e.id = m.entry_id WHERE m.entry_id <> u.lead_id AND e.public = FALSE",
    ] {
        assert_eq!(number(&world, sql).await, unions, "{sql}");
    }
}
