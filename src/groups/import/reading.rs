//! Reads a row over what was known of its group: every column the file has, and no other.

mod lists;

use super::cells::Cells;
use super::known::Traits;
use super::words::Words;
use super::{contacts, parse};
use crate::groups::contact::ContactKind;
use crate::groups::draft::{BLOCK, Draft, LINE, NAME};
use crate::groups::sheet::{self, Column, heading};
use crate::groups::state::State;
use crate::groups::vocabulary::Vocabularies;
use crate::table::quoted;
use crate::text::{clean, dates, kana};

/// What is said about a row.
#[derive(Default)]
pub(super) struct Notes(Vec<String>);

impl Notes {
    /// Adds a sentence.
    pub fn push(&mut self, sentence: String) {
        self.0.push(sentence);
    }

    /// Adds a sentence about a column.
    pub fn say(&mut self, column: Column, sentence: &str) {
        self.push(format!("{}: {sentence}", heading(column)));
    }

    /// Says that a cell could not be read, why, and what became of the field.
    pub fn left(&mut self, column: Column, typed: &str, fault: &str, kept: bool) {
        let result = if kept { "前の内容を残しました。" } else { "空にしました。" };
        self.push(format!("{}: {} {fault}{result}", heading(column), quoted(typed)));
    }
}

/// Reads rows with the city's words at hand.
pub(super) struct Reader<'a> {
    words: &'a Vocabularies<'a>,
    fields: Words<'a>,
    kinds: Words<'a>,
    towns: Words<'a>,
    source: String,
}

impl<'a> Reader<'a> {
    /// A reader of one file.
    pub fn new(words: &'a Vocabularies<'a>, source: &str) -> Self {
        let city = words.city;
        Self {
            fields: Words::of(&city.fields),
            kinds: Words::of(&city.group_kinds),
            towns: Words::of(&city.towns),
            source: source.to_owned(),
            words,
        }
    }

    /// What the row's group is known by, read before anything is known of it.
    pub fn traits(&mut self, cells: &Cells) -> Traits {
        let mut draft = Draft::default();
        let mut unheard = Notes::default();
        for column in [Column::Number, Column::CorporateNumber, Column::Name, Column::Towns] {
            if let Some(typed) = cells.get(column) {
                self.put(&mut draft, column, typed.trim(), &mut unheard);
            }
        }
        self.town(&mut draft, cells, &mut unheard);
        Traits::of(&draft)
    }

    /// The record that the row makes of what was known, and what is to be said about it.
    pub fn draft(&mut self, cells: &Cells, before: Option<&Draft>) -> (Draft, Vec<String>) {
        let mut notes = Notes::default();
        let mut draft = before.cloned().unwrap_or_else(|| Draft { source: self.source.clone(), ..Draft::default() });
        for column in SINGLE {
            if let Some(typed) = cells.get(column) {
                self.put(&mut draft, column, typed.trim(), &mut notes);
            }
        }
        draft.contacts = contacts::read(cells, &draft, &mut notes);
        self.town(&mut draft, cells, &mut notes);
        extra(&mut draft, cells, &mut notes);
        (draft, notes.0)
    }

    /// Puts a cell into its field, or says why not.
    fn put(&mut self, draft: &mut Draft, column: Column, typed: &str, notes: &mut Notes) {
        let result = if let Some((field, longest)) = text_field(draft, column) {
            let clean = if longest == BLOCK { clean::block } else { clean::line };
            clean(typed, longest).map(|text| *field = text).map_err(|fault| fault.to_string())
        } else if let Some(field) = day_field(draft, column) {
            optional(typed, parse::day).map(|day| *field = day)
        } else {
            self.put_other(draft, column, typed, notes)
        };
        match result {
            // Without its name a row is about nobody: what is too long is refused by the draft's own check.
            Err(_) if column == Column::Name => typed.clone_into(&mut draft.name),
            Err(fault) => notes.left(column, typed, &fault, !sheet::cell(draft, column, self.words).is_empty()),
            Ok(()) => {}
        }
    }

    fn put_other(&mut self, draft: &mut Draft, column: Column, typed: &str, notes: &mut Notes) -> Result<(), String> {
        match column {
            Column::Kana => draft.kana = kana::reading(typed).unwrap_or_else(|| typed.to_owned()),
            Column::Number => {
                draft.number =
                    optional(typed, |typed| clean::line(&parse::plain(typed), 40).map_err(|fault| fault.to_string()))?;
            }
            Column::CorporateNumber => draft.corporate_number = optional(typed, parse::corporate_number)?,
            Column::Founded => {
                draft.founded = optional(typed, |typed| dates::parse(typed).map_err(|fault| fault.to_string()))?;
            }
            Column::Members => draft.members = optional(typed, parse::members)?,
            Column::HasRules => draft.has_rules = optional(typed, parse::yes_no)?,
            Column::Pledged => draft.pledged = optional(typed, parse::yes_no)?,
            Column::Website => draft.website = optional(typed, parse::website)?.unwrap_or_default(),
            Column::Kind => {
                let kind = optional(typed, |typed| {
                    self.kinds.find(typed).ok_or_else(|| "種別として知らない言葉です。".to_owned())
                })?;
                draft.kind = kind.map_or_else(String::new, |kind| kind.key.clone());
            }
            Column::State => {
                let state = optional(typed, |typed| State::meant_by(&parse::plain(typed)).ok_or_else(state_fault))?;
                draft.state = state.unwrap_or(draft.state);
            }
            Column::Fields => draft.fields = self.fields(typed, notes),
            Column::Towns => draft.towns = self.towns(typed, notes),
            Column::Items => draft.items = self.items(typed, notes),
            _ => {}
        }
        Ok(())
    }

    /// The town the group is based in: as the file says, else from its address, else the only town it is active in.
    fn town(&mut self, draft: &mut Draft, cells: &Cells, notes: &mut Notes) {
        let typed = cells.get(Column::Town).map(str::trim).unwrap_or_default();
        let stated = self.towns.find(typed).filter(|_| !typed.is_empty());
        if stated.is_none() && !typed.is_empty() {
            notes.say(Column::Town, &format!("{}という町はありません。", quoted(typed)));
        }
        let address = cells.get(Column::Value(ContactKind::Address)).unwrap_or_default();
        let only = if let [only] = draft.towns.as_slice() { only.clone() } else { String::new() };
        match stated.or_else(|| self.words.city.town_in(address)) {
            Some(town) => draft.town_key.clone_from(&town.key),
            None if draft.town_key.is_empty() => draft.town_key = only,
            None => {}
        }
    }
}

/// Columns that are read one by one, in this order.
const SINGLE: [Column; 28] = [
    Column::Number,
    Column::Name,
    Column::Kana,
    Column::Kind,
    Column::CorporateNumber,
    Column::RepresentativeTitle,
    Column::Founded,
    Column::Members,
    Column::MembersOn,
    Column::Fee,
    Column::Website,
    Column::Fields,
    Column::Purpose,
    Column::Activities,
    Column::Towns,
    Column::Places,
    Column::MeetingDays,
    Column::Recruiting,
    Column::Joining,
    Column::HasRules,
    Column::Grants,
    Column::Pledged,
    Column::RegisteredOn,
    Column::RenewedOn,
    Column::ConfirmedOn,
    Column::State,
    Column::Items,
    Column::Remark,
];

fn text_field(draft: &mut Draft, column: Column) -> Option<(&mut String, usize)> {
    Some(match column {
        Column::Name => (&mut draft.name, NAME),
        Column::RepresentativeTitle => (&mut draft.representative_title, LINE),
        Column::Fee => (&mut draft.fee, LINE),
        Column::Places => (&mut draft.places, LINE),
        Column::MeetingDays => (&mut draft.meeting_days, LINE),
        Column::Recruiting => (&mut draft.recruiting, LINE),
        Column::Purpose => (&mut draft.purpose, BLOCK),
        Column::Activities => (&mut draft.activities, BLOCK),
        Column::Joining => (&mut draft.joining, BLOCK),
        Column::Grants => (&mut draft.grants, BLOCK),
        Column::Remark => (&mut draft.remark, BLOCK),
        _ => return None,
    })
}

fn day_field(draft: &mut Draft, column: Column) -> Option<&mut Option<chrono::NaiveDate>> {
    Some(match column {
        Column::MembersOn => &mut draft.members_on,
        Column::RegisteredOn => &mut draft.registered_on,
        Column::RenewedOn => &mut draft.renewed_on,
        Column::ConfirmedOn => &mut draft.confirmed_on,
        _ => return None,
    })
}

/// Headings the register does not know: what stands under them is kept beside the record.
fn extra(draft: &mut Draft, cells: &Cells, notes: &mut Notes) {
    for (typed, text) in &cells.extra {
        let heading = clean::line(&typed.chars().take(100).collect::<String>(), 100).unwrap_or_default();
        match clean::block(text, BLOCK) {
            Ok(text) if text.is_empty() => drop(draft.extra.remove(&heading)),
            Ok(text) => drop(draft.extra.insert(heading, text.into())),
            Err(fault) => notes.push(format!("{heading}: {} {fault}残しませんでした。", quoted(text))),
        }
    }
}

fn optional<T>(typed: &str, read: impl FnOnce(&str) -> Result<T, String>) -> Result<Option<T>, String> {
    if typed.is_empty() { Ok(None) } else { read(typed).map(Some) }
}

fn state_fault() -> String {
    let labels: Vec<&str> = State::ALL.iter().map(|state| state.label()).collect();
    format!("「{}」のどれかで書いてください。", labels.join("」「"))
}
