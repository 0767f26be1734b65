//! The page of one source: how it is, what came in, what did not and why, and what can be done with it.

use askama::Template;
use axum::extract::{Path, State as Extracted};
use axum::response::Response;
use chrono::{DateTime, Utc};

use super::contents::{self, Slot};
use super::health::Health;
use super::kinds::{State, Way};
use super::report::Report;
use super::settling::{self, Turn};
use super::source::Source;
use super::{group_path, rights, source_path, states};
use crate::app::App;
use crate::city::City;
use crate::city::settings::sources::EVERY_MINUTES;
use crate::error::Error;
use crate::text::{day, wareki};
use crate::web::{Form, Frame, Member, Query, html, unfit};

/// Turns that are shown.
const TURNS: i64 = 12;

/// What a redirect to the page may say.
pub(super) const DONE: [(&str, &str); 15] = [
    ("asked", "申し込みました。事務局が確かめて、結果をメールでお知らせします。"),
    ("approved", "取り込みを始めました。"),
    ("refused", "見送りを記録し、メールでお知らせします。"),
    ("changed", "設定を保存しました。"),
    ("same", "読みました。前と変わっていません。"),
    ("taken", "読んで、変わったところを取り込みました。"),
    ("held", "読みましたが、一度に多くの予定がなくなったため、取り込む前に確かめてください。"),
    ("busy", "いま、ほかの場所で読んでいます。少し待ってから、もう一度お試しください。"),
    ("often", super::form_pages::OFTEN),
    ("paused", "取り込みを休みました。前に取り込んだ予定は、そのまま載っています。"),
    ("resumed", "取り込みを再開しました。"),
    ("ended", "取り込みを終わりにしました。"),
    ("dropped", "取り込まず、元のままにしました。"),
    ("late", "ほかの人が先に進めていました。いまの状態を、このページで確かめてください。"),
    ("came", "ファイルを読みました。下の内容を確かめて、取り込んでください。"),
];

/// What waits: the report of it, since when, and why.
pub(super) struct Pending {
    report: Report,
    why: String,
    /// By what this state is known again when somebody decides about it.
    seen: String,
}

#[derive(Template)]
#[template(path = "aggregation/source.html")]
struct SourcePage<'a> {
    page: Frame,
    form: &'a Form,
    source: &'a Source,
    city: &'a City,
    health: Health,
    is_staff: bool,
    minutes: i32,
    taken: Option<(Report, String)>,
    pending: Option<Pending>,
    turns: Vec<Turn>,
    items: Vec<String>,
}

impl SourcePage<'_> {
    fn path(&self) -> String {
        source_path(self.source.id)
    }

    fn back(&self) -> (String, &'static str) {
        match self.source.group_id {
            Some(group) if !self.is_staff => (group_path(group), "取り込んでいるカレンダー"),
            _ => (super::STAFF.to_owned(), "情報源"),
        }
    }

    fn state(&self) -> State {
        self.source.state()
    }

    fn is(&self, state: &str) -> bool {
        self.state().key() == state
    }

    fn is_address(&self) -> bool {
        self.source.way() == Way::Address
    }

    fn takes_files(&self) -> bool {
        states::takes_files(self.source)
    }

    fn every(&self) -> String {
        let minutes = if self.source.every_minutes == 0 { self.minutes } else { self.source.every_minutes };
        format!("{minutes}分に1回ほど")
    }

    fn town(&self) -> &str {
        self.city.town_name(&self.source.town_key)
    }

    fn categories(&self) -> String {
        let keys = self.source.categories();
        let names = keys.iter().filter_map(|key| self.city.category(key)).map(|term| term.name.as_str());
        names.collect::<Vec<_>>().join("、")
    }

    fn on(&self, at: &Option<DateTime<Utc>>) -> String {
        at.map(|at| said(at, self.city)).unwrap_or_default()
    }

    fn at(&self, at: &DateTime<Utc>) -> String {
        said(*at, self.city)
    }

    /// Coming occurrences by month, with the part of the fullest month in percent.
    fn months(&self) -> Vec<(String, i64, i64)> {
        let months = self.source.months();
        let most = months.iter().map(|(_, count)| *count).max().unwrap_or(1).max(1);
        months.into_iter().take(12).map(|(key, count)| (month(&key), count, count * 100 / most)).collect()
    }
}

/// A month such as 令和8年12月, from `2026-12`.
pub(super) fn month(key: &str) -> String {
    let first = format!("{key}-01").parse::<chrono::NaiveDate>();
    first
        .map(|first| {
            let long = wareki::date(first);
            long.split_once('月').map_or(long.clone(), |(before, _)| format!("{before}月"))
        })
        .unwrap_or_else(|_| key.to_owned())
}

/// A moment in words.
pub(super) fn said(at: DateTime<Utc>, city: &City) -> String {
    let at = at.with_timezone(&city.profile.zone);
    format!("{} {}", day::long(at.date_naive()), at.format("%-H:%M"))
}

async fn page<'a>(
    app: &App,
    member: &Member,
    city: &'a City,
    (source, form): (&'a Source, &'a Form),
) -> Result<SourcePage<'a>, Error> {
    let minutes = city.settings.number(EVERY_MINUTES);
    let taken = contents::report(&app.db, source.id, Slot::Taken).await?;
    let pending = contents::report(&app.db, source.id, Slot::Waiting).await?;
    let own = source.items();
    let plan = crate::plan::current(app).await?;
    let items = plan.iter().flat_map(|plan| &plan.items).filter(|item| own.contains(&item.id));
    Ok(SourcePage {
        page: Frame::own(app, &source_path(source.id), member),
        health: Health::of(source, minutes, app.clock.now()),
        is_staff: member.is_staff(),
        taken: taken.map(|(report, at)| (report, said(at, city))),
        pending: match pending {
            Some((report, _)) => {
                Some(Pending { report, why: source.held.clone(), seen: states::seen(&app.db, source).await? })
            }
            None => None,
        },
        turns: settling::turns(&app.db, source.id, TURNS).await?,
        items: items.map(|item| format!("{} {}", item.code, item.title)).collect(),
        minutes,
        source,
        city,
        form,
    })
}

/// `GET /sources/{id}`.
pub async fn show(
    Extracted(app): Extracted<App>,
    Path(id): Path<String>,
    member: Member,
    mut query: Query,
) -> Result<Response, Error> {
    let source = rights::found(&app.db, &member, &id).await?;
    let (city, form) = (app.city(), Form::new());
    let page = page(&app, &member, &city, (&source, &form)).await?;
    let frame = page.page.saying(&mut query, &DONE);
    html(&SourcePage { page: frame.ignoring(query.into_ignored()), ..page })
}

/// The page again with what is wrong in one of its forms.
pub(super) async fn unfit_file(app: &App, member: &Member, source: &Source, form: &Form) -> Result<Response, Error> {
    let city = app.city();
    unfit(&page(app, member, &city, (source, form)).await?)
}
