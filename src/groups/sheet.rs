//! The columns of the register as a file: their headings, the other names people give them, and what stands in them.

use chrono::NaiveDate;

use super::contact::{Contact, ContactKind};
use super::draft::Draft;
use super::vocabulary::Vocabularies;
use crate::text::kana;

/// A column of the register's own layout.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Column {
    Number,
    Name,
    Kana,
    Kind,
    CorporateNumber,
    Value(ContactKind),
    Consent(ContactKind),
    RepresentativeTitle,
    Town,
    Founded,
    Members,
    MembersOn,
    Fee,
    Website,
    Fields,
    Purpose,
    Activities,
    Towns,
    Places,
    MeetingDays,
    Recruiting,
    Joining,
    HasRules,
    Grants,
    Pledged,
    RegisteredOn,
    RenewedOn,
    ConfirmedOn,
    State,
    Items,
    ConsentedOn,
    ConsentMethod,
    ConsentedBy,
    Remark,
}

use Column::*;
use ContactKind::*;

/// Every column with its heading and, separated by spaces, the other headings it is known by; compared as `table::key` says.
pub(super) const COLUMNS: [(Column, &str, &str); 45] = [
    (Number, "登録番号", "団体番号 登録no 登録no."),
    (Name, "団体名", "名称 団体の名称 団体名称 名前 グループ名 サークル名"),
    (
        Kana,
        "団体名ふりがな",
        "フリガナ ふりがな 団体名フリガナ 団体名カナ 団体名かな 名称カナ 名称_カナ よみ 読み よみがな 読み仮名 カナ",
    ),
    (Kind, "団体種別", "種別 団体の種類 団体の種別 法人格 組織種別 団体区分"),
    (CorporateNumber, "法人番号", ""),
    (Value(Representative), "代表者氏名", "代表者 代表者名 代表 代表者の氏名"),
    (Consent(Representative), "代表者氏名の公開", "代表者の公開 代表者公開 代表者氏名公開 代表者名の公開"),
    (RepresentativeTitle, "代表者役職名", "代表者役職 役職 役職名 代表者の役職"),
    (Value(Person), "担当者名", "担当者 担当者氏名 連絡担当者名 連絡担当者 連絡先氏名"),
    (Consent(Person), "担当者名の公開", "担当者の公開 担当者公開 担当者名公開 担当者氏名の公開"),
    (Value(Phone), "電話", "電話番号 tel tel. telephone 連絡先電話番号 でんわ"),
    (Consent(Phone), "電話の公開", "電話公開 電話番号の公開 電話番号公開 telの公開 tel公開"),
    (Value(Fax), "FAX", "fax番号 ファックス ファクス ファクシミリ ファックス番号"),
    (Consent(Fax), "FAXの公開", "fax公開 fax番号の公開 ファックスの公開"),
    (Value(Mail), "メール", "メールアドレス e-mail email mail eメール 電子メール 電子メールアドレス e-mailアドレス"),
    (Consent(Mail), "メールの公開", "メール公開 メールアドレスの公開 メールアドレス公開 e-mailの公開 e-mail公開"),
    (Value(Postal), "郵便番号", "〒 郵便"),
    (Value(Address), "所在地", "住所 団体所在地 事務所所在地 事務所の所在地 連絡先住所"),
    (Consent(Address), "所在地の公開", "所在地公開 住所の公開 住所公開"),
    (Town, "町", "町名 所在する町 旧町"),
    (Founded, "設立年月", "設立年月日 設立 設立日 設立年 結成年月日 結成年月 発足年月日 発足年月"),
    (Members, "会員数", "構成員数 人数 会員数(人) 構成人数 メンバー数 会員"),
    (MembersOn, "会員数の基準日", "基準日 会員数基準日"),
    (Fee, "会費", "会費の有無 会費等 年会費"),
    (Website, "ホームページ", "hp url ウェブサイト webサイト ホームページアドレス ホームページurl サイト"),
    (Fields, "活動分野", "分野 活動の分野 主な活動分野 活動分野(複数可)"),
    (Purpose, "活動の目的", "目的 活動目的 設立目的 団体の目的"),
    (Activities, "活動の内容", "活動内容 主な活動内容 主な活動 事業内容"),
    (Towns, "活動地域", "活動する町 活動範囲 活動区域"),
    (Places, "活動場所", "主な活動場所 活動の場所 活動拠点"),
    (MeetingDays, "活動日", "活動日時 例会日 定例日 活動の日"),
    (Recruiting, "会員募集", "会員の募集 新規会員募集 募集"),
    (Joining, "入会条件", "入会の条件 参加条件 加入条件"),
    (HasRules, "規約の有無", "規約 会則 会則の有無 規約会則の有無 規約等の有無"),
    (Grants, "助成の実績", "助成実績 助成等の実績 補助金の実績 助成"),
    (Pledged, "暴力団排除の誓約", "誓約 暴力団排除誓約"),
    (RegisteredOn, "登録年月日", "登録日 登録年月"),
    (RenewedOn, "更新年月日", "更新日"),
    (ConfirmedOn, "最終確認日", "確認日 最終確認年月日"),
    (State, "状態", "登録状態 ステータス 登録状況"),
    (Items, "アクションプラン項目", "アクションプラン 項目番号 計画の項目 プラン項目"),
    (ConsentedOn, "同意日", "公開の同意日 公開同意日 同意年月日"),
    (ConsentMethod, "同意の方法", "公開の同意の方法 公開同意の方法"),
    (ConsentedBy, "同意の記録者", "公開同意の記録者 記録者"),
    (Remark, "備考", "備考欄 メモ 特記事項"),
];

/// The heading of a column, which also names the field in reports.
pub(super) fn heading(column: Column) -> &'static str {
    COLUMNS.iter().find(|(other, _, _)| *other == column).map_or("", |(_, heading, _)| heading)
}

/// What stands in a column of a group's row.
pub(super) fn cell(draft: &Draft, column: Column, words: &Vocabularies) -> String {
    match column {
        Number => draft.number.clone().unwrap_or_default(),
        Name => draft.name.clone(),
        Kana => kana::hiragana(&draft.kana),
        Kind => words.kind_name(&draft.kind).to_owned(),
        CorporateNumber => draft.corporate_number.clone().unwrap_or_default(),
        Value(kind) => draft.contact(kind).map_or_else(String::new, |contact| contact.value.clone()),
        // The postal code is published with the address.
        Consent(Address) => draft.contact(Address).or(draft.contact(Postal)).map_or_else(String::new, consent),
        Consent(kind) => draft.contact(kind).map_or_else(String::new, consent),
        RepresentativeTitle => draft.representative_title.clone(),
        Town => words.city.town_name(&draft.town_key).to_owned(),
        Founded => draft.founded.map_or_else(String::new, |founded| founded.to_string()),
        Members => draft.members.map_or_else(String::new, |members| members.to_string()),
        MembersOn => day(draft.members_on),
        Fee => draft.fee.clone(),
        Website => draft.website.clone(),
        Fields => words.field_names(&draft.fields),
        Purpose => draft.purpose.clone(),
        Activities => draft.activities.clone(),
        Towns => words.town_names(&draft.towns),
        Places => draft.places.clone(),
        MeetingDays => draft.meeting_days.clone(),
        Recruiting => draft.recruiting.clone(),
        Joining => draft.joining.clone(),
        HasRules => yes_no(draft.has_rules),
        Grants => draft.grants.clone(),
        Pledged => yes_no(draft.pledged),
        RegisteredOn => day(draft.registered_on),
        RenewedOn => day(draft.renewed_on),
        ConfirmedOn => day(draft.confirmed_on),
        State => draft.state.label().to_owned(),
        Items => words.item_codes(&draft.items),
        ConsentedOn => agreed(draft, |contact| day(contact.consented_on)),
        ConsentMethod => agreed(draft, |contact| contact.method.clone()),
        ConsentedBy => agreed(draft, |contact| contact.by.clone()),
        Remark => draft.remark.clone(),
    }
}

fn consent(contact: &Contact) -> String {
    if contact.published { "公開" } else { "事務局のみ" }.to_owned()
}

fn day(day: Option<NaiveDate>) -> String {
    day.map_or_else(String::new, |day| day.to_string())
}

fn yes_no(answer: Option<bool>) -> String {
    answer.map_or("", |yes| if yes { "有" } else { "無" }).to_owned()
}

/// What all published contacts say alike; where they differ one cell cannot say it, and nothing is said.
fn agreed(draft: &Draft, what: impl Fn(&Contact) -> String) -> String {
    let mut told = draft.contacts.iter().filter(|contact| contact.published).map(what);
    let first = told.next().unwrap_or_default();
    if told.all(|other| other == first) { first } else { String::new() }
}
