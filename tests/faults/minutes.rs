//! The day of a meeting and its minutes while the site is killed: ticking, writing in parts, publishing.

use std::collections::HashMap;
use std::sync::Arc;

use kyodo::meetings::attendance::{self, Presence};
use kyodo::meetings::minutes::{self, Checker};
use kyodo::meetings::{meeting, seat};
use reqwest::StatusCode;
use uuid::Uuid;

use super::{form, number, sent, shown, staff_cookie, under_fire};
use crate::meetings::{DAY, form as meeting_form};
use crate::world::{Browser, World, now};

/// Groups that are ticked.
const GROUPS: usize = 200;
/// Meetings whose minutes are published.
const MEETINGS: usize = 60;

/// A meeting of these groups that has begun.
async fn begun(staff: &Browser<'_>, groups: &[String]) -> Uuid {
    let id = kyodo::clock::new_id();
    let text = id.to_string();
    staff.done("/meetings/new", &meeting_form(groups, &[("id", &text), ("items", "")])).await;
    let [version, _, begins, ends, place] = DAY;
    staff.done(&format!("/meetings/{id}/day"), &[version, ("on", "2026-11-22"), begins, ends, place]).await;
    id
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_site_keeps_every_tick_it_took_and_a_tick_sent_again_counts_once() {
    let world = World::new().await;
    let mut groups = Vec::new();
    for turn in 0..GROUPS {
        groups.push(world.group(&format!("見本 {turn}の会"), "ミホン").await.to_string());
    }
    let id = begun(&world.staff().await, &groups).await;
    let seats: Vec<Uuid> = seat::of_meeting(world.db(), id).await.unwrap().iter().map(|seat| seat.id).collect();
    let (cookie, seats) = (staff_cookie(&world).await, Arc::new(seats));
    let answered = under_fire(&world, move |client, base, turn| {
        let (cookie, seats) = (cookie.clone(), seats.clone());
        async move {
            let seat = seats[turn % seats.len()];
            let url = format!("{base}/meetings/{id}/attendance/seats/{seat}");
            let tap = [("tap", "present"), ("version", "0")];
            sent(&client, &url, &cookie, &tap, turn).await.then(|| seat.to_string())
        }
    })
    .await;
    let meeting = meeting::find(world.db(), id).await.unwrap().unwrap();
    let roll = attendance::call(world.db(), &meeting).await.unwrap();
    let there: HashMap<String, i32> = roll
        .lines
        .iter()
        .filter_map(|line| Some((line.seat.id.to_string(), line.mark.as_ref()?)))
        .filter(|(_, mark)| mark.presence() == Presence::Present)
        .map(|(seat, mark)| (seat, mark.version))
        .collect();
    for seat in &answered {
        assert_eq!(there.get(seat), Some(&1), "{seat} was ticked once, and sent again it is the same tick");
    }
    assert_eq!(roll.groups(), there.len());
}

/// The version and the text that a page of writing shows for a part.
fn part(page: &str, part: &str) -> Option<(String, String)> {
    let form = page.split(&format!("/minutes/parts/{part}\"")).nth(1)?;
    let version = form.split("name=\"version\" value=\"").nth(1)?.split('"').next()?;
    let text = form.split("</textarea>").next()?.rsplit(">\n").next()?;
    Some((version.to_owned(), text.to_owned()))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_site_keeps_every_part_it_saved_with_its_line_in_the_trail_and_none_is_written_over_unseen() {
    let world = World::new().await;
    let staff = world.staff().await;
    let groups = [world.group("見本 海の会", "ウミノカイ").await.to_string()];
    let id = begun(&staff, &groups).await;
    let cookie = staff_cookie(&world).await;
    let answered = under_fire(&world, move |client, base, turn| {
        let cookie = cookie.clone();
        async move {
            // Two parts for four people, so that they also meet at the same one.
            let name = ["overview", "facts"][turn % 2];
            let page = shown(&client, &format!("{base}/meetings/{id}/minutes"), &cookie).await?;
            let ((version, seen), text) = (part(&page, name)?, format!("要点その{turn}。"));
            let fields = [("text", text.as_str()), ("version", &version), ("observers", "2"), ("auto", "1")];
            let request = client
                .post(format!("{base}/meetings/{id}/minutes/parts/{name}"))
                .header("cookie", &cookie)
                .header("content-type", "application/x-www-form-urlencoded")
                .body(form(&fields));
            (request.send().await.ok()?.status() == StatusCode::OK).then(|| format!("{seen}\n{text}"))
        }
    })
    .await;
    let before =
        super::texts(&world, "SELECT CAST(before AS TEXT) AS it FROM audit WHERE action = '議事録の記入'").await;
    let after = super::texts(&world, "SELECT CAST(after AS TEXT) AS it FROM audit WHERE action = '議事録の記入'").await;
    for one in &answered {
        let (seen, text) = one.split_once('\n').unwrap();
        let at: Vec<usize> = (0..after.len()).filter(|at| after[*at].contains(text)).collect();
        assert_eq!(at.len(), 1, "{text}");
        assert!(before[at[0]].contains(&format!("\"{seen}\"")), "{text} was written on {seen}: {}", before[at[0]]);
    }
    let versions: i32 = super::one(&world, "SELECT overview_version + facts_version AS it FROM meeting_minutes").await;
    assert_eq!(usize::try_from(versions).unwrap(), after.len(), "each version is one line of the trail");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_site_publishes_minutes_with_their_version_their_letter_and_their_entry_or_not_at_all() {
    let world = World::new().await;
    let staff = world.staff().await;
    let group = world.group("見本 海の会", "ウミノカイ").await;
    world.join(group, "umi@example.jp", kyodo::groups::Duty::Member).await;
    let mut meetings = Vec::new();
    for _ in 0..MEETINGS {
        let id = begun(&staff, &[group.to_string()]).await;
        staff.done(&format!("/meetings/{id}/holding"), &[("held", "1")]).await;
        assert!(minutes::submit(world.db(), id, None, ("見本", now())).await.unwrap());
        let version = minutes::version_of(world.db(), id).await.unwrap();
        assert!(minutes::see(world.db(), (id, version), Checker::Chair, ("見本", now())).await.unwrap());
        meetings.push((id, version.to_string()));
    }
    let (cookie, meetings) = (staff_cookie(&world).await, Arc::new(meetings));
    let answered = under_fire(&world, move |client, base, turn| {
        let (cookie, meetings) = (cookie.clone(), meetings.clone());
        async move {
            let (id, version) = &meetings[turn % meetings.len()];
            let url = format!("{base}/meetings/{id}/publication");
            let fields = [("version", version.as_str())];
            sent(&client, &url, &cookie, &fields, turn).await.then(|| id.to_string())
        }
    })
    .await;
    let published = number(&world, "SELECT COUNT(*) AS number FROM meetings WHERE published_at IS NOT NULL").await;
    assert!(published >= answered.len() as i64, "{published} of {}", answered.len());
    for sql in [
        "SELECT COUNT(*) AS number FROM minutes_versions",
        "SELECT COUNT(*) AS number FROM letters WHERE kind = 'meetings.minutes' AND state = 'held'",
        "SELECT COUNT(*) AS number FROM meeting_notices WHERE kind = 'minutes'",
        "SELECT COUNT(*) AS number FROM audit WHERE action = '議事録の公開'",
    ] {
        assert_eq!(number(&world, sql).await, published, "{sql}");
    }
}
