//! Rounds of the yearly confirmation while the site is killed: beginning one, and answering it.

use std::sync::Arc;

use chrono::Days;
use kyodo::clock::{Clock, new_id};
use kyodo::groups::Draft;

use super::{led, number, real_world, sent, staff_cookie, under_fire};
use crate::world::World;

/// How many groups each round asks.
const GROUPS: i64 = 20;

fn due() -> String {
    (Clock::System.now().date_naive() + Days::new(20)).to_string()
}

async fn groups(world: &World, count: i64) {
    for turn in 0..count {
        let draft = Draft { name: format!("見本 {turn}の会"), kana: "ミホン".to_owned(), ..Draft::default() };
        let group = world.keep(draft).await;
        world.join(group, &format!("mihon{turn}@example.jp"), kyodo::groups::Duty::Member).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_site_begins_a_round_with_all_its_letters_or_not_at_all() {
    let world = real_world().await;
    groups(&world, GROUPS).await;
    let cookie = staff_cookie(&world).await;
    let answered = under_fire(&world, move |client, base, turn| {
        let cookie = cookie.clone();
        async move {
            let (id, due) = (new_id().to_string(), due());
            let fields = [("id", id.as_str()), ("title", "見本の更新確認"), ("due_on", due.as_str()), ("whom", "all")];
            let to = led(&client, &format!("{base}/staff/rounds"), &cookie, &fields, turn).await?;
            // Two at the same moment: the second is told that one has begun already.
            to.ends_with("done=started").then_some(id)
        }
    })
    .await;
    let rounds = number(&world, "SELECT COUNT(*) AS number FROM rounds").await;
    assert!(rounds >= answered.len() as i64, "{rounds} of {}", answered.len());
    for (sql, count) in [
        ("SELECT COUNT(*) AS number FROM round_groups", rounds * GROUPS),
        ("SELECT COUNT(*) AS number FROM round_links", rounds * GROUPS),
        ("SELECT COUNT(*) AS number FROM letters WHERE state = 'held'", rounds * GROUPS),
        ("SELECT COUNT(*) AS number FROM letter_batches", rounds),
        ("SELECT COUNT(*) AS number FROM audit WHERE action = '更新確認の開始'", rounds),
    ] {
        assert_eq!(number(&world, sql).await, count, "{sql}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_site_confirms_a_group_exactly_when_it_took_the_answer() {
    let world = real_world().await;
    groups(&world, 120).await;
    let due = due();
    let staff = world.browser(&staff_cookie(&world).await);
    let fields =
        [("id", "01936d00-0000-7000-8000-000000000001"), ("title", "見本"), ("due_on", due.as_str()), ("whom", "all")];
    staff.done("/staff/rounds", &fields).await;
    let link = |letter: &crate::world::Posted| letter.secret("リンク").split_once("/confirm/").unwrap().1.to_owned();
    let links: Arc<Vec<String>> = Arc::new(world.letters().await.iter().map(link).collect());
    let answered = under_fire(&world, move |client, base, turn| {
        let links = links.clone();
        async move {
            let token = &links[turn % links.len()];
            let fields = [("answer", "unchanged")];
            sent(&client, &format!("{base}/confirm/{token}"), "", &fields, turn).await.then(|| token.clone())
        }
    })
    .await;
    let taken = number(&world, "SELECT COUNT(*) AS number FROM round_groups WHERE state = 'unchanged'").await;
    assert!(taken >= answered.len() as i64, "{taken} of {}", answered.len());
    for sql in [
        "SELECT COUNT(*) AS number FROM groups WHERE confirmed_on IS NOT NULL",
        "SELECT COUNT(*) AS number FROM audit WHERE action = '更新確認の回答'",
    ] {
        assert_eq!(number(&world, sql).await, taken, "{sql}");
    }
}
