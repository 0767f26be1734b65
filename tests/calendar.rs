//! The calendar as people see it, and what imports make of it.

use axum::http::StatusCode;
use chrono::{DateTime, NaiveDate, Utc};
use kyodo::calendar::{self, Filter, Series, Window};
use kyodo::table::{Outcome, Report};
use kyodo::{db, plan};

use crate::world::{World, now, today};

/// A calendar file around some lines.
fn ics(lines: &str) -> String {
    let lines = lines.trim().lines().map(str::trim).collect::<Vec<_>>().join("\r\n");
    format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//mihon//mihon//JA\r\n{lines}\r\nEND:VCALENDAR\r\n")
}

/// One event of a calendar file.
fn event(uid: &str, lines: &str) -> String {
    format!("BEGIN:VEVENT\r\nUID:{uid}\r\nDTSTAMP:20261101T000000Z\r\n{}\r\nEND:VEVENT", lines.trim())
}

async fn take_at(world: &World, name: &str, bytes: impl AsRef<[u8]>, at: DateTime<Utc>, day: NaiveDate) -> Report {
    let transaction = db::begin(world.db()).await.unwrap();
    let city = world.app.city();
    let report =
        calendar::import(&transaction, &city, name, bytes.as_ref(), at, day, "kyodo.example.jp").await.unwrap();
    transaction.commit().await.unwrap();
    report
}

async fn take(world: &World, name: &str, bytes: impl AsRef<[u8]>) -> Report {
    take_at(world, name, bytes, now(), today()).await
}

fn outcomes(report: &Report) -> Vec<Outcome> {
    report.rows.iter().map(|row| row.outcome).collect()
}

/// The notes of one row as one text.
fn notes(report: &Report, row: usize) -> String {
    report.rows[row].notes.join(" ")
}

/// Days and titles of a list, in its order.
fn listed(page: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for day in page.split("<section class=\"day\">").skip(1) {
        let date = between(day, "datetime=\"", "\"").to_owned();
        for entry in day.split("class=\"entry-title\"").skip(1) {
            let title = between(entry, "\">", "</a>").replace("<span class=\"stop\">", "").replace("</span>", "");
            found.push((date.clone(), title));
        }
    }
    found
}

fn between<'a>(text: &'a str, before: &str, after: &str) -> &'a str {
    let rest = &text[text.find(before).unwrap() + before.len()..];
    &rest[..rest.find(after).unwrap()]
}

async fn list(world: &World, query: &str) -> Vec<(String, String)> {
    listed(&world.page(&format!("/events?view=list&{query}")).await)
}

fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    expected.iter().map(|(day, title)| ((*day).to_owned(), (*title).to_owned())).collect()
}

/// Address of the first entry on a page whose title holds these words.
fn address(page: &str, title: &str) -> String {
    let at = page.find(title).unwrap();
    let before = &page[..at];
    let from = before.rfind("href=\"/events/").unwrap() + "href=\"".len();
    before[from..].split('"').next().unwrap().to_owned()
}

async fn feed(world: &World, filter: &Filter, day: NaiveDate) -> Vec<Series> {
    seen(world, filter, day, day).await
}

/// What a feed carries that begins on one day and is read on another.
async fn seen(world: &World, filter: &Filter, from: NaiveDate, today: NaiveDate) -> Vec<Series> {
    let city = world.app.city();
    let window = Window { from, ..Window::around(today, &city) };
    calendar::feed_entries(world.db(), &city, filter, window).await.unwrap()
}

const WEEKLY: &str = "DTSTART;TZID=Asia/Tokyo:20261102T190000\r\nDTEND;TZID=Asia/Tokyo:20261102T203000\r\n\
RRULE:FREQ=WEEKLY;COUNT=4\r\nSUMMARY:見本 夜の体操\r\nLOCATION:厳原町 見本会館";

#[tokio::test]
async fn every_row_of_a_table_is_reported_with_what_became_of_it() {
    let world = World::new().await;
    let table = "NO,イベント名,イベント名_カナ,開始日,終了日,開始時間,終了時間,開始日時特記事項,説明,主催者,場所名称,住所,イベント種類,アクションプラン項目,雨天のとき\r\n\
        1,見本 海の掃除,ミホンウミノソウジ,2026-12-05,2026-12-05,9:00,11:00,,浜を歩きます。,見本の会,見本浜,長崎県対馬市豊玉町仁位1,音楽;健康・福祉、スポーツ,3-01,中止\r\n\
        2,見本 日のない会,,,,,,,,,,,,,\r\n\
        3,見本 朝市,,2026/12/6,2026-11-06,日の出から,,雨なら休み,,,,,魚の日,9-99,\r\n\
        4,,,2026-12-07,,,,,,,,,,,\r\n\
        1,見本 別の会,,2026-12-08,,,24:00,,,,,,,,\r\n";
    let report = take(&world, "行事.csv", table).await;
    use Outcome::{Refused, Taken};
    assert_eq!(outcomes(&report), [Taken, Refused, Taken, Refused, Taken]);
    assert_eq!(report.rows.iter().map(|row| row.line).collect::<Vec<_>>(), [2, 3, 4, 5, 6]);
    assert_eq!(notes(&report, 0), "");
    assert!(notes(&report, 1).contains("開始日がない"));
    for part in
        ["終了日: 「2026-11-06」は開始日より前", "開始時刻: 「日の出から」", "「魚の日」は市の分類にない", "「9-99」"]
    {
        assert!(notes(&report, 2).contains(part), "{part}: {}", notes(&report, 2));
    }
    assert!(notes(&report, 3).contains("イベント名がない"));
    assert!(report.notes.iter().any(|note| note.contains("雨天のとき")), "{:?}", report.notes);
    assert!(report.notes.iter().any(|note| note.contains("推奨データセット")), "{:?}", report.notes);
    assert_eq!(
        list(&world, "month=2026-12").await,
        pairs(&[("2026-12-05", "見本 海の掃除"), ("2026-12-06", "見本 朝市"), ("2026-12-08", "見本 別の会")])
    );
    let page = world.page("/events?view=list&month=2026-12").await;
    let detail = world.page(&address(&page, "見本 海の掃除")).await;
    for part in [
        "<ruby>豊玉<rp>(</rp><rt>とよたま</rt><rp>)</rp></ruby>町",
        "音楽",
        "健康・福祉、スポーツ",
        "令和8年12月5日(土)",
        "09:00",
        "11:00",
        "見本の会",
        "/plans/2009/items/3-01",
    ] {
        assert!(detail.contains(part), "{part}");
    }
    assert!(!detail.contains("雨天のとき"), "unknown columns are kept, not published");
    let market = world.page(&address(&page, "見本 朝市")).await;
    assert!(market.contains("雨なら休み。開始 日の出から"));
}

#[tokio::test]
async fn the_same_event_is_understood_in_every_layout() {
    let world = World::new().await;
    let tables = [
        (
            "suisho",
            "イベント名,イベント名_カナ,開始日,開始時間,終了時間,場所名称,主催者\n見本会,ミホンカイ,2026-12-05,10:00,12:00,見本館,見本の会\n",
        ),
        (
            "base",
            "名称,名称(カナ),開始日,開始時刻,終了時刻,場所名称,主催団体\n見本会,ミホンカイ,2026-12-05,10:00,12:00,見本館,見本の会\n",
        ),
        (
            "gif",
            "ID,イベント名,イベント名（カナ）,イベントURL,開始日,開始時刻,終了時刻,開催場所,主催団体,料金有無\na,見本会,ミホンカイ,,2026-12-05,10:00,12:00,見本館,見本の会,無料\n",
        ),
        (
            "jichitai",
            "全国地方公共団体コード,ID,地方公共団体名,イベント名,コンテンツURL,開催パターン,開始日,終了日,開始日時特記事項,場所名称\n42209,1,対馬市,見本会,https://example.jp/,毎年12月,2026-12-05,,,見本館\n",
        ),
    ];
    let labels = ["推奨データセット", "ベース・レジストリ", "GIF", "自治体標準"];
    for ((name, table), label) in tables.into_iter().zip(labels) {
        let report = take(&world, &format!("{name}.csv"), table).await;
        assert_eq!(outcomes(&report), [Outcome::Taken], "{name}: {report}");
        assert!(report.notes[0].contains(label), "{name}: {:?}", report.notes);
        if name == "jichitai" {
            assert!(notes(&report, 0).contains("「42209」を422096に直しました"), "{report}");
        }
    }
    assert_eq!(list(&world, "month=2026-12").await, vec![("2026-12-05".to_owned(), "見本会".to_owned()); 4]);
}

#[tokio::test]
async fn a_table_in_the_old_encoding_is_taken_in_and_taken_in_again_without_doubling() {
    let world = World::new().await;
    let table = "NO,名称,開始日,開始時刻\r\n7,見本 髙台まつり,2026-12-05,10:00\r\n";
    let (bytes, _, lossy) = encoding_rs::SHIFT_JIS.encode(table);
    assert!(!lossy);
    assert_eq!(outcomes(&take(&world, "e.csv", &bytes).await), [Outcome::Taken]);
    assert_eq!(outcomes(&take(&world, "e (1).csv", &bytes).await), [Outcome::Unchanged]);
    let moved = table.replace("10:00", "11:00");
    let report = take(&world, "e.csv", moved).await;
    assert_eq!(outcomes(&report), [Outcome::Changed]);
    assert_eq!(notes(&report, 0), "日時: 「2026-12-05 10:00」→「2026-12-05 11:00」");
    assert_eq!(list(&world, "month=2026-12").await, pairs(&[("2026-12-05", "見本 髙台まつり")]));
}

#[tokio::test]
async fn a_broken_file_changes_nothing_and_says_where_it_is_broken() {
    let world = World::new().await;
    let transaction = db::begin(world.db()).await.unwrap();
    let city = world.app.city();
    let table = "名称,開始日\r\n見本,2026-12-05\r\n\"開いたまま,2026-12-06\r\n";
    let fault =
        calendar::import(&transaction, &city, "e.csv", table.as_bytes(), now(), today(), "h").await.unwrap_err();
    assert!(fault.to_string().contains("3行目の1列目"), "{fault}");
    let fault = calendar::import(&transaction, &city, "e.ics", b"no calendar", now(), today(), "h").await.unwrap_err();
    assert!(!fault.to_string().is_empty());
    transaction.commit().await.unwrap();
    assert_eq!(list(&world, "month=2026-12").await, []);
}

#[tokio::test]
async fn a_series_shows_its_moved_and_its_cancelled_occurrence() {
    let world = World::new().await;
    let moved = "RECURRENCE-ID;TZID=Asia/Tokyo:20261109T190000\r\nDTSTART;TZID=Asia/Tokyo:20261110T180000\r\n\
        DTEND;TZID=Asia/Tokyo:20261110T193000\r\nSUMMARY:見本 夜の体操（火曜に変更）";
    let cancelled =
        "RECURRENCE-ID;TZID=Asia/Tokyo:20261116T190000\r\nDTSTART;TZID=Asia/Tokyo:20261116T190000\r\nSTATUS:CANCELLED";
    let file = ics(&[event("a@x", WEEKLY), event("a@x", moved), event("a@x", cancelled)].join("\r\n"));
    let report = take(&world, "a.ics", &file).await;
    assert_eq!(outcomes(&report), [Outcome::Taken; 3], "{report}");
    assert_eq!(
        list(&world, "month=2026-11").await,
        pairs(&[
            ("2026-11-02", "見本 夜の体操"),
            ("2026-11-10", "見本 夜の体操（火曜に変更）"),
            ("2026-11-16", "【中止】見本 夜の体操"),
            ("2026-11-23", "見本 夜の体操"),
        ])
    );
    let month = world.page("/events?month=2026-11").await;
    assert_eq!(month.matches("夜の体操").count(), 4);
    let series = world.page(&address(&month, "見本 夜の体操</a>")).await;
    assert!(series.contains("これからの回") && series.contains("令和8年11月23日(月・勤労感謝の日)"));
    let series = feed(&world, &Filter::default(), "2026-11-01".parse().unwrap()).await;
    assert_eq!((series.len(), series[0].changes.len()), (1, 2));
    assert_eq!(series[0].changes[0].recurrence_id, "2026-11-09T10:00:00Z");
    assert_eq!(series[0].changes[0].uid, series[0].entry.uid);

    let report = take(&world, "a.ics", &file).await;
    assert_eq!(outcomes(&report), [Outcome::Unchanged; 3], "{report}");
    let report = take(&world, "a.ics", ics(&event("a@x", WEEKLY))).await;
    assert_eq!(outcomes(&report), [Outcome::Changed]);
    assert!(notes(&report, 0).contains("2回を、元のくり返しに戻しました"));
    let days: Vec<String> = list(&world, "month=2026-11").await.into_iter().map(|(day, _)| day).collect();
    assert_eq!(days, ["2026-11-02", "2026-11-09", "2026-11-16", "2026-11-23"]);
    assert_eq!(list(&world, "month=2026-11&q=%E7%81%AB%E6%9B%9C").await, [], "gone from the search as well");
}

#[tokio::test]
async fn an_import_that_cancels_counts_the_change_and_later_drops_out_of_the_feed() {
    let world = World::new().await;
    let plain = "DTSTART:20261201T040000Z\r\nDTEND:20261201T060000Z\r\nSUMMARY:見本の催し";
    take(&world, "c.ics", ics(&event("c@x", plain))).await;
    let all = Filter::default();
    let before = feed(&world, &all, today()).await;
    assert_eq!((before.len(), before[0].entry.sequence), (1, 0));
    let report = take(&world, "c.ics", ics(&event("c@x", &format!("{plain}\r\nSTATUS:CANCELLED")))).await;
    assert_eq!(outcomes(&report), [Outcome::Changed]);
    let after = feed(&world, &all, today()).await;
    assert_eq!((after[0].entry.sequence, after[0].entry.uid == before[0].entry.uid), (1, true));
    assert_eq!(list(&world, "month=2026-12").await, pairs(&[("2026-12-01", "【中止】見本の催し")]));
    let page = world.page(&calendar::path(after[0].entry.id)).await;
    assert!(page.contains("この予定は中止になりました"));
    let day = |text: &str| text.parse::<NaiveDate>().unwrap();
    let late = seen(&world, &all, day("2026-11-01"), day("2026-12-07")).await;
    let later = seen(&world, &all, day("2026-11-01"), day("2026-12-08")).await;
    assert_eq!((late.len(), later.len()), (1, 0));
}

#[tokio::test]
async fn an_occurrence_cancelled_long_ago_does_not_come_back_into_its_series() {
    let world = World::new().await;
    let cancelled =
        "RECURRENCE-ID;TZID=Asia/Tokyo:20261116T190000\r\nDTSTART;TZID=Asia/Tokyo:20261116T190000\r\nSTATUS:CANCELLED";
    take(&world, "a.ics", ics(&[event("a@x", WEEKLY), event("a@x", cancelled)].join("\r\n"))).await;
    let day = |text: &str| text.parse::<NaiveDate>().unwrap();
    let all = Filter::default();
    let series = seen(&world, &all, day("2026-11-01"), day("2027-01-01")).await;
    assert_eq!((series.len(), series[0].changes.len()), (1, 0));
    assert_eq!(series[0].exdates, ["2026-11-16T10:00:00Z"]);
}

#[tokio::test]
async fn a_change_that_nobody_sees_leaves_sequence_and_stamp_alone() {
    let world = World::new().await;
    let plain = "DTSTART;VALUE=DATE:20261201\r\nSUMMARY:見本の日";
    take(&world, "d.ics", ics(&event("d@x", plain))).await;
    let later = now() + chrono::Duration::days(1);
    let report = take_at(&world, "d.ics", ics(&event("d@x", &format!("{plain}\r\nX-MIHON:1"))), later, today()).await;
    assert_eq!(outcomes(&report), [Outcome::Changed]);
    let entry = feed(&world, &Filter::default(), today()).await.remove(0).entry;
    assert_eq!((entry.sequence, entry.updated_at), (0, now()));
    let titled = plain.replace("見本の日", "見本の日（改）");
    take_at(&world, "d.ics", ics(&event("d@x", &titled)), later, today()).await;
    let entry = feed(&world, &Filter::default(), today()).await.remove(0).entry;
    assert_eq!((entry.sequence, entry.updated_at, entry.created_at), (1, later, now()));
}

#[tokio::test]
async fn whole_days_stand_on_each_of_their_days_in_the_month_and_once_in_the_list() {
    let world = World::new().await;
    let days = "DTSTART;VALUE=DATE:20261120\r\nDTEND;VALUE=DATE:20261124\r\nSUMMARY:見本 手仕事展";
    let night =
        "DTSTART;TZID=Asia/Tokyo:20261127T220000\r\nDTEND;TZID=Asia/Tokyo:20261128T050000\r\nSUMMARY:見本 星を見る夜";
    take(&world, "f.ics", ics(&[event("f@x", days), event("g@x", night)].join("\r\n"))).await;
    let month = world.page("/events?month=2026-11").await;
    assert_eq!(month.matches("見本 手仕事展").count(), 4);
    assert_eq!(month.matches("見本 星を見る夜").count(), 2);
    assert!(month.contains("勤労感謝の日") && month.contains("令和8年11月の予定"));
    let found = list(&world, "month=2026-11").await;
    assert_eq!(found, pairs(&[("2026-11-20", "見本 手仕事展"), ("2026-11-27", "見本 星を見る夜")]));
    let from_inside = list(&world, "from=2026-11-22&to=2026-11-30").await;
    assert_eq!(from_inside, pairs(&[("2026-11-22", "見本 手仕事展"), ("2026-11-27", "見本 星を見る夜")]));
    assert_eq!(list(&world, "from=2026-11-24&to=2026-11-24").await, []);
    let page = world.page("/events?view=list&month=2026-11").await;
    let detail = world.page(&address(&page, "見本 手仕事展")).await;
    assert!(detail.contains("令和8年11月20日(金)から11月23日(月・勤労感謝の日)まで</time> 終日"));
}

#[tokio::test]
async fn a_span_of_years_is_kept_whole_and_shown_for_its_first_year() {
    let world = World::new().await;
    let years = "DTSTART;VALUE=DATE:20261201\r\nDTEND;VALUE=DATE:20291201\r\nSUMMARY:見本 長い展示";
    let report = take(&world, "l.ics", ics(&event("l@x", years))).await;
    assert!(notes(&report, 0).contains("初めの366日"), "{report}");
    assert!(world.page("/events?month=2027-11").await.contains("見本 長い展示"));
    assert!(!world.page("/events?month=2028-01").await.contains("見本 長い展示"));
    let page = world.page("/events?view=list&month=2026-12").await;
    assert!(page.contains("11月30日(金)まで"), "the end itself is known");
}

#[tokio::test]
async fn times_of_another_zone_move_with_its_summer_time() {
    let world = World::new().await;
    let zoned = "DTSTART;TZID=Eastern Standard Time:20261019T080000\r\nDTEND;TZID=Eastern Standard Time:20261019T090000\r\n\
        RRULE:FREQ=WEEKLY;COUNT=3\r\nSUMMARY:見本 海のむこうと話す会";
    let floating = "DTSTART:20261020T100000\r\nDURATION:PT90M\r\nSUMMARY:見本 浮いた時刻";
    take(&world, "z.ics", ics(&[event("z@x", zoned), event("y@x", floating)].join("\r\n"))).await;
    let page = world.page("/events?view=list&from=2026-10-01&to=2026-11-30").await;
    let times: Vec<&str> = page.split("class=\"entry-time\"").skip(1).map(|part| between(part, "T", "\"")).collect();
    assert_eq!(times, ["21:00", "10:00", "21:00", "22:00"]);
    assert!(page.contains("〜11:30"));
}

#[tokio::test]
async fn series_are_carried_on_as_the_horizon_moves() {
    let world = World::new().await;
    let endless = "DTSTART;VALUE=DATE:20261101\r\nRRULE:FREQ=MONTHLY\r\nSUMMARY:見本 毎月一日";
    let changed = "RECURRENCE-ID;VALUE=DATE:20290101\r\nDTSTART;VALUE=DATE:20290102\r\nSUMMARY:見本 正月は二日";
    take(&world, "h.ics", ics(&[event("h@x", endless), event("h@x", changed)].join("\r\n"))).await;
    assert_eq!(list(&world, "month=2028-11").await.len(), 1);
    assert_eq!(list(&world, "month=2029-02").await, []);
    let zone = world.app.city().profile.zone;
    assert_eq!(calendar::extend_horizon(world.db(), zone, today(), now()).await.unwrap(), 0, "nothing to do yet");
    let later: NaiveDate = "2027-06-01".parse().unwrap();
    assert_eq!(calendar::extend_horizon(world.db(), zone, later, now()).await.unwrap(), 1);
    assert_eq!(calendar::extend_horizon(world.db(), zone, later, now()).await.unwrap(), 0, "done once");
    assert_eq!(
        list(&world, "from=2028-12-01&to=2029-02-28").await,
        pairs(&[("2028-12-01", "見本 毎月一日"), ("2029-01-02", "見本 正月は二日"), ("2029-02-01", "見本 毎月一日")])
    );
}

#[tokio::test]
async fn what_stands_under_one_item_stands_under_its_twin() {
    let world = World::new().await;
    let meeting = "DTSTART:20261201T040000Z\r\nSUMMARY:見本の連絡調整会議\r\nCATEGORIES:2-04,連絡調整会議";
    let other = "DTSTART:20261202T040000Z\r\nSUMMARY:見本の別の会\r\nX-KYODO-ITEMS:3-05";
    take(&world, "i.ics", ics(&[event("i@x", meeting), event("j@x", other)].join("\r\n"))).await;
    let expected = pairs(&[("2026-12-01", "見本の連絡調整会議")]);
    for query in ["item=2-04", "item=3-01", "policy=2"] {
        assert_eq!(list(&world, query).await, expected, "{query}");
    }
    assert_eq!(list(&world, "policy=3").await.len(), 2);
    for code in ["2-04", "3-01"] {
        let item = world.page(&format!("/plans/2009/items/{code}")).await;
        assert!(item.contains("見本の連絡調整会議"), "{code}");
    }
    let item = plan::find_item(world.db(), "2009", "3-01").await.unwrap().unwrap();
    assert!(world.page("/events?view=list&item=3-01").await.contains(&item.title));
    let filter = Filter { item: Some("3-01".to_owned()), ..Filter::default() };
    assert_eq!(feed(&world, &filter, today()).await[0].items, ["2-04"]);
}

#[tokio::test]
async fn what_a_listed_group_holds_leads_to_its_page_and_can_be_asked_for() {
    let world = World::new().await;
    let transaction = db::begin(world.db()).await.unwrap();
    let groups = "団体名,団体名ふりがな,状態\r\n見本 渚の会,みほんなぎさのかい,公開\r\n";
    kyodo::groups::import(&transaction, &world.app.city(), "g.csv", groups.as_bytes(), now()).await.unwrap();
    transaction.commit().await.unwrap();
    let table = "名称,開始日,主催団体\r\n見本 浜歩き,2026-12-05,見本　渚の会\r\n見本 山歩き,2026-12-06,見本 山の会\r\n";
    take(&world, "e.csv", table).await;
    let group = kyodo::groups::find_by_name(world.db(), "見本 渚の会").await.unwrap().unwrap();
    let query = format!("group={group}");
    assert_eq!(list(&world, &query).await, pairs(&[("2026-12-05", "見本 浜歩き")]));
    let page = world.page(&format!("/events?view=list&{query}")).await;
    assert!(page.contains("団体「見本 渚の会」"));
    let detail = world.page(&address(&page, "見本 浜歩き")).await;
    assert!(detail.contains(&format!("<a href=\"{}\">見本 渚の会</a>", kyodo::groups::path(group))));
}

#[tokio::test]
async fn private_entries_are_nowhere() {
    let world = World::new().await;
    let secret = "DTSTART:20261201T040000Z\r\nSUMMARY:見本の内緒話\r\nLOCATION:厳原町\r\nCLASS:PRIVATE";
    let report = take(&world, "p.ics", ics(&event("p@x", secret))).await;
    assert!(notes(&report, 0).contains("サイトには載せません"));
    for query in [
        "month=2026-12",
        "view=list",
        "view=list&q=%E5%86%85%E7%B7%92",
        "view=list&town=izuhara",
        "month=2026-12&q=%E5%86%85",
    ] {
        assert!(!world.page(&format!("/events?{query}")).await.contains("内緒話"), "{query}");
    }
    assert_eq!(feed(&world, &Filter::default(), today()).await.len(), 0);
    let sql = "SELECT id FROM calendar_entries";
    let backend = sea_orm::ConnectionTrait::get_database_backend(world.db());
    let statement = sea_orm::Statement::from_string(backend, sql);
    let row = sea_orm::ConnectionTrait::query_one_raw(world.db(), statement).await.unwrap().unwrap();
    let id: uuid::Uuid = row.try_get("", "id").unwrap();
    assert_eq!(world.get(&calendar::path(id)).await.status, StatusCode::NOT_FOUND);
    let opened = secret.replace("\r\nCLASS:PRIVATE", "");
    take(&world, "p.ics", ics(&event("p@x", &opened))).await;
    assert_eq!(list(&world, "q=%E5%86%85%E7%B7%92").await, pairs(&[("2026-12-01", "見本の内緒話")]));
    take(&world, "p.ics", ics(&event("p@x", secret))).await;
    assert_eq!(list(&world, "q=%E5%86%85%E7%B7%92").await, [], "hidden again");
}

#[tokio::test]
async fn words_are_found_by_reading_spelling_and_single_letters() {
    let world = World::new().await;
    let one = "DTSTART:20261201T040000Z\r\nSUMMARY:見本 茶の会\r\nLOCATION:厳原町\r\nDESCRIPTION:鶏知からも送迎あり";
    let two = "DTSTART:20261202T040000Z\r\nSUMMARY:見本 花の会\r\nLOCATION:峰町";
    take(&world, "w.ics", ics(&[event("w@x", one), event("v@x", two)].join("\r\n"))).await;
    let tea = pairs(&[("2026-12-01", "見本 茶の会")]);
    for word in ["いずはら", "いづはら", "厳原", "茶", "雞知", "ケチ", "見本　茶", "茶 送迎"] {
        let word: String = url::form_urlencoded::byte_serialize(word.as_bytes()).collect();
        assert_eq!(list(&world, &format!("q={word}")).await, tea, "{word}");
    }
    assert_eq!(list(&world, "q=%E8%A6%8B%E6%9C%AC").await.len(), 2);
    assert_eq!(list(&world, "q=%E8%8C%B6&town=mine").await, []);
    let page = world.page("/events?view=list&q=%22%20OR%20*%25_").await;
    assert!(page.contains("条件に合う予定がありません") && page.contains("条件をはずして"));
}

#[tokio::test]
async fn hostile_text_is_shown_as_text_or_refused() {
    let world = World::new().await;
    let hostile = "DTSTART:20261201T040000Z\r\nSUMMARY:見本<script>alert(1)</script>の会<注意>\r\nURL:javascript:alert(2)\r\n\
        LOCATION:\"><img src=x onerror=alert(3)>\r\n\
        DESCRIPTION:javascript:alert(4) https://example.jp/\"onclick=x <b>太字</b>\\nhttps://example.jp/b";
    let huge = format!("DTSTART:20261202T040000Z\r\nSUMMARY:見本の長い話\r\nDESCRIPTION:{}", "あ".repeat(34_000));
    let report = take(&world, "x.ics", ics(&[event("x@x", hostile), event("y@x", &huge)].join("\r\n"))).await;
    assert_eq!(outcomes(&report), [Outcome::Taken, Outcome::Refused]);
    assert!(notes(&report, 0).contains("URL:") && notes(&report, 1).contains("説明: 10000文字以内"), "{report}");
    let lists = world.page("/events?view=list").await;
    let month = world.page("/events?month=2026-12").await;
    let detail = world.page(&address(&lists, "見本の会&#60;注意")).await;
    for page in [lists, month, detail.clone()] {
        assert!(!page.contains("<script>alert") && !page.contains("<img") && !page.contains("<b>太字"));
        // A script is no text; what only looks like a tag is.
        assert!(page.contains("見本の会&#60;注意&#62;") && !page.contains("alert(1)"));
    }
    assert!(!detail.contains("href=\"javascript") && !detail.contains("\"onclick"));
    assert_eq!(detail.matches("rel=\"nofollow\">https://example.jp/").count(), 2);
}

#[tokio::test]
async fn a_full_day_shows_four_and_leads_to_the_rest() {
    let world = World::new().await;
    let many: Vec<String> = (0..7)
        .map(|hour| event(&format!("{hour}@x"), &format!("DTSTART:20261123T0{hour}0000Z\r\nSUMMARY:見本{hour}")))
        .collect();
    take(&world, "m.ics", ics(&many.join("\r\n"))).await;
    let month = world.page("/events").await;
    assert_eq!(month.matches("href=\"/events/0").count(), 4);
    assert!(month.contains("ほか3件"));
    assert_eq!(list(&world, "from=2026-11-23&to=2026-11-23").await.len(), 7);
    assert!(month.contains("/events?view=list&#38;from=2026-11-23&#38;to=2026-11-23"));
}

#[tokio::test]
async fn a_long_list_comes_in_pages() {
    let world = World::new().await;
    let many: Vec<String> = (0..51)
        .map(|minute| {
            event(&format!("{minute}@x"), &format!("DTSTART:20261124T01{minute:02}00Z\r\nSUMMARY:見本{minute}"))
        })
        .collect();
    take(&world, "n.ics", ics(&many.join("\r\n"))).await;
    assert_eq!(list(&world, "month=2026-11").await.len(), 50);
    assert_eq!(list(&world, "month=2026-11&page=2").await, pairs(&[("2026-11-24", "見本50")]));
    assert_eq!(list(&world, "month=2026-11&page=99").await.len(), 1, "behind the end is the last page");
}

#[tokio::test]
async fn conditions_that_mean_nothing_are_named_and_ignored() {
    let world = World::new().await;
    take(&world, "b.ics", ics(&event("b@x", "DTSTART:20261124T010000Z\r\nSUMMARY:見本の会"))).await;
    let group = "018f0000-0000-7000-8000-000000000000";
    let query =
        format!("month=2099-01&view=x&town=edo&kind=y&category=z&group={group}&item=8-88&policy=99&from=2026-02-30");
    let page = world.page(&format!("/events?{query}")).await;
    for part in [
        "月「2099-01」",
        "表示のしかた「x」",
        "町「edo」",
        "種類「y」",
        "分類「z」",
        "選ばれた団体は",
        "項目「8-88」",
        "施策99",
        "開始日「2026-02-30」",
    ] {
        assert!(page.contains(part), "{part}");
    }
    assert!(page.contains("令和8年11月の予定") && page.contains("見本の会"));
    let swapped = world.page("/events?from=2026-11-30&to=2026-11-01").await;
    assert!(swapped.contains("入れ替えて") && swapped.contains("見本の会"));
    for path in ["/events/x", "/events/018f0000-0000-7000-8000-000000000000", "/events/%00"] {
        assert_eq!(world.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn a_dry_run_reports_the_same_and_leaves_nothing() {
    let world = World::new().await;
    let transaction = db::begin(world.db()).await.unwrap();
    let file = ics(&event("r@x", WEEKLY));
    let city = world.app.city();
    let report = calendar::import(&transaction, &city, "r.ics", file.as_bytes(), now(), today(), "h").await.unwrap();
    transaction.rollback().await.unwrap();
    assert_eq!(outcomes(&report), [Outcome::Taken]);
    assert_eq!(list(&world, "month=2026-11").await, []);
    assert_eq!(feed(&world, &Filter::default(), today()).await.len(), 0);
}

#[tokio::test]
async fn one_town_is_told_of_the_one_occurrence_that_moved_there() {
    let world = World::new().await;
    let moved = "RECURRENCE-ID;TZID=Asia/Tokyo:20261123T190000\r\nDTSTART;TZID=Asia/Tokyo:20261123T190000\r\n\
        SUMMARY:見本 夜の体操（出張）\r\nLOCATION:峰町 見本館";
    take(&world, "t.ics", ics(&[event("t@x", WEEKLY), event("t@x", moved)].join("\r\n"))).await;
    let town = |key: &str| Filter { towns: vec![key.to_owned()], ..Filter::default() };
    let from: NaiveDate = "2026-11-01".parse().unwrap();
    let mine = feed(&world, &town("mine"), from).await;
    assert_eq!((mine.len(), mine[0].entry.recurrence_id.as_str()), (1, "2026-11-23T10:00:00Z"));
    let izuhara = feed(&world, &town("izuhara"), from).await;
    assert_eq!((izuhara.len(), izuhara[0].changes.len()), (1, 1));
    assert_eq!(list(&world, "town=mine&month=2026-11").await.len(), 1);
}

#[tokio::test]
async fn broken_and_repeated_events_of_a_file_are_reported_one_by_one() {
    let world = World::new().await;
    let lines = [
        event("1@x", "SEQUENCE:2\r\nDTSTART:20261201T040000Z\r\nSUMMARY:見本の新しい版"),
        event("1@x", "SEQUENCE:1\r\nDTSTART:20261202T040000Z\r\nSUMMARY:見本の古い版"),
        event("2@x", "DTSTART:20261203T040000Z\r\nDTEND:20261203T030000Z"),
        event("3@x", "DTSTART:33330303T040000Z\r\nSUMMARY:見本の遠い日"),
        event("4@x", "SUMMARY:見本の日のない会"),
    ];
    let report = take(&world, "q.ics", ics(&lines.join("\r\n"))).await;
    use Outcome::{Refused, Taken};
    assert_eq!(outcomes(&report), [Taken, Refused, Taken, Refused, Refused], "{report}");
    assert!(notes(&report, 1).contains("新しい版"));
    assert!(
        notes(&report, 2).contains("名称（SUMMARY）がない")
            && notes(&report, 2).contains("終わり（DTEND）が始まりより前"),
        "{report}"
    );
    assert!(notes(&report, 3).contains("暦の範囲"));
    assert_eq!(
        list(&world, "month=2026-12").await,
        pairs(&[("2026-12-01", "見本の新しい版"), ("2026-12-03", "（名称なし）")])
    );
}
