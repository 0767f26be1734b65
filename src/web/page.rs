//! What every page has around its own content.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};

use crate::accounts::Role;
use crate::app::App;
use crate::error::Error;
use crate::text::postal;
use crate::web::{Member, Query, assets};

/// Whose page it is.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// Name, or address where there is no name.
    pub name: String,
    /// Whether they work in the back office.
    pub is_staff: bool,
    /// Whether they look after accounts and settings.
    pub is_admin: bool,
}

/// The frame around a page: whose site it is, where one is, what was ignored.
#[derive(Clone, Debug)]
pub struct Frame {
    /// Name of the city.
    pub city: String,
    /// What the site is called.
    pub site: String,
    /// The section in charge.
    pub section: String,
    /// Where to ask, line by line.
    pub office_lines: Vec<String>,
    /// Whether the data is the fictional demo year.
    pub demo: bool,
    /// Path of the page, for the navigation.
    pub path: String,
    /// Sentences about parts of the address that could not be used.
    pub ignored: Vec<String>,
    /// Who is signed in on this page of their own; nobody on public pages, which are the same for all.
    pub signed_in: Option<SignedIn>,
    /// What was just done, said once.
    pub done: Option<&'static str>,
    /// Address of the style sheet, with its fingerprint.
    pub style_url: String,
    /// Address of the icon, with its fingerprint.
    pub icon_url: String,
    /// Address of the script, with its fingerprint.
    pub script_url: String,
}

impl Frame {
    /// The frame of the page at `path`.
    pub fn new(app: &App, path: &str) -> Self {
        let profile = &app.city().profile;
        let office = &profile.office;
        Self {
            city: profile.name.clone(),
            site: profile.site_title.clone(),
            section: office.section.clone(),
            office_lines: vec![
                format!("{} {}", postal::display(&office.postal), office.address),
                format!("電話 {}　FAX {}", office.phone, office.fax),
            ],
            demo: app.config.demo,
            path: path.to_owned(),
            ignored: Vec::new(),
            signed_in: None,
            done: None,
            icon_url: assets::url("mark.svg"),
            style_url: assets::url("kyodo.css"),
            script_url: assets::url("copy.js"),
        }
    }

    /// The frame of somebody's own page.
    pub fn own(app: &App, path: &str, member: &Member) -> Self {
        let signed_in = SignedIn {
            name: member.account.shown_name().to_owned(),
            is_staff: member.is_staff(),
            is_admin: member.account.role() == Role::Admin,
        };
        Self { signed_in: Some(signed_in), ..Self::new(app, path) }
    }

    /// Whether something of what waits was dealt with here, so that the next of it is offered.
    pub fn has_next(&self) -> bool {
        const DECIDED: [&str; 7] = ["applications", "proposals", "claims", "rounds", "events", "reports", "mail"];
        let place = self.path.strip_prefix("/staff/").and_then(|rest| rest.split('/').next());
        place.is_some_and(|place| DECIDED.contains(&place))
    }

    /// The same frame, saying what was just done: `?done=KEY` names one of these sentences, and nothing else is said.
    pub fn saying(mut self, query: &mut Query, sentences: &[(&str, &'static str)]) -> Self {
        let done = query.choice("done", "お知らせ", |key| {
            sentences.iter().find(|(name, _)| *name == key).map(|(_, text)| *text)
        });
        self.done = done;
        self
    }

    /// The same frame, saying what was ignored.
    pub fn ignoring(mut self, ignored: Vec<String>) -> Self {
        self.ignored = ignored;
        self
    }
}

/// Renders a page whose form has faults: 422, with everything typed still in its fields.
pub fn unfit(page: &impl Template) -> Result<Response, Error> {
    Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(page.render()?)).into_response())
}

/// Leads on after something was done (303), so that reloading the page does not do it twice.
pub fn see(path: &str) -> Response {
    Redirect::to(path).into_response()
}

/// Renders a page as the answer.
pub fn html(page: &impl Template) -> Result<Response, Error> {
    Ok(Html(page.render()?).into_response())
}
