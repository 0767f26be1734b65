//! The text under which a group is found: only what the public may read of it.

use super::contact::ContactKind;
use super::draft::Draft;
use crate::city::{City, Term};
use crate::text::fold::{fold, fold_name};

/// The search key of a record. A contact without consent leaves no trace in it.
pub(super) fn search_text(draft: &Draft, city: &City) -> String {
    let mut parts = vec![fold_name(&draft.name), fold_name(&draft.kana)];
    let towns = city.towns.iter().filter(|town| draft.town_key == town.key || draft.towns.contains(&town.key));
    parts.extend(towns.flat_map(|town: &Term| [fold(&town.name), fold(&town.kana)]));
    let fields = city.fields.iter().filter(|field| draft.fields.contains(&field.key));
    parts.extend(fields.flat_map(|field| [fold(&field.name), fold(&field.short)]));
    let told = [&draft.purpose, &draft.activities, &draft.places, &draft.joining, &draft.representative_title];
    parts.extend(told.into_iter().map(|text| fold(text)));
    let shown = draft.contacts.iter().filter(|contact| contact.published && is_searched(contact.kind));
    parts.extend(shown.map(|contact| fold(&contact.value)));
    parts.retain(|part| !part.is_empty());
    parts.join(" ")
}

fn is_searched(kind: ContactKind) -> bool {
    matches!(kind, ContactKind::Representative | ContactKind::Person | ContactKind::Address)
}
