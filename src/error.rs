//! The one error at the edge: each kind becomes a page in Japanese that says what to do next.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};

use crate::app::App;
use crate::web::Frame;

/// Why a request cannot be answered as asked.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Error {
    /// Nothing public stands under this address.
    #[error("not found")]
    NotFound,
    /// The address exists, but not for this method.
    #[error("method not allowed")]
    MethodNotAllowed,
    /// The database did not answer as it should.
    #[error("database: {0}")]
    Database(String),
    /// A page could not be put together.
    #[error("template: {0}")]
    Template(String),
    /// Something gave way that never should.
    #[error("panic")]
    Panic,
}

impl From<sea_orm::DbErr> for Error {
    fn from(fault: sea_orm::DbErr) -> Self {
        Self::Database(fault.to_string())
    }
}

impl From<askama::Error> for Error {
    fn from(fault: askama::Error) -> Self {
        Self::Template(fault.to_string())
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
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
            Self::Database(_) | Self::Template(_) | Self::Panic => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn heading(&self) -> &'static str {
        match self {
            Self::NotFound => "ページが見つかりません",
            Self::MethodNotAllowed => "この操作はできません",
            _ => "ただいま表示できません",
        }
    }

    fn message(&self) -> &'static str {
        match self {
            Self::NotFound => {
                "アドレスが間違っているか、掲載が終わった可能性があります。下のページからお探しください。"
            }
            Self::MethodNotAllowed => "このページは見るだけのページです。下のページからやり直してください。",
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
        next: vec![
            ("はじめのページ", "/"),
            ("予定を見る", "/events"),
            ("団体を探す", "/groups"),
            ("計画を見る", "/plans"),
        ],
    };
    let body = page.render().unwrap_or_else(|_| failure.heading().to_owned());
    (failure.status(), Html(body)).into_response()
}
