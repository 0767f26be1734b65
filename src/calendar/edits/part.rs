//! The parts of an entry that can differ from its source, each with the way in and out of a draft.

use serde_json::{Value as Json, json};

use super::super::draft::{Draft, Span};
use super::super::entry::{Kind, Status};
use crate::city::City;
use crate::text::day;

/// A part of an entry.
pub(super) struct Part {
    pub key: &'static str,
    pub label: &'static str,
    pub get: fn(&Draft) -> Json,
    pub put: fn(&mut Draft, &Json),
}

macro_rules! text {
    ($key:literal, $label:literal, $field:ident) => {
        Part {
            key: $key,
            label: $label,
            get: |draft| json!(draft.$field),
            put: |draft, value| {
                if let Some(text) = value.as_str() {
                    text.clone_into(&mut draft.$field);
                }
            },
        }
    };
}

macro_rules! plain {
    ($key:literal, $label:literal, $field:ident) => {
        Part {
            key: $key,
            label: $label,
            get: |draft| json!(draft.$field),
            put: |draft, value| {
                if let Ok(value) = serde_json::from_value(value.clone()) {
                    draft.$field = value;
                }
            },
        }
    };
}

/// Every part.
pub(super) const PARTS: [Part; 18] = [
    text!("title", "名称", title),
    text!("kana", "名称の読み", kana),
    Part {
        key: "kind",
        label: "種類",
        get: |draft| json!(draft.kind.key()),
        put: |draft, value| draft.kind = value.as_str().and_then(Kind::from_key).unwrap_or(draft.kind),
    },
    Part {
        key: "status",
        label: "開催・中止",
        get: |draft| json!(draft.status.key()),
        put: |draft, value| draft.status = value.as_str().map_or(draft.status, Status::from_key),
    },
    plain!("when", "日時", span),
    text!("time_note", "日時の補足", time_note),
    Part { key: "place", label: "場所", get: place, put: put_place },
    text!("description", "内容", description),
    text!("organiser", "主催", organiser),
    text!("audience", "対象", audience),
    text!("fee", "料金", fee),
    text!("capacity", "定員", capacity),
    text!("apply", "申し込み", apply),
    text!("contact", "問い合わせ先", contact),
    text!("url", "ホームページ", url),
    text!("notice", "お知らせ", notice),
    plain!("categories", "分類", categories),
    Part { key: "items", label: "計画の項目", get: items, put: put_items },
];

fn items(draft: &Draft) -> Json {
    let mut items = draft.items.clone();
    items.sort();
    json!(items)
}

fn put_items(draft: &mut Draft, value: &Json) {
    if let Ok(items) = serde_json::from_value(value.clone()) {
        draft.items = items;
    }
}

/// Where it takes place is one thing, in however many fields it is kept.
fn place(draft: &Draft) -> Json {
    json!({
        "facility": draft.facility_id, "place": draft.place, "address": draft.address, "town": draft.town_key,
        "lat": draft.lat, "lon": draft.lon,
    })
}

fn put_place(draft: &mut Draft, value: &Json) {
    let text = |name: &str| value[name].as_str().unwrap_or_default().to_owned();
    draft.facility_id = serde_json::from_value(value["facility"].clone()).unwrap_or_default();
    (draft.place, draft.address, draft.town_key) = (text("place"), text("address"), text("town"));
    (draft.lat, draft.lon) = (value["lat"].as_f64(), value["lon"].as_f64());
}

/// A part in words.
pub(super) fn said(key: &str, value: &Json, city: &City) -> String {
    let words = match key {
        "kind" => value.as_str().and_then(Kind::from_key).map(|kind| kind.label().to_owned()),
        "status" => value.as_str().map(|key| match Status::from_key(key) {
            Status::Confirmed => "開催".to_owned(),
            other => other.label().to_owned(),
        }),
        "when" => serde_json::from_value(value.clone()).ok().map(|span| when(&span, city)),
        "place" => {
            let town = city.town_name(value["town"].as_str().unwrap_or_default());
            let parts =
                [town, value["place"].as_str().unwrap_or_default(), value["address"].as_str().unwrap_or_default()];
            Some(parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" "))
        }
        "categories" => {
            let keys: Vec<String> = serde_json::from_value(value.clone()).unwrap_or_default();
            let names = keys.iter().filter_map(|key| city.category(key)).map(|term| term.name.as_str());
            Some(names.collect::<Vec<_>>().join("、"))
        }
        "items" => Some(format!("{}件", value.as_array().map_or(0, Vec::len))),
        _ => value.as_str().map(str::to_owned),
    };
    words.filter(|words| !words.is_empty()).unwrap_or_else(|| "（なし）".to_owned())
}

fn when(span: &Span, city: &City) -> String {
    let zone = city.profile.zone;
    match span {
        Span::Days { first, last } => day::span(*first, *last),
        Span::Times { starts, ends } => {
            let local = starts.with_timezone(&zone);
            let ends = ends.map(|ends| ends.with_timezone(&zone));
            let until = match ends {
                Some(ends) if ends.date_naive() == local.date_naive() => format!("から{}", ends.format("%-H:%M")),
                Some(ends) => format!("から{} {}", day::long(ends.date_naive()), ends.format("%-H:%M")),
                None => String::new(),
            };
            format!("{} {}{until}", day::long(local.date_naive()), local.format("%-H:%M"))
        }
    }
}
