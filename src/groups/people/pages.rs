//! The page on which a group's own people see who looks after it, and from where they invite, leave and hand over.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;

use super::handover::{self, Handover};
use super::invitation::{self, Invitation};
use super::{leaving, term};
use crate::app::App;
use crate::error::Error;
use crate::groups::member::{self, Duty, Membership};
use crate::web::{Form, Frame, Member, Query, html};

/// What the page says after something was done.
const DONE: [(&str, &str); 8] = [
    ("invited", "招待の手紙を送りました。"),
    ("again", "招待の手紙をもう一度送りました。前の手紙のリンクは使えなくなりました。"),
    ("withdrawn", "招待を取り消しました。手紙のリンクは使えなくなりました。"),
    ("removed", "担当から外し、ご本人に手紙で知らせました。"),
    ("handover", "引継ぎの手紙を送りました。新しい代表者が確認すると、交代します。"),
    ("handover-withdrawn", "引継ぎを取りやめました。手紙のリンクは使えなくなりました。"),
    ("joined", "担当者になりました。"),
    ("represents", "代表者になりました。"),
];

/// An unanswered invitation as a line of the page.
pub(super) struct Open {
    pub invitation: Invitation,
    pub until: String,
    pub is_good: bool,
    pub may_send: bool,
}

/// A person of the group as a line of the page.
pub(super) struct Line {
    pub person: Membership,
    pub since: String,
    pub is_self: bool,
}

#[derive(Template)]
#[template(path = "groups/people/people.html")]
pub(super) struct PeoplePage {
    page: Frame,
    own: Membership,
    base: String,
    lines: Vec<Line>,
    open: Vec<Open>,
    handover: Option<(Handover, String)>,
    has_representative: bool,
    kept: Option<&'static str>,
    form: Form,
}

/// The lines of the people of a group.
pub(super) fn lines(app: &App, people: Vec<Membership>, own: Option<&Membership>) -> Vec<Line> {
    let city = app.city();
    let line = |person: Membership| Line {
        since: term::day_of(&city, person.since),
        is_self: own.is_some_and(|own| own.id == person.id),
        person,
    };
    people.into_iter().map(line).collect()
}

/// The unanswered invitations of a group as lines.
pub(super) async fn open_lines(app: &App, group_id: uuid::Uuid) -> Result<Vec<Open>, Error> {
    let (city, now) = (app.city(), app.clock.now());
    let line = |invitation: Invitation| Open {
        until: term::last_day(&city, invitation.expires_at),
        is_good: invitation.is_open(now),
        may_send: invitation.sends < invitation::MOST_SENDS,
        invitation,
    };
    Ok(invitation::open_of(&app.db, group_id).await?.into_iter().map(line).collect())
}

/// Everything the page shows, with what was typed into the form of an invitation.
pub(super) async fn page(app: &App, member: &Member, own: Membership, form: Form) -> Result<PeoplePage, Error> {
    let city = app.city();
    let people = member::of_group(&app.db, own.group_id).await?;
    let handover = handover::open_of(&app.db, own.group_id).await?;
    Ok(PeoplePage {
        page: Frame::own(app, &super::path(own.group_id), member),
        base: super::path(own.group_id),
        has_representative: super::duty::representative(&people).is_some(),
        kept: leaving::kept(&people, &own).map(leaving::Kept::sentence),
        lines: lines(app, people, Some(&own)),
        open: open_lines(app, own.group_id).await?,
        handover: handover.map(|handover| {
            let until = term::last_day(&city, handover.expires_at);
            (handover, until)
        }),
        own,
        form,
    })
}

impl PeoplePage {
    fn is_representative(&self) -> bool {
        self.own.duty() == Duty::Representative
    }
}

/// `GET /me/groups/{id}/people`: who looks after a group.
pub(super) async fn people(
    State(app): State<App>,
    member: Member,
    Path(group): Path<String>,
    mut query: Query,
) -> Result<Response, Error> {
    let own = super::own(&app, &member, &group).await?;
    let mut shown = page(&app, &member, own, Form::new()).await?;
    shown.page = shown.page.saying(&mut query, &DONE);
    html(&shown)
}

#[derive(Template)]
#[template(path = "groups/people/accepted.html")]
struct AcceptedPage {
    page: Frame,
    heading: &'static str,
}

#[derive(Template)]
#[template(path = "groups/people/declined.html")]
struct DeclinedPage {
    page: Frame,
    heading: &'static str,
    sentence: &'static str,
}

/// `GET /invitations/accepted`: how one goes on; the link itself gives no session.
pub(super) async fn invitation_accepted(State(app): State<App>) -> Result<Response, Error> {
    html(&AcceptedPage { page: Frame::new(&app, super::INVITATION_ACCEPTED), heading: "担当者になりました" })
}

/// `GET /handovers/confirmed`: how the new representative goes on.
pub(super) async fn handover_confirmed(State(app): State<App>) -> Result<Response, Error> {
    html(&AcceptedPage { page: Frame::new(&app, super::HANDOVER_CONFIRMED), heading: "代表者になりました" })
}

/// `GET /invitations/declined`: what happens now.
pub(super) async fn invitation_declined(State(app): State<App>) -> Result<Response, Error> {
    let (heading, sentence) = ("招待をお断りしました", "招待した方に、手紙で知らせます。");
    html(&DeclinedPage { page: Frame::new(&app, super::INVITATION_DECLINED), heading, sentence })
}

/// `GET /handovers/declined`: what happens now.
pub(super) async fn handover_declined(State(app): State<App>) -> Result<Response, Error> {
    let (heading, sentence) = ("引継ぎをお断りしました", "いまの代表者に、手紙で知らせます。代表者は変わりません。");
    html(&DeclinedPage { page: Frame::new(&app, super::HANDOVER_DECLINED), heading, sentence })
}
