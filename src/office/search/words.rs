//! What was typed into the search box, in the forms in which the indexes know it.

use sea_orm::{DbBackend, Value};

use crate::city::City;
use crate::groups;
use crate::text::fold::{self, fold};

/// A typed search.
#[derive(Clone, Debug, Default)]
pub(super) struct Words {
    /// As typed.
    pub typed: String,
    /// Every word must be there; each as a list of search keys of which one is enough.
    pub keys: Vec<Vec<String>>,
    /// The digits of a telephone number, where the whole search is one.
    pub phone: Option<String>,
}

impl Words {
    pub fn read(typed: String, city: &City) -> Self {
        Self {
            keys: fold::words(&typed).iter().map(|word| city.gazetteer.alternatives(word)).collect(),
            phone: groups::trace_key(&typed),
            typed,
        }
    }

    /// Whether there is anything to look for.
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// Whether a text holds all words.
    pub fn fits(&self, text: &str) -> bool {
        let text = fold(text);
        let closed = text.replace(' ', "");
        self.keys.iter().all(|word| word.iter().any(|key| text.contains(key) || closed.contains(key)))
    }

    /// Whether a text holds one of the words, or the telephone number.
    pub fn touches(&self, text: &str) -> bool {
        if text.contains(&self.typed) {
            return true;
        }
        // Numbers and addresses need no folding, and most contacts are such.
        let folded = if text.is_ascii() { text.to_ascii_lowercase() } else { fold(text) };
        let digits: String = folded.chars().filter(char::is_ascii_digit).collect();
        let is_number = self.phone.as_ref().is_some_and(|phone| digits.contains(phone));
        let closed = folded.replace(' ', "");
        is_number || self.keys.iter().flatten().any(|key| folded.contains(key) || closed.contains(key))
    }

    /// The numbers of the hits in an index of letter pairs, at most `most` of them: `(SELECT … AS seq …)` with its values.
    pub fn hits(&self, backend: DbBackend, index: &Index, most: i64) -> (String, Vec<Value>) {
        let words = match &self.phone {
            Some(digits) if index.has_numbers => &vec![vec![digits.clone()]],
            _ => &self.keys,
        };
        if backend != DbBackend::Postgres {
            let table = index.sqlite;
            let sql = format!("(SELECT rowid AS seq FROM {table} WHERE {table} MATCH ? LIMIT ?)");
            return (sql, vec![fold::fts5(words).unwrap_or_default().into(), most.into()]);
        }
        let one = "(marks @> string_to_array(?, ' ') AND strpos({text}, ?) > 0)".replace("{text}", index.text);
        let (mut all, mut values) = (Vec::new(), Vec::new());
        for spellings in words {
            all.push(format!("({})", vec![one.as_str(); spellings.len()].join(" OR ")));
            for spelling in spellings {
                values.extend([fold::required(spelling).join(" ").into(), Value::from(spelling.clone())]);
            }
        }
        values.push(most.into());
        (format!("(SELECT seq FROM {} WHERE {} LIMIT ?)", index.postgres, all.join(" AND ")), values)
    }
}

/// Where an index of letter pairs lies on each engine.
pub(super) struct Index {
    pub sqlite: &'static str,
    pub postgres: &'static str,
    /// The column with the text itself on PostgreSQL.
    pub text: &'static str,
    /// Whether telephone numbers stand in it as digits.
    pub has_numbers: bool,
}

/// The pattern that finds a typed text anywhere, for `LIKE (? || '') ESCAPE '!'`.
pub(super) fn like(typed: &str) -> String {
    format!("%{}", starting(typed))
}

/// The pattern that finds what begins with a typed text.
pub(super) fn starting(typed: &str) -> String {
    let plain = typed.to_lowercase().replace('!', "!!").replace('%', "!%").replace('_', "!_");
    format!("{plain}%")
}
