//! The entries of a group, for the people who look after it.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use uuid::Uuid;

use super::super::review::ReviewState;
use super::lists::{self, Line};
use super::{NEW, group_path};
use crate::app::App;
use crate::error::Error;
use crate::groups::{self, member};
use crate::web::query::link;
use crate::web::{Frame, Member, Query, html};

/// What a redirect to a list or a page of the desk may say.
pub(super) const DONE: [(&str, &str); 10] = [
    ("added", "予定を載せました。"),
    ("waiting", "予定をお預かりしました。事務局が確かめてから公開します。結果はメールでお知らせします。"),
    ("saved", "予定を直しました。"),
    ("cancelled", "中止を知らせました。予定は【中止】として残ります。"),
    ("restored", "中止を取り消しました。"),
    ("withdrawn", "予定を取り下げました。"),
    ("original", "取り込み元の内容に戻しました。"),
    ("approved", "公開しました。"),
    ("refused", "見送りを記録しました。"),
    ("entered", "入力しました。内容を確かめて、公開するかどうかを決めてください。"),
];

#[derive(Template)]
#[template(path = "calendar/desk/group.html")]
struct GroupPage {
    page: Frame,
    name: String,
    new_url: String,
    trusted: bool,
    parts: Vec<(&'static str, &'static str, Vec<Line>)>,
}

impl GroupPage {
    fn copy_url(&self, line: &Line) -> String {
        link(NEW, &[("copy", &line.id.to_string())])
    }
}

/// `GET /me/groups/{id}/events`: what waits, what is coming, what is over, what was cancelled.
pub async fn list(
    State(app): State<App>,
    Path(id): Path<String>,
    mut query: Query,
    member: Member,
) -> Result<Response, Error> {
    let id = Uuid::parse_str(&id).map_err(|_| Error::NotFound)?;
    let membership = member::of(&app.db, member.account.id, id).await?.ok_or(Error::NotFound)?;
    let lines = lists::of_group(&app.db, id, app.today()).await?;
    let page = Frame::own(&app, &group_path(id), &member).saying(&mut query, &DONE);
    html(&GroupPage {
        page: page.ignoring(query.into_ignored()),
        name: membership.group_name,
        new_url: link(NEW, &[("group", &id.to_string())]),
        trusted: groups::is_trusted(&app.db, id).await?,
        parts: parts(lines),
    })
}

/// The lines under the headings of the page: key, heading, lines.
fn parts(lines: Vec<Line>) -> Vec<(&'static str, &'static str, Vec<Line>)> {
    let mut parts = vec![
        ("waiting", "事務局の確認を待っている予定", Vec::new()),
        ("coming", "これからの予定", Vec::new()),
        ("cancelled", "中止した予定", Vec::new()),
        ("refused", "見送り・取り下げになった予定", Vec::new()),
        ("past", "終わった予定", Vec::new()),
    ];
    for line in lines {
        let place = match line.review().filter(|_| line.lead_id.is_none()) {
            Some(ReviewState::Waiting) => 0,
            Some(_) => 3,
            None if line.is_cancelled() => 2,
            None if line.is_coming() => 1,
            None => 4,
        };
        parts[place].2.push(line);
    }
    parts.retain(|(key, _, lines)| *key == "coming" || !lines.is_empty());
    parts
}
