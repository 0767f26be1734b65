//! The administrative districts (行政区) of the towns, as far as they are published (`seeds/SOURCES.md`).

/// One 行政区.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct District {
    /// The town it belongs to.
    pub town_key: String,
    /// Its name; some towns have districts of the same name.
    pub name: String,
    /// Whether all districts of its town are known, not only some of them.
    pub is_listed_whole: bool,
}

/// The districts of `seeds/districts.csv`, in the order in which they are published.
pub fn from_seed() -> Vec<District> {
    let rows = include_str!("../../seeds/districts.csv").lines().skip(1).map(|row| row.split(',').collect::<Vec<_>>());
    rows.filter(|row| row.len() >= 3)
        .map(|row| District {
            town_key: row[0].to_owned(),
            name: row[2].to_owned(),
            is_listed_whole: row.get(3).is_some_and(|listing| listing.trim() == "full"),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_district_has_a_town_and_a_name_of_its_own_there() {
        let all = super::from_seed();
        assert!(all.len() > 160 && all.iter().all(|one| !one.town_key.is_empty() && !one.name.is_empty()));
        let names: std::collections::HashSet<_> = all.iter().map(|one| (&one.town_key, &one.name)).collect();
        assert_eq!(names.len(), all.len());
    }
}
