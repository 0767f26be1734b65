//! Every wording of every letter, so that the office can change them in one place.

use crate::groups::{application, people, profile, renewal};
use crate::mail::{self, Wording};
use crate::{accounts, aggregation, calendar, digest, meetings, outreach, reports};

/// All wordings, slice by slice.
pub fn all() -> Vec<&'static Wording> {
    let slices: &[&[&'static Wording]] = &[
        accounts::letters::WORDINGS,
        application::letters::WORDINGS,
        profile::letters::WORDINGS,
        people::letters::WORDINGS,
        renewal::WORDINGS,
        calendar::WORDINGS,
        aggregation::letters::WORDINGS,
        meetings::poll::letters::WORDINGS,
        meetings::invitation::letters::WORDINGS,
        meetings::minutes::letters::WORDINGS,
        meetings::tasks::letters::WORDINGS,
        meetings::agenda::letters::WORDINGS,
        outreach::letters::WORDINGS,
        outreach::availability::letters::WORDINGS,
        digest::WORDINGS,
        reports::WORDINGS,
        mail::WORDINGS,
    ];
    slices.concat()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::city::Settings;

    #[test]
    fn every_wording_is_fit_to_leave() {
        for wording in all() {
            let key = wording.key;
            assert!(wording.text.starts_with("件名: "), "{key} begins with its subject");
            assert!(wording.text.trim_end().ends_with("{{署名}}"), "{key} ends with the office");
            assert!(wording.text.split_once('\n').is_some_and(|(_, body)| body.starts_with('\n')), "{key}");
            let values: Vec<(&str, &str)> = wording.places.iter().map(|place| (place.name, place.example)).collect();
            let (subject, body) = wording.fill(&Settings::default(), &values).unwrap_or_else(|fault| panic!("{fault}"));
            assert!(!subject.is_empty() && !body.trim().is_empty(), "{key}");
            for place in wording.places {
                assert!(wording.text.contains(&format!("{{{{{}}}}}", place.name)), "{key} has no {}", place.name);
                assert!(!place.example.is_empty(), "{key}: {} has no example", place.name);
            }
        }
    }

    #[test]
    fn no_two_wordings_share_a_key() {
        let keys: Vec<&str> = all().iter().map(|wording| wording.key).collect();
        assert_eq!(keys.iter().collect::<HashSet<_>>().len(), keys.len());
    }
}
