//! What the city asks of every group that registers (登録の要件): the sentences are a seed, the numbers settings.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::city::{City, settings};
use crate::groups::draft::Draft;
use crate::web::Form;

#[derive(Clone, Debug, Deserialize)]
struct Row {
    key: String,
    title: String,
    explanation: String,
}

/// The seed; `tests::the_seed_can_be_read` reads it before anybody else does.
static ROWS: LazyLock<Vec<Row>> = LazyLock::new(|| {
    let mut reader = csv::Reader::from_reader(include_str!("../../../seeds/requirements.csv").as_bytes());
    reader.deserialize().filter_map(Result::ok).collect()
});

/// A requirement as people read it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Requirement {
    /// Key.
    pub key: String,
    /// What is asked.
    pub title: String,
    /// What it means.
    pub explanation: String,
}

/// The requirements of this city as its settings have them.
pub fn all(city: &City) -> Vec<Requirement> {
    let members = city.settings.number(settings::MIN_MEMBERS).to_string();
    let fill = |text: &str| text.replace("{人数}", &members).replace("{市}", &city.profile.name);
    let filled =
        |row: &Row| Requirement { key: row.key.clone(), title: fill(&row.title), explanation: fill(&row.explanation) };
    ROWS.iter().map(filled).collect()
}

/// A requirement beside what an application says of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// What is asked.
    pub title: String,
    /// Whether the application fulfils it; nothing where it says nothing.
    pub met: Option<bool>,
    /// What the application says.
    pub said: String,
}

/// Compares an application with the requirements. `form` is that of the step in which they are answered.
pub fn check(city: &City, draft: &Draft, form: &Form) -> Vec<Check> {
    let least = city.settings.number(settings::MIN_MEMBERS);
    let ticked = |name: &str, words: &str| match form.has(name, "1") {
        true => (Some(true), words.to_owned()),
        false => (None, "書かれていません".to_owned()),
    };
    let judge = |key: &str| match key {
        "members" => match draft.members {
            Some(members) => (Some(members >= least), format!("会員{members}人")),
            None => (None, "会員数が書かれていません".to_owned()),
        },
        "local" => {
            let towns = city.towns.iter().filter(|town| draft.towns.contains(&town.key) || draft.town_key == town.key);
            let names: Vec<&str> = towns.map(|town| town.name.as_str()).collect();
            let (met, said) = ticked("local", "はい");
            if names.is_empty() { (met, said) } else { (met, format!("{said}({})", names.join("、"))) }
        }
        "aims" => ticked("aims", "はい"),
        "pledge" => ticked("pledged", "誓約しました"),
        "rules" => match draft.has_rules {
            Some(true) => (Some(true), "あり".to_owned()),
            Some(false) => (Some(false), "なし".to_owned()),
            None => (None, "書かれていません".to_owned()),
        },
        _ => (None, "職員が確かめてください".to_owned()),
    };
    let compare = |asked: Requirement| {
        let (met, said) = judge(&asked.key);
        Check { title: asked.title, met, said }
    };
    all(city).into_iter().map(compare).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_seed_can_be_read() {
        let keys: Vec<&str> = ROWS.iter().map(|row| row.key.as_str()).collect();
        assert_eq!(keys, ["members", "local", "aims", "pledge", "rules"]);
    }
}
