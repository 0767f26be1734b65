//! What was typed into the steps, exactly as it was typed: faults and all, so that nobody has to type it twice.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::step::Step;
use crate::web::Form;

/// Most characters of one step that are kept; far more than a fitting form can have.
pub const MOST: usize = 20_000;

/// The texts of one step, and how often they were saved.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// Counts the times that the step was saved with other texts than before.
    pub version: i32,
    /// Every field and its text.
    pub values: Vec<(String, String)>,
}

/// The texts of all steps.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Typed(BTreeMap<String, Part>);

impl Typed {
    /// Reads what the database keeps.
    pub fn from_json(json: &Json) -> Self {
        serde_json::from_value(json.clone()).unwrap_or_default()
    }

    /// The form in which the database keeps it.
    pub fn to_json(&self) -> Json {
        serde_json::to_value(self).unwrap_or_default()
    }

    /// The texts of a step; nothing while it was never saved.
    pub fn part(&self, step: Step) -> Option<&Part> {
        self.0.get(step.key())
    }

    /// How often a step was saved.
    pub fn version(&self, step: Step) -> i32 {
        self.part(step).map_or(0, |part| part.version)
    }

    /// The form of a step with what was typed.
    pub fn form(&self, step: Step) -> Form {
        let values = self.part(step).map(|part| part.values.as_slice()).unwrap_or_default();
        Form::filled(values.iter().map(|(name, value)| (name.as_str(), value.clone())))
    }

    /// One form with the fields of all steps, for those who see all of it at once.
    pub fn whole(&self) -> Form {
        let values = Step::TYPED.iter().filter_map(|step| self.part(*step)).flat_map(|part| &part.values);
        Form::filled(values.map(|(name, value)| (name.as_str(), value.clone())))
    }

    /// Keeps the texts of a step.
    pub fn put(&mut self, step: Step, values: Vec<(String, String)>) {
        let part = self.0.entry(step.key().to_owned()).or_default();
        if part.version == 0 || part.values != values {
            *part = Part { version: part.version + 1, values };
        }
    }
}

/// The fields of a step out of a sent form, and nothing else; nothing at all where the texts are too long to be kept.
pub fn sent(step: Step, form: &Form) -> Option<Vec<(String, String)>> {
    let known = |name: &str| step.fields().iter().any(|field| field.name == name);
    let values = form.values().iter().filter(|(name, _)| known(name));
    // PostgreSQL takes every letter but this one.
    let values: Vec<(String, String)> = values.map(|(name, value)| (name.clone(), value.replace('\0', ""))).collect();
    (values.iter().map(|(_, value)| value.len()).sum::<usize>() <= MOST * 3).then_some(values)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typed_text_stays_as_it_was_and_strange_fields_do_not() {
        let form = Form::filled([("name", " 見本\u{0}　海の会 ".to_owned()), ("state", "listed".to_owned())]);
        let mut typed = Typed::default();
        typed.put(Step::Name, sent(Step::Name, &form).unwrap());
        let kept = Typed::from_json(&typed.to_json());
        assert_eq!(kept.form(Step::Name).values(), [("name".to_owned(), " 見本　海の会 ".to_owned())]);
        assert_eq!(kept.version(Step::Name), 1);
    }

    #[test]
    fn the_same_texts_twice_are_one_version() {
        let mut typed = Typed::default();
        for (text, version) in [("海", 1), ("海", 1), ("山", 2)] {
            typed.put(Step::Name, vec![("name".to_owned(), text.to_owned())]);
            assert_eq!(typed.version(Step::Name), version);
        }
    }

    #[test]
    fn more_text_than_any_group_has_is_not_kept() {
        let form = Form::filled([("purpose", "あ".repeat(MOST + 1))]);
        assert_eq!(sent(Step::Activity, &form), None);
    }
}
