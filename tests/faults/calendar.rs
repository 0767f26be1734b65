//! Entries of groups and their reviews while the site is killed.

use std::sync::Arc;

use chrono::Days;
use kyodo::clock::Clock;
use kyodo::groups::{self, Duty};

use super::{fields, member_cookie, number, one, real_world, sent, shown, staff_cookie, under_fire};
use crate::world::World;

/// An entry on a day ahead; what is in its way was seen.
fn entry<'a>(group: &'a str, title: &'a str, on: &'a str) -> [(&'a str, &'a str); 8] {
    [
        ("do", "confirmed"),
        ("group", group),
        ("title", title),
        ("category", "environment"),
        ("from", on),
        ("begins", "10:00"),
        ("ends", "12:00"),
        ("place", "竹敷の浜"),
    ]
}

fn ahead() -> String {
    (Clock::System.now().date_naive() + Days::new(30)).to_string()
}

/// A group with its member, and the member's cookie.
async fn group(world: &World) -> (String, String) {
    let group = world.group("見本 海の会", "ウミノカイ").await;
    world.join(group, "mihon@example.jp", Duty::Member).await;
    (group.to_string(), member_cookie(world, "mihon@example.jp").await)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_site_keeps_every_entry_it_took_with_its_review_its_days_and_its_line_in_the_trail() {
    let world = real_world().await;
    let (group, cookie) = group(&world).await;
    let answered = under_fire(&world, move |client, base, turn| {
        let (group, cookie) = (group.clone(), cookie.clone());
        async move {
            let title = format!("見本 行事{turn}");
            let taken =
                sent(&client, &format!("{base}/events/new"), &cookie, &entry(&group, &title, &ahead()), turn).await;
            taken.then_some(title)
        }
    })
    .await;
    for title in &answered {
        let sql = format!("SELECT COUNT(*) AS number FROM calendar_entries WHERE title = '{title}'");
        assert_eq!(number(&world, &sql).await, 1, "{title}");
    }
    let entries = number(&world, "SELECT COUNT(*) AS number FROM calendar_entries").await;
    for sql in [
        "SELECT COUNT(*) AS number FROM entry_reviews WHERE state = 'waiting'",
        "SELECT COUNT(*) AS number FROM occurrences",
        "SELECT COUNT(*) AS number FROM audit WHERE action = '予定の追加'",
    ] {
        assert_eq!(number(&world, sql).await, entries, "{sql}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_site_counts_every_change_of_an_entry_that_it_confirmed_and_no_other() {
    let world = real_world().await;
    let (group, cookie) = group(&world).await;
    groups::trust(world.db(), group.parse().unwrap(), true).await.unwrap();
    let member = world.browser(&cookie);
    member.done("/events/new", &entry(&group, "見本 行事", &ahead())).await;
    let id: uuid::Uuid = one(&world, "SELECT id AS it FROM calendar_entries").await;
    let answered = under_fire(&world, move |client, base, turn| {
        let cookie = cookie.clone();
        async move {
            let url = format!("{base}/events/{id}/edit");
            let mut typed = fields(&shown(&client, &url, &cookie).await?);
            let title = format!("見本 行事{turn}");
            typed.retain(|(name, _)| name != "title");
            typed.extend([("title".to_owned(), title.clone()), ("do".to_owned(), "confirmed".to_owned())]);
            let typed: Vec<(&str, &str)> = typed.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            sent(&client, &url, &cookie, &typed, turn).await.then_some(title)
        }
    })
    .await;
    let changes = number(&world, "SELECT COUNT(*) AS number FROM audit WHERE action = '予定の変更'").await;
    assert!(changes >= answered.len() as i64, "{changes} of {}", answered.len());
    assert_eq!(number(&world, "SELECT CAST(sequence AS BIGINT) AS number FROM calendar_entries").await, changes);
    let title: String = one(&world, "SELECT title AS it FROM calendar_entries").await;
    let newest = "SELECT COUNT(*) AS number FROM audit WHERE action = '予定の変更' AND title = ";
    assert_eq!(number(&world, &format!("{newest}'{title}'")).await, 1, "the entry stands as it was last changed");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_site_publishes_no_entry_without_the_letter_and_the_line_that_say_so() {
    let world = real_world().await;
    let (group, cookie) = group(&world).await;
    let member = world.browser(&cookie);
    for turn in 0..60 {
        let title = format!("見本 行事{turn}");
        member.done("/events/new", &entry(&group, &title, &ahead())).await;
    }
    let waiting = kyodo::calendar::waiting(world.db(), 100).await.unwrap().1;
    let (cookie, paths) = (staff_cookie(&world).await, Arc::new(waiting));
    let answered = under_fire(&world, move |client, base, turn| {
        let (cookie, paths) = (cookie.clone(), paths.clone());
        async move {
            let url = format!("{base}{}", paths[turn % paths.len()].path);
            let typed = fields(&shown(&client, &url, &cookie).await?);
            let typed: Vec<(&str, &str)> = typed.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            sent(&client, &format!("{url}/approval"), &cookie, &typed, turn).await.then_some(url)
        }
    })
    .await;
    let public = number(&world, "SELECT COUNT(*) AS number FROM calendar_entries WHERE public = TRUE").await;
    assert!(
        public as usize
            >= answered.iter().map(|url| &url[url.len() - 36..]).collect::<std::collections::HashSet<_>>().len()
    );
    for sql in [
        "SELECT COUNT(*) AS number FROM entry_reviews WHERE state = 'approved'",
        "SELECT COUNT(*) AS number FROM occurrences WHERE public = TRUE",
        "SELECT COUNT(*) AS number FROM letters WHERE kind = 'calendar.entry_approved'",
    ] {
        assert_eq!(number(&world, sql).await, public, "{sql}");
    }
}
