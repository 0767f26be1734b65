//! Values of JSON that know where they stand in their page.

use std::collections::HashMap;

/// A value of JSON.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    /// `null`.
    Null,
    /// `true` or `false`.
    Truth(bool),
    /// A number as it is written.
    Number(String),
    /// A text.
    Text(String),
    /// A list.
    List(Vec<Value>),
    /// An object.
    Object(Object),
}

/// An object and where it begins.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Object {
    /// The line of the page.
    pub line: usize,
    /// Whether it was cut off before its end.
    pub is_cut: bool,
    /// Its members in the order of the page; of equal names the last counts.
    pub members: Vec<(String, Value)>,
}

impl Object {
    /// The value of a member; `null` counts as none.
    pub fn get(&self, name: &str) -> Option<&Value> {
        let value = self.members.iter().rev().find(|(own, _)| own == name).map(|(_, value)| value);
        value.filter(|value| **value != Value::Null)
    }
}

/// Every object of a page that says what it is called (`@id`), the fullest of each.
pub(super) fn by_id<'a>(roots: impl Iterator<Item = &'a Value>) -> HashMap<&'a str, &'a Object> {
    let mut known: HashMap<&str, &Object> = HashMap::new();
    let mut open: Vec<&Value> = roots.collect();
    while let Some(value) = open.pop() {
        match value {
            Value::List(list) => open.extend(list),
            Value::Object(object) => {
                if let Some(Value::Text(id)) = object.get("@id") {
                    let kept = known.entry(id).or_insert(object);
                    if object.members.len() > kept.members.len() {
                        *kept = object;
                    }
                }
                open.extend(object.members.iter().map(|(_, value)| value));
            }
            _ => {}
        }
    }
    known
}
