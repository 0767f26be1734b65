//! An entry made ready for comparing with many others.

use std::collections::HashMap;
use std::sync::Arc;

use super::grams::Grams;
use super::listed::Listed;
use super::place::{Spot, Written};
use super::title::Title;
use super::words::{Vocabulary, closed};

/// An entry with its title, reading, place, organiser and page folded once.
#[derive(Clone, Debug)]
pub struct Folded {
    /// The entry.
    pub listed: Listed,
    pub(super) title: Title,
    pub(super) kana: String,
    pub(super) kana_grams: Grams,
    pub(super) spot: Spot,
    /// The folded names of those who hold it.
    pub(super) organisers: Arc<Vec<String>>,
    /// The address of its page, in the one form that two spellings share.
    pub(super) page: String,
}

impl Folded {
    /// The key of the town that is named in the title or known of the place.
    pub(super) fn town(&self) -> Option<&str> {
        self.title.town.as_deref().or_else(|| self.spot.town())
    }
}

/// Folds entries; what many of them share is folded once.
#[derive(Debug)]
pub struct Folder<'a> {
    words: &'a Vocabulary,
    spots: HashMap<(String, String, String), Arc<Written>>,
    organisers: HashMap<String, Arc<Vec<String>>>,
}

impl<'a> Folder<'a> {
    /// With the words of a city.
    pub fn new(words: &'a Vocabulary) -> Self {
        Self { words, spots: HashMap::new(), organisers: HashMap::new() }
    }

    /// The entry, folded.
    pub fn fold(&mut self, listed: Listed) -> Folded {
        let words = self.words;
        let kana = if listed.kana.is_empty() { String::new() } else { Title::of(&listed.kana, words).key };
        let key = (listed.place.clone(), listed.address.clone(), listed.town.clone());
        let written = self.spots.entry(key).or_insert_with_key(|key| Arc::new(Written::of(key, words)));
        let spot = Spot { written: written.clone(), site: listed.site.clone(), position: listed.position };
        let organisers = match self.organisers.get(&listed.organiser) {
            Some(known) => known.clone(),
            None => {
                let made = Arc::new(organisers(&listed.organiser, words));
                self.organisers.insert(listed.organiser.clone(), made.clone());
                made
            }
        };
        Folded {
            title: Title::of(&listed.title, words),
            kana_grams: Grams::of(&kana),
            kana,
            spot,
            organisers,
            page: page(&listed.url),
            listed,
        }
    }
}

/// Forms of bodies that are written with a name or without.
const FORMS: [&str; 11] = [
    "特定非営利活動法人",
    "npo法人",
    "一般社団法人",
    "公益社団法人",
    "一般財団法人",
    "公益財団法人",
    "社会福祉法人",
    "有限会社",
    "株式会社",
    "主催",
    "共催",
];

fn organisers(typed: &str, words: &Vocabulary) -> Vec<String> {
    let names = typed.split(['、', ',', '，', '・', '/', '／', ';', '\n']).map(|name| {
        let mut name = closed(name);
        for form in FORMS {
            if name.contains(form) {
                name = name.replace(form, "");
            }
        }
        // 対馬市文化交流課 and 文化交流課 are one; 対馬市 itself stays.
        let rest = name.strip_prefix(words.city.text.as_str()).filter(|rest| !rest.is_empty()).unwrap_or(&name);
        words.without_short(rest).to_owned()
    });
    names.filter(|name| !name.is_empty()).collect()
}

/// Parameters that say where a reader came from, not what is read.
const TRACKING: [&str; 6] = ["fbclid", "gclid", "yclid", "igshid", "mc_cid", "mc_eid"];

/// An address without scheme, `www.`, tracking, fragment and the last slash; nothing for a bare host, which is no page of an event.
fn page(typed: &str) -> String {
    if typed.is_empty() {
        return String::new();
    }
    let Ok(url) = url::Url::parse(typed) else { return String::new() };
    let host = url.host_str().unwrap_or_default();
    let host = host.strip_prefix("www.").unwrap_or(host);
    let path = url.path().trim_end_matches('/');
    let kept: Vec<String> = url
        .query_pairs()
        .filter(|(name, _)| !name.starts_with("utm_") && !TRACKING.contains(&name.as_ref()))
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    if host.is_empty() || path.is_empty() && kept.is_empty() {
        return String::new();
    }
    format!("{host}{path}?{}", kept.join("&"))
}
