//! The calendar as open data (オープンデータ): one line for each time at which something takes place, in the columns of three generations.

use std::borrow::Cow;
use std::collections::HashMap;

use sea_orm::{ConnectionTrait, DbErr};
use uuid::Uuid;

use super::entry::{Entry, Status};
use super::feed::{Series, Window, feed_entries};
use super::filter::Filter;
use super::open_layout::Layout;
use super::repeat;
use super::spread::Stretch;
use super::times::times_between;
use crate::city::City;
use crate::table::Cell;
use crate::text::kana;

/// The table of a part of the calendar: what it is made of, line by line.
///
/// A series of every day has hundreds of lines, so they are made while the table is written and never stand side by side.
pub struct OpenTable<'a> {
    city: &'a City,
    base_url: &'a str,
    layout: Layout,
    all: Vec<Series>,
    times: HashMap<Uuid, Vec<Stretch>>,
}

/// Reads what matches the filter and takes place in the window.
pub async fn open_table<'a>(
    db: &impl ConnectionTrait,
    (city, base_url): (&'a City, &'a str),
    (filter, window): (&Filter, Window),
    layout: Layout,
) -> Result<OpenTable<'a>, DbErr> {
    let all = feed_entries(db, city, filter, window).await?;
    let ids: Vec<Uuid> = all.iter().flat_map(each).map(|entry| entry.id).collect();
    let times = times_between(db, &ids, (window.from, window.to)).await?;
    Ok(OpenTable { city, base_url, layout, all, times })
}

fn each(series: &Series) -> impl Iterator<Item = &Entry> {
    std::iter::once(&series.entry).chain(&series.changes)
}

impl OpenTable<'_> {
    /// The headings, in order.
    pub fn headings(&self) -> &'static [&'static str] {
        self.layout.headings()
    }

    /// The lines by day and time, one for each time at which something takes place.
    pub fn lines(&self) -> impl Iterator<Item = Vec<Cell>> {
        let mut lines: Vec<Line<'_>> = Vec::new();
        for series in &self.all {
            for entry in each(series) {
                let stretches = self.times.get(&entry.id).into_iter().flatten();
                let (city, base_url) = (self.city, self.base_url);
                lines.extend(stretches.map(|stretch| Line { city, base_url, series, entry, stretch }));
            }
        }
        lines.sort_by_key(|line| (line.stretch.first_day, &line.stretch.begins, line.entry.id));
        let named = |heading: &&'static str| (column(heading), matches!(*heading, "緯度" | "経度"));
        let columns: Vec<(Column, bool)> = self.headings().iter().map(named).collect();
        lines.into_iter().map(move |line| columns.iter().map(|column| line.cell(*column)).collect())
    }
}

/// One time of one entry; every column of every layout is one of its cells.
struct Line<'a> {
    city: &'a City,
    base_url: &'a str,
    series: &'a Series,
    entry: &'a Entry,
    stretch: &'a Stretch,
}

/// What stands in a column.
type Column = for<'l> fn(&'l Line<'_>) -> Cow<'l, str>;

/// The column of any layout under its heading; what the calendar does not know stays empty.
fn column(heading: &str) -> Column {
    match heading {
        "都道府県コード又は市区町村コード" | "全国地方公共団体コード" => {
            |line| line.city.profile.code.as_str().into()
        }
        "NO" | "ID" => |line| line.number().into(),
        "都道府県名" => |line| line.city.profile.prefecture.as_str().into(),
        "市区町村名" | "地方公共団体名" => |line| line.city.profile.name.as_str().into(),
        "イベント名" | "名称" => |line| line.title(),
        "イベント名_カナ" | "名称(カナ)" => |line| kana::katakana(&line.entry.kana).into(),
        "開始日" => |line| line.stretch.first_day.to_string().into(),
        "終了日" => |line| line.stretch.last_day.to_string().into(),
        "開始時間" | "開始時刻" => |line| line.stretch.begins.as_str().into(),
        "終了時間" | "終了時刻" => |line| line.stretch.ends.as_str().into(),
        "開始日時特記事項" | "日時備考" => |line| line.entry.time_note.as_str().into(),
        "説明" => |line| line.entry.description.as_str().into(),
        "料金(詳細)" => |line| line.entry.fee.as_str().into(),
        "料金種別" => |line| line.kind_of_fee().into(),
        "連絡先名称" => |line| line.entry.contact.as_str().into(),
        "主催者" | "主催団体" => |line| line.entry.organiser.as_str().into(),
        "場所名称" => |line| line.entry.place.as_str().into(),
        "住所" | "所在地_連結表記" => |line| line.entry.address.as_str().into(),
        "所在地_全国地方公共団体コード" => |line| line.if_here(&line.city.profile.code),
        "住所都道府県" | "所在地_都道府県" => |line| line.if_here(&line.city.profile.prefecture),
        "住所市区町村" | "所在地_市区町村" => |line| line.if_here(&line.city.profile.name),
        "住所町名" | "所在地_町字" => |line| line.address().map_or("", |(town, _)| town).into(),
        "住所丁目以下" | "所在地_番地以下" => |line| line.address().map_or("", |(_, rest)| rest).into(),
        "緯度" => |line| line.entry.lat.map(degrees).unwrap_or_default().into(),
        "経度" => |line| line.entry.lon.map(degrees).unwrap_or_default().into(),
        "アクセス方法" => |line| line.entry.extra("アクセス方法").into(),
        "駐車場情報" => |line| line.entry.extra("駐車場情報").into(),
        "駐輪場情報" => |line| line.entry.extra("駐輪場情報").into(),
        "定員" => |line| line.entry.capacity.as_str().into(),
        "参加申込方法" | "申込方法" => |line| line.entry.apply.as_str().into(),
        "URL" => |line| line.entry.url.as_str().into(),
        "コンテンツURL" => |line| format!("{}{}", line.base_url, super::path(line.entry.id)).into(),
        "備考" => |line| line.entry.notice.as_str().into(),
        "イベント種類" => |line| line.categories().into(),
        "対象者" => |line| line.entry.audience.as_str().into(),
        "予定の種類" => |line| line.entry.kind().label().into(),
        "状態" => |line| line.entry.status().label().into(),
        "アクションプラン項目" => |line| line.series.items.join(";").into(),
        "くり返し" | "開催パターン" => |line| repeat::words_of(line.entry, line.city.profile.zone).into(),
        "公開" => |_| "公開".into(),
        _ => |_| "".into(),
    }
}

/// Degrees with six places, as open data wants them.
fn degrees(value: f64) -> String {
    format!("{value:.6}")
}

impl Line<'_> {
    fn cell(&self, (column, is_number): (Column, bool)) -> Cell {
        let text = column(self);
        match text.parse() {
            _ if text.is_empty() => Cell::Empty,
            Ok(number) if is_number => Cell::Decimal(number),
            _ => Cell::Text(text.into_owned()),
        }
    }

    /// Something about the city, for an address in the city itself.
    fn if_here<'l>(&self, text: &'l str) -> Cow<'l, str> {
        if self.address().is_some() { text.into() } else { "".into() }
    }

    /// One number for each line: a time of a series has its day behind the number of its entry.
    fn number(&self) -> String {
        match self.entry.is_recurring() {
            true => format!("{}-{}", self.entry.id, self.stretch.first_day.format("%Y%m%d")),
            false => self.entry.id.to_string(),
        }
    }

    /// The columns know no state in two of three layouts, so a title says that it is cancelled.
    fn title(&self) -> Cow<'_, str> {
        let title = self.entry.title.as_str();
        match self.entry.status() == Status::Cancelled && !title.starts_with("【中止】") {
            true => format!("【中止】{title}").into(),
            false => title.into(),
        }
    }

    /// The town and what follows it, for an address in the city itself.
    fn address(&self) -> Option<(&str, &str)> {
        let (address, profile) = (self.entry.address.as_str(), &self.city.profile);
        let rest = address.strip_prefix(profile.prefecture.as_str()).unwrap_or(address);
        let of_city = rest.strip_prefix(profile.name.as_str());
        let rest = of_city.unwrap_or(rest);
        let town = self.city.towns.iter().find(|town| rest.starts_with(town.name.as_str()));
        match (town, of_city) {
            (Some(town), _) => Some((&rest[..town.name.len()], &rest[town.name.len()..])),
            (None, Some(_)) => Some(("", rest)),
            (None, None) => None,
        }
    }

    fn kind_of_fee(&self) -> &'static str {
        let fee = self.entry.fee.trim();
        match fee {
            "" => "",
            free if free.starts_with("無料") || free == "なし" => "無料",
            paid if paid.contains('円') && paid.bytes().any(|byte| byte.is_ascii_digit()) => "有料",
            _ => "",
        }
    }

    fn categories(&self) -> String {
        let names = self.series.categories.iter().filter_map(|key| self.city.category(key));
        names.map(|term| term.name.as_str()).collect::<Vec<_>>().join(";")
    }
}
