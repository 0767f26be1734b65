//! What every page has around its own content.

use askama::Template;
use axum::response::{Html, IntoResponse, Response};

use crate::app::App;
use crate::error::Error;
use crate::text::postal;
use crate::web::assets;

/// The frame around a page: whose site it is, where one is, what was ignored.
#[derive(Clone, Debug)]
pub struct Frame {
    /// Name of the city.
    pub city: String,
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
            section: office.section.clone(),
            office_lines: vec![
                format!("{} {}", postal::display(&office.postal), office.address),
                format!("電話 {}　FAX {}", office.phone, office.fax),
            ],
            demo: app.config.demo,
            path: path.to_owned(),
            ignored: Vec::new(),
            icon_url: assets::url("mark.svg"),
            style_url: assets::url("kyodo.css"),
            script_url: assets::url("copy.js"),
        }
    }

    /// The same frame, saying what was ignored.
    pub fn ignoring(mut self, ignored: Vec<String>) -> Self {
        self.ignored = ignored;
        self
    }
}

/// Renders a page as the answer.
pub fn html(page: &impl Template) -> Result<Response, Error> {
    Ok(Html(page.render()?).into_response())
}
