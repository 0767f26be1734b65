//! The words for what stands in the trail as keys.

/// Kinds of things, by the keys under which slices write them down.
pub(super) const NOUNS: [(&str, &str); 20] = [
    ("group", "団体"),
    ("application", "登録の申請"),
    ("proposal", "変更の申請"),
    ("photo", "写真"),
    ("membership", "団体の担当者"),
    ("invitation", "招待"),
    ("handover", "代表者の引継ぎ"),
    ("claim", "受取り"),
    ("round", "更新確認"),
    ("answer", "更新確認の回答"),
    ("entry", "予定"),
    ("source", "情報源"),
    ("report", "まちがいの報告"),
    ("letter", "手紙"),
    ("note", "連絡の記録"),
    ("account", "アカウント"),
    ("outreach", "出前説明会"),
    ("outreach_person", "出前説明会の職員"),
    ("digest", "お知らせメール"),
    ("setting", "設定"),
];

/// The word for a kind of thing; an unknown key is shown as it is.
pub(super) fn noun(key: &str) -> &str {
    NOUNS.iter().find(|(known, _)| *known == key).map_or(key, |(_, label)| label)
}

/// Fields of records, by their keys.
const FIELDS: [(&str, &str); 46] = [
    ("number", "登録番号"),
    ("name", "名前"),
    ("kana", "よみ"),
    ("kind", "種類"),
    ("corporate_number", "法人番号"),
    ("state", "状態"),
    ("town_key", "町"),
    ("representative_title", "代表者の役職"),
    ("founded", "設立"),
    ("members", "会員数"),
    ("members_on", "会員数の基準日"),
    ("fee", "会費"),
    ("website", "ホームページ"),
    ("purpose", "活動の目的"),
    ("activities", "活動の内容"),
    ("places", "活動場所"),
    ("recruiting", "会員募集"),
    ("joining", "入会の条件"),
    ("has_rules", "規約"),
    ("grants", "助成の実績"),
    ("pledged", "暴力団排除の誓約"),
    ("registered_on", "登録年月日"),
    ("renewed_on", "更新年月日"),
    ("confirmed_on", "最終確認日"),
    ("remark", "備考"),
    ("extra", "控えの欄"),
    ("source", "記録の出どころ"),
    ("fields", "活動分野"),
    ("towns", "活動する町"),
    ("items", "計画の項目"),
    ("trusted", "予定をすぐ公開"),
    ("noted_on", "連絡のあった日"),
    ("text", "内容"),
    ("mail", "メールアドレス"),
    ("role", "役割"),
    ("active", "サインインできる"),
    ("duty", "受け持ち"),
    ("title", "題"),
    ("status", "状況"),
    ("starts_on", "始まる日"),
    ("ends_on", "終わる日"),
    ("place", "場所"),
    ("subject", "件名"),
    ("groups", "団体の数"),
    ("format", "ファイルの形"),
    ("lines", "件数"),
];

/// The word for a field; an unknown key is shown as it is.
pub(super) fn field(key: &str) -> &str {
    FIELDS.iter().find(|(known, _)| *known == key).map_or(key, |(_, label)| label)
}
