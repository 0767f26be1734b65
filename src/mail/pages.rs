//! Leaving a topic: the page behind the link at the end of a letter, and the choice on one's own page.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;

use super::leaving::{self, Leaver};
use super::topic::Topic;
use super::unsubscribe_path;
use crate::accounts::ME;
use crate::app::App;
use crate::audit::Actor;
use crate::db;
use crate::error::Error;
use crate::web::query::link;
use crate::web::{Form, Frame, Member, Query, html, see};

/// What is said after a choice.
const SAID: [(&str, &str); 2] =
    [("left", "このメールを止めました。もう届きません。"), ("back", "このメールを、もう一度受け取るようにしました。")];

#[derive(Template)]
#[template(path = "mail/leave.html")]
struct LeavePage {
    page: Frame,
    path: String,
    topic: Topic,
    address: String,
    wanted: bool,
}

/// `GET /unsubscribe/{token}`: what the letters are, and a button; a program that follows links changes nothing.
pub(super) async fn leave(
    State(app): State<App>,
    Path(token): Path<String>,
    mut query: Query,
) -> Result<Response, Error> {
    let leaver = leaving::find(&app.db, &token).await?.ok_or(Error::LinkGone)?;
    let page = Frame::new(&app, "/unsubscribe").saying(&mut query, &SAID);
    show(&app, page, &token, leaver).await
}

async fn show(app: &App, page: Frame, token: &str, leaver: Leaver) -> Result<Response, Error> {
    let wanted = leaving::is_wanted(&app.db, &leaver.mail, leaver.topic).await?;
    html(&LeavePage { page, path: unsubscribe_path(token), topic: leaver.topic, address: hinted(&leaver.mail), wanted })
}

/// `POST /unsubscribe/{token}`: leaves the topic, or comes back to it; also takes the one-click post of mail providers.
pub(super) async fn left(State(app): State<App>, Path(token): Path<String>, form: Form) -> Result<Response, Error> {
    let leaver = leaving::find(&app.db, &token).await?.ok_or(Error::LinkGone)?;
    let wanted = form.get("choice") == "back";
    let actor = Actor::named("メールのリンクから");
    let transaction = db::begin(&app.db).await?;
    let choice = (leaver.mail.as_str(), leaver.topic, wanted);
    leaving::choose(&transaction, choice, (&actor, leaver.letter_id.to_string()), app.clock.now()).await?;
    transaction.commit().await?;
    // RFC 8058 §3.1: a provider's post is answered at once, never led on.
    if form.sent("List-Unsubscribe") {
        return show(&app, Frame::new(&app, "/unsubscribe"), &token, leaver).await;
    }
    Ok(see(&link(&unsubscribe_path(&token), &[("done", if wanted { "back" } else { "left" })])))
}

/// `POST /me/topics`: which topics somebody who is signed in wants.
pub(super) async fn topics(State(app): State<App>, member: Member, form: Form) -> Result<Response, Error> {
    let transaction = db::begin(&app.db).await?;
    let (actor, account) = (member.actor(), &member.account);
    for topic in Topic::ALL {
        let choice = (account.mail.as_str(), topic, form.has("topic", topic.key()));
        leaving::choose(&transaction, choice, (&actor, account.id.to_string()), app.clock.now()).await?;
    }
    transaction.commit().await?;
    Ok(see(&link(ME, &[("done", "topics")])))
}

/// Enough of an address for its owner to know it, too little for somebody to whom the letter was passed on.
pub fn hinted(mail: &str) -> String {
    let (name, host) = mail.split_once('@').unwrap_or((mail, ""));
    format!("{}***@{host}", name.chars().take(2).collect::<String>())
}

#[cfg(test)]
mod tests {
    #[test]
    fn an_address_is_only_hinted_at() {
        assert_eq!(super::hinted("mihon01@example.jp"), "mi***@example.jp");
        assert_eq!(super::hinted("a@example.jp"), "a***@example.jp");
    }
}
