//! The register: what people find, what files bring in, and what must never get out.

use axum::http::StatusCode;
use kyodo::groups::{self, Audience};
use kyodo::table::{self, Format, Outcome, Report};
use kyodo::web::query::link;
use kyodo::{db, groups as register};

use crate::world::{World, now, said};

const HEAD: &str =
    "登録番号,団体名,団体名ふりがな,所在地,所在地の公開,電話,電話の公開,活動分野,活動の目的,活動地域,状態";

/// Takes a file in and keeps it, whatever the report says.
async fn import(world: &World, file: &str, bytes: impl AsRef<[u8]>) -> Report {
    let transaction = db::begin(world.db()).await.unwrap();
    let report = register::import(&transaction, &world.app.city(), file, bytes.as_ref(), now()).await.unwrap();
    transaction.commit().await.unwrap();
    report
}

async fn import_lines(world: &World, lines: &[&str]) -> Report {
    import(world, "名簿.csv", format!("{HEAD}\n{}\n", lines.join("\n"))).await
}

fn outcomes(report: &Report) -> Vec<Outcome> {
    report.rows.iter().map(|row| row.outcome).collect()
}

fn notes(report: &Report) -> String {
    report.rows.iter().flat_map(|row| row.notes.clone()).collect::<Vec<_>>().join("\n")
}

/// Names on the cards of a page, in order.
fn names(page: &str) -> Vec<String> {
    let cards = page.split("<li class=\"card\">").skip(1);
    cards.map(|card| card.split("</a>").next().unwrap().rsplit('>').next().unwrap().to_owned()).collect()
}

async fn found(world: &World, words: &str) -> Vec<String> {
    names(&world.page(&link("/groups", &[("q", words)])).await)
}

async fn path_of(world: &World, name: &str) -> String {
    groups::path(groups::find_by_name(world.db(), name).await.unwrap().unwrap())
}

async fn town_of_groups() -> World {
    let world = World::new().await;
    let report = import_lines(
        &world,
        &[
            "1,見本 対馬の海を守る会,つしまのうみをまもるかい,長崎県対馬市美津島町雞知甲1,公開,0920-00-0001,公開,環境,海辺を清掃します。,美津島町,公開",
            "2,見本 厳原おはなし会,いづはらおはなしかい,長崎県対馬市厳原町国分2,事務局のみ,0920-00-0002,事務局のみ,社会教育,絵本を読みます。,厳原町,公開",
            "3,見本 ガイドの輪,がいどのわ,長崎県対馬市峰町三根3,公開,,,観光,山を案内します。,市内全域,更新待ち",
            "4,見本 休んでいる会,やすんでいるかい,長崎県対馬市峰町三根4,公開,,,観光,山を案内します。,,休止",
            "5,見本 終わった会,おわったかい,長崎県対馬市峰町三根5,公開,0920-00-0005,公開,観光,山を案内しました。,,解散",
            "6,見本 待っている会,まっているかい,長崎県対馬市峰町三根6,公開,,,観光,山を案内します。,,申請中",
        ],
    )
    .await;
    assert_eq!(outcomes(&report), [Outcome::Taken; 6], "{report}");
    world
}

#[tokio::test]
async fn every_spelling_of_tsushima_finds_the_same_groups() {
    let world = town_of_groups().await;
    for words in ["つしま", "ツシマ", "ﾂｼﾏ", "対馬", "つシマ", "　対馬　"] {
        let found = found(&world, words).await;
        assert!(found.contains(&"見本 対馬の海を守る会".to_owned()), "{words}: {found:?}");
        assert_eq!(found, self::found(&world, "対馬").await, "{words}");
    }
}

#[tokio::test]
async fn sounds_and_kanji_that_people_confuse_find_one_another() {
    let world = town_of_groups().await;
    for words in ["いづはら", "いずはら", "イズハラ", "厳原", "厳原町"] {
        assert!(found(&world, words).await.contains(&"見本 厳原おはなし会".to_owned()), "{words}");
    }
    for words in ["雞知", "鶏知", "鷄知", "けち", "ｹﾁ", "け知"] {
        assert_eq!(found(&world, words).await, ["見本 対馬の海を守る会"], "{words}");
    }
}

#[tokio::test]
async fn one_letter_two_letters_and_several_words_are_enough() {
    let world = town_of_groups().await;
    assert_eq!(found(&world, "輪").await, ["見本 ガイドの輪"]);
    assert_eq!(found(&world, "清掃").await, ["見本 対馬の海を守る会"]);
    assert_eq!(found(&world, "海　守る").await, ["見本 対馬の海を守る会"]);
    assert_eq!(found(&world, "海　絵本").await, Vec::<String>::new());
    assert_eq!(found(&world, "対馬の海を守る会").await, ["見本 対馬の海を守る会"]);
    assert_eq!(found(&world, "\"海\" OR *) --").await, Vec::<String>::new(), "nobody writes to the index");
}

#[tokio::test]
async fn the_directory_is_in_the_order_of_the_readings_and_shows_who_is_active() {
    let world = town_of_groups().await;
    let page = world.page("/groups").await;
    assert_eq!(names(&page), ["見本 厳原おはなし会", "見本 ガイドの輪", "見本 対馬の海を守る会"]);
    assert!(page.contains("3団体") && page.contains("計画に書かれた数 66団体(平成21年4月)"));
    assert!(page.contains("<span>さ<span class=\"unseen\">(団体なし)</span></span>"), "an empty row is no link");
    assert_eq!(names(&world.page("/groups?kana=ka").await), ["見本 ガイドの輪"]);
    assert_eq!(names(&world.page("/groups?town=mitsushima").await), ["見本 ガイドの輪", "見本 対馬の海を守る会"]);
    assert_eq!(names(&world.page("/groups?field=environment").await), ["見本 対馬の海を守る会"]);
    assert_eq!(names(&world.page("/groups?field=environment&town=izuhara").await), Vec::<String>::new());
}

#[tokio::test]
async fn what_cannot_be_used_is_named_and_what_was_typed_stays() {
    let world = town_of_groups().await;
    let page = world.page("/groups?q=%3Cscript%3E&field=cooking&town=x&kana=zz&page=-1").await;
    for sentence in ["活動の分野「cooking」", "町「x」", "よみ「zz」", "ページ番号「-1」"] {
        assert!(page.contains(sentence), "{sentence}");
    }
    assert!(page.contains("value=\"&#60;script&#62;\"") && !page.contains("<script>"));
    assert!(page.contains("次のようにすると見つかることがあります"));
    assert_eq!(world.get("/groups?q=%FF%00%F0&page=999999").await.status, StatusCode::OK);
    assert_eq!(world.get("/groups/1").await.status, StatusCode::NOT_FOUND);
    assert_eq!(world.get("/groups/01890000-0000-7000-8000-000000000000").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn only_groups_of_the_directory_have_a_page_and_a_dissolved_one_says_so() {
    let world = town_of_groups().await;
    let export = groups::export_table(world.db(), &world.app.city(), Audience::OpenData).await.unwrap();
    assert_eq!(export.1.len(), 3);
    assert!(world.page(&path_of(&world, "見本 ガイドの輪").await).await.contains("更新待ち"));
    assert_eq!(groups::find_by_name(world.db(), "見本 休んでいる会").await.unwrap(), None);
    assert_eq!(groups::count_listed(world.db()).await.unwrap(), 3);
    let all: Vec<String> =
        groups::listed_names(world.db()).await.unwrap().into_iter().map(|group| group.name).collect();
    assert_eq!(all, ["見本 厳原おはなし会", "見本 ガイドの輪", "見本 対馬の海を守る会"]);
}

#[tokio::test]
async fn a_contact_without_consent_is_nowhere_to_be_seen_or_searched() {
    let world = World::new().await;
    let head = "登録番号,団体名,団体名ふりがな,代表者氏名,代表者氏名の公開,担当者名,担当者名の公開,電話,電話の公開,FAX,メール,メールの公開,郵便番号,所在地,所在地の公開,備考,助成の実績,独自の欄";
    let line = "1,見本 秘密の会,ひみつのかい,漏田もれ子,事務局のみ,漏山もれ夫,,0920-11-2233,事務局のみ,0920-44-5566,more@example.jp,非公開,8171234,長崎県対馬市峰町漏元1,事務局のみ,漏備考,漏助成,漏独自";
    let report = import(&world, "秘密.csv", format!("{head}\n{line}\n")).await;
    assert_eq!(outcomes(&report), [Outcome::Taken]);
    let page = world.page(&path_of(&world, "見本 秘密の会").await).await;
    let directory = world.page("/groups?q=%E7%A7%98%E5%AF%86").await;
    let (headings, lines) = groups::export_table(world.db(), &world.app.city(), Audience::OpenData).await.unwrap();
    let open = format!("{headings:?} {lines:?}");
    for secret in ["漏", "もれ", "2233", "5566", "more@", "8171234", "817-1234"] {
        for public in [&page, &directory, &open] {
            assert!(!public.contains(secret), "{secret}");
        }
    }
    for secret in ["漏田", "漏山", "漏元", "漏備考", "漏助成", "漏独自", "0920-11-2233", "2233", "more"]
    {
        assert_eq!(found(&world, secret).await, Vec::<String>::new(), "{secret}");
    }
    let (_, lines) = groups::export_table(world.db(), &world.app.city(), Audience::Office).await.unwrap();
    assert!(format!("{lines:?}").contains("漏田もれ子"), "the office has it all");
}

#[tokio::test]
async fn consent_can_be_withdrawn_at_once_and_does_not_pass_to_another_person() {
    let world = World::new().await;
    let page = async || world.page(&path_of(&world, "見本 海の会").await).await;
    import(&world, "a.csv", "団体名,ふりがな,代表者,代表者の公開\n見本 海の会,うみのかい,見本 花子,公開\n").await;
    assert!(page().await.contains("見本 花子"));
    let report = import(&world, "b.csv", "団体名,ふりがな,代表者\n見本 海の会,うみのかい,見本 次郎\n").await;
    assert!(
        notes(&report).contains("代表者氏名: 「見本 花子」→「見本 次郎」")
            && notes(&report).contains("公開をやめました")
    );
    assert!(!page().await.contains("見本 次郎"));
    import(&world, "c.csv", "団体名,ふりがな,代表者,代表者の公開\n見本 海の会,うみのかい,見本 次郎,公開\n").await;
    assert!(page().await.contains("見本 次郎"));
    import(&world, "d.csv", "団体名,ふりがな,代表者の公開\n見本 海の会,うみのかい,\n").await;
    assert!(!page().await.contains("見本 次郎"));
}

#[tokio::test]
async fn a_hostile_field_is_shown_as_text_or_refused() {
    let world = World::new().await;
    let name = "見本<script>alert(1)</script>\"'&会\u{202E}";
    let lines = format!(
        "団体名,ふりがな,活動内容,HP\n\"{}\",みほん,\"<img src=x onerror=alert(1)>\u{7}\",javascript:alert(1)\n",
        name.replace('"', "\"\"")
    );
    let report = import(&world, "悪意.csv", lines).await;
    assert_eq!(outcomes(&report), [Outcome::Taken]);
    assert!(notes(&report).contains("ホームページ: 「javascript:alert(1)」"));
    let directory = world.page("/groups").await;
    let path = directory.split("href=\"/groups/").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let page = world.page(&format!("/groups/{path}")).await;
    for page in [directory, page] {
        assert!(!page.contains("<script>alert") && !page.contains("<img") && !page.contains("javascript:"));
        assert!(page.contains("&#60;script&#62;alert(1)&#60;/script&#62;") && !page.contains('\u{202E}'));
    }
    let long = format!("団体名,ふりがな,活動内容\n見本 長い会,ながいかい,{}\n", "あ".repeat(10_000));
    let report = import(&world, "長い.csv", long).await;
    assert!(notes(&report).contains("活動の内容: ") && notes(&report).contains("4000文字以内"), "{report}");
    let huge = format!("団体名,ふりがな\n見本 大きい会,{}\n", "あ".repeat(100_000));
    let transaction = db::begin(world.db()).await.unwrap();
    let fault = register::import(&transaction, &world.app.city(), "x.csv", huge.as_bytes(), now()).await.unwrap_err();
    assert!(fault.to_string().contains("2行目の2列目"), "{fault}");
}

#[tokio::test]
async fn a_file_that_is_no_register_is_refused_with_a_sentence() {
    let world = World::new().await;
    let transaction = db::begin(world.db()).await.unwrap();
    let refused = async |bytes: &[u8]| {
        register::import(&transaction, &world.app.city(), "x.csv", bytes, now()).await.unwrap_err().to_string()
    };
    assert!(refused(b"").await.contains("何も書かれていません"));
    assert!(refused("日付,気温\n4/1,20\n".as_bytes()).await.contains("見出し"));
    assert!(refused("電話,住所\n1,2\n".as_bytes()).await.contains("「団体名」"));
    assert!(refused("団体名,ふりがな\n\"見本,みほん\n".as_bytes()).await.contains("2行目"));
    assert!(refused(b"\x89PNG\r\n\x1a\n\0\0").await.contains("。"));
}

#[tokio::test]
async fn each_row_says_what_is_wrong_with_it_and_the_rest_is_taken() {
    let world = World::new().await;
    let head = "団体名,団体名ふりがな,設立年月日,電話番号,会員数,法人番号,活動分野,アクションプラン項目,活動地域,状態,郵便番号";
    let lines = [
        "見本 正しい会,ただしいかい,平成21年2月29日,920536111,多数,1234567890123,料理,9-99,パリ,不明,81",
        ",なまえがない,,,,,,,,,",
        "見本 読みがない会,,,,,,,,,,",
        "見本 漢字の読み,漢字,,,,,,,,,",
        "見本　正しい会,ただしいかい,,,,,,,,,",
    ];
    let report = import(&world, "誤り.csv", format!("{head}\n{}\n", lines.join("\n"))).await;
    use Outcome::{Refused, Taken};
    assert_eq!(outcomes(&report), [Taken, Refused, Refused, Refused, Refused], "{report}");
    for told in [
        "設立年月: 「平成21年2月29日」 平成21年2月29日という日はありません。空にしました。",
        "電話: 「920536111」",
        "0920-53-6111ではありませんか。",
        "会員数: 「多数」",
        "法人番号: 「1234567890123」",
        "活動分野: 「料理」は分野の名前として読めない",
        "アクションプラン項目: 「9-99」という項目は計画にありません。",
        "活動地域: 「パリ」は町の名前として読めない",
        "状態: 「不明」",
        "郵便番号: 「81」",
    ] {
        assert!(report.rows[0].notes.join("\n").contains(told), "{told}\n{}", report.rows[0].notes.join("\n"));
    }
    assert!(report.rows[1].notes[0].contains("団体名: 書かれていません"));
    assert!(report.rows[2].notes[0].contains("団体名ふりがな: 書かれていません"));
    assert!(report.rows[3].notes[0].contains("かなで"));
    assert!(report.rows[4].notes[0].contains("2行目と同じ団体"), "another space is no other name");
    assert_eq!(groups::count_listed(world.db()).await.unwrap(), 1);
}

#[tokio::test]
async fn forms_of_dates_numbers_and_headings_are_read_with_patience() {
    let world = World::new().await;
    let head = "（必須） 名称,フリガナ,代表者,ＴＥＬ,ＦＡＸ,E-mail,ＨＰ,住所,設立年月日,会員数,活動の分野,アクションプラン項目,独自";
    let line = "見本 受け皿の会,ｳｹｻﾞﾗﾉｶｲ,見本 太郎,０９２０（００）１２３４,0920-00-1235,mihon@example.jp,https://example.jp/,長崎県対馬市上対馬町比田勝1,平成3年4月,約３０名,子ども；観光、第7号,3－5 2009:2-04 9月99日,控え";
    let report =
        import(&world, "受け皿.csv", format!("{}\n{line}\n", head.replace("（必須） 名称", "名称（必須）"))).await;
    assert_eq!(outcomes(&report), [Outcome::Taken], "{report}");
    assert!(report.notes.concat().contains("「独自」"));
    assert!(notes(&report).contains("いまの法律の号数"), "{report}");
    let page = world.page(&path_of(&world, "見本 受け皿の会").await).await;
    for shown in [
        "うけざらのかい",
        "平成3年4月",
        "30人",
        "上対馬",
        "子どもの健全育成",
        "観光の振興",
        "環境の保全",
        "3-05 ",
        "2-04 ",
    ] {
        assert!(page.contains(shown), "{shown}");
    }
    assert!(!page.contains("0920-00-1234"), "a column of consent is missing: nothing is published");
    assert!(world.page("/plans/2009/items/3-05").await.contains("見本 受け皿の会"));
    assert!(world.page("/plans/2009/items/3-01").await.contains("見本 受け皿の会"), "2-04 and 3-01 are one activity");
}

#[tokio::test]
async fn taking_the_same_file_in_again_changes_nothing_and_a_changed_one_names_the_change() {
    let world = town_of_groups().await;
    let line = "2,見本 厳原おはなし会,いづはらおはなしかい,長崎県対馬市厳原町国分2,事務局のみ,0920-00-0002,事務局のみ,社会教育,絵本を読みます。,厳原町,公開";
    assert_eq!(outcomes(&import_lines(&world, &[line]).await), [Outcome::Unchanged]);
    let report = import_lines(&world, &[&line.replace("絵本", "紙芝居").replace("おはなし会,", "お話の会,")]).await;
    assert_eq!(outcomes(&report), [Outcome::Changed]);
    assert!(notes(&report).contains("団体名: 「見本 厳原おはなし会」→「見本 厳原お話の会」"), "{report}");
    assert!(notes(&report).contains("活動の目的: 「絵本を読みます。」→「紙芝居を読みます。」"));
    assert_eq!(found(&world, "紙芝居").await, ["見本 厳原お話の会"]);
    assert_eq!(found(&world, "絵本").await, Vec::<String>::new(), "the old text is no longer found");
    assert_eq!(groups::count_listed(world.db()).await.unwrap(), 3);
    let report =
        import(&world, "一部.csv", "登録番号,団体名,ふりがな\n2,見本 厳原お話の会,いづはらおはなしのかい\n").await;
    assert_eq!(
        notes(&report),
        "団体名ふりがな: 「いづはらおはなしかい」→「いづはらおはなしのかい」",
        "what a file does not have stays"
    );
}

#[tokio::test]
async fn numbers_of_different_groups_in_one_row_are_a_clash() {
    let world = town_of_groups().await;
    let report = import_lines(&world, &["1,見本 厳原おはなし会,いづはらおはなしかい,,,,,,,厳原町,"]).await;
    assert_eq!(outcomes(&report), [Outcome::Refused]);
    assert!(notes(&report).contains("番号と団体名が、別々の団体のものです"), "{report}");
}

/// The whole register as a file of the kind.
async fn file(world: &World, format: Format) -> table::Written {
    let (headings, lines) = groups::export_table(world.db(), &world.app.city(), Audience::Office).await.unwrap();
    table::write(format, "団体名簿", &headings, lines.into_iter()).unwrap()
}

#[tokio::test]
async fn what_is_written_out_comes_back_unchanged_from_every_kind_of_file() {
    let world = World::new().await;
    let demo = import(&world, "groups.csv", include_bytes!("../seeds/demo/groups.csv")).await;
    assert_eq!(demo.counts().taken, 66, "{demo}");
    assert_eq!(notes(&demo), "");
    import_lines(&world, &["900,=1+1,みほん,,,,,,\"-2\n@x\",市内全域,公開"]).await;
    for format in [Format::CsvUtf8Bom, Format::CsvCp932, Format::Xlsx] {
        let written = file(&world, format).await;
        assert_eq!(written.unwritable, [], "{format:?}");
        let substituted = !written.substituted.is_empty();
        let report = import(&world, "名簿", &written.bytes).await;
        assert_eq!(
            report.counts().unchanged + if substituted { report.counts().changed } else { 0 },
            67,
            "{format:?} {report}"
        );
    }
    let fresh = World::new().await;
    let bytes = file(&world, Format::CsvUtf8Bom).await.bytes;
    assert_eq!(import(&fresh, "名簿.csv", &bytes).await.counts().taken, 67);
    assert_eq!(
        file(&fresh, Format::CsvUtf8Bom).await.bytes.len(),
        bytes.len(),
        "an empty register fills up to the same"
    );
}

#[tokio::test]
async fn the_portal_of_the_country_is_narrowed_to_the_city() {
    let world = World::new().await;
    let wide = |number: usize| {
        let digits = number.to_string();
        digits.chars().map(|digit| char::from_u32(digit as u32 + 0xFEE0).unwrap()).collect::<String>()
    };
    let fields: Vec<String> = (1..=20).map(|number| format!("活動分野{}", wide(number))).collect();
    let head = format!(
        "法人名称,法人名称カナ,主たる事務所の所在地,従たる事務所の所在地,代表者氏名,設立年月日,定款に記載された目的,{},解散情報,法人番号,法人情報URL",
        fields.join(",")
    );
    let marks = |marked: &[usize]| {
        (1..=20).map(|number| if marked.contains(&number) { "1" } else { "" }).collect::<Vec<_>>().join(",")
    };
    let lines = [
        format!(
            "見本ネット,ミホンネット,長崎県対馬市厳原町今屋敷77,,見本 太郎,2005/04/01,島を元気にする。,{},,3000020422096,https://example.jp/a",
            marks(&[3, 7])
        ),
        format!(
            "見本支部,ミホンシブ,東京都千代田区1,長崎県対馬市峰町三根2,見本 花子,2006/05/02,助けあう。,{},,,",
            marks(&[1])
        ),
        format!(
            "見本解散,ミホンカイサン,長崎県対馬市峰町三根3,,見本 次郎,2001/01/01,終わった。,{},解散 2015/03/31,,",
            marks(&[])
        ),
        format!("よその会,ヨソノカイ,福岡県福岡市中央区1,,よそ 三郎,2001/01/01,よそ。,{},,,", marks(&[2])),
    ];
    let text = format!("{head}\r\n{}\r\n", lines.join("\r\n"));
    let bytes = kyodo::text::cp932::encode(&text).bytes;
    let report = import(&world, "000_AdministrativeInputData.csv", &bytes).await;
    assert_eq!(outcomes(&report), [Outcome::Taken; 3], "{report}");
    assert!(report.notes.concat().contains("1行") && report.encoding.contains("CP932"), "{report}");
    assert_eq!(names(&world.page("/groups").await), ["見本支部", "見本ネット"]);
    let page = world.page(&path_of(&world, "見本ネット").await).await;
    for shown in [
        "NPO法人",
        "まちづくりの推進を図る活動",
        "環境の保全を図る活動",
        "平成17年4月1日",
        "3000020422096",
        "島を元気にする。",
    ] {
        assert!(page.contains(shown), "{shown}");
    }
    assert!(!page.contains("見本 太郎") && !page.contains("今屋敷77"));
    assert_eq!(import(&world, "again.csv", &bytes).await.counts().unchanged, 3);
}

#[tokio::test]
async fn a_dry_run_says_everything_and_changes_nothing() {
    let world = World::new().await;
    let file = world.file("名簿.csv", "団体名,ふりがな\n見本 海の会,うみのかい\n見本 読みなし,\n");
    let path = file.to_string_lossy().into_owned();
    let dry = said(&world.kyodo(&["import", "groups", &path, "--dry-run"]));
    assert!(dry.contains("試しに読みました") && dry.contains("追加1") && dry.contains("取り込めません1"), "{dry}");
    assert_eq!(groups::count_listed(world.db()).await.unwrap(), 0);
    let real = said(&world.kyodo(&["import", "groups", &path]));
    assert!(real.contains("追加1"), "{real}");
    assert_eq!(groups::count_listed(world.db()).await.unwrap(), 1);
}

#[tokio::test]
async fn many_hits_and_few_hits_are_found_in_the_same_order_page_by_page() {
    let world = World::new().await;
    let mut lines = String::from("登録番号,団体名,ふりがな,活動の目的,活動分野\n");
    let letters: Vec<char> = "あいうえおかきくけこさしすせそ".chars().collect();
    for number in 0..2_300_usize {
        let kana: String = [number % 15, number / 15 % 15, number / 225].iter().map(|at| letters[*at]).collect();
        let rare = if number % 300 == 0 { "珍しい" } else { "" };
        let field = if number % 2 == 0 { "環境" } else { "観光" };
        lines.push_str(&format!("{number},見本 第{number}号,{kana},{rare}清掃をします。,{field}\n"));
    }
    assert_eq!(import(&world, "多い.csv", lines).await.counts().taken, 2_300);
    let all = async |query: &str| {
        let mut all = Vec::new();
        for page in 1..=150 {
            let page = world.page(&format!("/groups?{query}&page={page}")).await;
            all.extend(names(&page));
            if !page.contains("rel=\"next\"") {
                break;
            }
        }
        all
    };
    let everything = all("").await;
    assert_eq!(everything.len(), 2_300);
    assert_eq!(all("q=%E6%B8%85%E6%8E%83").await, everything, "清掃 is everywhere");
    assert_eq!(all("q=%E6%8E%83").await, everything, "and so is 掃");
    let rare: Vec<String> = all("q=%E7%8F%8D%E3%81%97%E3%81%84").await;
    assert_eq!(rare.len(), 8);
    let in_order: Vec<String> = everything.iter().filter(|name| rare.contains(name)).cloned().collect();
    assert_eq!(rare, in_order);
    let green = all("q=%E6%B8%85%E6%8E%83&field=environment&kana=a").await;
    let page = world.page("/groups?q=%E6%B8%85%E6%8E%83&field=environment&kana=a").await;
    assert!(page.contains(&format!("{}団体", green.len())), "the count and the pages agree");
    assert_eq!(
        names(&world.page("/groups?q=%E6%B8%85%E6%8E%83&page=9999").await),
        everything[2_280..],
        "behind the end is the last page"
    );
}
