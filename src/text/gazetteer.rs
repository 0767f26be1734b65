//! The spellings under which a place may stand in a text: by its name, by its reading, with 町 or まち behind it.

use std::collections::HashMap;

use super::fold::{at_its_edges, fold};

const ALTERNATIVES_AT_MOST: usize = 6;

/// What stands behind a name: as written, as spoken, and how long the bare name must be to stand alone (中村 is not 中).
const ENDINGS: [(&str, &str, usize); 9] = [
    ("町", "マチ", 1),
    ("町", "チョウ", 1),
    ("市", "シ", 1),
    ("郡", "グン", 1),
    ("県", "ケン", 1),
    ("村", "ムラ", 2),
    ("島", "シマ", 2),
    ("地区", "チク", 1),
    ("区", "ク", 2),
];

/// The place names of a city with their readings, for a search that knows both.
#[derive(Debug, Clone, Default)]
pub struct Gazetteer {
    readings_of: HashMap<String, Vec<String>>,
    names_of: HashMap<String, Vec<String>>,
}

impl Gazetteer {
    /// Takes (name, reading) pairs as written; a name with 町, 市 … behind it is known without it too.
    pub fn new<'a>(places: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let mut gazetteer = Self::default();
        for (name, reading) in places {
            let (name, reading) = (fold(name), fold(reading));
            for (written, spoken, shortest) in ENDINGS {
                if let (Some(name), Some(reading)) = (name.strip_suffix(written), reading.strip_suffix(spoken))
                    && name.chars().count() >= shortest
                {
                    gazetteer.add(name, reading);
                }
            }
            gazetteer.add(&name, &reading);
        }
        gazetteer
    }

    /// One letter is too little of a reading: た would find every 田.
    fn add(&mut self, name: &str, reading: &str) {
        if name.is_empty() || name == reading || reading.chars().count() < 2 {
            return;
        }
        push_new(self.readings_of.entry(name.to_owned()).or_default(), reading.to_owned());
        push_new(self.names_of.entry(reading.to_owned()).or_default(), name.to_owned());
    }

    /// The search keys to look for when this word (a search key itself) is asked for: the word first, six at most.
    ///
    /// 雞知 is also looked for as けち and け知, つしま as 対馬, いずはら町 as 厳原町 and いずはらまち.
    pub fn alternatives(&self, folded_word: &str) -> Vec<String> {
        let mut found = vec![folded_word.to_owned()];
        self.spellings(folded_word, "", "", &mut found);
        for (written, spoken, _) in ENDINGS {
            for ending in [written, spoken] {
                if let Some(stem) = folded_word.strip_suffix(ending) {
                    self.spellings(stem, written, spoken, &mut found);
                }
            }
        }
        for other in at_its_edges(folded_word) {
            push_new(&mut found, other);
        }
        found.truncate(ALTERNATIVES_AT_MOST);
        found
    }

    fn spellings(&self, stem: &str, written: &str, spoken: &str, found: &mut Vec<String>) {
        let names = self.names_of.get(stem);
        if names.is_some() {
            push_new(found, format!("{stem}{spoken}"));
        }
        for name in names.into_iter().flatten() {
            push_new(found, format!("{name}{written}"));
        }
        for reading in self.readings_of.get(stem).into_iter().flatten() {
            push_new(found, format!("{stem}{written}"));
            push_new(found, format!("{reading}{spoken}"));
            for name in self.names_of.get(reading).into_iter().flatten().filter(|name| share_a_letter(name, stem)) {
                push_new(found, format!("{name}{written}"));
            }
        }
    }
}

/// け知 is another spelling of 鶏知; a different place that happens to sound the same is not.
fn share_a_letter(one: &str, other: &str) -> bool {
    one.chars().any(|letter| other.contains(letter))
}

fn push_new(list: &mut Vec<String>, entry: String) {
    if !list.contains(&entry) {
        list.push(entry);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tsushima() -> Gazetteer {
        Gazetteer::new([
            ("対馬市", "つしまし"),
            ("厳原町", "いづはらまち"),
            ("上対馬町", "かみつしままち"),
            ("峰町", "みねまち"),
            ("雞知", "けち"),
            ("け知", "けち"),
            ("中村", "なかむら"),
            ("田", "た"),
            ("加志", "かし"),
            ("樫", "かし"),
            ("昼ケ浦", "ひるがうら"),
        ])
    }

    fn of(typed: &str) -> Vec<String> {
        tsushima().alternatives(&fold(typed))
    }

    #[test]
    fn a_name_is_looked_for_by_its_reading_and_back() {
        assert_eq!(of("対馬"), ["対馬", "ツシマ"]);
        assert_eq!(of("ﾂｼﾏ"), ["ツシマ", "対馬"]);
        assert_eq!(of("いずはら"), ["イズハラ", "厳原"]);
        assert_eq!(of("みね"), ["ミネ", "峰"]);
        assert_eq!(of("ひるがうら"), ["ヒルガウラ", "昼ケ浦"]);
    }

    #[test]
    fn the_three_spellings_of_kechi_find_one_another() {
        assert_eq!(of("雞知"), ["鶏知", "ケチ", "ケ知"]);
        assert_eq!(of("け知"), ["ケ知", "ケチ", "鶏知"]);
        assert_eq!(of("けち"), ["ケチ", "鶏知", "ケ知"]);
    }

    #[test]
    fn an_ending_may_be_written_or_spoken() {
        assert_eq!(of("いずはら町"), ["イズハラ町", "イズハラマチ", "厳原町", "イズハラチョウ"]);
        assert_eq!(of("いづはらまち"), ["イズハラマチ", "厳原町"]);
        assert_eq!(of("厳原町"), ["厳原町", "イズハラマチ", "イズハラチョウ"]);
        assert_eq!(of("つしまし"), ["ツシマシ", "対馬市"]);
        assert_eq!(of("雞知地区"), ["鶏知地区", "ケチチク", "ケ知地区"]);
    }

    #[test]
    fn other_words_and_places_stay_out() {
        assert_eq!(of("清掃"), ["清掃"]);
        assert_eq!(of("加志"), ["加志", "カシ"], "樫 sounds the same and is another place");
        assert_eq!(of("た"), ["タ"], "one letter is no reading to search for");
        assert_eq!(of("なか"), ["ナカ"], "中村 is not a village called 中");
        assert_eq!(of(""), [""]);
        assert_eq!(Gazetteer::default().alternatives("対馬"), ["対馬"]);
    }

    #[test]
    fn a_cut_off_ga_is_looked_for_as_ke() {
        assert_eq!(of("昼が"), ["昼ガ", "昼ケ"]);
    }

    #[test]
    fn never_more_than_six() {
        let names: Vec<String> = (0..20).map(|number| format!("岬{number}")).collect();
        let many = Gazetteer::new(names.iter().map(|name| (name.as_str(), "みさき")));
        assert_eq!(many.alternatives("ミサキ").len(), 6);
    }
}
