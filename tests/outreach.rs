//! 出前説明会: a body asks with three wishes, staff see whom they can send when, decide, move and call off.

use axum::http::StatusCode;
use chrono::{DateTime, NaiveTime, Utc};
use kyodo::accounts::{Role, account};
use kyodo::app::App;
use kyodo::clock::{self, Clock};
use kyodo::meetings::{Desk, private_feed};
use kyodo::outreach::availability::{hours::Hours, person};
use kyodo::outreach::decision::{self, Refused, Visit};
use kyodo::outreach::session::Place;
use kyodo::outreach::{self, request, session, topic};
use kyodo::{db, mail};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use crate::world::{Browser, World, now};

/// A town with one topic that needs one speaker, and two people of the office who set out from 厳原町.
pub struct Office {
    /// The town.
    pub world: World,
    /// The topic.
    pub topic: Uuid,
    /// The people.
    pub people: [Uuid; 2],
}

fn hours(opens: u32, closes: u32) -> Hours {
    let time = |hour| NaiveTime::from_hms_opt(hour, 0, 0).unwrap();
    Hours([Some((time(opens), time(closes))); 7])
}

impl Office {
    /// Makes it.
    pub async fn new() -> Self {
        let world = World::new().await;
        let mut people = Vec::new();
        for (mail, name) in [("ichi@city.example.jp", "見本 一郎"), ("ni@city.example.jp", "見本 二郎")] {
            account::insert(world.db(), mail, name, Role::Staff, now()).await.unwrap();
            let id = account::find_by_mail(world.db(), mail).await.unwrap().unwrap().id;
            let draft = person::Draft {
                base_town: "izuhara".to_owned(),
                phone: "090-0000-0000".to_owned(),
                is_active: true,
                hours: hours(8, 23),
            };
            person::set(world.db(), (id, None), &draft, now()).await.unwrap();
            people.push(id);
        }
        let topic = clock::new_id();
        let draft = topic::Draft {
            fiscal_year: 2026,
            title: "協働についての説明会".to_owned(),
            section: "見本課".to_owned(),
            length_minutes: 60,
            people_needed: 1,
            asks: "机といす".to_owned(),
            ..topic::Draft::default()
        };
        topic::insert(world.db(), (topic, None), &draft, ("試験", now())).await.unwrap();
        Self { people: [people[0], people[1]], world, topic }
    }

    /// A form that asks for a session in a town, for a district, at one time.
    fn asking<'a>(&self, town: &'a str, day: &'a str, starts: &'a str) -> Vec<(&'a str, String)> {
        [
            ("id", clock::new_id().to_string().as_str()),
            ("topic", self.topic.to_string().as_str()),
            ("body", "district"),
            ("district", "izuhara/曲"),
            ("contact_name", "見本 太郎"),
            ("mail", "kucho@example.jp"),
            ("phone", "0920-00-0000"),
            ("place", "見本公民館"),
            ("town", town),
            ("people", "12人"),
            ("day1", day),
            ("starts1", starts),
            ("public", "1"),
        ]
        .into_iter()
        .map(|(name, value)| (name, value.to_owned()))
        .collect()
    }

    /// Sends a request and confirms it by its letter; the identifier of the request, and its personal link.
    async fn ask(&self, form: &[(&str, String)]) -> (Uuid, String) {
        let visitor = self.world.visitor();
        visitor.done(outreach::REQUEST, &pairs(form)).await;
        let link = self.latest("outreach.link").await.secret("リンク");
        let path = link.trim_start_matches("https://kyodo.example.jp").to_owned();
        visitor.done(&format!("{path}/verification"), &[]).await;
        let newest = request::open(self.world.db()).await.unwrap().pop().unwrap();
        (newest.id, path)
    }

    /// The newest letter of a kind.
    async fn latest(&self, kind: &str) -> crate::world::Posted {
        self.world
            .letters()
            .await
            .into_iter()
            .rev()
            .find(|letter| letter.kind == kind)
            .unwrap_or_else(|| panic!("{kind}"))
    }

    /// Holds somebody's time for a request at a time, as staff do.
    async fn hold(&self, staff: &Browser<'_>, id: Uuid, (day, starts): (&str, &str), who: usize) -> Uuid {
        let person = self.people[who].to_string();
        let form = [("day", day), ("starts", starts), ("person", person.as_str()), ("go", "hold")];
        staff.done(&format!("/staff/outreach/requests/{id}/holding"), &form).await;
        session::of_request(self.world.db(), id).await.unwrap().pop().unwrap().id
    }

    /// Decides for what is held.
    async fn approve(&self, staff: &Browser<'_>, id: Uuid) -> Uuid {
        let request = request::find(self.world.db(), id).await.unwrap().unwrap();
        let held = session::of_request(self.world.db(), id).await.unwrap();
        let held = held.into_iter().find(|one| one.state() == session::State::Tentative).unwrap();
        let (version, session, session_version) =
            (request.version.to_string(), held.id.to_string(), held.version.to_string());
        let form = [("version", version.as_str()), ("session", &session), ("session_version", &session_version)];
        staff.done(&format!("/staff/outreach/requests/{id}/approval"), &form).await;
        held.id
    }
}

fn pairs<'a>(form: &'a [(&'a str, String)]) -> Vec<(&'a str, &'a str)> {
    form.iter().map(|(name, value)| (*name, value.as_str())).collect()
}

fn with(form: &[(&'static str, String)], name: &'static str, value: &str) -> Vec<(&'static str, String)> {
    let mut form: Vec<(&'static str, String)> = form.iter().filter(|(key, _)| *key != name).cloned().collect();
    form.push((name, value.to_owned()));
    form
}

#[tokio::test]
async fn the_office_sees_a_request_only_after_the_owner_of_the_address_has_confirmed_it() {
    let office = Office::new().await;
    let (visitor, staff) = (office.world.visitor(), office.world.staff().await);
    let form = office.asking("izuhara", "2026-12-16", "19:00");
    let state = visitor.done(outreach::REQUEST, &pairs(&form)).await;
    assert!(visitor.page(&state).await.contains("kucho@example.jp</strong> にメールを送りました"));
    assert!(!staff.page(outreach::DESK).await.contains("厳原町 曲"));
    assert!(!staff.page("/staff/search?q=曲").await.contains("出前の申込</h2>"));
    // The browser that sent it cannot confirm it, and opening the link of the letter does nothing by itself.
    let own = state.split('?').next().unwrap();
    assert_eq!(visitor.post(&format!("{own}/verification"), &[]).await.status, StatusCode::GONE);
    let letter = office.latest("outreach.link").await;
    assert!(!letter.body.contains("見本 太郎"), "nothing that a stranger typed stands in the letter");
    let path = letter.secret("リンク").trim_start_matches("https://kyodo.example.jp").to_owned();
    assert!(visitor.page(&path).await.contains("この内容で申し込む"));
    assert!(request::open(office.world.db()).await.unwrap().is_empty());
    visitor.done(&format!("{path}/verification"), &[]).await;
    visitor.done(&format!("{path}/verification"), &[]).await;
    for words in ["曲", "kucho@", "受付第1号"] {
        let found = staff.page(&format!("/staff/search?q={words}")).await;
        assert!(found.contains("出前の申込</h2>") && found.contains("令和8年度 受付第1号"), "{words}: {found}");
    }
    let board = staff.page(outreach::DESK).await;
    assert!(board.contains("厳原町 曲") && board.contains("12月7日(月)") && board.contains("あと10開庁日"), "{board}");
    let receipts: Vec<_> =
        office.world.letters().await.into_iter().filter(|letter| letter.kind == "outreach.received").collect();
    assert_eq!(receipts.len(), 1);
    assert!(receipts[0].body.contains("令和8年度 受付第1号") && receipts[0].body.contains("12月7日(月)までに"));
}

#[tokio::test]
async fn every_refusal_names_the_rule_behind_it_and_keeps_what_was_typed() {
    let office = Office::new().await;
    let visitor = office.world.visitor();
    let fine = office.asking("izuhara", "2026-12-16", "19:00");
    for (name, value, sentence) in [
        ("day1", "2026-11-20", "すぎた日時です。"),
        ("day1", "2026-12-01", "希望日の14日前までに申し込んでいただく決まりです。12月7日(月)からあとの日"),
        ("day1", "2026-12-30", "12月30日(水)は、年末年始のため、出前説明会を行いません。"),
        ("day1", "2026-12-19", "土曜・日曜・祝日の出前説明会は、17:00までに終わる決まりです。"),
        ("day1", "2027-12-16", "180日より先の日は、まだ申し込めません。"),
        ("day1", "令和8年2月30日", "第1希望の日は「2026-11-26」や"),
        ("starts1", "8:00", "出前説明会は9:00からです。"),
        ("starts1", "", "第1希望の始める時刻を書いてください。"),
        ("until1", "19:30", "60分の説明会が入りません。"),
        ("people", "4", "5人以上の集まりに伺う決まりです。"),
        ("mail", "どこか", "メールアドレスを、"),
        ("phone", "", "当日に連絡のつく電話番号を"),
        ("district", "nowhere/曲", "行政区を一覧から選んでください。"),
        ("place", "", "会場を一覧から選ぶか、"),
        ("topic", "x", "聞きたい内容を一覧から選んでください。"),
    ] {
        let form = with(&fine, name, value);
        let answer = visitor.post(outreach::REQUEST, &pairs(&form)).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{name} {value}");
        let page = answer.text();
        assert!(page.contains(sentence), "{name} {value}: {sentence}");
        assert!(page.contains("value=\"見本 太郎\""), "what was typed stays");
    }
    assert!(office.world.letters().await.is_empty());
    // A form without any field is a page with faults, nothing else.
    assert_eq!(visitor.post(outreach::REQUEST, &[]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn a_wish_that_nobody_can_reach_is_refused_with_the_minutes_and_what_is_possible_instead() {
    let office = Office::new().await;
    let (visitor, staff) = (office.world.visitor(), office.world.staff().await);
    // Both people are at 19:00 in 厳原.
    for who in [0, 1] {
        let (id, _) = office.ask(&office.asking("izuhara", "2026-12-16", "19:00")).await;
        office.hold(&staff, id, ("2026-12-16", "19:00"), who).await;
    }
    let far = office.asking("kamitsushima", "2026-12-16", "19:30");
    let answer = visitor.post(outreach::REQUEST, &pairs(&far)).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let page = answer.text();
    assert!(page.contains("この日時には伺えません。1人の職員が必要ですが、伺えるのは0人です。いちばん早く伺える職員は、その前の用務から移動に135分かかり、195分足りません。"), "{page}");
    assert!(page.contains("この日に始められるのは、10:30から15:00までです。"), "{page}");
    assert!(!page.contains("一郎"), "nobody learns who works when");
    // Whoever keeps to it may send it all the same.
    let insisting = with(&far, "insists", "1");
    visitor.done(outreach::REQUEST, &pairs(&insisting)).await;
    // The free times say the same.
    let looking = with(&far, "go", "slots");
    let page = visitor.post(outreach::REQUEST, &pairs(&looking)).await.text();
    assert!(page.contains("職員が伺える日時(60分の説明会・上対馬町)"), "{page}");
    assert!(page.contains("12月29日(火)は、年末年始のため"), "{page}");
}

#[tokio::test]
async fn one_person_is_never_at_two_places_and_whoever_comes_second_is_told() {
    let office = Office::new().await;
    let staff = office.world.staff().await;
    let (first, _) = office.ask(&office.asking("izuhara", "2026-12-16", "19:00")).await;
    let (second, _) = office.ask(&office.asking("kamitsushima", "2026-12-16", "19:30")).await;
    office.hold(&staff, first, ("2026-12-16", "19:00"), 0).await;
    let person = office.people[0].to_string();
    let form = [("day", "2026-12-16"), ("starts", "19:30"), ("person", person.as_str()), ("anyway", "1")];
    let answer = staff.post(&format!("/staff/outreach/requests/{second}/holding"), &form).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let page = answer.text();
    assert!(page.contains("見本 一郎さんは、") && page.contains("135分"), "{page}");
    // Past all pages it is judged once more, under the lock of those who go.
    let app = &office.world.app;
    let (city, host) = (app.city(), "kyodo.example.jp".to_owned());
    let desk = Desk::open(app, &city, &host);
    let other = request::find(office.world.db(), second).await.unwrap().unwrap();
    let starts: DateTime<Utc> = "2026-12-16T10:30:00Z".parse().unwrap();
    let visit = Visit {
        starts,
        ends: starts + chrono::Duration::hours(1),
        place: Place { town_key: "kamitsushima".to_owned(), ..Place::default() },
        people: vec![office.people[0]],
    };
    let transaction = db::begin(office.world.db()).await.unwrap();
    let refused = decision::hold(&transaction, &desk, (&other, clock::new_id()), &visit, "試験").await;
    assert!(matches!(&refused, Err(Refused::Impossible(why)) if why.concat().contains("135分")), "{refused:?}");
    transaction.rollback().await.unwrap();
    // And the database itself lets nobody be at two places at once.
    let cell = db::statement(
        office.world.db().get_database_backend(),
        "INSERT INTO outreach_cells (account_id, cell, session_id) SELECT account_id, cell, session_id FROM outreach_cells",
        vec![],
    );
    let fault = office.world.db().execute_raw(cell).await.unwrap_err();
    assert!(matches!(fault.sql_err(), Some(sea_orm::SqlErr::UniqueConstraintViolation(_))), "{fault}");
    // The other person is free.
    office.hold(&staff, second, ("2026-12-16", "19:30"), 1).await;
}

#[tokio::test]
async fn a_decision_is_numbered_held_and_told_to_both_sides_as_one_entry_of_their_calendars() {
    let office = Office::new().await;
    let staff = office.world.staff().await;
    let (id, link) = office.ask(&office.asking("mine", "2026-12-16", "14:00")).await;
    office.hold(&staff, id, ("2026-12-16", "14:00"), 0).await;
    let before = office.world.letters().await.len();
    assert!(office.world.visitor().page(&link).await.contains("日時は決まっていません"));
    let session = office.approve(&staff, id).await;
    let letters = office.world.letters().await.split_off(before);
    let kinds: Vec<(&str, &str, &str)> =
        letters.iter().map(|one| (one.kind.as_str(), one.to_mail.as_str(), one.state.as_str())).collect();
    assert_eq!(
        kinds,
        [("outreach.approved", "kucho@example.jp", "held"), ("outreach.sent_out", "ichi@city.example.jp", "held")]
    );
    assert!(
        letters[0].body.contains("令和8年度 出前第1号") && letters[0].body.contains("見本 一郎(電話 090-0000-0000)")
    );
    assert!(letters[0].body.contains("12月16日(水) 14:00〜15:00") && !letters[0].body.contains("unsubscribe"));
    assert!(letters[1].body.contains("12:30 厳原町を出る(車で75分)、13:45 峰町の会場に着く"), "{}", letters[1].body);
    assert!(letters[1].body.contains("16:30 厳原町に戻る") && letters[1].body.contains("見本 太郎 0920-00-0000"));
    // What is held is not told on the applicant's page either: neither the paper nor its number.
    let own = office.world.visitor().page(&link).await;
    assert!(!own.contains("出前第1号") && !own.contains("日時が決まりました"), "{own}");
    // A second decision about the same request is told what changed.
    let request = request::find(office.world.db(), id).await.unwrap().unwrap();
    let stale = (request.version - 1).to_string();
    let form = [("version", stale.as_str()), ("ground", "市が説明できる内容ではないため。")];
    let answer = staff.post(&format!("/staff/outreach/requests/{id}/refusal"), &form).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert!(answer.text().contains("ほかの人がこの申込を進めました"));
    // It stands in the calendar and at the item.
    assert!(office.world.page("/feeds/kind/outreach.ics").await.contains("出前説明会「協働についての説明会」"));
    assert!(office.world.page("/plans/2009/items/1-01").await.contains("出前説明会「協働についての説明会」"));
    // Released, the applicant's page tells of it, with the notice.
    let batch = decision::of_request(office.world.db(), id).await.unwrap()[0].batch_id.unwrap();
    staff.done(&format!("{}/release", mail::batch_path(batch)), &[]).await;
    let own = office.world.visitor().page(&link).await;
    assert!(own.contains("日時が決まりました") && own.contains("出前第1号"), "{own}");
    let calendars = calendars(&office.world).await;
    assert_eq!(calendars.len(), 2);
    let uid = |text: &str| text.lines().find(|line| line.starts_with("UID:")).unwrap().to_owned();
    assert_eq!(uid(&calendars[0].0), uid(&calendars[1].0));
    assert!(calendars.iter().all(|(text, method)| method == "REQUEST" && text.contains("METHOD:REQUEST")));
    // Moved: both sides get the same entry with a higher SEQUENCE, whoever no longer goes gets a CANCEL.
    let person = office.people[1].to_string();
    let version = session::find(office.world.db(), session).await.unwrap().unwrap().version.to_string();
    let form = [
        ("version", version.as_str()),
        ("day", "2026-12-17"),
        ("starts", "10:00"),
        ("town", "mine"),
        ("place", "見本公民館"),
        ("person", &person),
        ("ground", "会場の都合のため"),
        ("go", "move"),
    ];
    staff.done(&format!("/staff/outreach/sessions/{session}"), &form).await;
    let moved = self::calendars(&office.world).await.split_off(2);
    let methods: Vec<&str> = moved.iter().map(|(_, method)| method.as_str()).collect();
    assert_eq!(methods, ["REQUEST", "REQUEST", "CANCEL"]);
    let sequence = |text: &str| -> i32 {
        text.lines().find_map(|line| line.strip_prefix("SEQUENCE:")).unwrap().trim().parse().unwrap()
    };
    assert!(sequence(&moved[0].0) > sequence(&calendars[0].0));
    assert_eq!(uid(&moved[2].0), uid(&calendars[0].0));
    assert!(office.latest("outreach.changed").await.body.contains("会場の都合のため"));
}

/// The calendars that letters carry, and their methods, the oldest first.
async fn calendars(world: &World) -> Vec<(String, String)> {
    let sql = "SELECT calendar, calendar_method FROM letters WHERE calendar <> '' ORDER BY created_at, id";
    let rows = world.db().query_all_raw(db::statement(world.db().get_database_backend(), sql, vec![])).await.unwrap();
    rows.iter().map(|row| (row.try_get("", "calendar").unwrap(), row.try_get("", "calendar_method").unwrap())).collect()
}

#[tokio::test]
async fn a_typhoon_day_calls_everything_in_two_towns_off_in_one_batch_that_staff_review() {
    let office = Office::new().await;
    let staff = office.world.staff().await;
    for (town, starts, who) in [("mine", "10:00", 0), ("toyotama", "10:00", 1), ("izuhara", "19:00", 0)] {
        let (id, _) = office.ask(&office.asking(town, "2026-12-16", starts)).await;
        office.hold(&staff, id, ("2026-12-16", starts), who).await;
        office.approve(&staff, id).await;
    }
    let before = office.world.letters().await.len();
    let form = [
        ("first", "2026-12-16"),
        ("last", "2026-12-16"),
        ("town", "mine"),
        ("town", "toyotama"),
        ("reason", "台風の接近のため"),
        ("again", "1"),
        ("go", "look"),
    ];
    let page = staff.post("/staff/outreach/closing", &form).await.text();
    assert!(page.contains("あてはまる説明会 2件"), "{page}");
    assert_eq!(office.world.letters().await.len(), before, "looking does nothing");
    let ids: Vec<String> = page
        .split("name=\"session\" value=\"")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap().to_owned())
        .collect();
    let mut form = form.to_vec();
    form.retain(|(name, _)| *name != "go");
    form.extend(ids.iter().map(|id| ("session", id.as_str())));
    form.push(("go", "close"));
    staff.done("/staff/outreach/closing", &form).await;
    let letters = office.world.letters().await.split_off(before);
    let mut kinds: Vec<(&str, &str)> = letters.iter().map(|one| (one.kind.as_str(), one.state.as_str())).collect();
    kinds.sort_unstable();
    assert_eq!(
        kinds,
        [
            ("outreach.called_back", "held"),
            ("outreach.called_back", "held"),
            ("outreach.cancelled", "held"),
            ("outreach.cancelled", "held")
        ]
    );
    let board = staff.page(outreach::DESK).await;
    assert!(board.contains("決定を待っている申込 <small class=\"number\">2件</small>"), "{board}");
    assert!(office.world.page("/events?month=2026-12&view=list").await.contains("【中止】"));
    // The time of those who would have gone is free again.
    let open = request::open(office.world.db()).await.unwrap();
    office.hold(&staff, open[0].id, ("2026-12-16", "10:00"), 0).await;
}

#[tokio::test]
async fn a_venue_is_used_by_one_session_at_a_time_and_when_it_is_lost_all_of_it_is_called_off_at_once() {
    let office = Office::new().await;
    let staff = office.world.staff().await;
    let at_hall = |starts| with(&office.asking("", "2026-12-16", starts), "facility", "izuhara-community-hall");
    let (first, link) = office.ask(&at_hall("14:00")).await;
    let (second, _) = office.ask(&with(&at_hall("14:30"), "insists", "1")).await;
    office.hold(&staff, first, ("2026-12-16", "14:00"), 0).await;
    let person = office.people[1].to_string();
    let form = [("day", "2026-12-16"), ("starts", "14:30"), ("person", person.as_str()), ("go", "hold")];
    let path = format!("/staff/outreach/requests/{second}/holding");
    let answer = staff.post(&path, &form).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text().contains("会場がほかの予定で使われています(13:45から15:15まで)。"), "{}", answer.text());
    // Two rooms of one building: whoever knows it may.
    staff.done(&path, &[form.as_slice(), &[("anyway", "1")]].concat()).await;
    office.approve(&staff, first).await;
    office.approve(&staff, second).await;
    let form = [
        ("first", "2026-12-16"),
        ("last", "2026-12-16"),
        ("facility", "izuhara-community-hall"),
        ("reason", "空調の故障のため"),
        ("go", "look"),
    ];
    let page = staff.post("/staff/outreach/closing", &form).await.text();
    assert!(page.contains("あてはまる説明会 2件"), "{page}");
    let ids: Vec<String> = page
        .split("name=\"session\" value=\"")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap().to_owned())
        .collect();
    let mut form: Vec<(&str, &str)> = form.into_iter().filter(|(name, _)| *name != "go").collect();
    form.push(("go", "close"));
    form.extend(ids.iter().map(|id| ("session", id.as_str())));
    staff.done("/staff/outreach/closing", &form).await;
    assert!(staff.page(outreach::DESK).await.contains("決定を待っている申込 <small class=\"number\">0件</small>"));
    let batch = decision::of_request(office.world.db(), first).await.unwrap()[0].batch_id.unwrap();
    assert_eq!(Some(batch), decision::of_request(office.world.db(), second).await.unwrap()[0].batch_id);
    staff.done(&format!("{}/release", mail::batch_path(batch)), &[]).await;
    let own = office.world.visitor().page(&link).await;
    assert!(own.contains("中止になりました") && own.contains("空調の故障のため"), "{own}");
}

#[tokio::test]
async fn a_withdrawal_after_the_decision_calls_the_session_off_and_tells_those_who_would_have_gone() {
    let office = Office::new().await;
    let staff = office.world.staff().await;
    let (id, link) = office.ask(&office.asking("mine", "2026-12-16", "14:00")).await;
    office.hold(&staff, id, ("2026-12-16", "14:00"), 0).await;
    let session = office.approve(&staff, id).await;
    let visitor = office.world.visitor();
    visitor.done(&format!("{link}/withdrawal"), &[("reason", "人が集まらないため")]).await;
    visitor.done(&format!("{link}/withdrawal"), &[]).await;
    let state = session::find(office.world.db(), session).await.unwrap().unwrap().state();
    assert_eq!(state, session::State::Cancelled);
    let told: Vec<String> = office
        .world
        .letters()
        .await
        .into_iter()
        .rev()
        .take(2)
        .map(|one| format!("{} {}", one.kind, one.state))
        .collect();
    assert_eq!(told, ["outreach.called_back held", "outreach.withdrawn held"]);
    assert!(visitor.page(&link).await.contains("取り下げられました"));
    assert!(staff.page(&outreach::desk_path(id)).await.contains("人が集まらないため"));
}

#[tokio::test]
async fn another_day_that_the_applicant_takes_by_the_link_is_decided_and_one_that_is_over_is_not() {
    let office = Office::new().await;
    let staff = office.world.staff().await;
    let (id, link) = office.ask(&office.asking("mine", "2026-12-16", "14:00")).await;
    office.hold(&staff, id, ("2026-12-17", "10:00"), 0).await;
    office.hold(&staff, id, ("2026-12-18", "10:00"), 1).await;
    let version = request::find(office.world.db(), id).await.unwrap().unwrap().version.to_string();
    let form = [("version", version.as_str()), ("ground", "その日は伺える職員がいません。")];
    staff.done(&format!("/staff/outreach/requests/{id}/offer"), &form).await;
    let letter = office.latest("outreach.offered").await;
    assert_eq!(letter.state, "held");
    assert!(letter.body.contains("　1 令和8年12月17日(木) 10:00〜11:00") && letter.body.contains("11月30日(月)までに"));
    let visitor = office.world.visitor();
    let page = visitor.page(&link).await;
    assert!(page.contains("12月17日(木)") && page.contains("12月18日(金)"), "{page}");
    let offered = session::of_request(office.world.db(), id).await.unwrap();
    let (chosen, version) = (offered[1].id.to_string(), offered[1].version.to_string());
    // A week and a day later the offer is over.
    let late = now() + chrono::Duration::days(8);
    let app = App::new(office.world.app.config.clone(), office.world.db().clone(), Clock::Fixed(late)).await.unwrap();
    assert!(!offered[1].is_on_offer(app.clock.now()));
    let to = visitor.done(&format!("{link}/acceptance"), &[("session", &chosen), ("version", &version)]).await;
    assert!(to.ends_with("done=accepted"), "{to}");
    let states: Vec<session::State> =
        session::of_request(office.world.db(), id).await.unwrap().iter().map(session::Session::state).collect();
    assert_eq!(states, [session::State::Cancelled, session::State::Confirmed]);
    assert!(visitor.page(&link).await.contains("日時が決まりました"));
    // Pressed once more it stays as it is.
    let to = visitor.done(&format!("{link}/acceptance"), &[("session", &chosen), ("version", &version)]).await;
    assert!(to.ends_with("done=gone"), "{to}");
}

#[tokio::test]
async fn a_circle_that_keeps_to_itself_is_nowhere_in_public_but_its_staff_see_it() {
    let office = Office::new().await;
    let staff = office.world.staff().await;
    let form = office.asking("mine", "2026-12-16", "14:00");
    let form = with(&with(&form, "body", "circle"), "circle", "見本 内緒の集い");
    let form = with(&with(&form, "circle_town", "mine"), "public", "");
    let (id, link) = office.ask(&form).await;
    office.hold(&staff, id, ("2026-12-16", "14:00"), 0).await;
    office.approve(&staff, id).await;
    for path in [
        "/events?month=2026-12&view=list",
        "/calendar.ics",
        "/feeds/kind/outreach.ics",
        "/opendata/events.csv",
        "/plans/2009/items/1-02",
        "/outreach",
        "/outreach/reach",
    ] {
        let page = office.world.page(path).await;
        assert!(!page.contains("内緒の集い") && !page.contains("0920-00-0000"), "{path}");
    }
    assert!(staff.page(&outreach::desk_path(id)).await.contains("見本 内緒の集い"));
    assert!(office.world.visitor().page(&link).await.contains("見本 内緒の集い"));
    // Nobody else's link, and no member, opens the office's pages.
    assert_eq!(office.world.get("/outreach/requests/abc").await.status, StatusCode::GONE);
    let member = office.world.member("mihon@example.jp").await;
    assert_eq!(member.get(&outreach::desk_path(id)).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn all_open_requests_are_planned_at_once_and_taken_with_one_press() {
    let office = Office::new().await;
    let staff = office.world.staff().await;
    for town in ["izuhara", "mine", "kamitsushima"] {
        office.ask(&office.asking(town, "2026-12-16", "19:00")).await;
    }
    let page = staff.page("/staff/outreach/plan").await;
    assert!(page.contains("3件のうち2件を受けられます。"), "{page}");
    assert!(page.contains("この計画では受けられない申込 <small class=\"number\">1件</small>"), "{page}");
    assert!(page.contains("135分") || page.contains("上限") || page.contains("分足りない"), "{page}");
    let keys: Vec<String> =
        page.split("name=\"take\" value=\"").skip(1).map(|rest| rest.split('"').next().unwrap().to_owned()).collect();
    assert_eq!(keys.len(), 2);
    let form: Vec<(&str, &str)> = keys.iter().map(|key| ("take", key.as_str())).collect();
    let page = staff.post("/staff/outreach/plan", &form).await.text();
    assert_eq!(page.matches("仮押さえしました。").count(), 2, "{page}");
    // Pressed twice it says so and holds nothing more.
    let page = staff.post("/staff/outreach/plan", &form).await.text();
    assert_eq!(page.matches("仮押さえできませんでした").count(), 2, "{page}");
    let held = session::standing(
        office.world.db(),
        ("2026-12-01T00:00:00Z".parse().unwrap(), "2026-12-31T00:00:00Z".parse().unwrap()),
    );
    assert_eq!(held.await.unwrap().len(), 2);
}

#[tokio::test]
async fn both_sides_are_reminded_a_week_and_a_day_before_each_once() {
    let office = Office::new().await;
    let staff = office.world.staff().await;
    let (id, _) = office.ask(&office.asking("mine", "2026-12-16", "14:00")).await;
    office.hold(&staff, id, ("2026-12-16", "14:00"), 0).await;
    office.approve(&staff, id).await;
    let reminded = async |moment: &str| {
        let app =
            App::new(office.world.app.config.clone(), office.world.db().clone(), Clock::Fixed(moment.parse().unwrap()));
        let app = app.await.unwrap();
        let city = app.city();
        outreach::remind(office.world.db(), &Desk::open(&app, &city, "kyodo.example.jp")).await.unwrap()
    };
    assert_eq!(reminded("2026-12-08T00:00:00Z").await, 0);
    assert_eq!(reminded("2026-12-09T06:00:00Z").await, 1);
    assert_eq!(reminded("2026-12-10T00:00:00Z").await, 0);
    assert_eq!(reminded("2026-12-15T00:00:00Z").await, 1);
    assert_eq!(reminded("2026-12-16T00:00:00Z").await, 0);
    let letters = office.world.letters().await;
    let of = |kind: &str| letters.iter().filter(|one| one.kind == kind).collect::<Vec<_>>();
    assert_eq!((of("outreach.reminder").len(), of("outreach.speaker_reminder").len()), (2, 2));
    assert!(of("outreach.speaker_reminder")[1].body.contains("12:30 厳原町を出る(車で75分)"));
    assert!(of("outreach.reminder")[1].subject.contains("あしたです"));
}

#[tokio::test]
async fn a_calendar_that_declines_waits_for_the_office_and_a_stranger_s_answer_is_refused() {
    let office = Office::new().await;
    let staff = office.world.staff().await;
    let (id, _) = office.ask(&office.asking("mine", "2026-12-16", "14:00")).await;
    office.hold(&staff, id, ("2026-12-16", "14:00"), 0).await;
    office.approve(&staff, id).await;
    let (calendar, _) = calendars(&office.world).await.swap_remove(0);
    let line = |name: &str| calendar.lines().find(|line| line.starts_with(name)).unwrap().trim().to_owned();
    let (uid, sequence) = (line("UID:"), line("SEQUENCE:"));
    let answer = async |mail: &str, says: &str| {
        let text = format!(
            "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//EN\r\nMETHOD:REPLY\r\nBEGIN:VEVENT\r\n{uid}\r\n{sequence}\r\n\
            DTSTAMP:20261123T000000Z\r\nATTENDEE;PARTSTAT={says}:mailto:{mail}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
        );
        let reply = kyodo::ics::reply(text.as_bytes(), chrono_tz::Asia::Tokyo).unwrap().remove(0);
        let transaction = db::begin(office.world.db()).await.unwrap();
        let ruling = decision::taker(&transaction, &reply, mail, now()).await.unwrap().unwrap();
        transaction.commit().await.unwrap();
        format!("{ruling:?}")
    };
    assert!(answer("stranger@example.jp", "DECLINED").await.contains("お知らせしていないアドレス"));
    assert!(answer("ichi@city.example.jp", "ACCEPTED").await.contains("「参加」の返事"));
    assert!(answer("Kucho@example.jp", "DECLINED").await.contains("「都合がわるい」の返事"));
    let page = staff.page(&outreach::desk_path(id)).await;
    assert!(
        page.contains("見本 太郎 <strong>都合がわるい</strong>") && page.contains("見本 一郎 <strong>参加</strong>"),
        "{page}"
    );
    assert!(staff.page("/staff").await.contains("都合がわるいという返事を確かめる: 見本 太郎"));
}

#[tokio::test]
async fn what_is_held_stands_tentative_in_the_calendars_of_those_who_would_go_and_nowhere_else() {
    let office = Office::new().await;
    let staff = office.world.staff().await;
    let owner = private_feed::Owner::Account(office.people[0], "ichi@city.example.jp".to_owned());
    let token = private_feed::make(office.world.db(), &owner, now()).await.unwrap().unwrap();
    let feed = async || office.world.page(&private_feed::path(&token)).await;
    let (id, _) = office.ask(&office.asking("mine", "2026-12-16", "14:00")).await;
    assert!(!feed().await.contains("BEGIN:VEVENT"));
    office.hold(&staff, id, ("2026-12-16", "14:00"), 0).await;
    let held = feed().await;
    assert!(held.contains("STATUS:TENTATIVE") && held.contains("見本 太郎 0920-00-0000"), "{held}");
    for path in ["/feeds/kind/outreach.ics", "/calendar.ics", "/events?month=2026-12&view=list"] {
        assert!(!office.world.page(path).await.contains("協働についての説明会"), "{path}");
    }
    office.approve(&staff, id).await;
    assert!(feed().await.contains("STATUS:CONFIRMED"));
}

#[tokio::test]
async fn what_comes_by_telephone_is_keyed_in_and_needs_no_mail_address() {
    let office = Office::new().await;
    let staff = office.world.staff().await;
    let form = office.asking("mine", "2026-12-16", "14:00");
    let form = with(&with(&form, "mail", ""), "channel", "phone");
    let path = staff.done("/staff/outreach/new", &pairs(&form)).await;
    let page = staff.page(&path).await;
    assert!(page.contains("電話(入力: 見本 職員)") && page.contains("見本 一郎さん"), "{page}");
    assert!(office.world.letters().await.is_empty());
    let id = request::open(office.world.db()).await.unwrap()[0].id;
    office.hold(&staff, id, ("2026-12-16", "14:00"), 0).await;
    office.approve(&staff, id).await;
    let kinds: Vec<String> = office.world.letters().await.into_iter().map(|one| one.kind).collect();
    assert_eq!(kinds, ["outreach.sent_out"]);
    // The notice for the applicant is on paper.
    let decisions = decision::of_request(office.world.db(), id).await.unwrap();
    let paper = staff.page(&format!("/staff/outreach/notices/{}", decisions[0].id)).await;
    assert!(
        paper.contains("決定通知書")
            && paper.contains("令和8年度 出前第1号")
            && paper.contains("12月16日(水) 14:00〜15:00")
    );
    // The withdrawal comes by telephone as well.
    let form = [("channel", "phone"), ("reason", "大雪のため")];
    staff.done(&format!("/staff/outreach/requests/{id}/withdrawal"), &form).await;
    assert!(staff.page(&outreach::desk_path(id)).await.contains("大雪のため"));
}

#[tokio::test]
async fn the_menu_the_rules_and_the_paper_form_are_for_everybody_and_staff_keep_them() {
    let office = Office::new().await;
    let staff = office.world.staff().await;
    let page = office.world.page(outreach::INDEX).await;
    assert!(page.contains("協働についての説明会") && page.contains("希望日の14日前までに"), "{page}");
    assert!(page.contains("平日は9:00から21:00まで、土曜・日曜・祝日は9:00から17:00まで。"), "{page}");
    let path = format!("/outreach/paper?topic={}&town=mine", office.topic);
    let paper = office.world.page(&path).await;
    assert!(
        paper.contains("☑ 協働についての説明会(60分)") && paper.contains("峰町") && paper.contains("class=\"qr\""),
        "{paper}"
    );
    staff.done("/staff/outreach/closures", &[("day", "2026-12-16"), ("words", "選挙のため")]).await;
    let answer =
        office.world.visitor().post(outreach::REQUEST, &pairs(&office.asking("mine", "2026-12-16", "14:00"))).await;
    assert!(answer.text().contains("12月16日(水)は、選挙のため、出前説明会を行いません。"));
    staff.done("/staff/outreach/topics/copy", &[("year", "2027")]).await;
    assert!(staff.page("/staff/outreach/topics?year=2027").await.contains("協働についての説明会"));
    staff.done(&format!("/staff/outreach/topics/{}/retirement", office.topic), &[]).await;
    assert!(!office.world.page(outreach::INDEX).await.contains("<h3 class=\"entry-title\">1. 協働"));
}
