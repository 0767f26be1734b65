//! The part of an address behind the question mark, read with patience: what cannot be used is said, never refused.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use chrono::NaiveDate;

use crate::text::clean;

/// Longest search text that is looked at, in characters.
const LONGEST: usize = 100;
/// Most choices of one list that are looked at.
const MOST_CHOICES: usize = 64;

/// The parameters of one request and the sentences about those that were ignored.
#[derive(Debug, Default)]
pub struct Query {
    pairs: Vec<(String, String)>,
    ignored: Vec<String>,
}

impl<S: Sync> FromRequestParts<S> for Query {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::parse(parts.uri.query().unwrap_or_default()))
    }
}

impl Query {
    /// Reads a query string; bytes that are no UTF-8 become 〓-like marks rather than an error.
    pub fn parse(text: &str) -> Self {
        let pairs = url::form_urlencoded::parse(text.as_bytes()).take(64);
        Self { pairs: pairs.map(|(k, v)| (k.into_owned(), v.into_owned())).collect(), ignored: Vec::new() }
    }

    fn raw(&self, name: &str) -> Option<&str> {
        self.pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.trim()).filter(|value| !value.is_empty())
    }

    /// The words typed into a search box, cut at a sensible length.
    pub fn text(&mut self, name: &str, label: &str) -> String {
        let Some(typed) = self.raw(name).map(str::to_owned) else { return String::new() };
        if typed.chars().count() <= LONGEST
            && let Ok(text) = clean::line(&typed, LONGEST)
        {
            return text;
        }
        self.ignored.push(format!("{label}が長すぎるため、初めの{LONGEST}文字だけで探しました。"));
        clean::line(&typed.chars().take(LONGEST).collect::<String>(), LONGEST).unwrap_or_default()
    }

    /// A choice from a list; `find` turns the key into what it means.
    pub fn choice<T>(&mut self, name: &str, label: &str, find: impl Fn(&str) -> Option<T>) -> Option<T> {
        let typed = self.raw(name)?.to_owned();
        let found = find(&typed);
        if found.is_none() {
            self.ignored.push(format!("{label}「{}」は選べません。", shortened(&typed)));
        }
        found
    }

    /// Choices of several, whether the parameter stands there again and again or has commas; each of them once.
    pub fn choices<T: PartialEq>(&mut self, name: &str, label: &str, find: impl Fn(&str) -> Option<T>) -> Vec<T> {
        let sent = self.pairs.iter().filter(|(key, _)| key == name).flat_map(|(_, value)| value.split(','));
        let typed: Vec<String> = sent.map(|one| one.trim().to_owned()).filter(|one| !one.is_empty()).collect();
        let mut found = Vec::new();
        for one in typed.into_iter().take(MOST_CHOICES) {
            match find(&one) {
                Some(choice) if !found.contains(&choice) => found.push(choice),
                Some(_) => {}
                None => self.ignored.push(format!("{label}「{}」は選べません。", shortened(&one))),
            }
        }
        found
    }

    /// A day written as 2026-11-23.
    pub fn day(&mut self, name: &str, label: &str) -> Option<NaiveDate> {
        self.choice(name, label, |typed| {
            let day = NaiveDate::parse_from_str(typed, "%Y-%m-%d").ok()?;
            (1900..2200).contains(&chrono::Datelike::year(&day)).then_some(day)
        })
    }

    /// A page number from 1.
    pub fn page(&mut self) -> usize {
        let page =
            self.choice("page", "ページ番号", |typed| typed.parse().ok().filter(|n| (1..=1_000_000).contains(n)));
        page.unwrap_or(1)
    }

    /// Says that something else could not be used.
    pub fn ignore(&mut self, sentence: String) {
        self.ignored.push(sentence);
    }

    /// The sentences about what was ignored.
    pub fn into_ignored(self) -> Vec<String> {
        self.ignored
    }
}

fn shortened(typed: &str) -> String {
    let text: String = typed.chars().filter(|c| !c.is_control()).take(40).collect();
    if text.chars().count() < typed.chars().count() { format!("{text}…") } else { text }
}

/// Writes an address from a path and those parameters that have a value.
pub fn link(path: &str, pairs: &[(&str, &str)]) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    for (name, value) in pairs.iter().filter(|(_, value)| !value.is_empty()) {
        query.append_pair(name, value);
    }
    let query = query.finish();
    if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
}

#[cfg(test)]
mod tests {
    use super::{Query, link};

    #[test]
    fn what_cannot_be_used_is_said_and_everything_else_counts() {
        let mut query = Query::parse("town=atlantis&page=0&from=2026-02-30&q=%E5%AF%BE%E9%A6%AC");
        assert_eq!(query.text("q", "言葉"), "対馬");
        assert_eq!(query.choice("town", "町", |_| None::<()>), None);
        assert_eq!(query.page(), 1);
        assert_eq!(query.day("from", "開始日"), None);
        assert_eq!(
            query.into_ignored(),
            ["町「atlantis」は選べません。", "ページ番号「0」は選べません。", "開始日「2026-02-30」は選べません。"]
        );
    }

    #[test]
    fn several_choices_come_repeated_or_with_commas_and_count_once() {
        let mut query = Query::parse("town=mine&town=izuhara,mine,&town=atlantis");
        let known = |typed: &str| ["mine", "izuhara"].contains(&typed).then(|| typed.to_owned());
        assert_eq!(query.choices("town", "町", known), ["mine", "izuhara"]);
        assert_eq!(query.into_ignored(), ["町「atlantis」は選べません。"]);
    }

    #[test]
    fn a_very_long_search_is_cut_and_told() {
        let mut query = Query::parse(&format!("q={}", "あ".repeat(5000)));
        assert_eq!(query.text("q", "言葉").chars().count(), 100);
        assert_eq!(query.into_ignored().len(), 1);
    }

    #[test]
    fn broken_percent_signs_and_bytes_do_no_harm() {
        let mut query = Query::parse("q=%FF%zz&=&&a");
        assert!(!query.text("q", "言葉").is_empty());
    }

    #[test]
    fn an_address_leaves_empty_parameters_out() {
        assert_eq!(link("/groups", &[("q", ""), ("town", "mine")]), "/groups?town=mine");
        assert_eq!(link("/groups", &[("q", "")]), "/groups");
    }
}
