//! What comes of an 出前説明会: its report, the questionnaire, their sums, and which towns and districts were reached.

use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use kyodo::calendar::{self, Desk, Draft, Kind, Span};
use kyodo::outreach::{self, questionnaire, report, results, topic};
use kyodo::plan;
use sea_orm::{ConnectionTrait, Value};
use uuid::Uuid;

use crate::world::{Browser, World, now, today};

/// A decided session about to be put into the database.
#[derive(Clone, Copy)]
struct Plan<'a> {
    body_kind: &'a str,
    body_name: &'a str,
    body_town: &'a str,
    district: &'a str,
    town: &'a str,
    starts: &'a str,
    public: bool,
    state: &'a str,
}

/// Of three days ago, for the district 曲 of 厳原町, in the calendar.
const DISTRICT: Plan<'static> = Plan {
    body_kind: "district",
    body_name: "見本 曲区",
    body_town: "izuhara",
    district: "曲",
    town: "izuhara",
    starts: "2026-11-20T10:00:00Z",
    public: true,
    state: "confirmed",
};

/// Of the day before, for a circle that keeps to itself, at a hall in 峰町.
const CIRCLE: Plan<'static> = Plan {
    body_kind: "circle",
    body_name: "見本 秘密のお茶の会",
    body_town: "mine",
    district: "",
    town: "mine",
    starts: "2026-11-19T05:00:00Z",
    public: false,
    state: "confirmed",
};

struct Session {
    id: Uuid,
    entry: Uuid,
}

impl Session {
    fn report(&self) -> String {
        report::path(self.id)
    }

    fn questionnaire(&self) -> String {
        questionnaire::path(self.id)
    }

    fn event(&self) -> String {
        format!("/events/{}", self.entry)
    }
}

async fn run(world: &World, sql: &str, values: Vec<Value>) {
    let statement = kyodo::db::statement(world.db().get_database_backend(), sql, values);
    world.db().execute_raw(statement).await.unwrap();
}

async fn number(world: &World, sql: &str, values: Vec<Value>) -> i64 {
    let statement = kyodo::db::statement(world.db().get_database_backend(), sql, values);
    world.db().query_one_raw(statement).await.unwrap().unwrap().try_get("", "n").unwrap()
}

/// Puts a decided session with its request and its entry into the database, two hours long.
async fn planned(world: &World, plan: Plan<'_>) -> Session {
    let (id, request) = (kyodo::clock::new_id(), kyodo::clock::new_id());
    let starts: DateTime<Utc> = plan.starts.parse().unwrap();
    let ends = starts + chrono::Duration::hours(2);
    let city = world.app.city();
    let code = if plan.body_kind == "district" { "1-01" } else { "1-02" };
    let item = plan::by_codes(world.db()).await.unwrap()[&("2009".to_owned(), code.to_owned())];
    let title = format!("出前説明会 市民協働とは({})", plan.body_name);
    let span = Span::Times { starts, ends: Some(ends) };
    let mut draft = Draft::new("outreach", &id.to_string(), &title, span, city.profile.zone);
    draft.kind = Kind::Outreach;
    draft.public = plan.public;
    draft.town_key = plan.town.to_owned();
    draft.items = vec![item];
    let desk = Desk { city: &city, host: "kyodo.example.jp", now: now(), today: today() };
    let entry = calendar::store(world.db(), &desk, &draft).await.unwrap().id;
    let sql =
        "INSERT INTO outreach_requests (id, fiscal_year, number, own_title, length_minutes, people_needed, body_kind,
        body_town, district, body_name, representative, contact_name, mail, phone, fax, address, place, place_address,
        town_key, people, audience, equipment, parking, access, questions, public, insists, channel, entered_by,
        received_at, decided_at, decision, withdrawn_by, withdraw_reason, version, created_at, updated_at)
        VALUES (?, 2026, NULL, '市民協働とは', 60, 1, ?, ?, ?, ?, '見本 代表', '見本 連絡', 'moushikomi@example.jp',
        '0920-00-0000', '', '見本の住所', '見本の公民館', '', ?, 20, '', '', '', '', '', ?, FALSE, 'screen', '', ?, ?,
        'approved', '', '', 1, ?, ?)";
    let values: Vec<Value> = vec![
        request.into(),
        plan.body_kind.into(),
        plan.body_town.into(),
        plan.district.into(),
        plan.body_name.into(),
        plan.town.into(),
        plan.public.into(),
        now().into(),
        now().into(),
        now().into(),
        now().into(),
    ];
    run(world, sql, values).await;
    let sql = "INSERT INTO outreach_sessions (id, request_id, entry_id, state, starts_at, ends_at, town_key, place,
        place_address, confirmed_by, cancelled_by, cancel_reason, version, created_by, created_at, updated_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, '見本の公民館', '', '', '', '', 1, '', ?, ?)";
    let values: Vec<Value> = vec![
        id.into(),
        request.into(),
        entry.into(),
        plan.state.into(),
        starts.into(),
        ends.into(),
        plan.town.into(),
        now().into(),
        now().into(),
    ];
    run(world, sql, values).await;
    Session { id, entry }
}

/// A report of a session that took place, everything filled in and meant for everybody.
const FULL: [(&str, &str); 19] = [
    ("version", "0"),
    ("held", "yes"),
    ("people", "２５人"),
    ("content", "内々の話の中身"),
    ("q-0", "市民協働とは何ですか"),
    ("a-0", "市民と市がいっしょに働くことです。"),
    ("p-0", "1"),
    ("q-1", "隣の区長のことですが"),
    ("a-1", "個別にお答えします。"),
    ("materials", "内部の資料"),
    ("note", "駐車場はせまい"),
    ("summary", "市民協働の考え方を<説明>しました。"),
    ("public", "1"),
    ("consent", "11月20日、代表の方から口頭で"),
    ("task-id-0", "01936d00-0000-7000-8000-0000000000a1"),
    ("task-0", "補助金の一覧を送る"),
    ("owner-0", "見本 職員"),
    ("due-0", "2026-11-22"),
    ("task-id-1", "01936d00-0000-7000-8000-0000000000a2"),
];

/// What a report says that nobody but staff may read.
const INTERNAL: [&str; 6] =
    ["内々の話の中身", "隣の区長のことですが", "内部の資料", "駐車場はせまい", "補助金の一覧を送る", "口頭で"];

fn with<'a>(form: &[(&'a str, &'a str)], changes: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let kept = form.iter().filter(|(name, _)| changes.iter().all(|(other, _)| other != name)).copied();
    kept.chain(changes.iter().copied()).filter(|(_, text)| *text != "-").collect()
}

/// Reports a session as held for so many people.
async fn reported(staff: &Browser<'_>, session: &Session, people: &str) {
    let form = [("version", "0"), ("held", "yes"), ("people", people)];
    staff.done(&session.report(), &form).await;
}

fn stage(page: &str, session: &Session) -> String {
    let at = page.find(&session.event()).expect("the entry stands on the page");
    let line = page[at..].split("</li>").next().unwrap();
    line.split("<span class=\"chip\">").nth(1).map_or(String::new(), |rest| rest.split('<').next().unwrap().to_owned())
}

#[tokio::test]
async fn a_reported_session_is_evidence_and_shows_what_its_applicant_agreed_to() {
    let world = World::new().await;
    let session = planned(&world, DISTRICT).await;
    let item = "/plans/2009/items/1-01";
    let before = world.page(item).await;
    assert_eq!(stage(&before, &session), "報告待ち");
    assert!(before.contains("<strong class=\"number\">1回</strong>の開催"));
    assert!(!world.page(&session.event()).await.contains("id=\"outcome\""));
    let staff = world.staff().await;
    let form = staff.page(&session.report()).await;
    assert!(form.contains("出前説明会の報告") && form.contains("令和8年11月20日(金) 19:00〜21:00"), "{form}");
    assert_eq!(staff.done(&session.report(), &FULL).await, format!("{}?done=saved", session.report()));
    assert!(staff.page(&format!("{}?done=saved", session.report())).await.contains("報告を保存しました。"));
    let after = world.page(item).await;
    assert_eq!(stage(&after, &session), "実施(報告済み)");
    let public = world.page(&session.event()).await;
    for shown in
        ["25人", "市民協働の考え方を&#60;説明&#62;しました。", "市民協働とは何ですか", "いっしょに働くことです。"]
    {
        assert!(public.contains(shown), "{shown}");
    }
    for page in [&public, &after, &world.page("/outreach/reach").await, &world.page("/events").await] {
        for word in INTERNAL {
            assert!(!page.contains(word), "{word}");
        }
    }
    let trail = number(&world, "SELECT COUNT(*) AS n FROM audit WHERE action = '出前説明会の報告'", vec![]).await;
    assert_eq!(trail, 1);
}

#[tokio::test]
async fn the_same_form_sent_twice_is_one_report() {
    let world = World::new().await;
    let session = planned(&world, DISTRICT).await;
    let staff = world.staff().await;
    let path = session.report();
    let (first, second) = tokio::join!(staff.post(&path, &FULL), staff.post(&path, &FULL));
    assert_eq!((first.status, second.status), (StatusCode::SEE_OTHER, StatusCode::SEE_OTHER));
    staff.done(&path, &FULL).await;
    let kept = report::find(world.db(), session.id).await.unwrap().unwrap();
    assert_eq!((kept.version, kept.people), (1, 25));
    assert_eq!(report::task::of_session(world.db(), session.id).await.unwrap().len(), 1);
    assert_eq!(number(&world, "SELECT COUNT(*) AS n FROM audit WHERE noun = 'outreach'", vec![]).await, 1);
}

#[tokio::test]
async fn nothing_is_shown_without_consent_and_nothing_any_more_once_it_is_taken_back() {
    let world = World::new().await;
    let session = planned(&world, DISTRICT).await;
    let staff = world.staff().await;
    let unfit = staff.post(&session.report(), &with(&FULL, &[("consent", "-")])).await;
    assert_eq!(unfit.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(unfit.text().contains("申込者の了解を、いつ、どのように得たかを書いてください。"));
    assert!(unfit.text().contains("駐車場はせまい"), "what was typed stays");
    staff.done(&session.report(), &FULL).await;
    assert!(world.page(&session.event()).await.contains("市民協働の考え方を"));
    staff.done(&session.report(), &with(&FULL, &[("version", "1"), ("public", "-")])).await;
    let public = world.page(&session.event()).await;
    assert!(public.contains("この説明会を実施しました。"));
    for word in ["市民協働の考え方を", "25人", "市民協働とは何ですか"] {
        assert!(!public.contains(word), "{word}");
    }
}

#[tokio::test]
async fn a_session_that_did_not_take_place_needs_a_reason_and_counts_nowhere() {
    let world = World::new().await;
    let session = planned(&world, DISTRICT).await;
    let staff = world.staff().await;
    let unfit = staff.post(&session.report(), &[("version", "0"), ("held", "no"), ("note", "書きかけ")]).await;
    assert_eq!(unfit.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(unfit.text().contains("実施しなかった理由を書いてください。") && unfit.text().contains("書きかけ"));
    let form = [("version", "0"), ("held", "no"), ("people", "30"), ("why_not", "代表の方が急病"), ("public", "1")];
    staff.done(&session.report(), &form).await;
    let item = world.page("/plans/2009/items/1-01").await;
    assert_eq!(stage(&item, &session), "実施せず");
    assert!(item.contains("<strong class=\"number\">0回</strong>の開催"), "{item}");
    let public = world.page(&session.event()).await;
    assert!(public.contains("この説明会は、実施しませんでした") && !public.contains("急病"));
    let reach = world.page("/outreach/reach").await;
    assert!(reach.contains("これまでに<strong class=\"number\">0回</strong>"), "{reach}");
    assert!(!world.page("/plans/2009?policy=1").await.contains("予定 1件"));
}

#[tokio::test]
async fn two_who_report_the_same_session_see_each_other_s_words() {
    let world = World::new().await;
    let session = planned(&world, DISTRICT).await;
    let (staff, other) = (world.staff().await, world.admin().await);
    staff.done(&session.report(), &FULL).await;
    let typed = [("version", "0"), ("held", "yes"), ("people", "24"), ("summary", "私のまとめ")];
    let answer = other.post(&session.report(), &typed).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let page = answer.text();
    for word in
        ["ほかの方が、先に報告を保存しました", "市民協働の考え方を", "私のまとめ", "name=\"version\" value=\"1\""]
    {
        assert!(page.contains(word), "{word}");
    }
    assert_eq!(report::find(world.db(), session.id).await.unwrap().unwrap().people, 25);
    other.done(&session.report(), &with(&typed, &[("version", "1")])).await;
    let kept = report::find(world.db(), session.id).await.unwrap().unwrap();
    assert_eq!((kept.people, kept.summary.as_str(), kept.version), (24, "私のまとめ", 2));
}

#[tokio::test]
async fn only_staff_report_and_only_decided_sessions_that_have_begun() {
    let world = World::new().await;
    let coming = planned(&world, Plan { starts: "2026-12-05T10:00:00Z", ..DISTRICT }).await;
    let held = planned(&world, Plan { state: "tentative", ..DISTRICT }).await;
    let cancelled = planned(&world, Plan { state: "cancelled", ..DISTRICT }).await;
    let staff = world.staff().await;
    let early = staff.page(&coming.report()).await;
    assert!(early.contains("報告は、説明会が始まってから書けます。") && !early.contains("name=\"held\""));
    assert_eq!(staff.post(&coming.report(), &FULL).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(report::find(world.db(), coming.id).await.unwrap().is_none());
    for session in [&held, &cancelled] {
        assert_eq!(staff.get(&session.report()).await.status, StatusCode::NOT_FOUND);
        assert_eq!(staff.post(&session.report(), &FULL).await.status, StatusCode::NOT_FOUND);
    }
    let past = planned(&world, DISTRICT).await;
    let member = world.member("dantai@example.jp").await;
    for path in [past.report(), past.questionnaire(), "/staff/outreach/tasks".to_owned(), results::RESULTS.to_owned()] {
        assert_eq!(world.get(&path).await.status, StatusCode::SEE_OTHER, "{path}");
        assert_eq!(member.get(&path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    assert_eq!(member.post(&past.report(), &FULL).await.status, StatusCode::NOT_FOUND);
    assert_eq!(staff.get("/staff/outreach/sessions/not-an-id/report").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn sessions_that_do_not_stand_in_the_calendar_count_as_numbers_alone() {
    let world = World::new().await;
    let first = planned(&world, CIRCLE).await;
    let second = planned(&world, Plan { starts: "2026-11-18T05:00:00Z", ..CIRCLE }).await;
    let staff = world.staff().await;
    assert!(!world.page("/plans/2009/items/1-02").await.contains("公開していない"));
    reported(&staff, &first, "30").await;
    // Consent alone does not make a session public whose applicant wanted none of it in the calendar.
    staff
        .done(&second.report(), &with(&FULL, &[("people", "15"), ("task-0", "-"), ("owner-0", "-"), ("due-0", "-")]))
        .await;
    let item = world.page("/plans/2009/items/1-02").await;
    assert!(item.contains("公開していない出前説明会 <strong class=\"number\">2回</strong>(のべ45人)"), "{item}");
    assert!(item.contains("<strong class=\"number\">0回</strong>の開催"));
    assert!(world.page("/plans/2009?policy=1").await.contains("公開していない説明会 2回"));
    let reach = world.page("/outreach/reach").await;
    assert!(reach.contains("これまでに<strong class=\"number\">2回</strong>"), "{reach}");
    for (path, page) in [("item", &item), ("reach", &reach)] {
        for word in ["秘密のお茶の会", "市民協働の考え方を", &first.event()] {
            assert!(!page.contains(word), "{word} on {path}");
        }
    }
    assert_eq!(world.get(&second.event()).await.status, StatusCode::NOT_FOUND);
    assert!(!world.page("/calendar.ics").await.contains("秘密"));
    let (kept, count) = (
        report::find(world.db(), second.id).await.unwrap().unwrap(),
        results::this_year(world.db(), (world.app.city().profile.zone, now())).await.unwrap(),
    );
    assert!(!kept.is_public && kept.published_at.is_none());
    assert_eq!((count.fiscal_year, count.sessions, count.people), (2026, 2, 45));
}

#[tokio::test]
async fn what_was_promised_is_listed_until_it_is_done() {
    let world = World::new().await;
    let (session, other) = (planned(&world, DISTRICT).await, planned(&world, CIRCLE).await);
    let staff = world.staff().await;
    staff.done(&session.report(), &FULL).await;
    let list = staff.page("/staff/outreach/tasks").await;
    for word in ["補助金の一覧を送る", "見本 職員", "令和8年11月22日(日)まで", "期限を過ぎました"]
    {
        assert!(list.contains(word.trim_end_matches("まで")), "{word}");
    }
    // A form of another session that names the same follow-up does not reach it.
    let stolen = [
        ("version", "0"),
        ("held", "yes"),
        ("people", "5"),
        ("task-id-0", "01936d00-0000-7000-8000-0000000000a1"),
        ("task-0", "書きかえられた宿題"),
    ];
    staff.done(&other.report(), &stolen).await;
    let list = staff.page("/staff/outreach/tasks").await;
    assert!(list.contains("補助金の一覧を送る") && !list.contains("書きかえられた宿題"));
    let task = "/staff/outreach/tasks/01936d00-0000-7000-8000-0000000000a1";
    assert_eq!(staff.done(task, &[]).await, "/staff/outreach/tasks?done=done");
    assert!(report::task::open(world.db(), 10).await.unwrap().is_empty());
    staff.done(task, &[("do", "undo")]).await;
    assert_eq!(report::task::open(world.db(), 10).await.unwrap().len(), 1);
    staff
        .done(&session.report(), &with(&FULL, &[("version", "1"), ("task-0", "-"), ("owner-0", "-"), ("due-0", "-")]))
        .await;
    assert!(staff.page("/staff/outreach/tasks").await.contains("済んでいない宿題は、ありません。"));
    assert_eq!(staff.post("/staff/outreach/tasks/not-an-id", &[]).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn sessions_without_a_report_and_late_follow_ups_wait_for_the_office() {
    let world = World::new().await;
    let first = planned(&world, CIRCLE).await;
    planned(&world, DISTRICT).await;
    planned(&world, Plan { starts: "2026-12-05T10:00:00Z", ..DISTRICT }).await;
    let (count, waiting) = outreach::waiting(world.db(), now(), 1).await.unwrap();
    assert_eq!((count, waiting.len(), waiting[0].path.as_str()), (2, 1, first.report().as_str()));
    assert_eq!(waiting[0].title, "報告を書く: 見本 秘密のお茶の会");
    let staff = world.staff().await;
    staff.done(&first.report(), &FULL).await;
    let (count, waiting) = outreach::waiting(world.db(), now(), 10).await.unwrap();
    let titles: Vec<_> = waiting.iter().map(|one| one.title.as_str()).collect();
    assert_eq!(count, 2);
    assert_eq!(titles, ["報告を書く: 見本 曲区", "期限を過ぎた宿題: 補助金の一覧を送る"]);
}

async fn code_of(world: &World, session: &Session) -> String {
    let staff = world.staff().await;
    staff.done(&format!("{}/code", session.questionnaire()), &[]).await;
    let found = questionnaire::of(world.db(), session.id).await.unwrap().unwrap();
    questionnaire::public_path(&found.code)
}

#[tokio::test]
async fn whoever_sat_in_the_hall_answers_without_a_name_and_once() {
    let world = World::new().await;
    let session = planned(&world, CIRCLE).await;
    let path = code_of(&world, &session).await;
    let visitor = world.visitor();
    let page = visitor.get(&path).await;
    assert_eq!((page.status, page.header("cache-control")), (StatusCode::OK, "no-store"));
    let page = page.text();
    assert!(page.contains("説明は、わかりやすかったですか") && page.contains("市民協働とは"));
    for word in ["秘密のお茶の会", "見本の公民館", "見本 代表", "0920-00-0000"] {
        assert!(!page.contains(word), "{word}");
    }
    let nothing = visitor.post(&path, &[("id", "x"), ("words", "　")]).await;
    assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(nothing.text().contains("どれか1つは、答えてください。"));
    let answers = [
        ("id", "01936d00-0000-7000-8000-0000000000b1"),
        ("clear", "4"),
        ("age", "70s"),
        ("words", "<b>よくわかった</b>"),
    ];
    for _ in 0..2 {
        assert_eq!(visitor.done(&path, &answers).await, format!("{path}?done=taken"));
    }
    assert!(visitor.page(&format!("{path}?done=taken")).await.contains("ありがとうございました"));
    assert_eq!(questionnaire::of_session(world.db(), session.id).await.unwrap().len(), 1);
    let typed = path.to_lowercase();
    assert_eq!(visitor.get(&typed).await.status, StatusCode::OK, "a code may be typed in small letters");
    assert_eq!(visitor.get("/outreach/q/2222").await.status, StatusCode::NOT_FOUND);
    let machine = [("clear", "1"), ("website", "http://spam.example")];
    visitor.done(&path, &machine).await;
    let kept = questionnaire::of_session(world.db(), session.id).await.unwrap();
    assert_eq!(kept.len(), 1);
    let staff = world.staff().await;
    let desk = staff.page(&session.questionnaire()).await;
    assert!(desk.contains("&#60;b&#62;よくわかった&#60;/b&#62;") && desk.contains("集計　1枚"), "{desk}");
    let networks = number(&world, "SELECT COUNT(*) AS n FROM outreach_answers WHERE network <> ''", vec![]).await;
    assert_eq!(networks, 0, "nobody's network is kept");
}

#[tokio::test]
async fn a_questionnaire_is_open_from_the_session_s_start_until_thirty_days_after() {
    let world = World::new().await;
    let early = planned(&world, Plan { starts: "2026-11-23T00:01:00Z", ..DISTRICT }).await;
    let last = planned(&world, Plan { starts: "2026-10-23T22:01:00Z", ..DISTRICT }).await;
    let over = planned(&world, Plan { starts: "2026-10-23T22:00:00Z", ..DISTRICT }).await;
    let visitor = world.visitor();
    let answer = [("clear", "4")];
    let path = code_of(&world, &early).await;
    assert!(visitor.page(&path).await.contains("説明会が始まってから答えられます"));
    assert_eq!(visitor.done(&path, &answer).await, path);
    let path = code_of(&world, &last).await;
    visitor.done(&path, &answer).await;
    let path = code_of(&world, &over).await;
    assert_eq!(visitor.get(&path).await.status, StatusCode::GONE);
    let late = visitor.post(&path, &answer).await;
    assert_eq!(late.status, StatusCode::GONE);
    assert!(late.text().contains("このアンケートの受付は終わりました。"));
    for (session, count) in [(&early, 0), (&last, 1), (&over, 0)] {
        assert_eq!(questionnaire::of_session(world.db(), session.id).await.unwrap().len(), count);
    }
}

#[tokio::test]
async fn a_hall_full_of_people_may_answer_from_one_network_and_a_machine_may_not_go_on() {
    let world = World::new().await;
    let session = planned(&world, DISTRICT).await;
    let path = code_of(&world, &session).await;
    let visitor = world.visitor();
    for _ in 0..60 {
        visitor.done(&path, &[("useful", "3")]).await;
    }
    assert_eq!(visitor.post(&path, &[("useful", "1")]).await.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(questionnaire::of_session(world.db(), session.id).await.unwrap().len(), 60);
}

#[tokio::test]
async fn sheets_of_paper_are_keyed_in_one_after_the_other_and_can_be_taken_back() {
    let world = World::new().await;
    let session = planned(&world, DISTRICT).await;
    let staff = world.staff().await;
    let keying = format!("{}/keying", session.questionnaire());
    assert!(staff.page(&keying).await.contains("<span class=\"number\">1枚目</span>"));
    for sheet in [
        [("id", "01936d00-0000-7000-8000-0000000000c1"), ("clear", "4"), ("words", "もっと聞きたい")],
        [("id", "01936d00-0000-7000-8000-0000000000c2"), ("clear", "2"), ("words", "見本のひどい言葉")],
        [("id", "01936d00-0000-7000-8000-0000000000c2"), ("clear", "2"), ("words", "見本のひどい言葉")],
    ] {
        assert_eq!(staff.done(&keying, &sheet).await, format!("{keying}?done=saved"));
    }
    let page = staff.page(&keying).await;
    assert!(
        page.contains("<span class=\"number\">3枚目</span>")
            && page.contains("<strong>2枚目</strong>　2・−・−・−・年代なし")
    );
    let second = format!("{}/answers/01936d00-0000-7000-8000-0000000000c2", session.questionnaire());
    staff.done(&second, &[("do", "hide")]).await;
    let desk = staff.page(&session.questionnaire()).await;
    assert!(!desk.contains("見本のひどい言葉") && desk.contains("集計　2枚"));
    assert!(desk.contains("4点満点で平均3.0点"), "{desk}");
    assert_eq!(staff.done(&second, &[("do", "remove"), ("from", "keying")]).await, format!("{keying}?done=removed"));
    assert!(staff.page(&session.questionnaire()).await.contains("4点満点で平均4.0点"));
    assert!(staff.page(&keying).await.contains("<span class=\"number\">3枚目</span>"), "a number is never given twice");
    staff.done(&second, &[("do", "return")]).await;
    assert_eq!(questionnaire::of_session(world.db(), session.id).await.unwrap().len(), 2);
    let other = planned(&world, CIRCLE).await;
    let elsewhere = format!("{}/answers/01936d00-0000-7000-8000-0000000000c2", other.questionnaire());
    assert_eq!(staff.post(&elsewhere, &[("do", "remove")]).await.status, StatusCode::NOT_FOUND);
    let sheet = staff.page(&format!("{}/sheet", session.questionnaire())).await;
    assert!(sheet.contains("□ とてもわかりやすかった") && !sheet.contains("<svg"));
    code_of(&world, &session).await;
    assert!(staff.page(&format!("{}/sheet", session.questionnaire())).await.contains("アンケートを開くQRコード"));
}

#[tokio::test]
async fn the_sums_of_a_year_stand_by_session_topic_and_town_and_leave_as_files() {
    let world = World::new().await;
    let staff = world.staff().await;
    let (district, circle) = (planned(&world, DISTRICT).await, planned(&world, CIRCLE).await);
    planned(&world, Plan { starts: "2026-11-21T01:00:00Z", ..DISTRICT }).await;
    let old = planned(&world, Plan { starts: "2026-03-31T14:59:00Z", ..DISTRICT }).await;
    reported(&staff, &district, "20").await;
    reported(&staff, &circle, "7").await;
    reported(&staff, &old, "100").await;
    for (session, clear) in [(&district, "4"), (&district, "3"), (&circle, "2")] {
        staff.done(&format!("{}/keying", session.questionnaire()), &[("clear", clear), ("joining", "2")]).await;
    }
    let page = staff.page(results::RESULTS).await;
    for word in [
        "令和8年度",
        "<span class=\"number\">2回</span>",
        "<span class=\"number\">27人</span>",
        "報告待ち",
        "100%(2/2人)",
    ] {
        assert!(page.contains(word), "{word}");
    }
    let year = staff.page("/staff/outreach/results?year=2025").await;
    assert!(year.contains("<span class=\"number\">100人</span>"), "the fiscal year ends at midnight in Japan");
    assert!(staff.page("/staff/outreach/results?year=1868").await.contains("年度「1868」は選べません。"));
    let csv = staff.post("/staff/outreach/results/export", &[("year", "2026"), ("format", "csv")]).await;
    assert_eq!(csv.header("content-disposition"), "attachment; filename=\"kyodo-outreach-2026.csv\"");
    let csv = csv.text();
    let line = |start: &str| csv.lines().find(|line| line.starts_with(start)).unwrap_or_default().to_owned();
    assert!(line("町ごと,厳原町,").starts_with("町ごと,厳原町,,,,1,20,2,2,3.5,1,1,0,0,0,,"), "{csv}");
    assert!(line("町ごと,上県町,").starts_with("町ごと,上県町,,,,0,0,0,0,,"), "{csv}");
    assert!(line("テーマごと,希望").contains("希望のテーマ(一覧にないもの),,,,2,27,3,3,3,1,1,1,"), "{csv}");
    assert!(line("年度,").starts_with("年度,年度の合計,,,,2,27,3,"), "{csv}");
    let xlsx = staff.post("/staff/outreach/results/export", &[("year", "2026"), ("format", "xlsx")]).await;
    assert!(xlsx.bytes.starts_with(b"PK"));
    for bad in [[("year", "2026"), ("format", "exe")], [("year", "1868"), ("format", "csv")]] {
        assert_eq!(staff.post("/staff/outreach/results/export", &bad).await.status, StatusCode::NOT_FOUND);
    }
}

/// A topic of a fiscal year's menu.
async fn topic(world: &World, fiscal_year: i32, title: &str) -> Uuid {
    let draft = topic::Draft {
        fiscal_year,
        title: title.to_owned(),
        length_minutes: 60,
        people_needed: 1,
        ..topic::Draft::default()
    };
    let id = kyodo::clock::new_id();
    assert!(topic::insert(world.db(), (id, None), &draft, ("試験", now())).await.unwrap());
    id
}

#[tokio::test]
async fn a_topic_of_the_menu_has_its_line_also_when_it_was_asked_for_in_the_year_before() {
    let world = World::new().await;
    let staff = world.staff().await;
    let (new, old, gone) = (
        topic(&world, 2026, "見本 ごみの話").await,
        topic(&world, 2025, "見本 ごみの話").await,
        topic(&world, 2025, "見本 税の話").await,
    );
    for (of, people) in [(new, "10"), (old, "20"), (gone, "5")] {
        let session = planned(&world, DISTRICT).await;
        let title = if of == gone { "見本 税の話" } else { "見本 ごみの話" };
        let sql = "UPDATE outreach_requests SET topic_id = ?, own_title = ? WHERE id = (SELECT request_id FROM
            outreach_sessions WHERE id = ?)";
        run(&world, sql, vec![of.into(), title.into(), session.id.into()]).await;
        reported(&staff, &session, people).await;
    }
    let csv = staff.post("/staff/outreach/results/export", &[("year", "2026"), ("format", "csv")]).await.text();
    let lines: Vec<&str> = csv.lines().filter(|line| line.starts_with("テーマごと,")).collect();
    assert!(lines[0].starts_with("テーマごと,見本 ごみの話,,,,2,30,0,"), "{lines:?}");
    assert!(lines[1].starts_with("テーマごと,見本 税の話,,,,1,5,0,"), "{lines:?}");
    assert_eq!(lines.len(), 2);
}

#[tokio::test]
async fn the_reach_names_towns_and_districts_and_never_a_circle() {
    let world = World::new().await;
    let staff = world.staff().await;
    // The district's session was held at a hall of another town: it counts where the district is.
    let district = planned(&world, Plan { district: "曲区", town: "mitsushima", ..DISTRICT }).await;
    let unlisted = planned(&world, Plan { body_town: "kamitsushima", district: "見本にない区", ..DISTRICT }).await;
    let circle = planned(&world, CIRCLE).await;
    planned(&world, Plan { body_town: "toyotama", town: "toyotama", ..CIRCLE }).await;
    for (session, people) in [(&district, "20"), (&unlisted, "9"), (&circle, "7")] {
        reported(&staff, session, people).await;
    }
    let page = world.page("/outreach/reach").await;
    for word in [
        "<strong class=\"number\">3回</strong>",
        "のべ<strong class=\"number\">36人</strong>",
        "3つの町を訪れています",
        "<svg class=\"reach-island\"",
        "role=\"img\"",
        "厳原町は訪れた、1回・20人、行政区1/43区。",
        "豊玉町はまだ、行政区0/26区",
        "美津島町はまだ、行政区0/46区",
        "1/43区",
        "<dt>訪れた行政区</dt><dd>曲</dd>",
        "ほかに、一覧にない行政区で1回",
        "この町の行政区は、一部だけがわかっています。",
        "0/12区(一覧は一部)",
    ] {
        assert!(page.contains(word), "{word}");
    }
    for word in ["秘密のお茶の会", "見本 曲区", "見本にない区"] {
        assert!(!page.contains(word), "{word}");
    }
    assert!(page.find("上対馬町は").unwrap() < page.find("厳原町は").unwrap(), "north comes first");
    assert!(world.page("/outreach/reach?year=%3Cscript%3E").await.contains("年度「&#60;script&#62;」は選べません。"));
}
