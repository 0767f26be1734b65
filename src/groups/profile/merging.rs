//! Two people at one profile: what each of them changed is kept, and where both changed the same field, both texts are shown.
//!
//! A form carries a fingerprint of every field it was made from, so that no earlier state has to be looked up: a field counts as
//! changed by the person when its text differs from the fingerprint, and by somebody else when the present text does.

use std::collections::BTreeMap;

use super::field::{Audience, Field, of_audience};
use crate::chance;
use crate::groups::draft::Draft;

/// The text of each field, by key.
pub type Texts = BTreeMap<&'static str, String>;

/// Length of a fingerprint: two texts of one field are not taken for the same by accident.
const LENGTH: usize = 12;

/// The texts of a record.
pub fn texts(draft: &Draft, audience: Audience) -> Texts {
    of_audience(audience).map(|field| (field.key, field.of(draft))).collect()
}

/// The fingerprints of the texts from which a form is made.
pub fn base(texts: &Texts) -> String {
    let marks: Vec<String> = texts.iter().map(|(key, text)| format!("{key}-{}", mark(text))).collect();
    marks.join(".")
}

fn mark(text: &str) -> String {
    let mut mark = chance::digest("field", text);
    mark.truncate(LENGTH);
    mark
}

/// What comes of a form.
#[derive(Debug, Default)]
pub struct Merged {
    /// The fields that the person changes, with their new texts.
    pub changes: Vec<(&'static Field, String)>,
    /// The fields that somebody else has changed in the meantime to something else.
    pub conflicts: Vec<&'static Field>,
}

/// Puts the texts of a form, made from `base`, beside the present ones.
///
/// A field without a fingerprint counts as changed by both: nobody knows what the form showed. A field that was not sent is
/// left alone.
pub fn merge(base: &str, mine: &Texts, present: &Texts, audience: Audience) -> Merged {
    let marks: BTreeMap<&str, &str> = base.split('.').filter_map(|pair| pair.rsplit_once('-')).collect();
    let mut merged = Merged::default();
    for field in of_audience(audience) {
        let (Some(mine), Some(present)) = (mine.get(field.key), present.get(field.key)) else { continue };
        let changed_here = marks.get(field.key).is_none_or(|base| *base != mark(mine));
        let changed_there = marks.get(field.key).is_none_or(|base| *base != mark(present));
        match () {
            () if !changed_here || mine == present => {}
            () if changed_there => merged.conflicts.push(field),
            () => merged.changes.push((field, mine.clone())),
        }
    }
    merged
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(pairs: &[(&'static str, &str)]) -> Texts {
        pairs.iter().map(|(key, text)| (*key, (*text).to_owned())).collect()
    }

    #[test]
    fn what_two_people_change_in_different_fields_is_kept_of_both() {
        let start = texts(&[("name", "海の会"), ("fee", "なし")]);
        let present = texts(&[("name", "海の会"), ("fee", "年千円")]);
        let merged = merge(&base(&start), &texts(&[("name", "山の会"), ("fee", "なし")]), &present, Audience::Member);
        assert_eq!(
            merged.changes.iter().map(|(field, text)| (field.key, text.as_str())).collect::<Vec<_>>(),
            [("name", "山の会")]
        );
        assert!(merged.conflicts.is_empty());
    }

    #[test]
    fn where_both_change_the_same_field_neither_wins_unseen() {
        let start = texts(&[("fee", "なし")]);
        let present = texts(&[("fee", "年千円")]);
        let conflicts = |mine: &str| {
            let merged = merge(&base(&start), &texts(&[("fee", mine)]), &present, Audience::Member);
            (merged.conflicts.len(), merged.changes.len())
        };
        assert_eq!(conflicts("年二千円"), (1, 0));
        assert_eq!(conflicts("年千円"), (0, 0), "both wrote the same");
        assert_eq!(conflicts("なし"), (0, 0), "only the other changed it");
    }

    #[test]
    fn a_form_that_does_not_say_what_it_was_made_from_overwrites_nothing() {
        let present = texts(&[("fee", "年千円"), ("name", "海の会")]);
        for base in ["", "fee", "fee-.", "fee-x.fee-y", "--..-"] {
            let merged = merge(base, &texts(&[("fee", "なし")]), &present, Audience::Member);
            assert_eq!((merged.changes.len(), merged.conflicts.len()), (0, 1), "{base}");
        }
    }
}
