//! The open-data layouts of event lists, told apart by their headings.

use std::collections::HashSet;

use crate::table::key;

/// What a column says about an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Field {
    Code,
    Id,
    Title,
    Kana,
    Subtitle,
    Summary,
    Description,
    Category,
    Url,
    Status,
    StartDay,
    EndDay,
    StartTime,
    EndTime,
    TimeNote,
    Place,
    MeetingPlace,
    Address,
    AddressPart,
    Building,
    Lat,
    Lon,
    Organiser,
    Audience,
    Capacity,
    Fee,
    FeeNote,
    ApplyDay,
    ApplyTime,
    Apply,
    ContactName,
    ContactPhone,
    ContactExtension,
    ContactMail,
    Remark,
    Items,
    Kind,
}

/// The headings that have a field, in the words of all layouts.
const FIELDS: [(&str, Field); 75] = [
    ("都道府県コード又は市区町村コード", Field::Code),
    ("全国地方公共団体コード", Field::Code),
    ("NO", Field::Id),
    ("ID", Field::Id),
    ("イベント名", Field::Title),
    ("名称", Field::Title),
    ("イベント名_カナ", Field::Kana),
    ("イベント名(カナ)", Field::Kana),
    ("名称(カナ)", Field::Kana),
    ("名称_カナ", Field::Kana),
    ("サブタイトル", Field::Subtitle),
    ("概要", Field::Summary),
    ("説明", Field::Description),
    ("イベント種類", Field::Category),
    ("カテゴリー", Field::Category),
    ("カテゴリ", Field::Category),
    ("URL", Field::Url),
    ("コンテンツURL", Field::Url),
    ("イベントURL", Field::Url),
    ("状態", Field::Status),
    ("開始日", Field::StartDay),
    ("終了日", Field::EndDay),
    ("開始時間", Field::StartTime),
    ("開始時刻", Field::StartTime),
    ("終了時間", Field::EndTime),
    ("終了時刻", Field::EndTime),
    ("開始日時特記事項", Field::TimeNote),
    ("日時備考", Field::TimeNote),
    ("日時説明", Field::TimeNote),
    ("開催パターン", Field::TimeNote),
    ("場所名称", Field::Place),
    ("開催場所", Field::Place),
    ("開催施設", Field::Place),
    ("集合場所", Field::MeetingPlace),
    ("住所", Field::Address),
    ("開催場所住所", Field::Address),
    ("所在地_連結表記", Field::Address),
    ("住所都道府県", Field::AddressPart),
    ("住所市区町村", Field::AddressPart),
    ("住所町名", Field::AddressPart),
    ("住所丁目以下", Field::AddressPart),
    ("所在地_都道府県", Field::AddressPart),
    ("所在地_市区町村", Field::AddressPart),
    ("所在地_町字", Field::AddressPart),
    ("所在地_番地以下", Field::AddressPart),
    ("方書", Field::Building),
    ("建物名等", Field::Building),
    ("建物名等(方書)", Field::Building),
    ("緯度", Field::Lat),
    ("経度", Field::Lon),
    ("主催者", Field::Organiser),
    ("主催団体", Field::Organiser),
    ("対象者", Field::Audience),
    ("対象者備考", Field::Audience),
    ("定員", Field::Capacity),
    ("定員備考", Field::Capacity),
    ("料金(基本)", Field::Fee),
    ("料金", Field::Fee),
    ("料金有無", Field::Fee),
    ("料金種別", Field::Fee),
    ("料金(詳細)", Field::FeeNote),
    ("料金説明", Field::FeeNote),
    ("参加申込終了日", Field::ApplyDay),
    ("申込期限日", Field::ApplyDay),
    ("参加申込終了時間", Field::ApplyTime),
    ("申込期限時刻", Field::ApplyTime),
    ("参加申込方法", Field::Apply),
    ("申込方法", Field::Apply),
    ("連絡先名称", Field::ContactName),
    ("連絡先情報", Field::ContactName),
    ("連絡先電話番号", Field::ContactPhone),
    ("連絡先内線番号", Field::ContactExtension),
    ("連絡先メールアドレス", Field::ContactMail),
    ("備考", Field::Remark),
    ("アクションプラン項目", Field::Items),
];

/// Columns of the layouts that are kept as they are, without a field.
const KEPT: [&str; 56] = [
    "都道府県名",
    "市区町村名",
    "地方公共団体名",
    "イベント名_英語",
    "イベント名(英字)",
    "名称(英字)",
    "名称(通称)",
    "通称",
    "サブイベント",
    "画像URL",
    "対象となる産業",
    "ステージ",
    "郵便番号",
    "共催団体",
    "その他関係団体",
    "関連団体",
    "外国語対応",
    "外国語対応備考",
    "アクセス方法",
    "駐車場情報",
    "駐輪場情報",
    "駐車場有無",
    "駐車場料金",
    "キーワード",
    "タグ",
    "Web開催",
    "Web開催URL",
    "言語コード",
    "所要時間",
    "掲載開始日",
    "掲載終了日",
    "受付場所",
    "ツール・環境",
    "決済種別",
    "開催条件",
    "申込開始日",
    "申込開始時刻",
    "申込URL",
    "アクセシビリティ情報",
    "子供預かり情報",
    "予定の種類",
    "所在地_全国地方公共団体コード",
    "町字ID",
    "公開日",
    "更新日",
    "区",
    "子育て情報",
    "施設No.",
    "_id",
    "最終更新日",
    "小学校区",
    "天気",
    "電話番号",
    "メールアドレス",
    "バリアフリー情報",
    "参加資格",
];

/// Columns of the source that are shown on the page of an entry although they have no field.
pub(in super::super) const SHOWN: [&str; 8] = [
    "集合場所",
    "アクセス方法",
    "駐車場情報",
    "駐輪場情報",
    "外国語対応",
    "共催団体",
    "アクセシビリティ情報",
    "子供預かり情報",
];

/// One of the layouts in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Layout {
    Suisho,
    BaseRegistry,
    Gif,
    Jichitai,
    Unknown,
}

impl Layout {
    /// Headings that only this layout has together.
    fn signs(self) -> &'static [&'static str] {
        match self {
            Self::Suisho => {
                &["イベント名", "イベント名_カナ", "開始時間", "開始日時特記事項", "参加申込方法", "方書", "主催者"]
            }
            Self::BaseRegistry => {
                &["名称", "名称(カナ)", "開始時刻", "日時備考", "主催団体", "住所市区町村", "申込期限日"]
            }
            Self::Gif => {
                &["イベント名", "イベント名(カナ)", "イベントURL", "日時説明", "開催場所", "主催団体", "料金有無"]
            }
            Self::Jichitai => &[
                "全国地方公共団体コード",
                "地方公共団体名",
                "イベント名",
                "コンテンツURL",
                "開催パターン",
                "所在地_連結表記",
            ],
            Self::Unknown => &[],
        }
    }

    pub(super) fn label(self) -> &'static str {
        match self {
            Self::Suisho => "推奨データセットのイベント一覧",
            Self::BaseRegistry => "ベース・レジストリのイベント一覧",
            Self::Gif => "GIFのイベントデータモデル",
            Self::Jichitai => "自治体標準オープンデータセットのイベント一覧",
            Self::Unknown => "決まった様式ではない表",
        }
    }

    /// The layout most of whose signs are among the headings.
    pub(super) fn of(keys: &HashSet<&str>) -> Self {
        let score = |layout: Self| layout.signs().iter().filter(|sign| keys.contains(key(sign).as_str())).count();
        let all = [Self::Jichitai, Self::Gif, Self::BaseRegistry, Self::Suisho];
        all.into_iter().max_by_key(|layout| score(*layout)).filter(|best| score(*best) >= 3).unwrap_or(Self::Unknown)
    }
}

/// The headings by which a table of events is known.
pub(super) fn expected() -> Vec<&'static str> {
    FIELDS.iter().map(|(heading, _)| *heading).collect()
}

/// What a column is about, by the key of its heading.
pub(super) fn field(heading_key: &str) -> Option<Field> {
    if key("予定の種類") == heading_key {
        return Some(Field::Kind);
    }
    FIELDS.iter().find(|(heading, _)| key(heading) == heading_key).map(|(_, field)| *field)
}

/// Whether a heading belongs to any layout.
pub(super) fn is_known(heading_key: &str) -> bool {
    field(heading_key).is_some() || KEPT.iter().any(|heading| key(heading) == heading_key)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layout(headings: &[&str]) -> Layout {
        let keys: Vec<String> = headings.iter().map(|heading| key(heading)).collect();
        Layout::of(&keys.iter().map(String::as_str).collect())
    }

    #[test]
    fn each_layout_is_known_by_its_headings_in_any_width() {
        assert_eq!(layout(&["NO", "イベント名", "イベント名＿カナ", "開始日", "開始時間", "主催者"]), Layout::Suisho);
        assert_eq!(layout(&["名称", "名称（カナ）", "開始日", "開始時刻", "主催団体"]), Layout::BaseRegistry);
        assert_eq!(layout(&["ID", "イベント名", "イベントURL", "開始時刻", "主催団体", "料金有無"]), Layout::Gif);
        assert_eq!(
            layout(&["全国地方公共団体コード", "ID", "地方公共団体名", "イベント名", "コンテンツURL"]),
            Layout::Jichitai
        );
        assert_eq!(layout(&["日にち", "行事"]), Layout::Unknown);
    }

    #[test]
    fn a_heading_with_a_wide_bracket_or_a_mark_means_the_same() {
        assert_eq!(field(&key("料金（基本） 任意")), Some(Field::Fee));
        assert_eq!(field(&key("ＮＯ")), Some(Field::Id));
        assert!(is_known(&key("駐車場情報")));
        assert!(!is_known(&key("雨天のとき")));
    }
}
