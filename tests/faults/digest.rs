//! The calendar by mail while the site is killed in the middle of sending it.

use std::collections::HashMap;
use std::time::Duration;

use chrono::Days;
use kyodo::calendar::{self, Desk, Draft, OWN, Span};
use kyodo::city::settings;
use kyodo::clock::Clock;
use kyodo::digest::{self, Cadence};

use super::{Site, number, real_world};

/// Readers, enough that sending takes longer than the site lives.
const READERS: usize = 3_000;
/// How often the site is killed while letters are left.
const KILLS: u64 = 8;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_site_killed_while_it_sends_sends_every_reader_one_letter_all_the_same() {
    let world = real_world().await;
    let (now, city) = (Clock::System.now(), world.app.city());
    settings::put(world.db(), "digest.hour", Some("0"), "試験", now).await.unwrap();
    let today = world.app.today();
    let desk = Desk { city: &city, host: "kyodo.example.jp", now, today };
    let zone = city.profile.zone;
    let span = Span::Days { first: today, last: today + Days::new(1) };
    calendar::store(world.db(), &desk, &Draft::new(OWN, "1", "見本 海岸清掃", span, zone)).await.unwrap();
    let yesterday = today - Days::new(1);
    let transaction = kyodo::db::begin(world.db()).await.unwrap();
    for turn in 0..READERS {
        let reader = digest::ensure_reader(&transaction, &format!("a{turn}@example.jp"), now).await.unwrap();
        let order = ("all", Cadence::DAILY);
        digest::subscribe(&transaction, reader.id, order, yesterday, now).await.unwrap();
    }
    transaction.commit().await.unwrap();
    let (letters, due) = (
        "SELECT COUNT(*) AS number FROM letters WHERE kind = 'digest.edition'",
        format!("SELECT COUNT(*) AS number FROM digest_subscriptions WHERE told_on < '{today}'"),
    );
    let (mut kills, mut in_between) = (0, 0);
    for round in 0..KILLS {
        let site = Site::start(&world).await;
        tokio::time::sleep(Duration::from_millis(20 + 37 * round)).await;
        site.kill();
        kills += 1;
        let (sent, left) = (number(&world, letters).await, number(&world, &due).await);
        assert_eq!(sent + left, READERS as i64, "a claim never stands without its letter");
        in_between += usize::from(sent > 0 && left > 0);
        if left == 0 {
            break;
        }
    }
    assert!(in_between > 0, "never killed while sending in {kills} kills");
    let site = Site::start(&world).await;
    for _ in 0..600 {
        if number(&world, &due).await == 0 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    site.kill();
    let mut counts: HashMap<String, usize> = HashMap::new();
    for letter in world.letters().await {
        *counts.entry(letter.to_mail).or_default() += 1;
    }
    assert_eq!(counts.len(), READERS);
    assert!(counts.values().all(|count| *count == 1), "nobody got two");
}
