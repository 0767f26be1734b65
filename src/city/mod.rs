//! The city itself: its name and office, its towns and vocabularies, its places and facilities. All of it is data.

mod digest_rules;
pub mod district;
mod duplicate_rules;
pub mod facility;
mod facility_table;
mod feed_rules;
mod meeting_rules;
pub mod outreach_rules;
pub mod place;
mod profile;
mod ruby;
mod rules;
pub mod settings;
pub mod source_rules;
pub mod term;
pub mod travel;

use sea_orm::{ConnectionTrait, DbErr};

pub use district::District;
pub use facility::{Draft as FacilityDraft, Facility};
pub use facility_table::{export_table as export_facilities, import as import_facilities};
pub use place::Place;
pub use profile::{Office, Profile};
pub use ruby::Ruby;
pub use rules::Rule;
pub use settings::Settings;
pub use term::{Term, Vocabulary};
pub use travel::Travel;

use crate::text::gazetteer::Gazetteer;

/// Everything about the city that pages and imports look things up in.
#[derive(Debug)]
pub struct City {
    /// Name, code, office and zone.
    pub profile: Profile,
    /// The former towns, south to north.
    pub towns: Vec<Term>,
    /// The twenty fields of activity of the NPO law.
    pub fields: Vec<Term>,
    /// Kinds of events (GIF).
    pub categories: Vec<Term>,
    /// Kinds of groups.
    pub group_kinds: Vec<Term>,
    /// Place names and readings, for search.
    pub gazetteer: Gazetteer,
    /// Hard place names and how to read them.
    pub ruby: Ruby,
    /// What the city has set for itself.
    pub settings: Settings,
    /// Minutes on the road between the towns.
    pub travel: Travel,
    /// The administrative districts (行政区), town by town.
    pub districts: Vec<District>,
}

impl City {
    /// Reads the city's data from the database; its profile is that of the seeds with the city's own names over it.
    pub async fn load(db: &impl ConnectionTrait) -> Result<Self, DbErr> {
        let settings = Settings::load(db).await?;
        let profile = Profile::from_seed().with_own(&settings);
        let towns = term::all(db, Vocabulary::Town).await?;
        let places = place::all(db).await?;
        let mut names: Vec<(String, String)> = vec![(profile.name.clone(), profile.kana.clone())];
        names.push((profile.short_name().to_owned(), profile.short_kana().to_owned()));
        names.extend(towns.iter().map(|town| (town.name.clone(), town.kana.clone())));
        names.extend(places.iter().flat_map(Place::names));
        let ruby = Ruby::from_seed();
        names.extend(ruby.pairs());
        let gazetteer = Gazetteer::new(names.iter().map(|(name, kana)| (name.as_str(), kana.as_str())));
        Ok(Self {
            travel: Travel::with_own(&settings, &towns),
            settings: settings.signed_by(&profile),
            profile,
            towns,
            fields: term::all(db, Vocabulary::Field).await?,
            categories: term::all(db, Vocabulary::Category).await?,
            group_kinds: term::all(db, Vocabulary::GroupKind).await?,
            gazetteer,
            ruby,
            districts: district::from_seed(),
        })
    }

    /// The town under this key.
    pub fn town(&self, key: &str) -> Option<&Term> {
        self.towns.iter().find(|town| town.key == key)
    }

    /// The name of the town under this key, or nothing.
    pub fn town_name(&self, key: &str) -> &str {
        self.town(key).map_or("", |town| &town.name)
    }

    /// The town whose name stands in an address.
    pub fn town_in(&self, address: &str) -> Option<&Term> {
        // 上対馬町 also ends in 対馬町: the longest name that fits is meant.
        let fits = self.towns.iter().filter(|town| address.contains(town.name.as_str()));
        fits.max_by_key(|town| town.name.len())
    }

    /// The field of activity under this key.
    pub fn field(&self, key: &str) -> Option<&Term> {
        self.fields.iter().find(|field| field.key == key)
    }

    /// The kind of event under this key.
    pub fn category(&self, key: &str) -> Option<&Term> {
        self.categories.iter().find(|category| category.key == key)
    }
}
