//! What is to be written into the calendar, checked; nothing else can be stored.

use std::borrow::Cow;
use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use uuid::Uuid;
use validator::{Validate, ValidationError};

use super::entry::{Kind, Status};

/// Most characters of a title.
pub(super) const TITLE: usize = 200;
/// Most characters of a text of one line.
pub(super) const LINE: usize = 500;
/// Most characters of a text of several lines.
pub(super) const BLOCK: usize = 10_000;

/// When an entry, or the first of a series, takes place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Span {
    /// Whole days, the last one included.
    Days {
        /// First day.
        first: NaiveDate,
        /// Last day.
        last: NaiveDate,
    },
    /// Times.
    Times {
        /// Start.
        starts: DateTime<Utc>,
        /// End, if it is known.
        ends: Option<DateTime<Utc>>,
    },
}

/// An entry to be written.
#[derive(Clone, Debug, Validate)]
pub struct Draft {
    /// `own`, or `import:` and the calendar it comes from.
    #[validate(length(min = 1, max = 300, message = "取り込み元の名前は300文字までです。"))]
    pub source: String,
    /// What the source calls it; the same name later means the same entry.
    #[validate(length(min = 1, max = 1000, message = "予定の識別子は1000文字までです。"))]
    pub source_uid: String,
    /// Which occurrence of the series it replaces, see [`super::Entry::recurrence_id`].
    pub recurrence_id: String,
    /// Whether it replaces all later occurrences as well.
    pub and_future: bool,
    /// Whether it takes place.
    pub status: Status,
    /// What it is.
    pub kind: Kind,
    /// Whether everyone may see it.
    pub public: bool,
    /// Title.
    #[validate(length(min = 1, max = 200, message = "名称は1文字から200文字までです。"))]
    pub title: String,
    /// Reading of the title.
    #[validate(length(max = 500, message = "名称の読みは500文字までです。"))]
    pub kana: String,
    /// What it is about.
    #[validate(length(max = 10_000, message = "説明は10000文字までです。"))]
    pub description: String,
    /// When it takes place.
    #[validate(custom(function = in_order))]
    pub span: Span,
    /// What else is said about the time.
    #[validate(length(max = 500, message = "日時の備考は500文字までです。"))]
    pub time_note: String,
    /// The zone the times are meant in.
    pub zone: Tz,
    /// RRULE values, one a line.
    #[validate(length(max = 4000, message = "くり返しの規則は4000文字までです。"))]
    pub rrule: String,
    /// Further starts, see [`super::Entry::rdates`].
    pub rdates: Vec<String>,
    /// Starts left out, see [`super::Entry::exdates`].
    pub exdates: Vec<String>,
    /// The facility.
    pub facility_id: Option<Uuid>,
    /// Place.
    #[validate(length(max = 500, message = "場所は500文字までです。"))]
    pub place: String,
    /// Address.
    #[validate(length(max = 500, message = "住所は500文字までです。"))]
    pub address: String,
    /// Key of the town.
    pub town_key: String,
    /// Latitude.
    #[validate(range(min = -90.0, max = 90.0, message = "緯度は -90 から 90 までです。"))]
    pub lat: Option<f64>,
    /// Longitude.
    #[validate(range(min = -180.0, max = 180.0, message = "経度は -180 から 180 までです。"))]
    pub lon: Option<f64>,
    /// The registered group.
    pub group_id: Option<Uuid>,
    /// Who holds it.
    #[validate(length(max = 500, message = "主催者は500文字までです。"))]
    pub organiser: String,
    /// For whom.
    #[validate(length(max = 10_000, message = "対象者は10000文字までです。"))]
    pub audience: String,
    /// What it costs.
    #[validate(length(max = 10_000, message = "料金は10000文字までです。"))]
    pub fee: String,
    /// How many.
    #[validate(length(max = 500, message = "定員は500文字までです。"))]
    pub capacity: String,
    /// How to apply.
    #[validate(length(max = 10_000, message = "申込方法は10000文字までです。"))]
    pub apply: String,
    /// Where to ask.
    #[validate(length(max = 1000, message = "連絡先は1000文字までです。"))]
    pub contact: String,
    /// Its own page.
    #[validate(custom(function = openable))]
    pub url: String,
    /// What is said about a cancellation or a change.
    #[validate(length(max = 1000, message = "お知らせは1000文字までです。"))]
    pub notice: String,
    /// Columns without a field of their own.
    pub extra: BTreeMap<String, String>,
    /// Keys of its categories.
    pub categories: Vec<String>,
    /// The action items it fulfils.
    pub items: Vec<Uuid>,
}

impl Draft {
    /// A plain public event of which only the name and the time are known.
    pub fn new(source: &str, source_uid: &str, title: &str, span: Span, zone: Tz) -> Self {
        let empty = String::new;
        Self {
            source: source.to_owned(),
            source_uid: source_uid.to_owned(),
            title: title.to_owned(),
            span,
            zone,
            recurrence_id: empty(),
            and_future: false,
            status: Status::Confirmed,
            kind: Kind::Event,
            public: true,
            kana: empty(),
            description: empty(),
            time_note: empty(),
            rrule: empty(),
            rdates: Vec::new(),
            exdates: Vec::new(),
            facility_id: None,
            place: empty(),
            address: empty(),
            town_key: empty(),
            lat: None,
            lon: None,
            group_id: None,
            organiser: empty(),
            audience: empty(),
            fee: empty(),
            capacity: empty(),
            apply: empty(),
            contact: empty(),
            url: empty(),
            notice: empty(),
            extra: BTreeMap::new(),
            categories: Vec::new(),
            items: Vec::new(),
        }
    }

    /// Japanese sentences about what is wrong with it; none when it can be stored.
    pub fn faults(&self) -> Vec<String> {
        let mut sentences: Vec<String> = self.faults_by_field().into_iter().map(|(_, sentence)| sentence).collect();
        sentences.sort();
        sentences
    }

    /// The same sentences, each with the name of the field it is about.
    pub fn faults_by_field(&self) -> Vec<(String, String)> {
        let Err(faults) = self.validate() else { return Vec::new() };
        let faults = faults.into_errors().into_iter();
        let told = |(field, kind): (Cow<'static, str>, _)| {
            sentences(&field, kind).into_iter().map(move |sentence| (field.to_string(), sentence))
        };
        faults.flat_map(told).collect()
    }
}

fn sentences(field: &str, kind: validator::ValidationErrorsKind) -> Vec<String> {
    let validator::ValidationErrorsKind::Field(faults) = kind else { return Vec::new() };
    let sentence = |fault: ValidationError| match fault.message {
        Some(message) => message.into_owned(),
        None => format!("{field} が正しくありません。"),
    };
    faults.into_iter().map(sentence).collect()
}

fn told(code: &'static str, message: &'static str) -> ValidationError {
    ValidationError::new(code).with_message(Cow::Borrowed(message))
}

fn in_order(span: &Span) -> Result<(), ValidationError> {
    let fine = match span {
        Span::Days { first, last } => first <= last,
        Span::Times { starts, ends } => ends.is_none_or(|ends| *starts <= ends),
    };
    if fine { Ok(()) } else { Err(told("order", "終わりが始まりより前です。")) }
}

fn openable(url: &str) -> Result<(), ValidationError> {
    if url.is_empty() || is_openable(url) {
        Ok(())
    } else {
        Err(told("url", "URLは http か https で始めてください。"))
    }
}

/// Whether an address may become a link: http or https with a host, and of a sensible length.
pub(super) fn is_openable(url: &str) -> bool {
    let parsed = url::Url::parse(url);
    url.len() <= 2000 && parsed.is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
}
