//! What a list of the calendar is narrowed to, read from an address and turned into a condition.

use chrono::NaiveDate;
use sea_orm::{DbBackend, Value};
use uuid::Uuid;

use super::entry::Kind;
use crate::city::City;
use crate::db::placeholders;
use crate::text::fold;
use crate::web::Query;

/// What the calendar is narrowed to; the default is everything.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Filter {
    /// Words as typed; every one of them must be found.
    pub words: String,
    /// Keys of towns, in their order; an entry is in any of them.
    pub towns: Vec<String>,
    /// Keys of categories, in their order; an entry has any of them.
    pub categories: Vec<String>,
    /// Kinds of entries, in their order; an entry is of any of them.
    pub kinds: Vec<Kind>,
    /// A registered group.
    pub group: Option<Uuid>,
    /// Code of an item of the current plan; whatever is the same activity counts as well (2-04 and 3-01).
    pub item: Option<String>,
    /// Number of a policy of the current plan.
    pub policy: Option<i32>,
    /// First day.
    pub from: Option<NaiveDate>,
    /// Last day.
    pub to: Option<NaiveDate>,
}

/// A condition about the rows `e` of calendar entries, with the values of its `?` marks.
pub(super) struct Condition {
    /// Begins with ` AND`, or is empty.
    pub sql: String,
    pub values: Vec<Value>,
}

impl Filter {
    /// Reads a filter from the parameters of an address; what cannot be used is told through the query.
    pub fn read(query: &mut Query, city: &City) -> Self {
        let known = |terms: &[crate::city::Term], typed: &str| {
            terms.iter().find(|term| term.key == typed || term.name == typed).map(|term| term.key.clone())
        };
        let mut filter = Self {
            words: query.text("q", "ことば"),
            towns: query.choices("town", "町", |typed| known(&city.towns, typed)),
            categories: query.choices("category", "分類", |typed| known(&city.categories, typed)),
            kinds: query.choices("kind", "種類", Kind::from_key),
            group: query.choice("group", "団体", |typed| Uuid::parse_str(typed).ok()),
            item: query.choice("item", "計画の項目", |typed| is_code(typed).then(|| typed.to_owned())),
            policy: query
                .choice("policy", "施策", |typed| typed.parse().ok().filter(|number| (1..1000).contains(number))),
            from: query.day("from", "開始日"),
            to: query.day("to", "終了日"),
        };
        if let (Some(from), Some(to)) = (filter.from, filter.to)
            && from > to
        {
            query.ignore("終了日が開始日より前だったので、入れ替えて探しました。".to_owned());
            (filter.from, filter.to) = (Some(to), Some(from));
        }
        filter.in_order()
    }

    /// The same filter in the one order in which it is written, whatever the order of its choices was.
    pub fn in_order(mut self) -> Self {
        for list in [&mut self.towns, &mut self.categories] {
            list.sort();
            list.dedup();
        }
        self.kinds.sort_by_key(|kind| kind.key());
        self.kinds.dedup();
        self
    }

    /// The parameters that make this filter again, days left out.
    pub fn pairs(&self) -> Vec<(&'static str, String)> {
        let mut pairs = vec![
            ("q", self.words.clone()),
            ("town", self.towns.join(",")),
            ("category", self.categories.join(",")),
            ("kind", self.kinds.iter().map(|kind| kind.key()).collect::<Vec<_>>().join(",")),
            ("group", self.group.map(|id| id.to_string()).unwrap_or_default()),
            ("item", self.item.clone().unwrap_or_default()),
            ("policy", self.policy.map(|number| number.to_string()).unwrap_or_default()),
        ];
        pairs.retain(|(_, value)| !value.is_empty());
        pairs
    }

    /// Whether it lets everything through, days left aside.
    pub fn is_open(&self) -> bool {
        self.pairs().is_empty()
    }

    pub(super) fn condition(&self, backend: DbBackend, city: &City) -> Condition {
        let mut condition = Condition { sql: String::new(), values: Vec::new() };
        condition.and_any_of("e.town_key", self.towns.iter().map(String::as_str));
        condition.and_any_of("e.kind", self.kinds.iter().map(|kind| kind.key()));
        if let Some(group) = self.group {
            condition.and("e.group_id = ?", [group.into()]);
        }
        if !self.categories.is_empty() {
            let marks = placeholders(self.categories.len());
            let sql = format!(
                "EXISTS (SELECT 1 FROM entry_categories c WHERE c.entry_id = e.id AND c.category_key IN ({marks}))"
            );
            condition.and(&sql, self.categories.iter().map(|key| key.as_str().into()));
        }
        if let Some(code) = &self.item {
            condition.and_activity("j.code = ?", code.as_str().into(), city);
        }
        if let Some(policy) = self.policy {
            condition.and_activity("o2.number = ?", policy.into(), city);
        }
        for word in fold::words(&self.words) {
            condition.and_word(&city.gazetteer.alternatives(&word), backend);
        }
        condition
    }
}

impl Condition {
    fn and(&mut self, sql: &str, values: impl IntoIterator<Item = Value>) {
        self.sql.push_str(" AND ");
        self.sql.push_str(sql);
        self.values.extend(values);
    }

    /// Entries whose column has any of these values; of none it says nothing.
    fn and_any_of<'a>(&mut self, column: &str, values: impl Iterator<Item = &'a str>) {
        let values: Vec<Value> = values.map(Value::from).collect();
        match values.len() {
            0 => {}
            1 => self.and(&format!("{column} = ?"), values),
            count => self.and(&format!("{column} IN ({})", placeholders(count)), values),
        }
    }

    /// Entries linked to any item that is the same activity as an item of the current plan.
    fn and_activity(&mut self, chosen: &str, value: Value, city: &City) {
        let sql = format!(
            "e.id IN (SELECT l.entry_id FROM entry_items l JOIN items i ON i.id = l.item_id WHERE i.activity_id IN
            (SELECT j.activity_id FROM items j JOIN plans p ON p.id = j.plan_id JOIN themes t ON t.id = j.theme_id
            JOIN policies o2 ON o2.id = t.policy_id WHERE p.key = ? AND {chosen}))"
        );
        self.and(&sql, [city.profile.plan_key().into(), value]);
    }

    /// A word in any of its spellings.
    fn and_word(&mut self, spellings: &[String], backend: DbBackend) {
        if backend == DbBackend::Postgres {
            let one = "(e.marks @> string_to_array(?, ' ') AND e.search_text LIKE ?)";
            let values = spellings.iter().flat_map(|spelling| {
                // A search key has letters, digits and spaces only, so nothing in it means anything to LIKE.
                [fold::required(spelling).join(" ").into(), format!("%{spelling}%").into()]
            });
            self.and(&format!("({})", vec![one; spellings.len()].join(" OR ")), values);
        } else if let Some(expression) = fold::fts5(&[spellings.to_vec()]) {
            // By identifier: with e.seq itself in the condition SQLite looks up every hit again for every row.
            let sql = "e.id IN (SELECT w.id FROM calendar_entries w WHERE w.seq IN
                (SELECT s.rowid FROM entry_search s WHERE s.grams MATCH ?))";
            self.and(sql, [expression.into()]);
        }
    }
}

/// Whether it has the form of an item's code, such as 3-05.
pub(super) fn is_code(text: &str) -> bool {
    let digits = |part: &str| (1..=3).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
    text.split_once('-').is_some_and(|(policy, number)| digits(policy) && number.len() == 2 && digits(number))
}
