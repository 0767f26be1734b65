//! One's own page: the groups somebody looks after, and what they can do from here.

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::get;

use crate::accounts::ME;
use crate::app::App;
use crate::error::Error;
use crate::groups::{self, Membership};
use crate::web::{Frame, Member, html};

/// One's own page.
pub fn routes() -> Router<App> {
    Router::new().route(ME, get(show))
}

#[derive(Template)]
#[template(path = "me/me.html")]
struct MePage {
    page: Frame,
    member: Member,
    groups: Vec<Membership>,
}

async fn show(State(app): State<App>, member: Member) -> Result<Response, Error> {
    html(&MePage {
        page: Frame::own(&app, ME, &member),
        groups: groups::member::of_account(&app.db, member.account.id).await?,
        member,
    })
}
