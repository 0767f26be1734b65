//! Events of people without an account, typed in by staff while the site is killed.

use super::{number, real_world, sent, staff_cookie, under_fire};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_site_keeps_every_submission_with_its_entry_its_place_in_the_queue_and_its_line_in_the_trail() {
    let world = real_world().await;
    let cookie = staff_cookie(&world).await;
    let answered = under_fire(&world, move |client, base, turn| {
        let cookie = cookie.clone();
        async move {
            let id = kyodo::clock::new_id().to_string();
            let title = format!("見本 催し{turn}");
            let fields = [
                ("id", &*id),
                ("title", &*title),
                ("organiser", "見本 浜の会"),
                ("category", "culture"),
                ("from", "2099-12-20"),
                ("begins", "10:00"),
                ("place", "見本の浜"),
                ("name", "見本 花子"),
                ("relation", "host"),
                ("channel", "phone"),
            ];
            let done = sent(&client, &format!("{base}/staff/events/submit"), &cookie, &fields, turn).await;
            done.then_some(id)
        }
    })
    .await;
    let all = number(&world, "SELECT COUNT(*) AS number FROM entry_submissions").await;
    assert!(all >= answered.len() as i64);
    for sql in [
        "SELECT COUNT(*) AS number FROM entry_submissions WHERE entry_id IS NOT NULL AND confirmed_at IS NOT NULL",
        "SELECT COUNT(*) AS number FROM entry_submissions s JOIN calendar_entries e ON e.id = s.entry_id",
        "SELECT COUNT(*) AS number FROM entry_submissions s JOIN entry_reviews r ON r.entry_id = s.entry_id",
        "SELECT COUNT(*) AS number FROM calendar_entries",
        "SELECT COUNT(*) AS number FROM audit WHERE action = '予定の追加'",
    ] {
        assert_eq!(number(&world, sql).await, all, "{sql}");
    }
    let known = kyodo::calendar::submissions(world.db(), 100_000).await.unwrap();
    for id in &answered {
        assert!(known.iter().any(|one| one.id.to_string() == *id), "{id} was told to be taken");
    }
}
