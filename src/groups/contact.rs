//! One way to reach a group, and whether the person behind it agreed to its publication.

use chrono::NaiveDate;
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use uuid::Uuid;
use validator::Validate;

use crate::db::statement;

/// What a contact is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ContactKind {
    /// Name of the representative.
    Representative,
    /// Name of the person who answers.
    Person,
    /// Telephone.
    Phone,
    /// Telefax.
    Fax,
    /// Mail address.
    Mail,
    /// Postal code, seven digits; published with the address.
    Postal,
    /// Address.
    Address,
}

impl ContactKind {
    /// All kinds in the order in which a page shows them.
    pub const ALL: [Self; 7] =
        [Self::Representative, Self::Person, Self::Phone, Self::Fax, Self::Mail, Self::Postal, Self::Address];

    /// Key in the database.
    pub fn key(self) -> &'static str {
        match self {
            Self::Representative => "representative",
            Self::Person => "person",
            Self::Phone => "phone",
            Self::Fax => "fax",
            Self::Mail => "mail",
            Self::Postal => "postal",
            Self::Address => "address",
        }
    }

    /// The kind under a key.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.key() == key)
    }
}

/// A contact with the consent that goes with it.
#[derive(Clone, Debug, PartialEq, Eq, Validate, serde::Serialize, serde::Deserialize)]
pub struct Contact {
    /// What it is.
    pub kind: ContactKind,
    /// The name, number or address.
    #[validate(length(min = 1, max = 300, message = "連絡先は300文字以内で書いてください。"))]
    pub value: String,
    /// Whether everybody may see it; otherwise the office alone does.
    pub published: bool,
    /// The day of the consent.
    pub consented_on: Option<NaiveDate>,
    /// How it was given: on paper, by telephone, on the screen.
    #[validate(length(max = 100))]
    pub method: String,
    /// Who recorded it.
    #[validate(length(max = 100))]
    pub by: String,
}

/// A contact that everybody may see.
#[derive(Clone, Debug, FromQueryResult)]
struct Shown {
    kind: String,
    value: String,
}

/// The published contacts of a group in the order in which a page shows them; the others are not even read.
pub(super) async fn published(db: &impl ConnectionTrait, group_id: Uuid) -> Result<Vec<(ContactKind, String)>, DbErr> {
    let sql = "SELECT kind, value FROM group_contacts WHERE group_id = ? AND published";
    let shown =
        Shown::find_by_statement(statement(db.get_database_backend(), sql, vec![group_id.into()])).all(db).await?;
    let of = |kind: ContactKind| shown.iter().find(|row| row.kind == kind.key()).map(|row| (kind, row.value.clone()));
    Ok(ContactKind::ALL.into_iter().filter_map(of).collect())
}
