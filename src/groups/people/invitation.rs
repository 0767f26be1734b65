//! An invitation to look after a group: one address, one link, once.

pub(super) mod pages;

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};
use uuid::Uuid;

use crate::chance;
use crate::clock::new_id;
use crate::db::statement;

/// Open invitations of one group at most.
pub(super) const MOST_OPEN: usize = 20;
/// How often one invitation is sent at most.
pub(super) const MOST_SENDS: i32 = 5;
const PURPOSE: &str = "invitation";

/// An invitation, with what people see of the group and of who invites.
#[derive(Clone, Debug, FromQueryResult)]
pub(super) struct Invitation {
    pub id: Uuid,
    pub group_id: Uuid,
    pub group_name: String,
    pub mail: String,
    pub name: String,
    state: String,
    pub inviter_mail: String,
    pub inviter_name: String,
    pub sends: i32,
    pub expires_at: DateTime<Utc>,
}

impl Invitation {
    /// Whether it can be accepted.
    pub fn is_open(&self, now: DateTime<Utc>) -> bool {
        self.state == "open" && now < self.expires_at
    }

    /// The invited person's name, or the address where nobody gave one.
    pub fn shown_name(&self) -> &str {
        if self.name.is_empty() { &self.mail } else { &self.name }
    }

    /// The name of who invites, or the address.
    pub fn inviter(&self) -> &str {
        if self.inviter_name.is_empty() { &self.inviter_mail } else { &self.inviter_name }
    }
}

async fn find(db: &impl ConnectionTrait, rest: &str, values: Vec<Value>) -> Result<Vec<Invitation>, DbErr> {
    let sql = format!(
        "SELECT i.id, i.group_id, g.name AS group_name, i.mail, i.name, i.state, a.mail AS inviter_mail,
        a.name AS inviter_name, i.sends, i.expires_at
        FROM invitations i JOIN groups g ON g.id = i.group_id JOIN accounts a ON a.id = i.invited_by WHERE {rest}"
    );
    Invitation::find_by_statement(statement(db.get_database_backend(), &sql, values)).all(db).await
}

/// The invitations of a group that nobody has answered, the oldest first.
pub(super) async fn open_of(db: &impl ConnectionTrait, group_id: Uuid) -> Result<Vec<Invitation>, DbErr> {
    find(db, "i.group_id = ? AND i.state = 'open' ORDER BY i.created_at, i.id", vec![group_id.into()]).await
}

/// An unanswered invitation of this group.
pub(super) async fn open(db: &impl ConnectionTrait, group_id: Uuid, id: Uuid) -> Result<Option<Invitation>, DbErr> {
    Ok(find(db, "i.id = ? AND i.group_id = ? AND i.state = 'open'", vec![id.into(), group_id.into()]).await?.pop())
}

/// The invitation of a personal link, whatever became of it.
pub(super) async fn of_token(db: &impl ConnectionTrait, token: &str) -> Result<Option<Invitation>, DbErr> {
    Ok(find(db, "i.token_hash = ?", vec![chance::digest(PURPOSE, token).into()]).await?.pop())
}

/// Whom to invite, until when.
#[derive(Clone, Copy, Debug)]
pub struct Invited<'a> {
    /// Address.
    pub mail: &'a str,
    /// Name, may be empty.
    pub name: &'a str,
    /// End of the link's life.
    pub expires_at: DateTime<Utc>,
}

/// Invites an address; returns the invitation and the secret of its link, or nothing where one is open already.
pub async fn make(
    db: &impl ConnectionTrait,
    (group_id, invited_by): (Uuid, Uuid),
    invited: Invited<'_>,
    now: DateTime<Utc>,
) -> Result<Option<(Uuid, String)>, DbErr> {
    let (id, token) = (new_id(), chance::token());
    let sql = "INSERT INTO invitations (id, group_id, mail, name, token_hash, state, invited_by, sends, created_at,
        expires_at) VALUES (?, ?, ?, ?, ?, 'open', ?, 1, ?, ?) ON CONFLICT DO NOTHING";
    let values = vec![
        id.into(),
        group_id.into(),
        invited.mail.into(),
        invited.name.into(),
        chance::digest(PURPOSE, &token).into(),
        invited_by.into(),
        now.into(),
        invited.expires_at.into(),
    ];
    let done = db.execute_raw(statement(db.get_database_backend(), sql, values)).await?;
    Ok((done.rows_affected() > 0).then_some((id, token)))
}

/// A new link for an unanswered invitation, which ends the one before; nothing where it was sent often enough.
pub(super) async fn renew(
    db: &impl ConnectionTrait,
    id: Uuid,
    expires_at: DateTime<Utc>,
) -> Result<Option<String>, DbErr> {
    let token = chance::token();
    let sql = "UPDATE invitations SET token_hash = ?, expires_at = ?, sends = sends + 1
        WHERE id = ? AND state = 'open' AND sends < ?";
    let values = vec![chance::digest(PURPOSE, &token).into(), expires_at.into(), id.into(), MOST_SENDS.into()];
    let done = db.execute_raw(statement(db.get_database_backend(), sql, values)).await?;
    Ok((done.rows_affected() > 0).then_some(token))
}

/// Closes an open invitation as `accepted`, `declined` or `withdrawn`; says whether it was still open.
pub(super) async fn close(db: &impl ConnectionTrait, id: Uuid, state: &str, now: DateTime<Utc>) -> Result<bool, DbErr> {
    let sql = "UPDATE invitations SET state = ?, decided_at = ? WHERE id = ? AND state = 'open'";
    let values = vec![state.into(), now.into(), id.into()];
    Ok(db.execute_raw(statement(db.get_database_backend(), sql, values)).await?.rows_affected() > 0)
}

/// Withdraws what somebody who no longer belongs to a group has invited, so that no way back stays open.
pub(super) async fn withdraw_of(
    db: &impl ConnectionTrait,
    (group_id, account_id): (Uuid, Uuid),
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    let sql = "UPDATE invitations SET state = 'withdrawn', decided_at = ?
        WHERE group_id = ? AND invited_by = ? AND state = 'open'";
    let values = vec![now.into(), group_id.into(), account_id.into()];
    db.execute_raw(statement(db.get_database_backend(), sql, values)).await?;
    Ok(())
}
