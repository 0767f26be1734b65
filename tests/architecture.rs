//! The direction in which the slices may know one another, read from their source.

use std::path::Path;

/// What every slice may know.
const HOUSE: &[&str] = &[
    "app", "audit", "chance", "city", "clock", "db", "error", "fetching", "ics", "markup", "revision", "storage",
    "table", "text", "waiting", "web",
];

/// Each part and what it may import; slices may import the house as well.
const MAY_IMPORT: &[(&str, &[&str])] = &[
    ("text", &[]),
    ("ics", &[]),
    ("markup", &["ics", "text"]),
    ("fetching", &["config"]),
    ("table", &["text"]),
    ("city", &["text", "table", "db", "clock", "revision", "web"]),
    ("web", &["accounts", "app", "audit", "city", "config", "error", "revision", "text"]),
    ("audit", &["app", "city", "clock", "db", "error", "table", "text", "web"]),
    ("mail", &["accounts", "config"]),
    ("inbound", &["accounts", "mail"]),
    ("accounts", &["mail"]),
    ("plan", &[]),
    ("groups", &["accounts", "mail", "plan"]),
    ("calendar", &["accounts", "groups", "mail", "plan"]),
    ("meetings", &["accounts", "calendar", "groups", "inbound", "mail", "plan"]),
    ("aggregation", &["accounts", "calendar", "groups", "mail", "plan"]),
    ("feeds", &["accounts", "calendar", "groups", "plan"]),
    ("digest", &["accounts", "calendar", "feeds", "inbound", "mail", "plan"]),
    ("outreach", &["accounts", "calendar", "groups", "inbound", "mail", "meetings", "plan"]),
    (
        "office",
        &[
            "accounts",
            "aggregation",
            "calendar",
            "groups",
            "inbound",
            "letters",
            "mail",
            "meetings",
            "outreach",
            "plan",
            "reports",
        ],
    ),
    ("reports", &["accounts", "calendar", "groups", "mail", "plan"]),
];

/// The parts that are slices.
const SLICES: &[&str] = &[
    "mail",
    "inbound",
    "accounts",
    "plan",
    "groups",
    "calendar",
    "meetings",
    "outreach",
    "aggregation",
    "feeds",
    "digest",
    "reports",
    "office",
];

/// Files of the edge, beside those that end in `_page` or `_pages`: only they may know axum and askama.
const EDGE: &[&str] = &[
    "pages",
    "detail",
    "month",
    "agenda",
    "download",
    "mod",
    "staff",
    "beginning",
    "confirming",
    "filling",
    "listing",
    "on_behalf",
    "convening",
    "paper",
    "rights",
    "voice",
];

fn sources(folder: &Path, found: &mut Vec<(String, String)>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push((path.display().to_string(), std::fs::read_to_string(&path).unwrap()));
        }
    }
}

fn slice(name: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(name), &mut found);
    found
}

/// First names after `crate::` in a source, also within one level of braces.
fn imports(source: &str) -> Vec<String> {
    let mut names = Vec::new();
    for part in source.split("crate::").skip(1) {
        let list = part.strip_prefix('{').map_or(part, |inner| inner.split('}').next().unwrap_or_default());
        let many = part.starts_with('{');
        for name in list.split(',').take(if many { usize::MAX } else { 1 }) {
            names.push(name.trim().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect());
        }
    }
    names
}

#[test]
fn no_slice_knows_one_that_builds_on_it() {
    for (name, allowed) in MAY_IMPORT.iter().copied() {
        for (file, source) in slice(name) {
            let source = source.split("#[cfg(test)]").next().unwrap_or_default();
            for import in imports(source) {
                let fine = import == name
                    || allowed.contains(&import.as_str())
                    || SLICES.contains(&name) && HOUSE.contains(&import.as_str());
                assert!(fine, "{file} imports crate::{import}, which {name} may not know");
            }
        }
    }
}

#[test]
fn nouns_know_no_web() {
    for (name, _) in MAY_IMPORT.iter().filter(|(name, _)| !["web", "feeds"].contains(name)) {
        for (file, source) in slice(name) {
            let stem = Path::new(&file).file_stem().unwrap().to_string_lossy().into_owned();
            let at_edge = EDGE.contains(&stem.as_str()) || stem.ends_with("_page") || stem.ends_with("_pages");
            let knows = ["use axum", "use askama", "axum::"].iter().any(|word| source.contains(word));
            assert!(at_edge || !knows, "{file} is no page but knows axum or askama");
        }
    }
}

#[test]
fn files_stay_small_enough_to_read_in_one_go() {
    let mut long = Vec::new();
    for name in ["", "../migrations"] {
        for (file, source) in slice(name) {
            let lines = source.split("#[cfg(test)]").next().unwrap_or_default().lines().count();
            if lines > 300 && !file.ends_with("tests.rs") {
                long.push(format!("{file}: {lines}"));
            }
        }
    }
    assert!(long.is_empty(), "over 300 lines without tests: {long:?}");
}
