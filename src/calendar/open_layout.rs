//! The columns in which the calendar is given away as open data, of three generations.

/// The columns of a table of events.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Layout {
    /// 推奨データセット(基本編): 32 columns, and seven of our own behind them.
    #[default]
    Recommended,
    /// ベース・レジストリ: 50 columns.
    Base,
    /// 自治体標準オープンデータセット, as far as its columns are established.
    Municipal,
}

impl Layout {
    /// All of them, the one that is given unless another is asked for first.
    pub const ALL: [Self; 3] = [Self::Recommended, Self::Base, Self::Municipal];

    /// Key in addresses.
    pub fn key(self) -> &'static str {
        match self {
            Self::Recommended => "suisho",
            Self::Base => "base",
            Self::Municipal => "jichitai",
        }
    }

    /// The layout under a key.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|layout| layout.key() == key)
    }

    /// What people call it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Recommended => "推奨データセットの列(32列と、このサイトの7列)",
            Self::Base => "ベース・レジストリの列(50列)",
            Self::Municipal => "自治体標準オープンデータセットの列(確かめられた23列)",
        }
    }

    /// Its headings, in order.
    pub fn headings(self) -> &'static [&'static str] {
        match self {
            Self::Recommended => &RECOMMENDED,
            Self::Base => &BASE,
            Self::Municipal => &MUNICIPAL,
        }
    }
}

/// イベント一覧 of the 推奨データセット (32), then our own (7).
pub(super) const RECOMMENDED: [&str; 39] = [
    "都道府県コード又は市区町村コード",
    "NO",
    "都道府県名",
    "市区町村名",
    "イベント名",
    "イベント名_カナ",
    "イベント名_英語",
    "開始日",
    "終了日",
    "開始時間",
    "終了時間",
    "開始日時特記事項",
    "説明",
    "料金(基本)",
    "料金(詳細)",
    "連絡先名称",
    "連絡先電話番号",
    "連絡先内線番号",
    "主催者",
    "場所名称",
    "住所",
    "方書",
    "緯度",
    "経度",
    "アクセス方法",
    "駐車場情報",
    "定員",
    "参加申込終了日",
    "参加申込終了時間",
    "参加申込方法",
    "URL",
    "備考",
    "イベント種類",
    "対象者",
    "予定の種類",
    "状態",
    "アクションプラン項目",
    "くり返し",
    "公開",
];

/// Events of the ベース・レジストリ catalogue of 2022.
const BASE: [&str; 50] = [
    "NO",
    "都道府県コード又は市区町村コード",
    "名称",
    "名称(カナ)",
    "名称(英字)",
    "名称(通称)",
    "サブタイトル",
    "概要",
    "説明",
    "サブイベント",
    "イベント種類",
    "URL",
    "画像URL",
    "状態",
    "対象となる産業",
    "ステージ",
    "開始日",
    "終了日",
    "開始時刻",
    "終了時刻",
    "日時備考",
    "場所名称",
    "集合場所",
    "郵便番号",
    "住所都道府県",
    "住所市区町村",
    "住所町名",
    "住所丁目以下",
    "建物名等",
    "緯度",
    "経度",
    "主催団体",
    "共催団体",
    "その他関係団体",
    "対象者",
    "定員",
    "料金(基本)",
    "料金(詳細)",
    "外国語対応",
    "申込期限日",
    "申込期限時刻",
    "申込方法",
    "アクセス方法",
    "駐車場情報",
    "駐輪場情報",
    "連絡先名称",
    "連絡先電話番号",
    "連絡先内線番号",
    "連絡先メールアドレス",
    "備考",
];

/// What is established of イベント一覧 of the 自治体標準オープンデータセット; the order of all its columns is not.
const MUNICIPAL: [&str; 23] = [
    "全国地方公共団体コード",
    "ID",
    "地方公共団体名",
    "イベント名",
    "コンテンツURL",
    "開催パターン",
    "開始日",
    "終了日",
    "開始日時特記事項",
    "場所名称",
    "所在地_全国地方公共団体コード",
    "町字ID",
    "所在地_連結表記",
    "所在地_都道府県",
    "所在地_市区町村",
    "所在地_町字",
    "所在地_番地以下",
    "建物名等(方書)",
    "緯度",
    "経度",
    "イベント種類",
    "料金種別",
    "URL",
];
