//! The city's own words, prepared once so that ten thousand rows can be compared with them.

use std::collections::HashMap;

use sea_orm::{ConnectionTrait, DbErr};
use unicode_normalization::UnicodeNormalization;
use uuid::Uuid;

use super::super::draft::Draft;
use super::super::filter::is_code;
use super::candidate::Candidate;
use crate::city::{City, Facility, facility};
use crate::plan;
use crate::table::quoted;
use crate::text::fold::fold;

/// Categories, items and facilities by what people write for them.
pub(super) struct KnownWords {
    categories: HashMap<String, String>,
    items: HashMap<(String, String), Uuid>,
    facilities: HashMap<String, Facility>,
    plan_key: String,
}

impl KnownWords {
    pub(super) async fn load(db: &impl ConnectionTrait, city: &City) -> Result<Self, DbErr> {
        let mut categories = HashMap::new();
        for term in &city.categories {
            let words = [&term.key, &term.name, &term.short].into_iter().map(String::as_str);
            for word in words.chain(term.aliases.split(';')).filter(|word| !word.is_empty()) {
                categories.entry(fold(word)).or_insert_with(|| term.key.clone());
            }
        }
        let facilities = facility::all(db).await?;
        Ok(Self {
            categories,
            items: plan::by_codes(db).await?,
            facilities: facilities.into_iter().map(|facility| (fold(&facility.name), facility)).collect(),
            plan_key: city.profile.plan_key(),
        })
    }

    /// The categories that a cell or a CATEGORIES line names; what is none of them is returned as well.
    ///
    /// Values stand between `;`, also between 、 — but one of the words, 健康・福祉、スポーツ, has a 、 of its own.
    pub(super) fn categories(&self, typed: &str) -> (Vec<String>, Vec<String>) {
        let (mut keys, mut unknown) = (Vec::new(), Vec::new());
        for part in typed.split([';', '；', '\n', '／']).map(str::trim).filter(|part| !part.is_empty()) {
            let pieces: Vec<&str> = part.split(['、', ',']).collect();
            let mut at = 0;
            while at < pieces.len() {
                // The longest run of pieces that is one word comes first.
                let found = (at + 1..=pieces.len())
                    .rev()
                    .find_map(|end| Some((end, self.categories.get(&fold(&pieces[at..end].join("、")))?)));
                match found {
                    Some((end, key)) => {
                        keys.push(key.clone());
                        at = end;
                    }
                    None => {
                        unknown.push(pieces[at].trim().to_owned());
                        at += 1;
                    }
                }
            }
        }
        unknown.retain(|word| !word.is_empty());
        (keys, unknown)
    }

    /// The item that a code such as `3-05`, or `2010:3-05` for another plan, stands for.
    fn item(&self, typed: &str) -> Option<Uuid> {
        let (plan, code) = typed.split_once(':').unwrap_or((self.plan_key.as_str(), typed));
        let (policy, number) = code.trim().split_once('-')?;
        let code = format!("{policy}-{number:0>2}");
        self.items.get(&(plan.trim().to_owned(), code)).copied()
    }

    /// The items whose codes a text holds; a code that is in no plan is told.
    pub(super) fn items(&self, typed: &str, candidate: &mut Candidate) -> Vec<Uuid> {
        let plain: String = typed.nfkc().map(|letter| if is_dash(letter) { '-' } else { letter }).collect();
        let mut items = Vec::new();
        for code in plain.split([';', ',', '、', ' ', '\n']).map(str::trim).filter(|code| !code.is_empty()) {
            match self.item(code) {
                Some(item) => items.push(item),
                None => candidate.note(format!("アクションプラン項目: {}という項目は計画にありません。", quoted(code))),
            }
        }
        items
    }

    /// Whether a word has the form of an item's code rather than of a category.
    pub(super) fn is_item(&self, word: &str) -> bool {
        is_code(word.rsplit(':').next().unwrap_or(word))
    }

    /// Finds the facility and the town of an entry by its place and address.
    pub(super) fn locate(&self, draft: &mut Draft, city: &City) {
        let facility = self.facilities.get(&fold(&draft.place));
        let town = city.town_in(&draft.address).or_else(|| city.town_in(&draft.place)).map(|town| town.key.clone());
        draft.town_key = town.or_else(|| facility.map(|facility| facility.town_key.clone())).unwrap_or_default();
        if let Some(facility) = facility {
            draft.facility_id = Some(facility.id);
            if draft.lat.is_none() || draft.lon.is_none() {
                (draft.lat, draft.lon) = (facility.lat, facility.lon);
            }
            if draft.address.is_empty() {
                draft.address.clone_from(&facility.address);
            }
        }
    }
}

fn is_dash(letter: char) -> bool {
    matches!(letter, '\u{2010}'..='\u{2015}' | '\u{2212}' | 'ー')
}
