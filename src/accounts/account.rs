//! An account: a mail address whose owner may sign in, and what the city lets them do.

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};
use uuid::Uuid;

use crate::clock::new_id;
use crate::db::statement;

/// What an account may do beyond looking after its own groups.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// 団体の担当者: looks after groups.
    Member,
    /// 職員: works in the back office.
    Staff,
    /// 管理者: also looks after staff accounts and settings.
    Admin,
}

impl Role {
    /// All roles, from the least to the most.
    pub const ALL: [Self; 3] = [Self::Member, Self::Staff, Self::Admin];

    /// Key in the database and on the command line.
    pub fn key(self) -> &'static str {
        match self {
            Self::Member => "member",
            Self::Staff => "staff",
            Self::Admin => "admin",
        }
    }

    /// The role under a key.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.key() == key)
    }

    /// The word people read.
    pub fn label(self) -> &'static str {
        match self {
            Self::Member => "団体の担当者",
            Self::Staff => "職員",
            Self::Admin => "管理者",
        }
    }

    /// Whether it works in the back office.
    pub fn is_staff(self) -> bool {
        self != Self::Member
    }
}

/// Somebody who may sign in.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Account {
    /// Identifier.
    pub id: Uuid,
    /// Mail address in lower case; the name under which one signs in.
    pub mail: String,
    /// Name; empty where a member has not given one.
    pub name: String,
    role: String,
    /// Whether it may sign in.
    pub active: bool,
    /// Secret of the one-time password in base32; empty until it is set up.
    pub totp_secret: String,
    /// Since when the one-time password is in use.
    pub totp_since: Option<DateTime<Utc>>,
    /// Latest time step whose one-time password was used; none is good twice.
    pub totp_step: i64,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it last signed in.
    pub signed_in_at: Option<DateTime<Utc>>,
}

impl Account {
    /// What it may do.
    pub fn role(&self) -> Role {
        Role::from_key(&self.role).unwrap_or(Role::Member)
    }

    /// The name, or the address of somebody who gave none.
    pub fn shown_name(&self) -> &str {
        if self.name.is_empty() { &self.mail } else { &self.name }
    }
}

pub(super) const COLUMNS: &str =
    "id, mail, name, role, active, totp_secret, totp_since, totp_step, created_at, signed_in_at";

async fn one(db: &impl ConnectionTrait, rest: &str, values: Vec<Value>) -> Result<Option<Account>, DbErr> {
    let sql = format!("SELECT {COLUMNS} FROM accounts WHERE {rest}");
    Account::find_by_statement(statement(db.get_database_backend(), &sql, values)).one(db).await
}

/// The account under this identifier.
pub async fn find(db: &impl ConnectionTrait, id: Uuid) -> Result<Option<Account>, DbErr> {
    one(db, "id = ?", vec![id.into()]).await
}

/// The account of this address, however its letters are written.
pub async fn find_by_mail(db: &impl ConnectionTrait, mail: &str) -> Result<Option<Account>, DbErr> {
    one(db, "mail = ?", vec![address_key(mail).into()]).await
}

/// The account of this address, made as a member's if there is none.
pub async fn ensure(db: &impl ConnectionTrait, mail: &str, name: &str, now: DateTime<Utc>) -> Result<Account, DbErr> {
    insert(db, mail, name, Role::Member, now).await?;
    find_by_mail(db, mail).await?.ok_or(DbErr::RecordNotInserted)
}

/// Makes an account unless the address has one; says whether it did.
pub async fn insert(
    db: &impl ConnectionTrait,
    mail: &str,
    name: &str,
    role: Role,
    now: DateTime<Utc>,
) -> Result<bool, DbErr> {
    let sql = "INSERT INTO accounts (id, mail, name, role, active, totp_secret, totp_step, created_at)
        VALUES (?, ?, ?, ?, TRUE, '', 0, ?) ON CONFLICT (mail) DO NOTHING";
    let values = vec![new_id().into(), address_key(mail).into(), name.into(), role.key().into(), now.into()];
    let done = db.execute_raw(statement(db.get_database_backend(), sql, values)).await?;
    Ok(done.rows_affected() > 0)
}

/// Changes what an account may do; says whether that was something else before.
pub async fn set_role(db: &impl ConnectionTrait, id: Uuid, role: Role) -> Result<bool, DbErr> {
    let sql = "UPDATE accounts SET role = ? WHERE id = ? AND role <> ?";
    let values = vec![role.key().into(), id.into(), role.key().into()];
    Ok(db.execute_raw(statement(db.get_database_backend(), sql, values)).await?.rows_affected() > 0)
}

/// Changes the name of an account.
pub async fn set_name(db: &impl ConnectionTrait, id: Uuid, name: &str) -> Result<bool, DbErr> {
    let sql = "UPDATE accounts SET name = ? WHERE id = ? AND name <> ?";
    let values = vec![name.into(), id.into(), name.into()];
    Ok(db.execute_raw(statement(db.get_database_backend(), sql, values)).await?.rows_affected() > 0)
}

/// Lets an account sign in, or no longer.
pub async fn set_active(db: &impl ConnectionTrait, id: Uuid, active: bool) -> Result<bool, DbErr> {
    let sql = "UPDATE accounts SET active = ? WHERE id = ? AND active <> ?";
    let values = vec![active.into(), id.into(), active.into()];
    Ok(db.execute_raw(statement(db.get_database_backend(), sql, values)).await?.rows_affected() > 0)
}

/// The form in which two spellings of one address are equal.
pub fn address_key(mail: &str) -> String {
    mail.trim().to_lowercase()
}

/// The address if mail can be sent to it: both the form of HTML and the mail library must take it.
pub fn checked_address(typed: &str) -> Option<String> {
    let plain: String = unicode_normalization::UnicodeNormalization::nfkc(typed.trim()).collect();
    let fine = plain.len() <= 254
        && plain.is_ascii()
        && validator::ValidateEmail::validate_email(&plain)
        && plain.parse::<lettre::Address>().is_ok();
    fine.then(|| address_key(&plain))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_taken_in_any_width_and_case_or_not_at_all() {
        assert_eq!(checked_address(" Mihon01＠Example.JP ").as_deref(), Some("mihon01@example.jp"));
        for wrong in ["", "mihon", "a@b\r\nBcc: c@d.jp", "見本@example.jp", "a b@example.jp", "@example.jp"] {
            assert_eq!(checked_address(wrong), None, "{wrong}");
        }
    }
}
