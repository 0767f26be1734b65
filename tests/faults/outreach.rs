//! 出前説明会 while the site is killed: confirming requests, holding people's time, deciding.

use std::sync::Arc;

use chrono::{Duration, NaiveTime};
use kyodo::clock;
use kyodo::meetings::Desk;
use kyodo::outreach::decision::{self, Visit};
use kyodo::outreach::request::{self, Draft, Wish, keeping, link, wish};
use kyodo::outreach::session::{self, Place};
use kyodo::{audit::Channel, db};
use uuid::Uuid;

use super::{number, sent, staff_cookie, under_fire};
use crate::outreach::Office;
use crate::world::{now, today};

/// Requests of each test.
const REQUESTS: usize = 60;

/// A request nobody has confirmed yet, for a day in January.
async fn typed(office: &Office, turn: usize) -> Uuid {
    let day = today() + chrono::Days::new(50 + turn as u64);
    let draft = Draft {
        topic_id: Some(office.topic),
        title: "見本の説明会".to_owned(),
        length_minutes: 60,
        people_needed: 1,
        body_name: format!("見本 {turn}区"),
        contact_name: "見本 太郎".to_owned(),
        mail: format!("ku{turn}@example.jp"),
        place: Place { town_key: "izuhara".to_owned(), ..Place::default() },
        people: 10,
        public: true,
        wishes: vec![Wish { day, starts: NaiveTime::from_hms_opt(14, 0, 0).unwrap(), until: None }],
        ..Draft::default()
    };
    let id = clock::new_id();
    keeping::insert(office.world.db(), id, &draft, (Channel::Screen, ""), (today(), now())).await.unwrap();
    id
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_site_receives_each_request_once_with_its_number_its_receipt_and_its_line_in_the_trail() {
    let office = Office::new().await;
    let mut tokens = Vec::new();
    for turn in 0..REQUESTS {
        let id = typed(&office, turn).await;
        let mail = format!("ku{turn}@example.jp");
        let token = link::make(office.world.db(), id, (&mail, "test"), now()).await.unwrap();
        tokens.push((id, token));
    }
    let tokens = Arc::new(tokens);
    let answered = under_fire(&office.world, move |client, base, turn| {
        let tokens = tokens.clone();
        async move {
            let (id, token) = &tokens[turn % tokens.len()];
            let url = format!("{base}/outreach/requests/{token}/verification");
            sent(&client, &url, "", &[], turn).await.then(|| id.to_string())
        }
    })
    .await;
    let received =
        number(&office.world, "SELECT COUNT(*) AS number FROM outreach_requests WHERE received_at IS NOT NULL");
    let received = received.await;
    assert!(received >= answered.len() as i64, "{received} of {}", answered.len());
    for sql in [
        "SELECT COUNT(DISTINCT number) AS number FROM outreach_requests WHERE received_at IS NOT NULL",
        "SELECT COUNT(*) AS number FROM letters WHERE kind = 'outreach.received'",
        "SELECT COUNT(*) AS number FROM audit WHERE action = '出前説明会の申込'",
    ] {
        assert_eq!(number(&office.world, sql).await, received, "{sql}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_site_decides_with_notice_letters_and_entry_or_not_at_all() {
    let office = Office::new().await;
    let app = &office.world.app;
    let (city, host) = (app.city(), "kyodo.example.jp".to_owned());
    let desk = Desk::open(app, &city, &host);
    let mut held = Vec::new();
    for turn in 0..REQUESTS {
        let id = typed(&office, turn).await;
        keeping::receive(office.world.db(), id, true, (today(), now())).await.unwrap();
        let request = request::find(office.world.db(), id).await.unwrap().unwrap();
        let wish = wish::of_request(office.world.db(), id).await.unwrap()[0];
        let starts = wish::moment(wish.day, wish.starts, city.profile.zone);
        let visit = Visit {
            starts,
            ends: starts + Duration::hours(1),
            place: request.venue(),
            people: vec![office.people[turn % 2]],
        };
        let transaction = db::begin(office.world.db()).await.unwrap();
        let session = clock::new_id();
        decision::hold(&transaction, &desk, (&request, session), &visit, "試験").await.unwrap();
        transaction.commit().await.unwrap();
        let version = session::find(office.world.db(), session).await.unwrap().unwrap().version;
        held.push((id, request.version.to_string(), session.to_string(), version.to_string()));
    }
    let (cookie, held) = (staff_cookie(&office.world).await, Arc::new(held));
    let answered = under_fire(&office.world, move |client, base, turn| {
        let (cookie, held) = (cookie.clone(), held.clone());
        async move {
            let (id, version, session, session_version) = &held[turn % held.len()];
            let url = format!("{base}/staff/outreach/requests/{id}/approval");
            let fields = [("version", version.as_str()), ("session", session), ("session_version", session_version)];
            sent(&client, &url, &cookie, &fields, turn).await.then(|| id.to_string())
        }
    })
    .await;
    let decided = number(&office.world, "SELECT COUNT(*) AS number FROM outreach_requests WHERE decision = 'approved'");
    let decided = decided.await;
    assert!(decided >= answered.len() as i64, "{decided} of {}", answered.len());
    for sql in [
        "SELECT COUNT(*) AS number FROM outreach_sessions WHERE state = 'confirmed'",
        "SELECT COUNT(DISTINCT number) AS number FROM outreach_decisions",
        "SELECT COUNT(*) AS number FROM letters WHERE kind = 'outreach.approved' AND state = 'held'",
        "SELECT COUNT(*) AS number FROM letters WHERE kind = 'outreach.sent_out' AND state = 'held'",
        "SELECT COUNT(*) AS number FROM calendar_entries WHERE source = 'outreach' AND status = 'confirmed' AND public",
        "SELECT COUNT(*) AS number FROM audit WHERE action = '出前説明会の決定'",
    ] {
        assert_eq!(number(&office.world, sql).await, decided, "{sql}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn people_who_hold_the_same_time_at_once_on_a_killed_site_send_nobody_to_two_places() {
    let office = Office::new().await;
    let mut requests = Vec::new();
    for turn in 0..REQUESTS {
        let id = typed(&office, turn).await;
        keeping::receive(office.world.db(), id, true, (today(), now())).await.unwrap();
        requests.push(id);
    }
    let (cookie, requests, people) = (staff_cookie(&office.world).await, Arc::new(requests), office.people);
    // Five starts half an hour apart on each of twelve days: at most two of a day can be somebody's.
    under_fire(&office.world, move |client, base, turn| {
        let (cookie, requests) = (cookie.clone(), requests.clone());
        async move {
            let id = requests[turn % requests.len()];
            let day = format!("2027-02-{:02}", 1 + turn % 12);
            let starts = ["13:00", "13:30", "14:00", "14:30", "15:00"][turn / 12 % 5];
            let person = people[turn % 2].to_string();
            let fields =
                [("day", day.as_str()), ("starts", starts), ("person", &person), ("anyway", "1"), ("go", "hold")];
            let url = format!("{base}/staff/outreach/requests/{id}/holding");
            sent(&client, &url, &cookie, &fields, turn).await.then(|| format!("{id} {day} {starts}"))
        }
    })
    .await;
    let overlapping =
        "SELECT COUNT(*) AS number FROM outreach_sessions a JOIN outreach_assignments x ON x.session_id = a.id
        JOIN outreach_assignments y ON y.account_id = x.account_id AND y.session_id <> x.session_id
        JOIN outreach_sessions b ON b.id = y.session_id WHERE a.state <> 'cancelled' AND b.state <> 'cancelled'
        AND a.starts_at < b.ends_at AND b.starts_at < a.ends_at";
    assert_eq!(number(&office.world, overlapping).await, 0);
    // Each has its cells: an hour and a quarter before and after, in pieces of five minutes.
    let sessions = number(&office.world, "SELECT COUNT(*) AS number FROM outreach_sessions").await;
    assert!(sessions >= 6, "{sessions}");
    assert_eq!(number(&office.world, "SELECT COUNT(*) AS number FROM outreach_cells").await, sessions * 18);
}
