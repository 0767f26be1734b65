//! What an embedded or printed list is about: a feed by its name, or the same parameters as the calendar itself.

use super::Selection;
use crate::app::App;
use crate::calendar::{self, Filter, Month};
use crate::error::Error;
use crate::web::Query;
use crate::web::query::link;

/// A part of the calendar, in words and as parameters of an address.
pub(super) struct Narrowed {
    pub filter: Filter,
    /// Such as 厳原町の予定.
    pub title: String,
    /// The parameters that make it again.
    pub pairs: Vec<(&'static str, String)>,
}

impl Narrowed {
    /// Reads `feed=` or the parameters of the calendar; what is not there is not found.
    pub async fn read(app: &App, query: &mut Query) -> Result<Self, Error> {
        if let Some(named) = query.choice("feed", "配信", |typed| Some(Selection::parse(typed))) {
            let selection = named.ok_or(Error::NotFound)?;
            let title = selection.title(app).await?.ok_or(Error::NotFound)?;
            let filter = selection.filter(app).await?.ok_or(Error::NotFound)?;
            return Ok(Self { filter, title, pairs: vec![("feed", selection.name())] });
        }
        let filter = Filter { from: None, to: None, ..Filter::read(query, &app.city()) };
        let words = calendar::filter_words(app, &filter).await?.ok_or(Error::NotFound)?;
        let title = if words.is_empty() { "すべての予定".to_owned() } else { format!("{words}の予定") };
        Ok(Self { pairs: filter.pairs(), filter, title })
    }

    /// An address with the same narrowing and further parameters.
    pub fn link(&self, path: &str, further: &[(&str, &str)]) -> String {
        let own = self.pairs.iter().map(|(name, value)| (*name, value.as_str()));
        link(path, &own.chain(further.iter().copied()).collect::<Vec<_>>())
    }

    /// The calendar itself with the same narrowing.
    pub fn events_link(&self, further: &[(&str, &str)]) -> String {
        let pairs = self.filter.pairs();
        let own = pairs.iter().map(|(name, value)| (*name, value.as_str()));
        link(calendar::INDEX, &own.chain(further.iter().copied()).collect::<Vec<_>>())
    }
}

/// The month in an address, or this one.
pub(super) fn month(app: &App, query: &mut Query) -> Month {
    let today = app.today();
    query.choice("month", "月", |typed| Month::parse(typed, today)).unwrap_or(Month::of(today))
}
