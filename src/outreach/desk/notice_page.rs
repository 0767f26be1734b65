//! A decision on paper (決定通知書, 否決通知書, 変更通知書, 中止通知書): one A4 page, as it was told.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use uuid::Uuid;

use crate::app::App;
use crate::error::Error;
use crate::outreach::decision::{self, Decision, Kind};
use crate::outreach::request::own_pages;
use crate::web::{Frame, Staff, html};

#[derive(Template)]
#[template(path = "outreach/desk/notice.html")]
struct NoticePage {
    page: Frame,
    decision: Decision,
    back: String,
    section: String,
    city: String,
    phone: String,
}

impl NoticePage {
    /// The numbered lines of the paper: what it is, and what stands there.
    fn lines(&self) -> Vec<(&'static str, &str)> {
        let names: &[(&'static str, &'static str)] = match self.decision.kind() {
            Kind::Approval => &[
                ("内容", "内容"),
                ("日時", "日時"),
                ("会場", "会場"),
                ("伺う職員", "職員"),
                ("ご用意いただく物", "用意"),
                ("条件・その他", "ひとこと"),
            ],
            Kind::Refusal => &[("内容", "内容"), ("理由", "理由"), ("その他", "ひとこと")],
            Kind::Change => &[
                ("内容", "内容"),
                ("変更後の日時", "日時"),
                ("変更後の会場", "会場"),
                ("伺う職員", "職員"),
                ("変更の理由", "理由"),
                ("その他", "ひとこと"),
            ],
            Kind::Cancellation => {
                &[("内容", "内容"), ("日時", "日時"), ("会場", "会場"), ("理由", "理由"), ("その他", "ひとこと")]
            }
        };
        names
            .iter()
            .map(|(label, name)| (*label, self.decision.value(name)))
            .filter(|(_, text)| !text.is_empty())
            .collect()
    }

    fn sentence(&self) -> &'static str {
        match self.decision.kind() {
            Kind::Approval => "申込のありました出前説明会を、次のとおり実施することに決定しましたので、通知します。",
            Kind::Refusal => "申込のありました出前説明会は、次の理由によりお受けできませんので、通知します。",
            Kind::Change => "実施することに決定していた出前説明会を、次のとおり変更しますので、通知します。",
            Kind::Cancellation => "実施することに決定していた出前説明会を、次のとおり中止しますので、通知します。",
        }
    }
}

fn page(app: &App, frame: Frame, decision: Decision, back: String) -> Result<Response, Error> {
    let city = app.city();
    html(&NoticePage {
        page: frame,
        section: city.profile.office.section.clone(),
        city: city.profile.name.clone(),
        phone: city.profile.office.phone.clone(),
        decision,
        back,
    })
}

/// `GET /staff/outreach/notices/{id}`.
pub async fn for_staff(State(app): State<App>, Path(id): Path<Uuid>, Staff(member): Staff) -> Result<Response, Error> {
    let decision = decision::find(&app.db, id).await?.ok_or(Error::NotFound)?;
    let back = crate::outreach::desk_path(decision.request_id);
    let frame = Frame::own(&app, &format!("/staff/outreach/notices/{id}"), &member);
    page(&app, frame, decision, back)
}

/// `GET /outreach/requests/{token}/notices/{id}`: what has been told to the applicant already.
pub async fn for_applicant(State(app): State<App>, Path((token, id)): Path<(String, Uuid)>) -> Result<Response, Error> {
    let opened = own_pages::opened(&app, &token).await?;
    let told = decision::told_of(&app.db, opened.request.id).await?;
    let decision = told.into_iter().find(|one| one.id == id).ok_or(Error::NotFound)?;
    page(&app, Frame::new(&app, crate::outreach::REQUEST), decision, opened.path())
}
