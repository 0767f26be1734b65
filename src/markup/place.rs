//! Where an event takes place, and who holds it.

use super::address::joined;
use super::event::Reader;
use super::node::{Object, Value};
use super::value::{LINE, as_object, each, number, objects, said, term, types, words};
use crate::ics::Event;

/// The most places of one event.
const PLACES: usize = 10;

impl<'a> Reader<'a, '_> {
    /// Place, address and position; what is held on the web says so.
    pub(super) fn locate(&self, value: Option<&'a Value>, mode: Option<&'a Value>, event: &mut Event) {
        let mut places: Vec<String> = Vec::new();
        for value in value.map(each).unwrap_or_default().iter().take(PLACES) {
            let place = match as_object(value, &self.known) {
                Some(place) => {
                    event.geo = event.geo.or_else(|| self.position(place));
                    self.place(place)
                }
                None => words(value).map(|words| self.line(words)).unwrap_or_default(),
            };
            if !place.is_empty() && !places.contains(&place) {
                places.push(place);
            }
        }
        let is_online = mode.and_then(words).is_some_and(|mode| term(mode).starts_with("Online"));
        if places.is_empty() && is_online {
            places.push("オンライン".to_owned());
        }
        let places: String = places.join("／").chars().take(LINE).collect();
        event.location = (!places.is_empty()).then_some(places);
    }

    fn place(&self, place: &'a Object) -> String {
        let name = said(place, "name").map(|words| self.line(words)).unwrap_or_default();
        if types(place).any(|name| name == "VirtualLocation") {
            let address = said(place, "url").and_then(|url| joined(self.page_url, url));
            return match (name.as_str(), address) {
                ("", Some(address)) => format!("オンライン（{address}）"),
                ("", None) => "オンライン".to_owned(),
                (_, Some(address)) if !name.contains(&address) => format!("{name}（{address}）"),
                _ => name,
            };
        }
        let address = place.get("address").map(|value| self.postal(value)).unwrap_or_default();
        match (name.is_empty(), address.is_empty()) {
            (true, _) => address,
            (false, true) => name,
            (false, false) if name.contains(&address) => name,
            (false, false) if address.contains(&name) => address,
            (false, false) => format!("{name}（{address}）"),
        }
    }

    /// A postal address from large to small, as it is written in Japan.
    fn postal(&self, value: &'a Value) -> String {
        let Some(address) = each(value).iter().find_map(|value| as_object(value, &self.known)) else {
            return words(value).map(|words| self.line(words)).unwrap_or_default();
        };
        let mut whole = String::new();
        for part in ["addressRegion", "addressLocality", "streetAddress"] {
            let part = said(address, part).map(|words| self.line(words)).unwrap_or_default();
            if part.starts_with(&whole) {
                whole = part;
            } else if !whole.contains(&part) {
                let gap = whole.is_ascii() && !whole.is_empty();
                whole.push_str(if gap { " " } else { "" });
                whole.push_str(&part);
            }
        }
        if whole.is_empty() { said(address, "name").map(|words| self.line(words)).unwrap_or_default() } else { whole }
    }

    fn position(&self, place: &'a Object) -> Option<(f64, f64)> {
        let own = objects(place, "geo", &self.known).first().copied().unwrap_or(place);
        let position = (number(own, "latitude")?, number(own, "longitude")?);
        let is_on_earth = position.0.abs() <= 90.0 && position.1.abs() <= 180.0 && position != (0.0, 0.0);
        is_on_earth.then_some(position)
    }

    /// Names of people and organisations.
    pub(super) fn names(&self, value: &'a Value) -> Option<String> {
        let name = |value: &'a Value| {
            let words = as_object(value, &self.known).and_then(|object| said(object, "name")).or_else(|| words(value));
            words.map(|words| self.line(words)).filter(|name| !name.is_empty() && !name.starts_with("http"))
        };
        let names: Vec<String> = each(value).iter().filter_map(name).take(10).collect();
        (!names.is_empty()).then(|| names.join("、"))
    }
}
