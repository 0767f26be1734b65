//! Labelled pairs: what is one event written down twice, and what only looks like it. A line is `title|place|days|organiser|url|more`.

use chrono::NaiveDate;
use uuid::Uuid;

use super::*;

/// From which score on staff are asked, as the city's rule begins.
const ASKED: i32 = 60;

const SAME: &[(&str, &str)] = &[
    ("見本 港まつり|厳原港|23 10:00|見本まつり実行委員会", "見本港まつり|厳原港広場|23 10:00|見本市観光協会"),
    (
        "【中止】第10回 見本ふれあい祭り|見本交流センター|23 10:00",
        "見本ふれあい祭|見本市交流センター 大ホール|23 10:00",
    ),
    ("令和8年度 見本市民文化祭 開催のお知らせ|文化会館|21-23", "見本市民文化祭|文化会館|21-23"),
    ("第55回市民文化祭(美術展)|文化会館|21-25", "市民文化祭 美術展|文化会館|20-25"),
    ("海岸清掃のご案内|小茂田浜|23 9:00|海の会", "海岸清掃|小茂田浜海水浴場|23 9:00|海を守る会"),
    ("うみあるき|見本浜|23 9:00||| kana=ウミアルキ", "海歩き|見本浜|23 9:00||| kana=ウミアルキ"),
    ("海歩き|見本浜|23 9:00||| kana=ウミアルキ", "うみあるき|見本浜|23 9:30"),
    ("ﾌｧﾐﾘｰｺﾝｻｰﾄ|見本文化会館|23 14:00", "ファミリーコンサート|見本文化会館 大ホール|23 13:30"),
    ("クリスマスコンサート ２０２６|豊玉文化会館|20 14:00", "クリスマスコンサート|豊玉文化会館|20 13:00"),
    (
        "見本マルシェ|観光情報館|23||https://example.jp/marche?utm_source=x",
        "秋の味めぐり市|観光情報館|23 10:00||http://www.example.jp/marche/",
    ),
    ("子ども食堂「見本っ子」|見本公民館|23 17:00", "見本っ子 子ども食堂|見本公民館|23 17:00"),
    ("防災訓練|美津島町|22 8:30||| town=mitsushima", "美津島町防災訓練|美津島町一円|22 8:30"),
    ("朝市|漁港|23 7:00||| at=34.2028,129.2875", "見本朝市|魚市場前|23 7:00||| at=34.2031,129.2880"),
    ("健康教室 3回目|保健センター|24 10:00", "健康教室（第３回）|保健センター|24 10:00"),
    ("第三回 健康教室|保健センター|24 10:00", "健康教室 第3回|いきいき保健センター|24 10:00"),
    (
        "雨森芳洲 講演会|交流センター 3階会議室|28 13:30|歴史の会",
        "講演会「雨森芳洲」|交流センター3階会議室|28 13:30|見本市教育委員会",
    ),
    ("つしま検定|市役所|29 10:00", "対馬検定|市役所別館|29 10:00||| kana=ツシマケンテイ"),
    ("昼ヶ浦かかし祭|昼ヶ浦|23", "昼が浦かかし祭り|昼ケ浦公園|23 9:00"),
    ("読書会 / 11月例会|図書館|24 19:00", "読書会 11月例会|図書館 和室|24 19:00"),
    ("毎週ヨガ|体育館|3 19:00 / 10 19:00 / 17 19:00", "ヨガ(毎週)|体育館|3 19:00 / 10 19:00 / 17 19:00 / 24 19:00"),
    ("見本市 二十歳のつどい|文化会館|23 13:00", "令和8年 二十歳の集い|文化会館|23 13:00"),
    ("港まつり|厳原港|23 10:00||| source=own group=1", "港まつり|厳原港|23 10:00||| source=own"),
    ("港まつり|厳原港|23 10:00||| source=own group=1", "港まつり|厳原港|23 10:00||| source=own group=1"),
    ("スポレクの日|総合運動公園|23||||", "見本市スポレクの日|峰総合運動公園|23 9:00"),
];

const OTHER: &[(&str, &str)] = &[
    ("ヨガ教室|公民館|24 19:00", "書道教室|公民館|24 19:00"),
    ("健康体操教室|公民館|24 10:00|見本市", "健康料理教室|公民館|24 10:00|見本市"),
    ("体操教室 午前の部|体育館|24 10:00", "体操教室 午後の部|体育館|24 13:00"),
    ("体操教室 午前の部|体育館|24 10:00", "体操教室 午後の部|体育館|24 10:00"),
    ("見本講座 第1回|公民館|24 10:00", "見本講座 第2回|公民館|24 10:00"),
    ("見本講座①|公民館|24 10:00", "見本講座②|公民館|24 10:00"),
    ("パソコン講座 初級|公民館|24 10:00", "パソコン講座 中級|公民館|24 10:00"),
    ("運動会|グラウンド|24 9:00", "運動会(雨天順延日)|グラウンド|24 9:00"),
    ("出前図書館|厳原公民館|24 10:00||| town=izuhara", "出前図書館|上県公民館|24 10:00||| town=kamiagata"),
    ("移動図書館|峰町公民館|24 10:00", "移動図書館 出張版|豊玉町公民館|24 10:00"),
    ("全町一斉清掃|厳原町内一円|22 8:00", "全町一斉清掃|美津島町内一円|22 8:00"),
    ("見本市 一斉清掃（豊玉町）||22 8:00", "見本市 一斉清掃（峰町）||22 8:00"),
    ("港まつり|厳原港|23 10:00", "港まつり 実行委員会|市役所|23 19:00"),
    ("港まつり|厳原港|23 10:00", "港まつり 準備|厳原港|23 8:00"),
    ("港まつり|厳原港|23 10:00", "港まつり 前夜祭|厳原港|23 10:00"),
    ("写真展|文化会館|1-30", "写真展 ギャラリートーク|文化会館|23 14:00"),
    ("写真展|文化会館|1-30", "絵画展|文化会館|1-30"),
    ("総会|公民館|24 19:00|海の会", "総会|市民会館|24 19:00|山の会"),
    ("定例会|交流センター 第1会議室|24 19:00|海の会", "定例会|交流センター 第2会議室|24 19:00|山の会"),
    ("子育てひろば|つどいの広場|24 10:00 / 25 10:00", "子育てひろば|つどいの広場|24 10:00"),
    ("バレーボール大会 男子|体育館|24 9:00", "バレーボール大会 女子|体育館|24 9:00"),
    ("サッカー教室|総合運動公園|24 9:00", "少年野球大会|総合運動公園|24 9:00"),
    ("港まつり|厳原港|23 10:00||| source=feed:a", "港まつり|厳原港|23 10:00||| source=feed:a"),
    ("料理教室|公民館|23 10:00||| source=own group=1", "裁縫教室|公民館|23 10:00||| source=own group=1"),
    ("港まつり|厳原港|23 10:00", "港まつり|厳原港|22 10:00"),
    ("人権講演会|文化会館|23 13:30|人権課", "防災講演会|文化会館|23 13:30|総務課"),
    ("健診(胃がん)|保健センター|24 8:30|健康課", "健診(乳がん)|保健センター|24 13:30|健康課"),
    ("健診(胃がん)|保健センター|24 8:30|健康課", "健診(乳がん)|保健センター|24 8:30|健康課"),
    ("男子バレー教室 Aコース|体育館|24 9:00", "男子バレー教室 Bコース|体育館|24 9:00"),
    ("市民講座「防災」|公民館|24 19:00|公民館", "市民講座「園芸」|公民館|24 19:00|公民館"),
    ("見本クラブ 練習日|体育館|24 19:00", "見本クラブ 発表会|体育館|24 19:00"),
];

/// `23 13:30`, `23` for a whole day, `21-25` for several, `3 19:00 / 10 19:00` for a series; all in November.
fn days(text: &str) -> Vec<(NaiveDate, Day)> {
    let date = |day: &str| NaiveDate::from_ymd_opt(2026, 11, day.trim().parse().unwrap()).unwrap();
    let mut days = Vec::new();
    for one in text.split(" / ") {
        let (span, clock) = one.trim().split_once(' ').map_or((one.trim(), None), |(span, clock)| (span, Some(clock)));
        let (first, last) = span.split_once('-').unwrap_or((span, span));
        let (first, last) = (date(first), date(last));
        let begins = clock.map(|clock| {
            let (hour, minute) = clock.split_once(':').unwrap();
            hour.parse::<u16>().unwrap() * 60 + minute.parse::<u16>().unwrap()
        });
        days.extend(first.iter_days().take_while(|day| *day <= last).map(|day| (day, Day { first, last, begins })));
    }
    days
}

fn listed(line: &str, source: &str, id: u128) -> Listed {
    let mut parts = line.split('|').map(|part| part.trim().to_owned());
    let mut next = || parts.next().unwrap_or_default();
    let (title, place, when, organiser, url, more) = (next(), next(), next(), next(), next(), next());
    let (id, source) = (Uuid::from_u128(id), source.to_owned());
    let mut listed = Listed { id, source, title, place, organiser, url, ..Listed::default() };
    listed.days = days(&when);
    listed.is_series = when.contains(" / ");
    for (key, value) in more.split_whitespace().filter_map(|pair| pair.split_once('=')) {
        match key {
            "kana" => listed.kana = value.to_owned(),
            "town" => listed.town = value.to_owned(),
            "group" => listed.group = Some(Uuid::from_u128(value.parse().unwrap())),
            "source" => listed.source = value.to_owned(),
            "at" => {
                listed.position = value.split_once(',').map(|(lat, lon)| (lat.parse().unwrap(), lon.parse().unwrap()))
            }
            other => panic!("{other}"),
        }
    }
    listed
}

fn words() -> Vocabulary {
    let towns = [("izuhara", "厳原町"), ("mitsushima", "美津島町"), ("toyotama", "豊玉町"), ("mine", "峰町")];
    let north = [("kamiagata", "上県町"), ("kamitsushima", "上対馬町")];
    Vocabulary::new("見本市", &["見本", "つしま", "対馬"], towns.into_iter().chain(north))
}

/// The pair that the search would find, from any score on.
fn pair(one: &str, other: &str) -> Option<Pair> {
    let words = words();
    let mut folder = Folder::new(&words);
    let all = [folder.fold(listed(one, "feed:a", 1)), folder.fold(listed(other, "feed:b", 2))];
    alike(&all, &[0], 0).pop()
}

fn score(one: &str, other: &str) -> i32 {
    pair(one, other).map_or(-1, |pair| pair.likeness.score)
}

#[test]
fn what_is_one_event_is_asked_about_and_what_is_two_is_not() {
    let missed: Vec<_> = SAME.iter().filter(|(one, other)| score(one, other) < ASKED).collect();
    assert!(missed.is_empty(), "one event each: {missed:#?}");
    let wrong: Vec<_> = OTHER.iter().filter(|(one, other)| score(one, other) >= ASKED).collect();
    assert!(wrong.is_empty(), "two events each: {wrong:#?}");
}

#[test]
fn who_is_compared_with_whom_changes_nothing() {
    for (one, other) in SAME.iter().chain(OTHER) {
        assert_eq!(score(one, other), score(other, one), "{one} {other}");
    }
}

#[test]
fn the_quick_look_misses_nothing_that_the_slow_one_finds() {
    let words = words();
    for (one, other) in SAME {
        let mut folder = Folder::new(&words);
        let all = [folder.fold(listed(one, "feed:a", 1)), folder.fold(listed(other, "feed:b", 2))];
        let slow: Vec<Pair> = alike(&all, &[0], 0).into_iter().filter(|pair| pair.likeness.score >= ASKED).collect();
        assert_eq!(alike(&all, &[0], ASKED), slow, "{one}");
    }
}

#[test]
fn what_speaks_for_one_event_and_against_it_is_said_in_words() {
    let one = "第10回 見本ふれあい祭り|交流センター|23 10:00|海の会";
    let found = pair(one, "【中止】ふれあい祭|見本市交流センター|23 10:00|山の会").unwrap();
    let name = "名前が同じです(「第10回」「【中止】」などを除いて比べました)。";
    assert_eq!(found.likeness.speaks_for, ["同じ日の同じ時刻に始まります。", name, "場所の名前が同じです。"]);
    assert_eq!(found.likeness.against, ["主催が違います。"]);
    assert_eq!(found.likeness.score, 84);
}

#[test]
fn a_page_that_many_events_of_a_source_share_is_not_the_page_of_one() {
    let words = words();
    let page = "https://example.jp/news";
    let line = |title: &str, day: u32| format!("{title}|公民館|{day} 10:00||{page}");
    let mut folder = Folder::new(&words);
    let mut found = |lines: &[(String, &str)]| {
        let all: Vec<Folded> =
            (1..).zip(lines).map(|(id, (line, source))| folder.fold(listed(line, source, id))).collect();
        alike(&all, &[0], 0).first().map(|pair| pair.likeness.score)
    };
    let (one, other) = ((line("味めぐり市", 23), "feed:a"), (line("マルシェ", 23), "feed:b"));
    assert_eq!(found(&[one.clone(), other.clone()]), Some(71));
    assert_eq!(found(&[one, other, (line("別の会", 5), "feed:b")]), Some(37));
}

#[test]
fn of_many_new_entries_each_pair_is_told_once_and_the_likest_first() {
    let words = words();
    let mut folder = Folder::new(&words);
    let lines = ["港まつり|厳原港|21-23", "港まつり|厳原港広場|21-23", "港祭|厳原港|22-23"];
    let all: Vec<Folded> =
        (1..).zip(lines).map(|(id, line)| folder.fold(listed(line, &format!("feed:{id}"), id))).collect();
    let pairs = alike(&all, &[0, 1, 2], 60);
    let short: Vec<(u128, u128, i32)> =
        pairs.iter().map(|pair| (pair.first.as_u128(), pair.second.as_u128(), pair.likeness.score)).collect();
    assert_eq!(short, [(1, 2, 81), (1, 3, 74), (2, 3, 69)]);
}

#[test]
fn hostile_text_is_compared_without_harm() {
    let titles = [
        "",
        "【】",
        "((((",
        "第第第回回",
        "99999999999回",
        "第999999999999999999999回",
        "\u{202e}\u{0}",
        "令和年",
        "ｖｏｌ.",
        "一二三四五六七八九十",
        "九九九九百百百十",
    ];
    for title in titles {
        let line = format!("{title}|{title}|23 10:00|{title}|{title}");
        assert!(score(&line, &line) <= 100, "{title}");
    }
}
