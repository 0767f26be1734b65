//! A claim (受取り): somebody who holds a claim letter asks to look after its group, and staff decide.

pub(super) mod pages;
pub(super) mod staff;

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};
use uuid::Uuid;

use super::code;
use crate::chance;
use crate::clock::new_id;
use crate::db::statement;
use crate::waiting::{Waiting, counted};

const PURPOSE: &str = "claim";

/// Where a claim stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// The address is not verified yet.
    Unverified,
    /// Staff have to decide.
    Waiting,
    /// The person looks after the group.
    Confirmed,
    /// Staff said no.
    Refused,
}

/// A claim, with what people see of the group.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Claim {
    /// Identifier.
    pub id: Uuid,
    /// The code that was used.
    pub code_id: Uuid,
    /// The group.
    pub group_id: Uuid,
    /// Its name.
    pub group_name: String,
    /// Address of the claimant.
    pub mail: String,
    /// Name of the claimant.
    pub name: String,
    /// What the person is in the group, in their own words.
    pub part: String,
    state: String,
    /// Until when the address can be verified.
    pub expires_at: DateTime<Utc>,
    /// When it was.
    pub verified_at: Option<DateTime<Utc>>,
    /// When staff decided.
    pub decided_at: Option<DateTime<Utc>>,
    /// Who of them.
    pub decided_by: String,
    /// Why they refused.
    pub reason: String,
}

impl Claim {
    /// Where staff decide it.
    pub fn path(&self) -> String {
        super::claim_path(self.id)
    }

    /// Where staff see the people of its group.
    pub fn people_path(&self) -> String {
        super::staff_path(self.group_id)
    }

    /// Where it stands.
    pub fn standing(&self) -> Standing {
        match self.state.as_str() {
            "waiting" => Standing::Waiting,
            "confirmed" => Standing::Confirmed,
            "refused" => Standing::Refused,
            _ => Standing::Unverified,
        }
    }
}

async fn find(db: &impl ConnectionTrait, rest: &str, values: Vec<Value>) -> Result<Vec<Claim>, DbErr> {
    let sql = format!(
        "SELECT c.id, c.code_id, c.group_id, g.name AS group_name, c.mail, c.name, c.part, c.state, c.expires_at,
        c.verified_at, c.decided_at, c.decided_by, c.reason
        FROM claims c JOIN groups g ON g.id = c.group_id WHERE {rest}"
    );
    Claim::find_by_statement(statement(db.get_database_backend(), &sql, values)).all(db).await
}

/// The claim under this identifier, once its address is verified.
pub(super) async fn verified(db: &impl ConnectionTrait, id: Uuid) -> Result<Option<Claim>, DbErr> {
    Ok(find(db, "c.id = ? AND c.verified_at IS NOT NULL", vec![id.into()]).await?.pop())
}

/// The claim of a personal link, whatever became of it.
pub async fn of_token(db: &impl ConnectionTrait, token: &str) -> Result<Option<Claim>, DbErr> {
    Ok(find(db, "c.token_hash = ?", vec![chance::digest(PURPOSE, token).into()]).await?.pop())
}

/// The claims that wait for a decision, the oldest first.
pub(super) async fn undecided(db: &impl ConnectionTrait, most: i64) -> Result<Vec<Claim>, DbErr> {
    find(db, "c.state = 'waiting' ORDER BY c.verified_at, c.id LIMIT ?", vec![most.into()]).await
}

/// Who claims a group.
#[derive(Clone, Debug)]
pub struct Claimant {
    /// Address, not verified yet.
    pub mail: String,
    /// Name.
    pub name: String,
    /// What the person is in the group.
    pub part: String,
    /// End of the link's life.
    pub expires_at: DateTime<Utc>,
}

/// Takes a claim down and returns the secret of the link that verifies its address.
pub async fn take(
    db: &impl ConnectionTrait,
    code: &code::Code,
    claimant: &Claimant,
    now: DateTime<Utc>,
) -> Result<String, DbErr> {
    let token = chance::token();
    let sql = "INSERT INTO claims (id, code_id, group_id, mail, name, part, token_hash, state, created_at, expires_at,
        decided_by, reason) VALUES (?, ?, ?, ?, ?, ?, ?, 'unverified', ?, ?, '', '')";
    let values = vec![
        new_id().into(),
        code.id.into(),
        code.group_id.into(),
        claimant.mail.clone().into(),
        claimant.name.clone().into(),
        claimant.part.clone().into(),
        chance::digest(PURPOSE, &token).into(),
        now.into(),
        claimant.expires_at.into(),
    ];
    db.execute_raw(statement(db.get_database_backend(), sql, values)).await?;
    Ok(token)
}

/// Verifies the address of a claim and uses its code up; says whether both were still good.
pub async fn verify(db: &impl ConnectionTrait, claim: &Claim, now: DateTime<Utc>) -> Result<bool, DbErr> {
    if !code::use_up(db, claim.code_id, now).await? {
        return Ok(false);
    }
    let sql = "UPDATE claims SET state = 'waiting', verified_at = ?
        WHERE id = ? AND state = 'unverified' AND expires_at > ?";
    let values = vec![now.into(), claim.id.into(), now.into()];
    Ok(db.execute_raw(statement(db.get_database_backend(), sql, values)).await?.rows_affected() > 0)
}

/// Decides a waiting claim as `confirmed` or `refused`; says whether it still waited.
pub(super) async fn decide(
    db: &impl ConnectionTrait,
    id: Uuid,
    (state, by, reason): (&str, &str, &str),
    now: DateTime<Utc>,
) -> Result<bool, DbErr> {
    let sql = "UPDATE claims SET state = ?, decided_at = ?, decided_by = ?, reason = ?
        WHERE id = ? AND state = 'waiting'";
    let values = vec![state.into(), now.into(), by.into(), reason.into(), id.into()];
    Ok(db.execute_raw(statement(db.get_database_backend(), sql, values)).await?.rows_affected() > 0)
}

/// The claims that wait for staff: how many, and the oldest of them.
pub async fn waiting(db: &impl ConnectionTrait, most: u64) -> Result<(i64, Vec<Waiting>), DbErr> {
    let claims = undecided(db, i64::try_from(most).unwrap_or(i64::MAX)).await?;
    let sql = "SELECT COUNT(*) AS count FROM claims WHERE state = 'waiting'";
    let count = counted(db, (claims.len(), most), sql).await?;
    let line = |claim: Claim| {
        let since = claim.verified_at?;
        Some(Waiting {
            kind: "受取り",
            title: claim.group_name,
            path: super::claim_path(claim.id),
            since,
            group_id: Some(claim.group_id),
        })
    };
    Ok((count, claims.into_iter().filter_map(line).collect()))
}
