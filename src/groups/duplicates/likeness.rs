//! How alike two groups are: pure comparison of names, readings, numbers, people and towns.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use super::Audience;
use crate::groups::contact::{Contact, ContactKind};
use crate::groups::draft::Draft;
use crate::groups::group::name_key;
use crate::text::fold::fold;

/// What stands before a name without being of it.
static BEFORE: LazyLock<Vec<String>> = LazyLock::new(|| {
    let words = ["特定非営利活動法人", "NPO法人", "認定NPO法人", "一般社団法人", "一般財団法人", "公益社団法人"];
    let readings = ["えぬぴーおーほうじん", "とくていひえいりかつどうほうじん", "いっぱんしゃだんほうじん"];
    words.iter().chain(&readings).map(|word| name_key(word)).collect()
});

/// What stands behind a name and is left out as easily as said; the longest first.
static BEHIND: LazyLock<Vec<String>> = LazyLock::new(|| {
    let words = [
        "実行委員会",
        "じっこういいんかい",
        "の集い",
        "のつどい",
        "クラブ",
        "倶楽部",
        "サークル",
        "グループ",
        "協議会",
        "きょうぎかい",
        "の会",
        "のかい",
        "会",
        "かい",
        "隊",
        "たい",
    ];
    words.iter().map(|word| name_key(word)).collect()
});

/// What is compared of a group.
#[derive(Clone, Debug, Default)]
pub struct Traits {
    name: String,
    reading: String,
    typed_reading: String,
    corporate_number: Option<String>,
    phones: BTreeSet<String>,
    mail: String,
    representative: String,
    town: String,
}

impl Traits {
    /// The traits of a record, as far as this audience may know them.
    pub fn of(record: &Draft, audience: Audience) -> Self {
        let known = |contact: &&Contact| contact.published || audience == Audience::Office;
        let value = |kind| record.contact(kind).filter(known).map(|contact| contact.value.as_str()).unwrap_or_default();
        let digits = |text: &str| text.split('/').map(digits).filter(|digits| !digits.is_empty()).collect::<Vec<_>>();
        Self {
            name: name_key(&record.name),
            reading: name_key(&record.kana),
            typed_reading: record.kana.clone(),
            corporate_number: record.corporate_number.clone(),
            phones: [ContactKind::Phone, ContactKind::Fax].into_iter().flat_map(|kind| digits(value(kind))).collect(),
            mail: value(ContactKind::Mail).to_lowercase(),
            representative: name_key(value(ContactKind::Representative)),
            town: record.town_key.clone(),
        }
    }

    /// How much speaks for the two being one group, and what.
    pub fn likeness(&self, other: &Self) -> (u32, Vec<&'static str>) {
        let mut told: Vec<(u32, &'static str)> = Vec::new();
        let mut say = |points: u32, reason: &'static str| told.push((points, reason));
        if self.corporate_number.is_some() && self.corporate_number == other.corporate_number {
            say(100, "法人番号が同じです");
        }
        match resemblance(&self.name, &other.name) {
            Some(Resemblance::Same) => say(60, "団体名が同じです"),
            Some(Resemblance::Core) => say(45, "「の会」「クラブ」などを除くと、団体名が同じです"),
            Some(Resemblance::Near) => say(30, "団体名がよく似ています"),
            None => {}
        }
        match resemblance(&self.reading, &other.reading) {
            Some(Resemblance::Same) => say(35, "よみが同じです"),
            Some(Resemblance::Core) => say(30, "「のかい」「クラブ」などを除くと、よみが同じです"),
            Some(Resemblance::Near) => say(15, "よみがよく似ています"),
            None => {}
        }
        if !self.phones.is_disjoint(&other.phones) {
            say(40, "電話かFAXの番号が同じです");
        }
        if !self.mail.is_empty() && self.mail == other.mail {
            say(40, "メールアドレスが同じです");
        }
        let same_town = !self.town.is_empty() && self.town == other.town;
        if !self.representative.is_empty() && self.representative == other.representative && same_town {
            say(35, "代表者と町が同じです");
        } else if same_town && !told.is_empty() {
            told.push((5, "拠点の町が同じです"));
        }
        (told.iter().map(|(points, _)| points).sum(), told.into_iter().map(|(_, reason)| reason).collect())
    }

    /// Keys of the names under which the same group may stand: with and without what is easily left out.
    pub fn name_variants(&self) -> Vec<String> {
        let core = core(&self.name);
        let none = String::new();
        let mut variants: BTreeSet<String> = BTreeSet::from([self.name.clone(), core.to_owned()]);
        for before in BEFORE.iter().chain([&none]) {
            for behind in BEHIND.iter().chain([&none]) {
                variants.insert(format!("{before}{core}{behind}"));
            }
        }
        variants.into_iter().filter(|name| name.chars().count() > 1).collect()
    }

    /// Beginnings of readings near which the same group may stand in the 五十音 order.
    pub fn reading_beginnings(&self) -> BTreeSet<String> {
        let core = core(&self.reading);
        [self.typed_reading.as_str(), core].into_iter().filter_map(|reading| super::beginning(reading, 3)).collect()
    }
}

/// In which way two names are alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Resemblance {
    Same,
    Core,
    Near,
}

fn resemblance(one: &str, other: &str) -> Option<Resemblance> {
    if one.is_empty() || other.is_empty() {
        return None;
    }
    if one == other {
        return Some(Resemblance::Same);
    }
    let (one, other) = (core(one), core(other));
    if one == other {
        return Some(Resemblance::Core);
    }
    let length = one.chars().count().min(other.chars().count());
    let allowed = match length {
        0..5 => return None,
        5..9 => 1,
        _ => 2,
    };
    (distance(one, other, allowed) <= allowed).then_some(Resemblance::Near)
}

/// A name without what stands before and behind it.
fn core(name: &str) -> &str {
    let rest = BEFORE.iter().find_map(|word| name.strip_prefix(word.as_str())).unwrap_or(name);
    let without = |rest: &str, word: &String| {
        rest.strip_suffix(word.as_str()).filter(|core| core.chars().count() > 1).map(str::len)
    };
    BEHIND.iter().find_map(|word| without(rest, word)).map_or(rest, |length| &rest[..length])
}

/// How many letters have to be changed, put in or left out; more than `most` is told as `most + 1`.
fn distance(one: &str, other: &str, most: usize) -> usize {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().take(80).collect(), other.chars().take(80).collect());
    if one.len().abs_diff(other.len()) > most {
        return most + 1;
    }
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (i, letter) in one.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, against) in other.iter().enumerate() {
            let changed = diagonal + usize::from(letter != against);
            diagonal = row[j + 1];
            row[j + 1] = changed.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[other.len()].min(most + 1)
}

fn digits(phone: &str) -> String {
    // An extension tells nothing about the group: everybody in the house shares the number before it.
    let number = phone.split("内線").next().unwrap_or_default();
    number.chars().filter(char::is_ascii_digit).collect()
}

/// The ways in which the same contact may be stored.
pub fn spellings(contact: &Contact) -> Vec<String> {
    let value = contact.value.clone();
    let mut spellings = match contact.kind {
        ContactKind::Representative | ContactKind::Person => {
            let name = fold(&value);
            let parts: Vec<&str> = value.split_whitespace().collect();
            vec![parts.concat(), parts.join(" "), parts.join("　"), name]
        }
        ContactKind::Mail => vec![value.to_lowercase()],
        _ => Vec::new(),
    };
    spellings.insert(0, value);
    spellings.dedup();
    spellings
}

#[cfg(test)]
mod tests {
    use super::*;

    fn like(one: (&str, &str), other: (&str, &str)) -> u32 {
        let draft =
            |(name, kana): (&str, &str)| Draft { name: name.to_owned(), kana: kana.to_owned(), ..Draft::default() };
        let traits = |pair| Traits::of(&draft(pair), Audience::Office);
        traits(one).likeness(&traits(other)).0
    }

    #[test]
    fn spellings_of_one_name_are_alike_and_neighbours_are_not() {
        let own = ("見本 海の会", "ミホンウミノカイ");
        for (name, kana) in [
            ("見本海の会", "ミホンウミノカイ"),
            ("NPO法人　見本 海の会", "エヌピーオーホウジンミホンウミノカイ"),
            ("見本 海クラブ", "ミホンウミクラブ"),
            ("みほん海のかい", "ミホンウミノカイ"),
        ] {
            assert!(like(own, (name, kana)) >= 30, "{name}");
        }
        for (name, kana) in [("見本 山の会", "ミホンヤマノカイ"), ("見本 海と山の会", "ミホンウミトヤマノカイ")]
        {
            assert!(like(own, (name, kana)) < 30, "{name}");
        }
    }

    #[test]
    fn one_slip_in_a_long_name_is_likely_and_in_a_short_one_is_another_name() {
        assert!(like(("見本 浅茅湾をきれいにする会", "アソウワン"), ("見本 浅芽湾をきれいにする会", "アソワン")) >= 30);
        assert_eq!(like(("上県会", "カミアガタカイ"), ("上島会", "カミシマカイ")), 0);
    }

    #[test]
    fn a_contact_that_others_may_not_know_says_nothing_to_them() {
        let contact = |published| Contact {
            kind: ContactKind::Phone,
            value: "0920-00-0001".to_owned(),
            published,
            consented_on: None,
            method: String::new(),
            by: String::new(),
        };
        let own = Traits::of(&Draft { contacts: vec![contact(false)], ..Draft::default() }, Audience::Office);
        let score = |published, audience| {
            own.likeness(&Traits::of(&Draft { contacts: vec![contact(published)], ..Draft::default() }, audience)).0
        };
        assert_eq!(score(false, Audience::Applicant), 0);
        assert_eq!(score(true, Audience::Applicant), 40);
        assert_eq!(score(false, Audience::Office), 40);
    }

    #[test]
    fn the_distance_counts_changed_missing_and_added_letters() {
        assert_eq!(distance("アソウワン", "アソウワン", 2), 0);
        assert_eq!(distance("アソウワン", "アソワン", 2), 1);
        assert_eq!(distance("アソウワン", "カミアガタ", 2), 3);
    }
}
