//! The conditions of a search in the words of each engine.

use sea_orm::{DbBackend, Value};

use super::Filter;
use crate::text::fold::{fts5, required};

/// How a statement goes about finding groups; the answers are the same.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// From the hits of the narrowest index to the groups.
    Gather,
    /// Through the directory in its order, looking into each group.
    Walk,
    /// Through the directory in its order, beside the list of all hits.
    List,
}

/// A condition with the values of its marks.
#[derive(Default)]
pub(super) struct Condition {
    pub sql: String,
    pub values: Vec<Value>,
}

impl Condition {
    fn and(&mut self, sql: &str, values: impl IntoIterator<Item = Value>) {
        let glue = if self.sql.is_empty() { "" } else { " AND " };
        self.sql = format!("{}{glue}{sql}", self.sql);
        self.values.extend(values);
    }
}

/// The condition on `groups g` that a filter stands for, its 五十音 row left aside.
pub(super) fn of(backend: DbBackend, filter: &Filter, way: Way) -> Condition {
    let mut condition = Condition::default();
    // SQLite uses an index on `listed = TRUE` only; gathering must start from the hits instead.
    condition.and(if way == Way::Gather { "g.listed" } else { "g.listed = TRUE" }, []);
    by_words(&mut condition, backend, filter, way);
    by_terms(&mut condition, backend, filter, way);
    condition
}

fn by_words(condition: &mut Condition, backend: DbBackend, filter: &Filter, way: Way) {
    match (backend, way) {
        _ if filter.words.is_empty() => {}
        (DbBackend::Postgres, Way::Walk) => looked_into(condition, filter, "strpos"),
        (DbBackend::Postgres, _) => marked(condition, filter),
        (_, Way::Walk) => looked_into(condition, filter, "instr"),
        (_, Way::Gather) => matched(condition, filter, "g.seq"),
        // The plus sign keeps SQLite from starting at the hits instead of walking in order.
        (_, Way::List) => matched(condition, filter, "+g.seq"),
    }
}

fn by_terms(condition: &mut Condition, backend: DbBackend, filter: &Filter, way: Way) {
    // The plus sign again; PostgreSQL has none for identifiers and needs none.
    let id = if way == Way::List && backend == DbBackend::Sqlite { "+g.id" } else { "g.id" };
    if let Some(field) = &filter.field {
        let sql = match way {
            Way::Walk => "EXISTS (SELECT 1 FROM group_fields f WHERE f.group_id = g.id AND f.field_key = ?)",
            _ => &format!("{id} IN (SELECT group_id FROM group_fields WHERE field_key = ?)"),
        };
        condition.and(sql, [field.clone().into()]);
    }
    if let Some(town) = &filter.town {
        let sql = match way {
            Way::List => &format!(
                "{id} IN (SELECT group_id FROM group_towns WHERE town_key = ?
                UNION SELECT id FROM groups WHERE town_key = ?)"
            ),
            _ => "(g.town_key = ? OR EXISTS (SELECT 1 FROM group_towns t WHERE t.group_id = g.id AND t.town_key = ?))",
        };
        condition.and(sql, [town.clone().into(), town.clone().into()]);
    }
}

/// A question for everything that the words, or else the field, leave; nothing for a filter without either.
pub(super) fn hits(backend: DbBackend, filter: &Filter) -> Option<Condition> {
    let mut condition = Condition::default();
    if !filter.words.is_empty() {
        if backend == DbBackend::Postgres {
            marked(&mut condition, filter);
            // Without the wall PostgreSQL reads the whole table in the hope of meeting enough hits early.
            condition.sql =
                format!("WITH met AS MATERIALIZED (SELECT 1 FROM groups g WHERE {}) SELECT 1 FROM met", condition.sql);
        } else {
            matched(&mut condition, filter, "rowid");
            condition.sql = format!("SELECT 1 FROM group_search WHERE {}", condition.sql);
        }
        return Some(condition);
    }
    let field = filter.field.as_ref()?;
    condition.and("SELECT 1 FROM group_fields WHERE field_key = ?", [field.clone().into()]);
    Some(condition)
}

/// Each word in one of its spellings somewhere in the text.
fn looked_into(condition: &mut Condition, filter: &Filter, function: &str) {
    for spellings in &filter.words {
        let any = vec![format!("{function}(g.search_text, ?) > 0"); spellings.len()].join(" OR ");
        condition.and(&format!("({any})"), spellings.iter().map(|spelling| spelling.clone().into()));
    }
}

/// SQLite: the index of letter pairs knows the text.
fn matched(condition: &mut Condition, filter: &Filter, number: &str) {
    let expression = fts5(&filter.words).unwrap_or_default();
    let sql = match number {
        "rowid" => "group_search MATCH ?".to_owned(),
        _ => format!("{number} IN (SELECT rowid FROM group_search WHERE group_search MATCH ?)"),
    };
    condition.and(&sql, [expression.into()]);
}

/// PostgreSQL: the text has all marks of the word, and on a second look the word itself.
fn marked(condition: &mut Condition, filter: &Filter) {
    for spellings in &filter.words {
        let one = "(g.marks @> string_to_array(?, ' ') AND strpos(g.search_text, ?) > 0)";
        let values =
            spellings.iter().flat_map(|spelling| [required(spelling).join(" ").into(), spelling.clone().into()]);
        condition.and(&format!("({})", vec![one; spellings.len()].join(" OR ")), values);
    }
}
