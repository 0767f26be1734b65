//! The words that stand in the register's files for keys and identifiers, looked up once per import or export.

use std::collections::HashMap;

use sea_orm::{ConnectionTrait, DbErr};
use uuid::Uuid;

use crate::city::{City, Term};
use crate::plan;

/// What a file says for all towns at once.
pub(super) const WHOLE_CITY: &str = "市内全域";

/// The city's words and the plans' item codes.
pub(super) struct Vocabularies<'a> {
    pub city: &'a City,
    current_plan: String,
    items: HashMap<(String, String), Uuid>,
    codes: HashMap<Uuid, String>,
}

impl<'a> Vocabularies<'a> {
    /// Reads the item codes of all plans.
    pub async fn load(db: &impl ConnectionTrait, city: &'a City) -> Result<Self, DbErr> {
        let (current_plan, items) = (city.profile.plan_key(), plan::by_codes(db).await?);
        let codes = items.iter().map(|((plan, code), id)| {
            let shown = if *plan == current_plan { code.clone() } else { format!("{plan}:{code}") };
            (*id, shown)
        });
        Ok(Self { codes: codes.collect(), city, current_plan, items })
    }

    /// The name of a kind of group.
    pub fn kind_name(&self, key: &str) -> &'a str {
        self.city.group_kinds.iter().find(|kind| kind.key == key).map_or("", |kind| &kind.name)
    }

    /// Names of fields of activity, in the order of the law.
    pub fn field_names(&self, keys: &[String]) -> String {
        joined(self.city.fields.iter().filter(|field| keys.contains(&field.key)))
    }

    /// Names of towns from south to north; all of them are the whole city.
    pub fn town_names(&self, keys: &[String]) -> String {
        let named: Vec<&Term> = self.city.towns.iter().filter(|town| keys.contains(&town.key)).collect();
        if !named.is_empty() && named.len() == self.city.towns.len() {
            return WHOLE_CITY.to_owned();
        }
        joined(named.into_iter())
    }

    /// Codes of items: `3-05`, or `2010:3-05` for an item of another plan than the current one.
    pub fn item_codes(&self, items: &[Uuid]) -> String {
        let mut codes: Vec<&str> = items.iter().filter_map(|id| self.codes.get(id)).map(String::as_str).collect();
        codes.sort_unstable();
        codes.join(";")
    }

    /// The item that a code means.
    pub fn item(&self, code: &str) -> Option<Uuid> {
        let (plan, code) = code.split_once(':').unwrap_or((&self.current_plan, code));
        self.items.get(&(plan.to_owned(), code.to_owned())).copied()
    }
}

fn joined<'a>(terms: impl Iterator<Item = &'a Term>) -> String {
    terms.map(|term| term.name.as_str()).collect::<Vec<_>>().join(";")
}
