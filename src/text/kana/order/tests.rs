use std::cmp::Ordering;
use std::sync::LazyLock;

use icu_collator::{Collator, CollatorBorrowed, options::CollatorOptions};
use icu_locale_core::locale;
use proptest::prelude::*;

use super::*;

static DICTIONARY: LazyLock<CollatorBorrowed<'static>> = LazyLock::new(|| {
    Collator::try_new(locale!("ja").into(), CollatorOptions::default()).expect("the Japanese order is compiled in")
});

/// Our order must say less or greater wherever the dictionary does; where the dictionary sees no difference, so must we.
fn assert_agrees(one: &str, other: &str) {
    let ours = sort_key(one).cmp(&sort_key(other));
    assert_eq!(ours, DICTIONARY.compare(one, other), "{one} と {other}");
}

#[test]
fn hand_picked_readings_stand_in_dictionary_order() {
    let in_order = [
        "あ",
        "アア",
        "あい",
        "ヴ",
        "うあ",
        "ヴァ",
        "か",
        "が",
        "かー",
        "かあ",
        "かーと",
        "カアト",
        "ガード",
        "かい",
        "きゃく",
        "きやく",
        "きゝん",
        "ききん",
        "さっか",
        "さつか",
        "ちぢみ",
        "つし",
        "つしま",
        "つじま",
        "づし",
        "はーもにい",
        "ハアモニー",
        "ハアモニイ",
        "ばす",
        "ぱす",
        "ばた",
        "をどり",
        "ん",
    ];
    for (at, one) in in_order.iter().enumerate() {
        for other in &in_order[at + 1..] {
            assert_agrees(one, other);
        }
    }
    assert!(sort_key("かーと") < sort_key("カアト") && sort_key("カアト") < sort_key("ガード"));
    assert!(sort_key("つし") < sort_key("つし まつり") && sort_key("つし まつり") < sort_key("つしあ"));
}

#[test]
fn script_and_width_do_not_change_the_place() {
    assert_eq!(sort_key("はーもにー"), sort_key("ﾊｰﾓﾆｰ"));
    assert_eq!(sort_key("ハーモニー").split(' ').next(), sort_key("はあもにい").split(' ').next());
    assert_eq!(sort_key(" つしま　かい"), sort_key("ツシマ カイ"));
    assert_eq!(sort_key("センタ－"), sort_key("センター"));
}

#[test]
fn what_is_no_kana_comes_after_the_kana() {
    let mut mixed = ["NPO", "対馬", "ん", "8の会", "・あ", "あ"];
    mixed.sort_by_key(|reading| sort_key(reading));
    assert_eq!(mixed, ["・あ", "あ", "ん", "対馬", "8の会", "NPO"]);
}

#[test]
fn a_key_holds_no_control_character_and_survives_anything() {
    assert_eq!(sort_key(""), " ");
    for odd in ["\u{0}", "ー", "ゝゝ", "ンー", "ﾞ", "\u{202E}あ", "👩\u{200D}👦"] {
        assert!(!sort_key(odd).chars().any(char::is_control), "{odd:?}");
    }
}

#[test]
fn every_reading_finds_its_row() {
    let rows = [
        ("ヴァイオリン", KanaRow::A),
        ("ぁ", KanaRow::A),
        ("がっこう", KanaRow::Ka),
        ("ゖ", KanaRow::Ka),
        ("ぞう", KanaRow::Sa),
        ("っつ", KanaRow::Ta),
        ("ﾂﾞﾂ", KanaRow::Ta),
        ("の", KanaRow::Na),
        ("ぽん", KanaRow::Ha),
        ("もり", KanaRow::Ma),
        ("ゃ", KanaRow::Ya),
        ("りん", KanaRow::Ra),
        ("ゐど", KanaRow::Wa),
        ("を", KanaRow::Wa),
        ("ん", KanaRow::Wa),
        ("・わ", KanaRow::Wa),
        ("ー", KanaRow::Other),
        ("NPO", KanaRow::Other),
        ("対馬", KanaRow::Other),
        ("", KanaRow::Other),
    ];
    for (reading, row) in rows {
        assert_eq!(KanaRow::of(reading), row, "{reading}");
    }
}

#[test]
fn rows_are_found_by_their_key() {
    for row in KanaRow::ALL {
        assert_eq!(KanaRow::from_key(row.key()), Some(row));
    }
    assert_eq!(KanaRow::from_key("あ"), None);
    assert_eq!(KanaRow::ALL.map(KanaRow::label).concat(), "あかさたなはまやらわ他");
}

/// Readings as people have them: syllables with small kana, long marks behind a vowel, ん and single spaces inside.
fn reading() -> impl Strategy<Value = String> {
    let syllable = "[あ-ゎわをんゔア-ロワヲンヴ]|[かがハパビ]ー|[きシちリ][ゃュょ]ー?|っ[かタ]|かゝ|カヽ";
    (prop::collection::vec(syllable, 1..7), prop::option::of("[ ・][あ-んア-ン]"))
        .prop_map(|(syllables, tail)| syllables.concat() + &tail.unwrap_or_default())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn generated_readings_stand_in_dictionary_order(one in reading(), other in reading()) {
        assert_agrees(&one, &other);
    }

    #[test]
    fn readings_with_the_same_letters_stand_in_dictionary_order(
        one in "[かがカガ][ーあアぁァ][はばぱハバパ][っつづッツヅ][やゃヤャ]",
        other in "[かがカガ][ーあアぁァ][はばぱハバパ][っつづッツヅ][やゃヤャ]",
    ) {
        assert_agrees(&one, &other);
    }

    #[test]
    fn rows_follow_the_order(one in reading(), other in reading()) {
        if sort_key(&one) <= sort_key(&other) {
            assert_ne!(KanaRow::of(&one).cmp(&KanaRow::of(&other)), Ordering::Greater);
        }
    }
}
