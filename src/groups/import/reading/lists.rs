//! Cells that hold several words: fields of activity, towns, action items.

use uuid::Uuid;

use super::{Notes, Reader};
use crate::city::Term;
use crate::groups::import::parse;
use crate::groups::sheet::Column;
use crate::groups::vocabulary::WHOLE_CITY;
use crate::table::quoted;
use crate::text::dates::{self, PartialDate};

/// Other words for all towns at once.
const EVERYWHERE: [&str; 8] = [WHOLE_CITY, "全市", "市内", "市全域", "全域", "全島", "島内全域", "市内全体"];

impl<'a> Reader<'a> {
    pub(super) fn fields(&mut self, typed: &str, notes: &mut Notes) -> Vec<String> {
        let (mut found, unknown) = self.fields.list(typed);
        for word in unknown {
            let sentence = match self.field_nearly(&parse::plain(word)) {
                Some((field, how)) => {
                    found.push(field);
                    format!("{}は、{how}「{}」と読みました。", quoted(word), field.short)
                }
                None => format!("{}は分野の名前として読めないため、入れませんでした。", quoted(word)),
            };
            notes.say(Column::Fields, &sentence);
        }
        sorted(found.into_iter().map(|term| term.key.clone()).collect())
    }

    /// A field by part of its name, or by its number; numbers shifted in 2012, so only 第7号 is taken and never a bare 7.
    fn field_nearly(&self, word: &str) -> Option<(&'a Term, &'static str)> {
        let number = word.trim_start_matches('第').strip_suffix('号').and_then(|number| number.parse::<i32>().ok());
        let numbered = self.fields.all().iter().find(|field| Some(field.position) == number);
        let named = || self.fields.holding(word).map(|field| (field, ""));
        numbered.map(|field| (field, "いまの法律の号数として")).or_else(named)
    }

    pub(super) fn towns(&mut self, typed: &str, notes: &mut Notes) -> Vec<String> {
        let (mut keys, city) = (Vec::new(), &self.words.city.profile.name);
        let (found, unknown) = self.towns.list(typed);
        keys.extend(found.into_iter().map(|term| term.key.clone()));
        for word in unknown {
            let plain = parse::plain(word);
            if EVERYWHERE.contains(&plain.as_str()) || plain.trim_end_matches("全域") == city {
                keys.extend(self.towns.all().iter().map(|town| town.key.clone()));
            } else if let Some(town) = self.words.city.town_in(&plain) {
                keys.push(town.key.clone());
            } else {
                notes.say(Column::Towns, &format!("{}は町の名前として読めないため、入れませんでした。", quoted(word)));
            }
        }
        sorted(keys)
    }

    pub(super) fn items(&mut self, typed: &str, notes: &mut Notes) -> Vec<Uuid> {
        let plain = parse::plain(typed).replace(['‐', '‑', '–', '−', 'ー'], "-");
        let codes = plain.split([';', '、', ',', ' ', '\n', '・']).map(str::trim).filter(|code| !code.is_empty());
        let mut items = Vec::new();
        for code in codes {
            let exact = self.words.item(code).or_else(|| self.words.item(&padded(code)));
            if let Some(id) = exact {
                items.push(id);
            } else if let Some((meant, id)) = self.dated_item(code) {
                items.push(id);
                let sentence = format!("{}は日付に変わった項目番号とみて、{meant} と読みました。", quoted(code));
                notes.say(Column::Items, &sentence);
            } else {
                let sentence = format!("{}という項目は計画にありません。入れませんでした。", quoted(code));
                notes.say(Column::Items, &sentence);
            }
        }
        items.sort_unstable();
        items.dedup();
        items
    }

    /// Excel takes the code 3-05 for the fifth of March.
    fn dated_item(&self, code: &str) -> Option<(String, Uuid)> {
        let (month, day) = match dates::parse(code).ok() {
            Some(PartialDate::Day(date)) => (chrono::Datelike::month(&date), chrono::Datelike::day(&date)),
            _ => {
                code.strip_suffix('日')?.split_once('月').and_then(|(m, d)| Some((m.parse().ok()?, d.parse().ok()?)))?
            }
        };
        let meant = format!("{month}-{day:02}");
        self.words.item(&meant).map(|id| (meant, id))
    }
}

/// `3-5` means 3-05.
fn padded(code: &str) -> String {
    match code.rsplit_once('-') {
        Some((policy, sequence)) if sequence.len() == 1 => format!("{policy}-0{sequence}"),
        _ => code.to_owned(),
    }
}

fn sorted(mut keys: Vec<String>) -> Vec<String> {
    keys.sort_unstable();
    keys.dedup();
    keys
}
