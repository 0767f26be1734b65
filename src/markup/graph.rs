//! Finding the events among the objects of a page.

use super::json::{Object, Value};
use super::value::{said, types};

/// Types of schema.org that are events without being called so (schema.org/Event, more specific types).
const EVENTS: [&str; 4] = ["Festival", "Hackathon", "CourseInstance", "EventSeries"];

/// Events that nobody goes to: a parcel that arrives, a film that can be seen at any time.
const NO_EVENTS: [&str; 2] = ["DeliveryEvent", "OnDemandEvent"];

/// Members of an event in which its parts stand.
const PARTS: [&str; 5] = ["subEvent", "subEvents", "event", "events", "hasPart"];

/// Members that speak of another event or define words.
const PASSED: [&str; 4] = ["superEvent", "@context", "previousEvent", "recordedAt"];

/// An event of a page.
#[derive(Clone, Copy, Debug)]
pub(super) struct Found<'a> {
    /// Its object.
    pub object: &'a Object,
    /// The block it stands in, counted from 1.
    pub block: usize,
    /// The event it is part of.
    pub parent: Option<&'a Object>,
}

/// The events below a value, in the order of the page.
pub(super) fn events<'a>(value: &'a Value, block: usize, most: usize, found: &mut Vec<Found<'a>>) {
    below(value, block, None, most, found);
}

fn below<'a>(value: &'a Value, block: usize, parent: Option<&'a Object>, most: usize, found: &mut Vec<Found<'a>>) {
    if found.len() >= most {
        return;
    }
    match value {
        Value::List(list) => list.iter().for_each(|value| below(value, block, parent, most, found)),
        Value::Object(object) if is_event(object, parent.is_some()) => {
            if !is_only_series(object) {
                found.push(Found { object, block, parent });
            }
            let parts = object.members.iter().filter(|(name, _)| PARTS.contains(&name.as_str()));
            parts.for_each(|(_, value)| below(value, block, Some(object), most, found));
        }
        Value::Object(object) => {
            let others = object.members.iter().filter(|(name, _)| !PASSED.contains(&name.as_str()));
            others.for_each(|(_, value)| below(value, block, parent, most, found));
        }
        Value::Null | Value::Truth(_) | Value::Number(_) | Value::Text(_) => {}
    }
}

fn is_event(object: &Object, is_part: bool) -> bool {
    let mut any = false;
    for name in types(object) {
        any = true;
        if EVENTS.contains(&name) || (name.ends_with("Event") && !NO_EVENTS.contains(&name)) {
            return true;
        }
    }
    !any && is_part && said(object, "startDate").is_some()
}

/// A series that names its parts is not itself a day to come to.
fn is_only_series(object: &Object) -> bool {
    let dated = |value: &Value| match value {
        Value::Object(part) => said(part, "startDate").is_some(),
        Value::List(list) => {
            list.iter().any(|value| matches!(value, Value::Object(part) if said(part, "startDate").is_some()))
        }
        _ => false,
    };
    let has_parts = || PARTS.iter().filter_map(|name| object.get(name)).any(dated);
    types(object).any(|name| name == "EventSeries") && has_parts()
}
