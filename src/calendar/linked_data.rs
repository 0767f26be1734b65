//! An entry as schema.org Event for search engines, with what became of it (JSON-LD in the page).

use chrono::NaiveDate;
use serde_json::{Map, Value, json};

use super::draft::is_openable;
use super::entry::{Entry, Status};
use super::occurrence::Occurrence;
use super::spread::{Stretch, local};
use crate::city::City;

/// What the page of an entry knows besides the entry.
pub(super) struct Around<'a> {
    pub city: &'a City,
    pub base_url: &'a str,
    /// When it takes place; of a series the next time.
    pub stretch: &'a Stretch,
    /// Address and name of the registered group that holds it.
    pub group: Option<(&'a str, &'a str)>,
    /// The next times of its series.
    pub coming: &'a [Occurrence],
}

/// The entry as the text of a `script` element: whatever was typed cannot end that element.
///
/// A series stands for its next time and names the ten that follow as its parts.
pub(super) fn script(entry: &Entry, around: &Around<'_>) -> String {
    safe(&event(entry, around).to_string())
}

/// JSON in which no letter means anything to HTML (`</script>`, `<!--`) or to old JavaScript (U+2028).
fn safe(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    let mut letters = json.chars();
    while let Some(letter) = letters.next() {
        match letter {
            // A quote that somebody typed does not look like the end of an attribute either.
            '\\' => match letters.next() {
                Some('"') => out.push_str("\\u0022"),
                next => out.extend(std::iter::once('\\').chain(next)),
            },
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => out.push_str(&format!("\\u{:04x}", u32::from(letter))),
            _ => out.push(letter),
        }
    }
    out
}

fn event(entry: &Entry, around: &Around<'_>) -> Value {
    let url = format!("{}{}", around.base_url, super::path(entry.id));
    let mut event = Map::new();
    let mut put = |name: &str, value: Value| {
        if !value.is_null() && value.as_str() != Some("") {
            event.insert(name.to_owned(), value);
        }
    };
    put("@context", "https://schema.org".into());
    put("@type", "Event".into());
    put("@id", url.as_str().into());
    put("name", entry.title.as_str().into());
    put("description", entry.description.as_str().into());
    put("url", url.as_str().into());
    put("sameAs", entry.url.as_str().into());
    put("inLanguage", "ja".into());
    put("startDate", starts(around.stretch, around).into());
    put("endDate", ends(around.stretch, around).into());
    put("eventStatus", status(entry).into());
    put("previousStartDate", previous(entry, around).into());
    put("eventAttendanceMode", attendance(entry).into());
    put("location", location(entry, around, &url));
    put("organizer", organizer(entry, around));
    if entry.is_recurring() && !around.coming.is_empty() {
        put("subEvent", around.coming.iter().map(|other| part(other, around)).collect());
    }
    Value::Object(event)
}

/// One time of a series.
fn part(other: &Occurrence, around: &Around<'_>) -> Value {
    let stretch = Stretch {
        first_day: other.first_day,
        last_day: other.last_day,
        begins: other.begins.clone(),
        ends: other.ends.clone(),
    };
    let status = if other.is_cancelled() { CANCELLED } else { SCHEDULED };
    let mut part = json!({
        "@type": "Event",
        "name": other.title,
        "url": format!("{}{}", around.base_url, other.path()),
        "startDate": starts(&stretch, around),
        "eventStatus": status,
        "location": { "@type": "Place", "name": if other.place.is_empty() { &around.city.profile.name } else { &other.place } },
    });
    let ends = ends(&stretch, around);
    if !ends.is_empty() {
        part["endDate"] = ends.into();
    }
    part
}

const SCHEDULED: &str = "https://schema.org/EventScheduled";
const CANCELLED: &str = "https://schema.org/EventCancelled";
const RESCHEDULED: &str = "https://schema.org/EventRescheduled";

fn status(entry: &Entry) -> &'static str {
    match entry.status() {
        Status::Cancelled => CANCELLED,
        _ if !entry.previous_start.is_empty() => RESCHEDULED,
        _ => SCHEDULED,
    }
}

fn starts(stretch: &Stretch, around: &Around<'_>) -> String {
    moment(stretch.first_day, &stretch.begins, around)
}

fn ends(stretch: &Stretch, around: &Around<'_>) -> String {
    match (stretch.begins.as_str(), stretch.ends.as_str()) {
        ("", _) => stretch.last_day.to_string(),
        (_, "") => String::new(),
        (_, "24:00") => moment(stretch.last_day.succ_opt().unwrap_or(stretch.last_day), "00:00", around),
        (_, ends) => moment(stretch.last_day, ends, around),
    }
}

/// A day, or a day and a time with the offset of the city's zone.
fn moment(day: NaiveDate, clock: &str, around: &Around<'_>) -> String {
    use chrono::TimeZone;
    let zone = around.city.profile.zone;
    let time = chrono::NaiveTime::parse_from_str(clock, "%H:%M").ok();
    let local = time.and_then(|time| zone.from_local_datetime(&day.and_time(time)).earliest());
    local.map_or_else(|| day.to_string(), |local| local.to_rfc3339())
}

fn previous(entry: &Entry, around: &Around<'_>) -> String {
    let zone = around.city.profile.zone;
    match entry.previous_start.parse::<chrono::DateTime<chrono::Utc>>() {
        Ok(moment) => moment.with_timezone(&zone).to_rfc3339(),
        Err(_) => entry.previous_start.clone(),
    }
}

/// The start before the move in words; nothing for what was not moved.
pub fn previous_words(entry: &Entry, city: &City) -> String {
    use crate::text::day;
    match entry.previous_start.parse::<chrono::DateTime<chrono::Utc>>() {
        Ok(moment) => {
            let local = local(moment, city.profile.zone);
            format!("{} {}", day::long(local.date()), local.format("%-H:%M"))
        }
        Err(_) => entry.previous_start.parse().map(day::long).unwrap_or_default(),
    }
}

fn is_online(entry: &Entry) -> bool {
    let place = entry.place.to_lowercase();
    ["オンライン", "online", "zoom", "web会議", "ウェブ会議"].iter().any(|word| place.contains(word))
}

fn attendance(entry: &Entry) -> &'static str {
    match (is_online(entry), entry.address.is_empty() && entry.facility_id.is_none()) {
        (false, _) => "https://schema.org/OfflineEventAttendanceMode",
        (true, true) => "https://schema.org/OnlineEventAttendanceMode",
        (true, false) => "https://schema.org/MixedEventAttendanceMode",
    }
}

fn location(entry: &Entry, around: &Around<'_>, url: &str) -> Value {
    let virtual_place = || {
        // Many write the address of the meeting where others write the hall.
        let known = [entry.place.as_str(), &entry.url].into_iter().find(|text| is_openable(text));
        let url = known.unwrap_or(url);
        json!({ "@type": "VirtualLocation", "url": url })
    };
    let online = is_online(entry);
    if online && entry.address.is_empty() && entry.facility_id.is_none() {
        return virtual_place();
    }
    let place = place(entry, around);
    if online { json!([place, virtual_place()]) } else { place }
}

fn place(entry: &Entry, around: &Around<'_>) -> Value {
    let profile = &around.city.profile;
    let town = around.city.town_name(&entry.town_key);
    let name = [entry.place.as_str(), entry.address.as_str(), town, &profile.name];
    let mut address = json!({
        "@type": "PostalAddress",
        "addressCountry": "JP",
        "addressRegion": profile.prefecture,
        "addressLocality": profile.name,
    });
    if !entry.address.is_empty() {
        address["streetAddress"] = entry.address.as_str().into();
    }
    let mut place = json!({
        "@type": "Place",
        "name": name.into_iter().find(|name| !name.is_empty()).unwrap_or_default(),
        "address": address,
    });
    if let Some((lat, lon)) = entry.lat.zip(entry.lon) {
        place["geo"] = json!({ "@type": "GeoCoordinates", "latitude": lat, "longitude": lon });
    }
    place
}

fn organizer(entry: &Entry, around: &Around<'_>) -> Value {
    match around.group {
        Some((path, name)) => {
            json!({ "@type": "Organization", "name": name, "url": format!("{}{path}", around.base_url) })
        }
        None if entry.organiser.is_empty() => Value::Null,
        None => json!({ "@type": "Organization", "name": entry.organiser }),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn nothing_typed_can_end_the_script_element() {
        let json = serde_json::json!({ "name": "</script><!-- & \u{2028}\"\\" }).to_string();
        let safe = super::safe(&json);
        assert_eq!(safe, r#"{"name":"\u003c/script\u003e\u003c!-- \u0026 \u2028\u0022\\"}"#);
        assert_eq!(serde_json::from_str::<serde_json::Value>(&safe).unwrap()["name"], "</script><!-- & \u{2028}\"\\");
    }
}
