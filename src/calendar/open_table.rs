//! The calendar as open data (オープンデータ): one line for each time at which something takes place, in the columns of three generations.

use std::borrow::Cow;

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

/// Headings and lines of what matches the filter and takes place in the window, by day.
pub async fn open_table(
    db: &impl ConnectionTrait,
    city: &City,
    base_url: &str,
    (filter, window): (&Filter, Window),
    layout: Layout,
) -> Result<(&'static [&'static str], Vec<Vec<Cell>>), DbErr> {
    let all = feed_entries(db, city, filter, window).await?;
    let entries = all.iter().flat_map(|series| std::iter::once(&series.entry).chain(&series.changes));
    let ids: Vec<Uuid> = entries.map(|entry| entry.id).collect();
    let times = times_between(db, &ids, (window.from, window.to)).await?;
    let mut lines: Vec<Line<'_>> = Vec::with_capacity(ids.len());
    for series in &all {
        for entry in std::iter::once(&series.entry).chain(&series.changes) {
            let stretches = times.get(&entry.id).into_iter().flatten();
            lines.extend(stretches.map(|stretch| Line { city, base_url, series, entry, stretch }));
        }
    }
    lines.sort_by_key(|line| (line.stretch.first_day, &line.stretch.begins, line.entry.id));
    let headings = layout.headings();
    let lines = lines.iter().map(|line| headings.iter().map(|heading| line.cell(heading)).collect());
    Ok((headings, lines.collect()))
}

/// One time of one entry; every column of every layout is one of its cells.
struct Line<'a> {
    city: &'a City,
    base_url: &'a str,
    series: &'a Series,
    entry: &'a Entry,
    stretch: &'a Stretch,
}

impl Line<'_> {
    fn cell(&self, heading: &str) -> Cell {
        let (entry, profile) = (self.entry, &self.city.profile);
        let text: Cow<'_, str> = match heading {
            "都道府県コード又は市区町村コード" | "全国地方公共団体コード" => (&profile.code).into(),
            "NO" | "ID" => self.number().into(),
            "都道府県名" => (&profile.prefecture).into(),
            "市区町村名" | "地方公共団体名" => (&profile.name).into(),
            "イベント名" | "名称" => self.title(),
            "イベント名_カナ" | "名称(カナ)" => kana::katakana(&entry.kana).into(),
            "開始日" => self.stretch.first_day.to_string().into(),
            "終了日" => self.stretch.last_day.to_string().into(),
            "開始時間" | "開始時刻" => self.stretch.begins.as_str().into(),
            "終了時間" | "終了時刻" => self.stretch.ends.as_str().into(),
            "開始日時特記事項" | "日時備考" => (&entry.time_note).into(),
            "説明" => (&entry.description).into(),
            "料金(詳細)" => (&entry.fee).into(),
            "料金種別" => self.kind_of_fee().into(),
            "連絡先名称" => (&entry.contact).into(),
            "主催者" | "主催団体" => (&entry.organiser).into(),
            "場所名称" => (&entry.place).into(),
            "住所" | "所在地_連結表記" => (&entry.address).into(),
            "所在地_全国地方公共団体コード" => self.address().map_or("", |_| profile.code.as_str()).into(),
            "住所都道府県" | "所在地_都道府県" => self.address().map_or("", |_| profile.prefecture.as_str()).into(),
            "住所市区町村" | "所在地_市区町村" => self.address().map_or("", |_| profile.name.as_str()).into(),
            "住所町名" | "所在地_町字" => self.address().map_or("", |(town, _)| town).into(),
            "住所丁目以下" | "所在地_番地以下" => self.address().map_or("", |(_, rest)| rest).into(),
            "緯度" => return entry.lat.map_or(Cell::Empty, Cell::Decimal),
            "経度" => return entry.lon.map_or(Cell::Empty, Cell::Decimal),
            "アクセス方法" | "駐車場情報" | "駐輪場情報" => entry.extra(heading).into(),
            "定員" => (&entry.capacity).into(),
            "参加申込方法" | "申込方法" => (&entry.apply).into(),
            "URL" => (&entry.url).into(),
            "コンテンツURL" => format!("{}{}", self.base_url, super::path(entry.id)).into(),
            "備考" => (&entry.notice).into(),
            "イベント種類" => self.categories().into(),
            "対象者" => (&entry.audience).into(),
            "予定の種類" => entry.kind().label().into(),
            "状態" => entry.status().label().into(),
            "アクションプラン項目" => self.series.items.join(";").into(),
            "くり返し" | "開催パターン" => repeat::words_of(entry, profile.zone).into(),
            "公開" => "公開".into(),
            // What the calendar does not know stays empty.
            _ => "".into(),
        };
        if text.is_empty() { Cell::Empty } else { Cell::Text(text.into_owned()) }
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
