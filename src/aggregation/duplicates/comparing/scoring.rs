//! How much two entries look like one event, and what speaks for it and against it.

use super::folded::Folded;
use super::place::Places;
use super::reason::{NAME_FROM, Named, Reason};
use super::time::times;
use super::title::alike;

/// The most that a series and a single entry get: merging them would hide all other days, or the changed one. It is also the
/// most for names that are not alike at pages that are not the same.
pub const BARRED: i32 = 50;
/// The most that place, organiser and page add to time and name.
const REST: i32 = 22 + 10 + 36;

/// How alike two entries are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Likeness {
    /// From 0 to 100.
    pub score: i32,
    /// Sentences that speak for one event.
    pub speaks_for: Vec<String>,
    /// Sentences that speak against it.
    pub against: Vec<String>,
}

/// The points as they are added up; sentences are made of them only where somebody will read them.
#[derive(Default)]
struct Tally {
    score: i32,
    reasons: [Option<Reason>; 14],
    count: usize,
}

impl Tally {
    fn add(&mut self, reason: Reason) {
        self.score += reason.points();
        if let Some(place) = self.reasons.get_mut(self.count) {
            *place = Some(reason);
            self.count += 1;
        }
    }

    fn told(self) -> Likeness {
        let mut likeness = Likeness { score: self.score.clamp(0, 100), ..Likeness::default() };
        for reason in self.reasons.into_iter().flatten() {
            let list = if reason.is_against() { &mut likeness.against } else { &mut likeness.speaks_for };
            list.extend(Some(reason.sentence()).filter(|sentence| !sentence.is_empty()));
        }
        likeness
    }
}

/// Compares two entries of which `is_list` says whether a page stands at several entries of one source; nothing where they share no
/// day or have less than `least` points.
pub(super) fn likeness(one: &Folded, other: &Folded, same_list: bool, least: i32) -> Option<Likeness> {
    let series = one.listed.is_series != other.listed.is_series;
    if series && least > BARRED {
        return None;
    }
    let mut tally = Tally::default();
    tally.add(Reason::Times(times(&one.listed, &other.listed)?));
    let (name, named) = name(one, other);
    tally.add(Reason::Name(name, named));
    if tally.score + REST < least {
        return None;
    }
    differences(&mut tally, one, other);
    place(&mut tally, one, other);
    organiser(&mut tally, one, other);
    let same_page = !one.page.is_empty() && one.page == other.page;
    if same_page {
        tally.add(if same_list { Reason::List } else { Reason::Page });
    }
    if series {
        tally.add(Reason::Series);
    }
    if one.listed.is_cancelled != other.listed.is_cancelled {
        tally.add(Reason::Cancelled);
    }
    if series || name < NAME_FROM && (!same_page || same_list) {
        tally.score = tally.score.min(BARRED);
    }
    (tally.score >= least).then(|| tally.told())
}

/// How alike the names are: by the title, or by the reading where one is known.
fn name(one: &Folded, other: &Folded) -> (f64, Named) {
    let best = one.title.likeness(&other.title);
    let named = if one.listed.title == other.listed.title { Named::Typed } else { Named::Folded };
    if best >= 1.0 || one.kana.is_empty() && other.kana.is_empty() {
        return (best, named);
    }
    let (title, other_title) =
        ((one.title.key.as_str(), &one.title.grams), (other.title.key.as_str(), &other.title.grams));
    let (kana, other_kana) = ((one.kana.as_str(), &one.kana_grams), (other.kana.as_str(), &other.kana_grams));
    let read = [(kana, other_kana), (title, other_kana), (kana, other_title)].into_iter();
    let read = read.map(|(one, other)| alike(one, other)).fold(0.0, f64::max);
    // What sounds alike may be written for two things: half of the likeness has to be there.
    if read >= 0.5 && read * 0.95 > best { (read * 0.95, Named::Read) } else { (best, named) }
}

/// Numbers, parts and other matters under one name.
fn differences(tally: &mut Tally, one: &Folded, other: &Folded) {
    let (title, other_title) = (&one.title, &other.title);
    if let Some((number, other_number)) = title.numbers.counted.zip(other_title.numbers.counted)
        && number.0 == other_number.0
        && number.1 != other_number.1
    {
        tally.add(Reason::Number(number, other_number));
    }
    if title.numbers.year.zip(other_title.numbers.year).is_some_and(|(year, other)| year != other) {
        tally.add(Reason::Year);
    }
    let parts = || title.parts.iter().zip(&other_title.parts);
    if parts().any(|(one, other)| *one != 0 && *other != 0 && one != other) {
        tally.add(Reason::OtherPart);
    } else if parts().any(|(one, other)| one != other) {
        tally.add(Reason::OnePart);
    }
    if !title.aside.is_empty() && !other_title.aside.is_empty() && title.aside.dice(&other_title.aside) < 0.7 {
        tally.add(Reason::Aside);
    }
    if !title.quoted.is_empty() && !other_title.quoted.is_empty() && title.quoted.dice(&other_title.quoted) < 0.3 {
        tally.add(Reason::Quoted);
    }
    if title.matters != other_title.matters {
        tally.add(Reason::Matter);
    }
}

fn place(tally: &mut Tally, one: &Folded, other: &Folded) {
    let places = one.spot.beside(&other.spot);
    let one_place = matches!(places, Places::Site | Places::Name | Places::Address | Places::Near);
    let (town, other_town) = (one.town(), other.town());
    match town.zip(other_town) {
        Some((town, other)) if town != other && !one_place => tally.add(Reason::Town),
        _ => tally.add(Reason::Places(places)),
    }
}

fn organiser(tally: &mut Tally, one: &Folded, other: &Folded) {
    if one.listed.group.is_some() && one.listed.group == other.listed.group {
        return tally.add(Reason::SameGroup);
    }
    if one.organisers.is_empty() || other.organisers.is_empty() {
        return;
    }
    let contains = |one: &str, other: &str| one == other || other.chars().nth(1).is_some() && one.contains(other);
    let mut pairs = one.organisers.iter().flat_map(|one| other.organisers.iter().map(move |other| (one, other)));
    let same = pairs.any(|(one, other)| contains(one, other) || contains(other, one));
    tally.add(if same { Reason::SameOrganiser } else { Reason::OtherOrganiser });
}
