//! The one error at the edge: each kind becomes a page in Japanese that says what to do next.

use askama::Template;
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};

use crate::app::App;
use crate::web::Frame;
use crate::web::query::link;

/// Why a request cannot be answered as asked.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Error {
    /// Nothing public stands under this address.
    #[error("not found")]
    NotFound,
    /// The address exists, but not for this method.
    #[error("method not allowed")]
    MethodNotAllowed,
    /// Somebody has to sign in first; holds the address they wanted.
    #[error("not signed in")]
    SignIn(String),
    /// Staff have to give their one-time password first; holds the address they wanted.
    #[error("no one-time password yet")]
    SecondFactor(String),
    /// The request was sent from another site.
    #[error("sent from another site")]
    OtherSite,
    /// A personal link that is used up, expired or mistyped.
    #[error("link is no longer good")]
    LinkGone,
    /// A personal link that is over; holds what to do instead.
    #[error("link is over")]
    LinkOver(&'static str),
    /// Too many attempts in a short time.
    #[error("too many attempts")]
    TooMany,
    /// More bytes than the form takes.
    #[error("too large")]
    TooLarge,
    /// A body that is no form.
    #[error("not a form")]
    UnknownForm,
    /// The database did not answer as it should.
    #[error("database: {0}")]
    Database(String),
    /// The place for files did not answer as it should.
    #[error("{0}")]
    Storage(String),
    /// A page could not be put together.
    #[error("template: {0}")]
    Template(String),
    /// Something gave way that never should.
    #[error("panic")]
    Panic,
}

/// Marks an answer that leads somebody to the sign-in because what they sent needs it.
#[derive(Clone, Copy, Debug)]
pub struct TurnedAway;

impl From<sea_orm::DbErr> for Error {
    fn from(fault: sea_orm::DbErr) -> Self {
        Self::Database(fault.to_string())
    }
}

impl From<crate::storage::StorageFault> for Error {
    fn from(fault: crate::storage::StorageFault) -> Self {
        match fault {
            crate::storage::StorageFault::Missing => Self::NotFound,
            other => Self::Storage(other.to_string()),
        }
    }
}

impl From<askama::Error> for Error {
    fn from(fault: askama::Error) -> Self {
        Self::Template(fault.to_string())
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let elsewhere = match &self {
            Self::SignIn(next) => Some((crate::accounts::SIGN_IN, next)),
            Self::SecondFactor(next) => Some((crate::accounts::SECOND_FACTOR, next)),
            _ => None,
        };
        if let Some((path, next)) = elsewhere {
            let mut response = Redirect::to(&link(path, &[("next", next)])).into_response();
            response.extensions_mut().insert(TurnedAway);
            return response;
        }
        let mut response = self.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

impl Error {
    fn status(&self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::SignIn(_) | Self::SecondFactor(_) => StatusCode::SEE_OTHER,
            Self::OtherSite => StatusCode::FORBIDDEN,
            Self::LinkGone | Self::LinkOver(_) => StatusCode::GONE,
            Self::TooMany => StatusCode::TOO_MANY_REQUESTS,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::UnknownForm => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::Database(_) | Self::Storage(_) | Self::Template(_) | Self::Panic => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn heading(&self) -> &'static str {
        match self {
            Self::NotFound => "ページが見つかりません",
            Self::MethodNotAllowed => "この操作はできません",
            Self::OtherSite => "ほかのサイトからは送信できません",
            Self::LinkGone | Self::LinkOver(_) => "このリンクは使えません",
            Self::TooMany => "しばらく待ってからお試しください",
            Self::TooLarge => "送信されたものが大きすぎます",
            Self::UnknownForm => "送信されたものを読み取れません",
            _ => "ただいま表示できません",
        }
    }

    fn message(&self) -> &'static str {
        match self {
            Self::NotFound => {
                "アドレスが間違っているか、掲載が終わった可能性があります。下のページからお探しください。"
            }
            Self::MethodNotAllowed => "このページは見るだけのページです。下のページからやり直してください。",
            Self::OtherSite => {
                "安全のため、このサイトのページから送られたものだけを受け付けます。前のページに戻り、開き直してから、もう一度送信してください。"
            }
            Self::LinkGone => {
                "期限が切れたか、すでに使われたか、アドレスの一部が欠けています。新しいリンクの送信を、もう一度お申し込みください。"
            }
            Self::LinkOver(sentence) => sentence,
            Self::TooMany => {
                "短い間に何度も試されたため、いったん受付を止めています。1時間ほど待ってから、もう一度お試しください。お急ぎのときは、下の連絡先へお電話ください。"
            }
            Self::TooLarge => {
                "写真とカレンダーのファイルは10MBまで、会議の資料は20MBまでです。小さくしてから、前のページに戻って送り直してください。"
            }
            Self::UnknownForm => "前のページに戻り、開き直してから、もう一度送信してください。",
            _ => {
                "こちらの不具合です。少し待ってから、もう一度開いてください。続くときは、下の連絡先へお知らせください。"
            }
        }
    }
}

#[derive(Template)]
#[template(path = "error.html")]
struct ErrorPage {
    page: Frame,
    heading: &'static str,
    message: &'static str,
    next: Vec<(&'static str, &'static str)>,
}

/// The page for a failure; the cause goes to the log, never to the reader.
pub fn page(app: &App, path: &str, failure: &Error) -> Response {
    if failure.status().is_server_error() {
        tracing::error!(path, %failure, "request failed");
    }
    let page = ErrorPage {
        page: Frame::new(app, path),
        heading: failure.heading(),
        message: failure.message(),
        next: way_on(failure)
            .into_iter()
            .chain([
                ("はじめのページ", "/"),
                ("予定を見る", "/events"),
                ("団体を探す", "/groups"),
                ("計画を見る", "/plans"),
            ])
            .collect(),
    };
    let body = page.render().unwrap_or_else(|_| failure.heading().to_owned());
    let mut response = (failure.status(), Html(body)).into_response();
    if matches!(failure, Error::TooMany) {
        response.headers_mut().insert(header::RETRY_AFTER, crate::accounts::limit::RETRY_SECONDS.into());
    }
    response
}

/// The first thing that helps after a failure.
fn way_on(failure: &Error) -> Option<(&'static str, &'static str)> {
    matches!(failure, Error::LinkGone).then_some(("サインインのリンクをもう一度受け取る", crate::accounts::SIGN_IN))
}
