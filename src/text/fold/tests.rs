use proptest::prelude::*;

use super::*;

fn all_the_same(spellings: &[&str]) {
    for spelling in spellings {
        assert_eq!(fold(spelling), fold(spellings[0]), "{spelling} と {}", spellings[0]);
    }
}

#[test]
fn spellings_of_one_word_share_a_key() {
    all_the_same(&["つしま", "ツシマ", "ﾂｼﾏ", "ツ シマ".replace(' ', "").as_str(), "つ\u{200B}しま"]);
    all_the_same(&["いづはら", "いずはら", "イヅハラ", "ｲｽﾞﾊﾗ", "いす゛はら"]);
    all_the_same(&["ヴァイオリン", "バイオリン", "ﾊﾞｲｵﾘﾝ", "う゛ぁいおりん", "ヷイオリン"]);
    all_the_same(&["ヴィヴヴェヴォヴュ", "ビブベボビュ"]);
    all_the_same(&["雞知", "鶏知", "鷄知"]);
    all_the_same(&["昼ケ浦", "昼ヶ浦", "昼ｹ浦", "昼が浦", "昼ガ浦", "晝ヶ浦"]);
    all_the_same(&["3ヶ所", "３か所", "３ヵ所", "3カ所"]);
    all_the_same(&["センター", "せんたー", "ｾﾝﾀｰ", "センタ－", "センタ-", "センタ―", "センタ‐", "センタ−"]);
    all_the_same(&["ＮＰＯ法人", "npo法人", "NPO法人", "ＮＰＯ法人。"]);
    all_the_same(&["葛城", "葛\u{E0100}城"]);
    all_the_same(&["ゐのうえ", "イノウエ"]);
    all_the_same(&["がっこう", "か゛っこう", "か\u{3099}っこう", "ｶﾞｯｺｳ"]);
}

#[test]
fn different_words_keep_different_keys() {
    for (one, other) in
        [("つつ", "つづ"), ("はし", "ばし"), ("きゃく", "きやく"), ("けち", "鶏知"), ("大坂", "大阪"), ("か浦", "け浦")]
    {
        assert_ne!(fold(one), fold(other));
    }
}

#[test]
fn what_is_no_letter_becomes_one_space() {
    assert_eq!(fold("　対馬・・市（民）の\r\n会！　"), "対馬 市 民 ノ 会");
    assert_eq!(fold("株㈱ ①"), "株 株 1");
    assert_eq!(fold("佐々木 〆切 二〇〇九"), "佐々木 〆切 二〇〇九");
    assert_eq!(fold("\u{0}\u{FEFF}\u{202E}👩\u{200D}👦🅰"), "");
    assert_eq!(fold("0920-53-6111"), "0920 53 6111");
    assert_eq!(fold("ア-1 A-ア ア--ア"), "ア 1 a ア ア ア");
}

#[test]
fn a_name_is_found_with_and_without_its_spaces() {
    assert_eq!(fold_name("みつしま・花の会"), "ミツシマ 花ノ会 ミツシマ花ノ会");
    assert_eq!(fold_name("花の会"), "花ノ会");
}

#[test]
fn a_query_is_cut_into_few_short_words() {
    assert_eq!(words("　つしま　清掃\t活動 ツシマ・"), ["ツシマ", "清掃", "活動"]);
    assert_eq!(words(" 、。 "), Vec::<String>::new());
    assert_eq!(words("ア イ ウ エ オ カ キ ク ケ コ").len(), 8);
    assert_eq!(words(&"長".repeat(100_000))[0].chars().count(), 64);
}

#[test]
fn a_word_cut_at_its_ga_is_looked_for_as_ke_too() {
    assert_eq!(at_its_edges("昼ガ"), ["昼ケ"]);
    assert_eq!(at_its_edges("ガ浦"), ["ケ浦"]);
    assert_eq!(at_its_edges("ガ浦カ"), ["ガ浦ケ", "ケ浦カ", "ケ浦ケ"]);
    for word in ["", "ガ", "対馬", "ガク", "アガ", "昼ケ浦"] {
        assert_eq!(at_its_edges(word), Vec::<String>::new(), "{word}");
    }
}

fn awkward() -> impl Strategy<Value = String> {
    let letters =
        "[ぁ-ヿｦ-ﾟ゛゜\u{3099}\u{309A}ー－―‐−\\- 昼浦雞﨑々3aＡİΣ\u{301}\u{FE0F}\u{200D}\u{E0100}ᄀ-나-ᅣ㈱①㍻]{0,24}";
    prop_oneof![letters, "\\PC{0,30}", any::<String>()]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn folding_twice_changes_nothing(text in awkward()) {
        let once = fold(&text);
        prop_assert_eq!(fold(&once), once);
    }

    #[test]
    fn a_key_holds_letters_and_single_spaces_only(text in awkward()) {
        let key = fold(&text);
        prop_assert!(!key.contains("  ") && key.trim() == key);
        prop_assert!(key.chars().all(|letter| letter == ' ' || (letter.is_alphanumeric() && !('ぁ'..='ゖ').contains(&letter))));
    }

    #[test]
    fn a_part_of_a_text_is_found_whatever_the_cut(text in "[つしまいづ対馬清掃活動会ァー昼が浦3]{2,12}", start in 0usize..12, length in 2usize..8) {
        let cut: String = text.chars().skip(start).take(length).collect();
        let whole = fold(&text);
        for word in words(&cut) {
            let found = whole.contains(&word) || at_its_edges(&word).iter().any(|other| whole.contains(other));
            prop_assert!(found, "{text} / {cut}");
        }
    }
}
