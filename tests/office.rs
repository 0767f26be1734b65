//! The back office: what waits, search over everything, the register by state, the trail, the settings.

use axum::http::StatusCode;
use kyodo::accounts::account;
use kyodo::groups::{Contact, ContactKind, Draft, Duty, State, history};
use kyodo::mail::{self, Letter, Recipient};
use kyodo::{db, groups};
use sea_orm::{ConnectionTrait, Value};
use uuid::Uuid;

use crate::world::{Answer, World, now};

const STAFF_PAGES: [&str; 8] = [
    "/staff",
    "/staff?kind=メール",
    "/staff/search?q=見本",
    "/staff/groups",
    "/staff/audit",
    "/staff/groups/{id}",
    "/staff/groups/{id}/state",
    "/staff/groups/{id}/notes",
];
const ADMIN_PAGES: [&str; 8] = [
    "/staff/settings",
    "/staff/settings/rules",
    "/staff/settings/names",
    "/staff/settings/travel",
    "/staff/settings/terms/town",
    "/staff/settings/terms/group_kind/new",
    "/staff/settings/letters",
    "/staff/settings/signature",
];

fn contact(kind: ContactKind, value: &str, published: bool) -> Contact {
    let consented_on = Some("2026-04-01".parse().unwrap());
    let (method, by) = ("書面".to_owned(), "見本 記録者".to_owned());
    Contact { kind, value: value.to_owned(), published, consented_on, method, by }
}

/// A group with a contact that only the office may see.
async fn sea(world: &World) -> Uuid {
    let draft = Draft {
        name: "見本 海の会".to_owned(),
        kana: "ミホンウミノカイ".to_owned(),
        number: Some("見本001".to_owned()),
        town_key: "izuhara".to_owned(),
        contacts: vec![
            contact(ContactKind::Representative, "見本 太郎", true),
            contact(ContactKind::Phone, "0920-00-4321", false),
            contact(ContactKind::Mail, "himitsu@example.jp", false),
        ],
        ..Draft::default()
    };
    world.keep(draft).await
}

async fn run(world: &World, sql: &str, values: Vec<Value>) {
    world.db().execute_raw(db::statement(world.db().get_database_backend(), sql, values)).await.unwrap();
}

async fn count(world: &World, table: &str) -> i64 {
    let sql = format!("SELECT COUNT(*) AS count FROM {table}");
    let statement = db::statement(world.db().get_database_backend(), &sql, vec![]);
    world.db().query_one_raw(statement).await.unwrap().unwrap().try_get("", "count").unwrap()
}

fn at(path: &str, id: Uuid) -> String {
    path.replace("{id}", &id.to_string())
}

fn is_refused(answer: &Answer, kept: &str) {
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text().contains("直してください") && answer.text().contains(kept), "{}", answer.text());
}

#[tokio::test]
async fn members_find_no_staff_page_and_staff_no_page_of_administrators() {
    let world = World::new().await;
    let id = sea(&world).await;
    let (member, staff, admin) = (world.member("mihon@example.jp").await, world.staff().await, world.admin().await);
    world.join(id, "mihon@example.jp", Duty::Representative).await;
    for path in STAFF_PAGES.map(|path| at(path, id)) {
        assert_eq!(world.get(&path).await.status, StatusCode::SEE_OTHER, "{path}");
        assert_eq!(member.get(&path).await.status, StatusCode::NOT_FOUND, "{path}");
        assert_eq!(staff.get(&path).await.status, StatusCode::OK, "{path}");
    }
    for path in ADMIN_PAGES {
        assert_eq!(member.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
        assert_eq!(staff.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
        assert_eq!(admin.get(path).await.status, StatusCode::OK, "{path}");
    }
    let forms = ["rules", "names", "travel", "terms/town/izuhara", "terms/town/new", "signature"];
    for path in forms.map(|form| format!("/staff/settings/{form}")) {
        assert_eq!(staff.post(&path, &[("name", "x"), ("text", "x")]).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    for path in ["/staff/groups/export", "/staff/audit/export"] {
        assert_eq!(member.post(path, &[("format", "csv")]).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    for path in ["/staff/groups/{id}/state", "/staff/groups/{id}/trust", "/staff/groups/{id}/notes"] {
        assert_eq!(member.post(&at(path, id), &[("reason", "x")]).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}

async fn failed_letter(world: &World, to: &str, subject: &str, group: Option<Uuid>, days: i64) {
    let mut letter = Letter::new(
        "test",
        Recipient { mail: to.to_owned(), name: String::new() },
        (subject.to_owned(), "本文".to_owned()),
    );
    letter.group_id = group;
    let then = now() - chrono::Duration::days(days);
    mail::post(world.db(), &letter, "kyodo.example.jp", then).await.unwrap();
    run(world, "UPDATE letters SET state = 'failed' WHERE subject = ?", vec![subject.into()]).await;
}

#[tokio::test]
async fn what_waits_stands_on_one_page_the_oldest_first_and_nothing_is_said_kindly() {
    let world = World::new().await;
    let staff = world.staff().await;
    assert!(staff.page("/staff").await.contains("お待たせしているものはありません"));
    let id = sea(&world).await;
    failed_letter(&world, "b@example.jp", "見本のお知らせ2", None, 3).await;
    failed_letter(&world, "a@example.jp", "見本のお知らせ1", Some(id), 20).await;
    failed_letter(&world, "c@example.jp", "見本のお知らせ3", None, 1).await;
    let page = staff.page("/staff").await;
    let places: Vec<usize> =
        ["見本のお知らせ1", "見本のお知らせ2", "見本のお知らせ3"].map(|text| page.find(text).unwrap()).to_vec();
    assert!(places.is_sorted(), "{places:?}");
    for words in ["3件", "20日前から", "3日前から", "きのうから", "2週間以上"] {
        assert!(page.contains(words), "{words}");
    }
    assert_eq!(page.matches("2週間以上").count(), 1);
    assert!(staff.page(&at("/staff/groups/{id}", id)).await.contains("見本のお知らせ1"));
}

#[tokio::test]
async fn after_one_thing_is_dealt_with_the_next_of_its_kind_is_offered() {
    let world = World::new().await;
    let staff = world.staff().await;
    failed_letter(&world, "b@example.jp", "見本のお知らせ2", None, 3).await;
    failed_letter(&world, "a@example.jp", "見本のお知らせ1", None, 20).await;
    let page = staff.page("/staff/mail?done=test").await;
    assert!(page.contains("href=\"/staff/next?after=/staff/mail\""));
    let next = staff.get("/staff/next?after=/staff/mail").await;
    assert_eq!(next.status, StatusCode::SEE_OTHER);
    assert!(staff.page(next.header("location")).await.contains("<h1>見本のお知らせ1</h1>"), "the oldest");
    assert_eq!(
        staff.get("/staff/next?after=/staff/reports").await.header("location"),
        "/staff",
        "nothing else of this kind"
    );
    assert_eq!(staff.get("/staff/next").await.header("location"), "/staff");
}

#[tokio::test]
async fn a_telephone_number_in_any_form_finds_a_group_by_a_contact_that_is_not_published() {
    let world = World::new().await;
    sea(&world).await;
    world.group("見本 丘の会", "ミホンオカノカイ").await;
    let staff = world.staff().await;
    for typed in ["0920-00-4321", "０９２０（００）４３２１", "0920004321", "4321", "00-4321"] {
        let page = staff.page(&format!("/staff/search?q={typed}")).await;
        assert!(page.contains("見本 海の会") && page.contains("事務局のみ"), "{typed}");
        assert!(!page.contains("見本 丘の会"), "{typed}");
    }
    for typed in ["himitsu@example.jp", "himitsu", "見本太郎", "見本　太郎", "うみのかい", "見本００１"]
    {
        let page = staff.page(&format!("/staff/search?q={typed}")).await;
        assert!(page.contains("見本 海の会"), "{typed}");
        assert!(!page.contains("見本 丘の会"), "{typed}");
    }
    for public in ["/groups?q=4321", "/groups?q=himitsu"] {
        assert!(!world.page(public).await.contains("見本 海の会"), "{public}");
    }
}

#[tokio::test]
async fn search_goes_over_groups_in_every_state_people_entries_and_letters() {
    let world = World::new().await;
    let id = world
        .keep(Draft {
            name: "見本 眠りの会".to_owned(),
            kana: "ネムリノカイ".to_owned(),
            state: State::Dormant,
            ..Draft::default()
        })
        .await;
    account::insert(world.db(), "nemuri@example.jp", "見本 眠子", kyodo::accounts::Role::Member, now()).await.unwrap();
    world.join(id, "nemuri@example.jp", Duty::Member).await;
    failed_letter(&world, "nemuri@example.jp", "眠りの会への手紙", Some(id), 1).await;
    let file = world.file("events.csv", "名称,開始日\n見本 眠りの集い,2026-12-01\n");
    let imported = world.kyodo(&["import", "events", file.to_str().unwrap()]);
    assert!(imported.status.success(), "{}", crate::world::said(&imported));
    let staff = world.staff().await;
    let page = staff.page("/staff/search?q=眠り").await;
    for words in ["見本 眠りの会", "休止", "眠りの会への手紙", "見本 眠りの集い"] {
        assert!(page.contains(words), "{words}: {page}");
    }
    let people = staff.page("/staff/search?q=見本眠子").await;
    assert!(people.contains("nemuri@example.jp") && people.contains("見本 眠りの会"));
    assert!(staff.page("/staff/search?q=nemuri@").await.contains("眠りの会への手紙"));
    assert!(staff.page("/staff/search?q=どこにもない").await.contains("見つかりませんでした"));
    for hostile in ["%25", "_", "'", "%22%20OR%201", "!", "(((", "*"] {
        assert_eq!(staff.get(&format!("/staff/search?q={hostile}")).await.status, StatusCode::OK, "{hostile}");
    }
}

#[tokio::test]
async fn groups_stored_before_the_office_could_search_become_searchable() {
    let world = World::new().await;
    sea(&world).await;
    run(&world, "DELETE FROM group_traces", vec![]).await;
    if crate::world::postgres().is_none() {
        run(&world, "DELETE FROM group_trace_search", vec![]).await;
    }
    let staff = world.staff().await;
    assert!(!staff.page("/staff/search?q=himitsu").await.contains("見本 海の会"));
    let last = groups::complete_traces(world.db(), 0).await.unwrap().expect("one group was behind");
    assert_eq!(groups::complete_traces(world.db(), last).await.unwrap(), None);
    assert_eq!(groups::complete_traces(world.db(), 0).await.unwrap(), None);
    assert!(staff.page("/staff/search?q=himitsu").await.contains("見本 海の会"));
}

/// Names of the list's groups, in the order of the page.
fn listed<'a>(page: &str, names: &[&'a str]) -> Vec<&'a str> {
    let mut found: Vec<(usize, &str)> = names.iter().filter_map(|name| Some((page.find(*name)?, *name))).collect();
    found.sort_unstable();
    found.into_iter().map(|(_, name)| name).collect()
}

#[tokio::test]
async fn the_register_is_listed_by_state_in_the_wanted_order() {
    let world = World::new().await;
    let names = ["見本 青の会", "見本 石の会", "見本 海の会", "見本 江の会"];
    let group = |name: &str, kana: &str, state, confirmed: Option<&str>, town: &str| Draft {
        name: name.to_owned(),
        kana: kana.to_owned(),
        state,
        confirmed_on: confirmed.map(|day| day.parse().unwrap()),
        town_key: town.to_owned(),
        ..Draft::default()
    };
    let blue = world.keep(group(names[0], "アオノカイ", State::Listed, Some("2026-04-01"), "izuhara")).await;
    world.keep(group(names[1], "イシノカイ", State::Listed, None, "izuhara")).await;
    world.keep(group(names[2], "ウミノカイ", State::Renewal, Some("2025-04-01"), "mine")).await;
    world.keep(group(names[3], "エノカイ", State::Dissolved, Some("2020-04-01"), "mine")).await;
    world.join(blue, "a@example.jp", Duty::Member).await;
    let staff = world.staff().await;
    let order = async |query: &str| listed(&staff.page(&format!("/staff/groups{query}")).await, &names);
    assert_eq!(order("").await, names);
    assert_eq!(order("?state=listed").await, names[..2]);
    assert_eq!(order("?state=dissolved").await, names[3..]);
    assert_eq!(order("?sort=confirmed").await, [names[1], names[3], names[2], names[0]]);
    assert_eq!(order("?state=listed&sort=confirmed").await, [names[1], names[0]]);
    assert_eq!(order("?town=mine").await, names[2..]);
    assert_eq!(order("?unmanned=1").await, names[1..]);
    assert_eq!(order("?unmanned=1&state=listed&town=izuhara").await, [names[1]]);
    assert_eq!(order("?trusted=1").await, Vec::<&str>::new());
    let page = staff.page("/staff/groups?state=listed&page=99").await;
    assert!(
        page.contains("公開 <span class=\"number\">2団体</span>")
            && page.contains("すべて <span class=\"number\">4団体</span>")
    );
}

#[tokio::test]
async fn the_list_leaves_as_a_file_with_everything_and_the_trail_keeps_who_took_it() {
    let world = World::new().await;
    sea(&world).await;
    world
        .keep(Draft {
            name: "=HYPERLINK(1)".to_owned(),
            kana: "アブナイカイ".to_owned(),
            state: State::Dormant,
            ..Draft::default()
        })
        .await;
    let staff = world.staff().await;
    let file = staff.post("/staff/groups/export", &[("format", "csv"), ("state", "listed")]).await;
    assert_eq!(file.status, StatusCode::OK);
    assert!(file.header("content-disposition").contains("attachment"));
    assert_eq!(file.header("cache-control"), "no-store");
    assert!(file.text().contains("himitsu@example.jp") && !file.text().contains("HYPERLINK"), "{}", file.text());
    let all = staff.post("/staff/groups/export", &[("format", "csv")]).await.text();
    assert!(all.contains("'=HYPERLINK(1)"), "{all}");
    let book = staff.post("/staff/groups/export", &[("format", "xlsx")]).await;
    assert_eq!(&book.bytes[..2], b"PK");
    assert!(staff.page("/staff/audit").await.contains("名簿の書き出し"));
    assert_eq!(staff.post("/staff/groups/export", &[("format", "exe")]).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_page_of_a_group_shows_staff_what_the_public_never_sees() {
    let world = World::new().await;
    let id = sea(&world).await;
    world.join(id, "tanto@example.jp", Duty::Representative).await;
    let page = world.staff().await.page(&at("/staff/groups/{id}", id)).await;
    for words in ["himitsu@example.jp", "事務局のみ", "書面", "見本 記録者", "tanto@example.jp", "見本001"]
    {
        assert!(page.contains(words), "{words}");
    }
    for way in ["profile", "history", "people", "claim", "notes", "state", "trust"] {
        assert!(page.contains(&format!("/staff/groups/{id}/{way}\"")), "{way}");
    }
    let public = world.page(&groups::path(id)).await;
    for words in ["himitsu@example.jp", "0920-00-4321", "tanto@example.jp"] {
        assert!(!public.contains(words), "{words}");
    }
    assert_eq!(world.staff().await.get("/staff/groups/nobody").await.status, StatusCode::NOT_FOUND);
    assert_eq!(world.staff().await.get(&at("/staff/groups/{id}", Uuid::nil())).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_group_rests_and_comes_back_with_a_reason_and_nothing_is_lost() {
    let world = World::new().await;
    let id = sea(&world).await;
    let (staff, path) = (world.staff().await, at("/staff/groups/{id}/state", id));
    assert!(staff.page(&path).await.contains("name=\"version\" value=\"1\""));
    let rest = [("to", "dormant"), ("channel", "phone"), ("version", "1"), ("reason", "")];
    is_refused(&staff.post(&path, &rest).await, "理由を書いてください");
    is_refused(&staff.post(&path, &[("to", "applied"), ("reason", "わけあって")]).await, "わけあって");
    let rest = [("to", "dormant"), ("channel", "phone"), ("version", "1"), ("reason", "会員が減ったと電話")];
    staff.done(&path, &rest).await;
    let public = world.page(&groups::path(id)).await;
    assert!(public.contains("休止") && !public.contains("連絡先</h2>"), "the page says that the group rests");
    // The same form sent again, as by a second member of staff who looked earlier.
    is_refused(
        &staff.post(&path, &[("to", "listed"), ("channel", "screen"), ("version", "1"), ("reason", "戻す")]).await,
        "ほかの人が",
    );
    let back =
        [("to", "listed"), ("channel", "counter"), ("version", "2"), ("reason", "活動を再開"), ("confirmed", "1")];
    let led = staff.done(&path, &back).await;
    assert!(staff.page(&led).await.contains("状態を変えました"));
    assert_eq!(world.get(&groups::path(id)).await.status, StatusCode::OK);
    let kept = history::load(world.db(), id).await.unwrap().unwrap();
    assert_eq!((kept.state, kept.confirmed_on, kept.contacts.len()), (State::Listed, Some(crate::world::today()), 3));
    let versions = history::versions(world.db(), id).await.unwrap();
    let told: Vec<(i32, &str, &str)> =
        versions.iter().map(|v| (v.number, v.channel().label(), v.reason.as_str())).collect();
    assert_eq!(told, [(3, "窓口", "活動を再開"), (2, "電話", "会員が減ったと電話"), (1, "窓口", "")]);
    let trail = staff.page(&format!("/staff/audit?group={id}&channel=phone")).await;
    assert!(trail.contains("休止にする") && !trail.contains(">公開に戻す</a>"));
}

#[tokio::test]
async fn trust_for_events_is_given_and_taken_with_a_reason() {
    let world = World::new().await;
    let id = sea(&world).await;
    let (staff, path) = (world.staff().await, at("/staff/groups/{id}/trust", id));
    is_refused(&staff.post(&path, &[("trusted", "yes"), ("reason", " ")]).await, "理由を書いてください");
    staff.done(&path, &[("trusted", "yes"), ("reason", "いつも正しい")]).await;
    assert!(staff.page("/staff/groups?trusted=1").await.contains("見本 海の会"));
    // Sent twice, it is written down once.
    staff.done(&path, &[("trusted", "yes"), ("reason", "いつも正しい")]).await;
    assert_eq!(count(&world, "audit WHERE action LIKE '予定をすぐ公開%'").await, 1);
    staff.done(&path, &[("trusted", "no"), ("reason", "まちがいが続いた")]).await;
    assert!(!staff.page("/staff/groups?trusted=1").await.contains("見本 海の会"));
}

#[tokio::test]
async fn what_was_said_on_the_telephone_is_noted_for_the_next_clerk() {
    let world = World::new().await;
    let id = sea(&world).await;
    let (staff, path) = (world.staff().await, at("/staff/groups/{id}/notes", id));
    let long = "あ".repeat(2001);
    let fields = |day, text| [("noted_on", day), ("channel", "phone"), ("text", text)];
    is_refused(&staff.post(&path, &fields("2026-11-24", "あすの話")).await, "あすの話");
    is_refused(&staff.post(&path, &fields("きのう", "いつかの話")).await, "いつかの話");
    is_refused(
        &staff.post(&path, &[("noted_on", "2026-11-20"), ("channel", "smoke"), ("text", "話")]).await,
        "連絡の方法",
    );
    is_refused(&staff.post(&path, &fields("2026-11-20", &long)).await, "2000文字以内");
    let led = staff.done(&path, &fields("令和8年11月20日", "代表が入院<b>中</b>")).await;
    let page = staff.page(&led).await;
    assert!(
        page.contains("代表が入院&#60;b&#62;中") && page.contains("電話") && page.contains("連絡を記録しました"),
        "{page}"
    );
    assert_eq!(count(&world, "contact_notes").await, 1);
    assert_eq!(count(&world, "audit WHERE noun = 'note' AND channel = 'phone'").await, 1);
    assert!(!world.page(&groups::path(id)).await.contains("入院"));
}

#[tokio::test]
async fn the_trail_tells_before_and_after_in_words_and_leaves_as_a_safe_file() {
    let world = World::new().await;
    let id = sea(&world).await;
    let (actor, city) = (kyodo::audit::Actor::named("=cmd()"), world.app.city());
    let mut draft = history::load(world.db(), id).await.unwrap().unwrap();
    draft.town_key = "mine".to_owned();
    draft.contacts[1] = contact(draft.contacts[1].kind, "0920-00-9999", true);
    draft.has_rules = Some(true);
    let change = groups::Change {
        group_id: Some(id),
        draft: &draft,
        actor: &actor,
        channel: kyodo::audit::Channel::Fax,
        action: "変更",
        reason: "FAXの届け",
    };
    groups::keep(world.db(), &city, change, now()).await.unwrap();
    let staff = world.staff().await;
    let list = staff.page("/staff/audit?channel=fax").await;
    let at = list.find("href=\"/staff/audit/").expect("one line") + 6;
    let path: String = list[at..].chars().take_while(|letter| *letter != '"').collect();
    let line = staff.page(&path).await;
    for words in ["厳原町", "峰町", "0920-00-9999(公開", "規約", "はい", "FAXの届け", "(なし)"] {
        assert!(line.contains(words), "{words}: {line}");
    }
    assert!(!line.contains("town_key") && !line.contains("見本 太郎"), "only what changed, in words");
    for (query, found) in [
        ("?q=届け", true),
        ("?q=9999", true),
        ("?q=届け%20見つからない", false),
        ("?from=2026-11-23&to=2026-11-23", true),
        ("?to=2026-11-22", false),
        ("?noun=account", false),
        ("?q=%25", false),
    ] {
        assert_eq!(staff.page(&format!("/staff/audit{query}")).await.contains("FAXの届け"), found, "{query}");
    }
    let file = staff.post("/staff/audit/export", &[("format", "csv"), ("channel", "fax")]).await;
    assert!(file.text().contains("'=cmd()") && !file.text().contains("窓口"), "{}", file.text());
    let rows = file.text().lines().count();
    assert_eq!(rows, 4, "headings, town, telephone, rules: {}", file.text());
}

#[tokio::test]
async fn the_trail_is_turned_page_by_page_without_a_gap() {
    let world = World::new().await;
    let id = sea(&world).await;
    let (staff, path) = (world.staff().await, at("/staff/groups/{id}/notes", id));
    for number in 0..60 {
        let text = format!("連絡{number}号");
        staff.done(&path, &[("noted_on", "2026-11-20"), ("channel", "post"), ("text", &text)]).await;
    }
    let first = staff.page("/staff/audit?channel=post").await;
    assert_eq!(first.matches("連絡の記録</a>").count(), 50);
    let at = first.find("rel=\"next\"").expect("a way on");
    let start = first[..at].rfind("href=\"").unwrap() + 6;
    let url: String = first[start..].chars().take_while(|letter| *letter != '"').collect();
    let second = staff.page(&url.replace("&#38;", "&").replace("&amp;", "&")).await;
    assert_eq!(second.matches("連絡の記録</a>").count(), 10);
    assert!(!second.contains("rel=\"next\""));
}

#[tokio::test]
async fn rules_change_within_their_bounds_and_come_back_to_their_defaults() {
    let world = World::new().await;
    let admin = world.admin().await;
    let key = "groups.min_members";
    is_refused(&admin.post("/staff/settings/rules", &[(key, "0")]).await, "1から1000まで");
    is_refused(&admin.post("/staff/settings/rules", &[(key, "たくさん")]).await, "たくさん");
    let led = admin.done("/staff/settings/rules", &[(key, "３")]).await;
    assert!(admin.page(&led).await.contains("設定を保存しました"));
    let rule = kyodo::city::settings::MIN_MEMBERS;
    world.app.revisions().await.unwrap();
    assert_eq!(world.app.city().settings.number(rule), 3);
    let trail = admin.page("/staff/audit?noun=setting").await;
    assert!(trail.contains("設定の変更"));
    let led = admin.done("/staff/settings/rules", &[(key, "3")]).await;
    assert!(led.ends_with("done=same"), "{led}");
    admin.done("/staff/settings/rules", &[(key, "7"), ("reset", key)]).await;
    world.app.revisions().await.unwrap();
    assert_eq!((world.app.city().settings.number(rule), count(&world, "settings").await), (5, 0));
}

#[tokio::test]
async fn minutes_between_towns_change_there_and_back_apart_come_back_to_what_shipped_and_are_not_written_over() {
    let world = World::new().await;
    kyodo::seed::reference(world.db(), now()).await.unwrap();
    world.app.revisions().await.unwrap();
    let (admin, path, key) = (world.admin().await, "/staff/settings/travel", "travel.izuhara.mine");
    let was = "was.travel.izuhara.mine";
    assert!(admin.page(path).await.contains("name=\"was.travel.izuhara.mine\" value=\"75\""));
    is_refused(&admin.post(path, &[(key, "601"), (was, "75")]).await, "0から600まで");
    is_refused(&admin.post(path, &[(key, "一時間"), (was, "75")]).await, "一時間");
    let led = admin.done(path, &[(key, "９０"), (was, "75")]).await;
    assert!(led.ends_with("done=saved"), "{led}");
    let minutes = async || {
        world.app.revisions().await.unwrap();
        let travel = world.app.city().travel.clone();
        (travel.minutes("izuhara", "mine").unwrap(), travel.minutes("mine", "izuhara").unwrap())
    };
    assert_eq!(minutes().await, (90, 75));
    let line = admin.page("/staff/audit?noun=setting").await;
    assert!(line.contains("町の間の所要時間"), "{line}");
    let late = admin.post(path, &[(key, "80"), (was, "75")]).await;
    is_refused(&late, "この間にほかの人が90分に変えました");
    assert!(late.text().contains("value=\"80\"") && minutes().await == (90, 75));
    let other = "travel.mine.izuhara";
    admin.done(path, &[(key, "75"), (was, "75"), (other, "60"), ("was.travel.mine.izuhara", "75")]).await;
    assert_eq!(minutes().await, (90, 60), "a field that was not touched keeps what somebody else set");
    admin.done(path, &[(key, "7"), (was, "90"), ("reset", key)]).await;
    assert_eq!(minutes().await, (75, 60));
    admin.done(path, &[("reset", "all")]).await;
    assert_eq!((minutes().await, count(&world, "settings").await), ((75, 75), 0));
}

#[tokio::test]
async fn the_names_of_the_city_show_at_once_on_every_page_and_in_letters() {
    let world = World::new().await;
    let admin = world.admin().await;
    let before = world.page("/").await;
    assert!(before.contains("対馬市") && before.contains("協働のひろば"));
    let page = admin.page("/staff/settings/names").await;
    assert!(page.contains("value=\"817-0022\""), "{page}");
    let names = [
        ("city.name", "見本市"),
        ("city.kana", "みほんし"),
        ("city.short", ""),
        ("site.title", "見本のひろば"),
        ("office.name", "見本市役所"),
        ("office.section", "見本<課>"),
        ("office.postal", "〒８１７－０００１"),
        ("office.address", "見本町1番地"),
        ("office.phone", "０９２０（００）００００"),
        ("office.fax", "0920-00-0001"),
    ];
    let wrong = names.map(|(key, text)| if key == "office.phone" { (key, "でんわ") } else { (key, text) });
    is_refused(&admin.post("/staff/settings/names", &wrong).await, "でんわ");
    assert_eq!(world.page("/").await, before, "nothing is half kept");
    admin.done("/staff/settings/names", &names).await;
    let after = world.page("/").await;
    for words in ["見本市", "見本のひろば", "見本&#60;課&#62;", "〒817-0001", "0920-00-0000"] {
        assert!(after.contains(words), "{words}");
    }
    assert!(!after.contains("協働のひろば"));
    assert!(
        world.app.city().settings.signature().contains("見本市 見本<課>\n〒817-0001 見本町1番地\n電話 0920-00-0000")
    );
    assert_eq!(world.app.city().profile.short_name(), "見本");
}

#[tokio::test]
async fn the_signature_of_letters_is_changed_and_brought_back() {
    let world = World::new().await;
    let admin = world.admin().await;
    let shipped = world.app.city().settings.signature();
    is_refused(&admin.post("/staff/settings/signature", &[("text", "{{署名}}")]).await, "使えません");
    admin.done("/staff/settings/signature", &[("text", "見本の署名")]).await;
    world.app.revisions().await.unwrap();
    assert_eq!(world.app.city().settings.signature(), "見本の署名");
    admin.done("/staff/settings/signature", &[("do", "reset")]).await;
    world.app.revisions().await.unwrap();
    assert_eq!((world.app.city().settings.signature(), count(&world, "settings").await), (shipped, 0));
}

#[tokio::test]
async fn towns_are_renamed_ordered_added_and_deleted_only_when_unused() {
    let world = World::new().await;
    let id = sea(&world).await;
    let (admin, list) = (world.admin().await, "/staff/settings/terms/town");
    let town = |name, position| [("name", name), ("kana", "みほん"), ("position", position)];
    admin.done(&format!("{list}/izuhara"), &town("見本町", "6")).await;
    assert!(world.page(&groups::path(id)).await.contains("見本町"));
    let city = world.app.city();
    assert_eq!(city.towns.iter().map(|town| town.position).collect::<Vec<_>>(), [1, 2, 3, 4, 5, 6]);
    let renamed = city.towns.last().unwrap();
    assert_eq!((renamed.key.as_str(), renamed.is_meant_by("厳原町")), ("izuhara", true));
    is_refused(&admin.post(&format!("{list}/mine"), &town("見本町", "1")).await, "同じ名前");
    is_refused(&admin.post(&format!("{list}/mine"), &town("", "1")).await, "名前を書いてください");
    is_refused(&admin.post(&format!("{list}/new"), &[("key", "見本"), ("name", "新町")]).await, "新町");
    is_refused(&admin.post(&format!("{list}/new"), &[("key", "mine"), ("name", "新町")]).await, "もう使われています");
    admin.done(&format!("{list}/new"), &[("key", "shinmachi"), ("name", "見本新町"), ("position", "1")]).await;
    world.app.revisions().await.unwrap();
    assert_eq!(world.app.city().towns[0].name, "見本新町");
    is_refused(&admin.post(&format!("{list}/izuhara/delete"), &[]).await, "使われているため");
    admin.done(&format!("{list}/shinmachi/delete"), &[]).await;
    world.app.revisions().await.unwrap();
    assert_eq!(world.app.city().towns.len(), 6);
    assert_eq!(count(&world, "audit WHERE noun = 'setting'").await, 3);
    assert_eq!(admin.get("/staff/settings/terms/field").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_text_of_every_letter_is_previewed_changed_and_brought_back() {
    let world = World::new().await;
    let admin = world.admin().await;
    for wording in kyodo::letters::all() {
        let path = format!("/staff/settings/letters/{}", wording.key);
        let (subject, body) = wording.text.split_once('\n').unwrap();
        let subject = subject.trim_start_matches("件名:").trim();
        let longer = format!("{body}\n見本の一行");
        let fields = |doing| [("subject", subject), ("body", longer.as_str()), ("do", doing)];
        let preview = admin.post(&path, &fields("preview")).await;
        assert_eq!(preview.status, StatusCode::OK, "{}: {}", wording.key, preview.text());
        assert!(preview.text().contains("プレビュー <small>"), "{}", wording.key);
        assert_eq!(count(&world, "settings").await, 0, "a preview saves nothing");
        is_refused(&admin.post(&path, &[("subject", ""), ("body", &longer)]).await, "件名を書いてください");
        is_refused(&admin.post(&path, &[("subject", subject), ("body", "{{知らない言葉}}")]).await, "知らない言葉");
        if wording.text.contains("{{secret:") {
            is_refused(&admin.post(&path, &[("subject", subject), ("body", "短い文")]).await, "がなくなっています");
        }
        admin.done(&path, &fields("save")).await;
        world.app.revisions().await.unwrap();
        let own = world.app.city().settings.own(&wording.setting()).unwrap_or_default().to_owned();
        assert!(own.starts_with("件名: ") && own.contains("見本の一行"), "{own}");
        assert!(admin.page(&path).await.contains("はじめからの文面に戻す"), "{}", wording.key);
        admin.done(&path, &[("do", "reset")]).await;
        assert_eq!(count(&world, "settings").await, 0, "{}", wording.key);
    }
    assert_eq!(admin.get("/staff/settings/letters/unknown").await.status, StatusCode::NOT_FOUND);
}
