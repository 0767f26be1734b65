//! What stands on a claim letter: one A4 page by post with a code, for a group that nobody looks after on the screen yet.

use chrono::NaiveDate;

use crate::city::Profile;
use crate::groups::contact::ContactKind;
use crate::groups::draft::Draft;
use crate::text::{postal, wareki};
use crate::web::qr;

/// To whom a letter goes, from what the office knows, published or not.
#[derive(Clone, Debug)]
pub(super) struct Addressee {
    /// Postal code, such as 〒817-0022; may be empty.
    pub postal: String,
    /// Address; empty where the office knows none.
    pub address: String,
    /// Name of the group.
    pub group: String,
    /// Title and name of the representative, or words for whoever it is.
    pub person: String,
}

impl Addressee {
    /// The addressee of a group.
    pub fn of(draft: &Draft) -> Self {
        let known = |kind| draft.contact(kind).map(|contact| contact.value.clone()).unwrap_or_default();
        let name = known(ContactKind::Representative);
        let person = match name.is_empty() {
            true => "代表者".to_owned(),
            false => format!("{} {name}", draft.representative_title).trim().to_owned(),
        };
        let postal = known(ContactKind::Postal);
        Self {
            postal: if postal.is_empty() { postal } else { postal::display(&postal) },
            address: known(ContactKind::Address),
            group: draft.name.clone(),
            person,
        }
    }
}

/// Who sends the letters, and when.
#[derive(Clone, Debug)]
pub(super) struct Sender {
    /// Name of the city.
    pub city: String,
    /// The section in charge.
    pub section: String,
    /// Postal code and address of the office.
    pub address: String,
    /// Telephone of the office.
    pub phone: String,
    /// Telefax of the office.
    pub fax: String,
    /// The day of the letter in 和暦.
    pub day: String,
}

impl Sender {
    /// The office of the city, writing on this day.
    pub fn of(profile: &Profile, today: NaiveDate) -> Self {
        let office = &profile.office;
        Self {
            city: profile.name.clone(),
            section: office.section.clone(),
            address: format!("{} {}", postal::display(&office.postal), office.address),
            phone: office.phone.clone(),
            fax: office.fax.clone(),
            day: wareki::date(today),
        }
    }
}

/// A claim letter with its code, which is kept nowhere else.
#[derive(Clone, Debug)]
pub(super) struct Letter {
    /// To whom.
    pub to: Addressee,
    /// Its number, such as 令和8年度-12.
    pub number: String,
    /// The code in groups of four.
    pub fours: Vec<String>,
    /// Where the code is typed, as people type it themselves.
    pub address: String,
    /// The same with the code, as a QR code in SVG.
    pub qr: String,
    /// The last day on which the code is good.
    pub until: String,
}

impl Letter {
    /// The letter of a group with a code that was just made.
    pub fn new(draft: &Draft, base_url: &str, (number, code): (String, String), until: String) -> Self {
        let address = format!("{base_url}{}", super::CLAIM);
        Self {
            to: Addressee::of(draft),
            number,
            fours: code.split('-').map(str::to_owned).collect(),
            qr: qr(&format!("{address}?code={code}"), "qr", "受取りのページを開くQRコード"),
            address,
            until,
        }
    }
}
