//! Which group a row is about: by 法人番号, else by 登録番号, else by name and town.

use std::collections::HashMap;

use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use uuid::Uuid;

use crate::db::statement;
use crate::groups::draft::Draft;

/// What a group is known by.
#[derive(Clone, Debug, Default, FromQueryResult)]
pub(super) struct Traits {
    pub number: Option<String>,
    pub corporate_number: Option<String>,
    pub name_key: String,
    /// Empty where nobody said.
    pub town_key: String,
}

impl Traits {
    /// The traits of a record.
    pub fn of(draft: &Draft) -> Self {
        Self {
            number: draft.number.clone(),
            corporate_number: draft.corporate_number.clone(),
            name_key: super::name_key(&draft.name),
            town_key: draft.town_key.clone(),
        }
    }

    /// Whether two groups of one name may be the same: nothing said of one contradicts the other.
    fn may_be(&self, other: &Self) -> bool {
        let agree = |one: &Option<String>, other: &Option<String>| one.is_none() || other.is_none() || one == other;
        agree(&self.number, &other.number)
            && agree(&self.corporate_number, &other.corporate_number)
            && (self.town_key.is_empty() || other.town_key.is_empty() || self.town_key == other.town_key)
    }
}

#[derive(FromQueryResult)]
struct Identified {
    id: Uuid,
    #[sea_orm(nested)]
    traits: Traits,
}

/// Every group that the register or this file has so far.
#[derive(Default)]
pub(super) struct Known {
    traits: HashMap<Uuid, Traits>,
    by_number: HashMap<String, Uuid>,
    by_corporate_number: HashMap<String, Uuid>,
    /// By name, those with and those without a 登録番号 apart.
    by_name: HashMap<(String, bool), Vec<Uuid>>,
    lines: HashMap<Uuid, usize>,
}

impl Known {
    /// Reads what every group of the register is known by.
    pub async fn load(db: &impl ConnectionTrait) -> Result<Self, DbErr> {
        let sql = "SELECT id, number, corporate_number, name_key, town_key FROM groups ORDER BY seq";
        let rows = Identified::find_by_statement(statement(db.get_database_backend(), sql, vec![])).all(db).await?;
        let mut known = Self::default();
        rows.into_iter().for_each(|row| known.index(row.id, row.traits));
        Ok(known)
    }

    /// The group with these traits, or why that cannot be told.
    pub fn find(&self, traits: &Traits) -> Result<Option<Uuid>, String> {
        let by = |map: &HashMap<String, Uuid>, key: &Option<String>| key.as_ref().and_then(|key| map.get(key)).copied();
        let by_corporate_number = by(&self.by_corporate_number, &traits.corporate_number);
        let by_number = by(&self.by_number, &traits.number);
        if let (Some(one), Some(other)) = (by_corporate_number, by_number)
            && one != other
        {
            return Err("法人番号と登録番号が、別々の団体のものです。どちらが正しいか確かめてください。".to_owned());
        }
        match by_corporate_number.or(by_number) {
            Some(id) if self.another_bears_the_name(id, traits) => {
                Err("番号と団体名が、別々の団体のものです。どちらが正しいか確かめてください。".to_owned())
            }
            Some(id) => Ok(Some(id)),
            None => self.named(traits),
        }
    }

    /// Whether a group gets a name that another one of its town already has.
    fn another_bears_the_name(&self, id: Uuid, traits: &Traits) -> bool {
        if self.traits.get(&id).is_some_and(|known| known.name_key == traits.name_key) {
            return false;
        }
        let namesakes = self.namesakes(traits, false).iter().chain(self.namesakes(traits, true));
        namesakes.filter_map(|id| self.traits.get(id)).any(|other| other.town_key == traits.town_key)
    }

    /// The group of this name and town, where there is exactly one.
    fn named(&self, traits: &Traits) -> Result<Option<Uuid>, String> {
        // A group with a number of its own is never one with another number.
        let with_number = if traits.number.is_none() { self.namesakes(traits, true) } else { &[] };
        let namesakes = || self.namesakes(traits, false).iter().chain(with_number);
        let fitting =
            || namesakes().filter_map(|id| Some((id, self.traits.get(id)?))).filter(|(_, other)| other.may_be(traits));
        let exact = fitting().filter(|(_, other)| other.town_key == traits.town_key);
        let (exact, fitting): (Vec<_>, Vec<_>) = (exact.take(2).collect(), fitting().take(2).collect());
        match (exact.as_slice(), fitting.as_slice()) {
            ([(only, _)], _) | ([], [(only, _)]) => Ok(Some(**only)),
            ([], []) => Ok(None),
            _ => Err("同じ名前の団体がいくつもあり、どれのことか分かりません。登録番号か法人番号を書いてください。"
                .to_owned()),
        }
    }

    fn namesakes(&self, traits: &Traits, with_number: bool) -> &[Uuid] {
        self.by_name.get(&(traits.name_key.clone(), with_number)).map_or(&[], Vec::as_slice)
    }

    /// The line of this file on which the group already stood.
    pub fn seen_on(&self, id: Uuid) -> Option<usize> {
        self.lines.get(&id).copied()
    }

    /// Remembers what a row said of a group.
    pub fn put(&mut self, id: Uuid, line: usize, traits: Traits) {
        if let Some(old) = self.traits.remove(&id) {
            let maps = [(&mut self.by_number, &old.number), (&mut self.by_corporate_number, &old.corporate_number)];
            for (map, key) in maps {
                key.as_ref().map(|key| map.remove(key));
            }
            if let Some(namesakes) = self.by_name.get_mut(&(old.name_key, old.number.is_some())) {
                namesakes.retain(|other| *other != id);
            }
        }
        self.lines.insert(id, line);
        self.index(id, traits);
    }

    fn index(&mut self, id: Uuid, traits: Traits) {
        self.by_number.extend(traits.number.clone().map(|number| (number, id)));
        self.by_corporate_number.extend(traits.corporate_number.clone().map(|number| (number, id)));
        self.by_name.entry((traits.name_key.clone(), traits.number.is_some())).or_default().push(id);
        self.traits.insert(id, traits);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(number: u128) -> Uuid {
        Uuid::from_u128(number)
    }

    fn traits(number: &str, corporate: &str, name: &str, town: &str) -> Traits {
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        Traits {
            number: some(number),
            corporate_number: some(corporate),
            name_key: name.to_owned(),
            town_key: town.to_owned(),
        }
    }

    fn known() -> Known {
        let mut known = Known::default();
        known.index(id(1), traits("1", "111", "海の会", "mine"));
        known.index(id(2), traits("2", "", "山の会", "mine"));
        known.index(id(3), traits("", "", "山の会", "izuhara"));
        known
    }

    #[test]
    fn numbers_come_before_names() {
        let known = known();
        assert_eq!(known.find(&traits("", "111", "海を守る会", "toyotama")), Ok(Some(id(1))));
        assert_eq!(known.find(&traits("2", "", "山を守る会", "")), Ok(Some(id(2))));
        assert_eq!(known.find(&traits("", "", "海の会", "mine")), Ok(Some(id(1))));
        assert_eq!(known.find(&traits("", "", "川の会", "mine")), Ok(None));
    }

    #[test]
    fn namesakes_are_told_apart_by_town_and_number() {
        let known = known();
        assert_eq!(known.find(&traits("", "", "山の会", "izuhara")), Ok(Some(id(3))));
        assert!(known.find(&traits("", "", "山の会", "")).is_err(), "two groups of that name");
        assert_eq!(known.find(&traits("", "", "海の会", "izuhara")), Ok(None), "another town, another group");
        assert_eq!(known.find(&traits("9", "", "山の会", "mine")), Ok(None), "another number, another group");
    }

    #[test]
    fn identifiers_of_different_groups_are_a_clash() {
        let known = known();
        assert!(known.find(&traits("2", "111", "海の会", "mine")).is_err());
        assert!(known.find(&traits("2", "", "海の会", "mine")).is_err(), "the number of one, the name of another");
        assert_eq!(known.find(&traits("2", "", "谷の会", "mine")), Ok(Some(id(2))), "a new name");
        assert!(known.find(&traits("1", "", "山の会", "izuhara")).is_err(), "the number of one, the name of another");
    }

    #[test]
    fn a_group_that_changed_is_known_by_its_new_traits_only() {
        let mut known = known();
        known.put(id(2), 5, traits("7", "", "丘の会", "mine"));
        assert_eq!(known.seen_on(id(2)), Some(5));
        assert_eq!(known.find(&traits("2", "", "谷の会", "")), Ok(None));
        assert_eq!(known.find(&traits("7", "", "谷の会", "")), Ok(Some(id(2))));
    }
}
