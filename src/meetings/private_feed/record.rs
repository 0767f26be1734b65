//! A private feed: whose it is, when it was made, when a calendar last fetched it; its secret is known by its digest alone.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};
use uuid::Uuid;

use crate::accounts::Role;
use crate::chance;
use crate::db::statement;
use crate::meetings::meeting::{self, Meeting};

/// Most feeds of one owner at once.
pub const MOST: usize = 10;
/// Most meetings of a feed.
const MEETINGS: i64 = 500;

/// Whose feed it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Owner {
    /// An account's: the meetings of all groups it looks after.
    Account(Uuid, String),
    /// That of a seat and an address: the meetings that the address was invited to for the seat's group.
    Seat(Uuid, String),
}

impl Owner {
    /// Under what its attempts are counted.
    pub fn mail(&self) -> &str {
        match self {
            Self::Account(_, mail) | Self::Seat(_, mail) => mail,
        }
    }

    fn columns(&self) -> (Option<Uuid>, Option<Uuid>, &str) {
        match self {
            Self::Account(id, mail) => (Some(*id), None, mail),
            Self::Seat(id, mail) => (None, Some(*id), mail),
        }
    }

    fn condition(&self) -> (&'static str, Vec<Value>) {
        match self {
            Self::Account(id, _) => ("account_id = ?", vec![(*id).into()]),
            Self::Seat(id, mail) => {
                ("account_id IS NULL AND seat_id = ? AND mail = ?", vec![(*id).into(), mail.clone().into()])
            }
        }
    }
}

/// A feed as it is kept.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Feed {
    /// Digest of its secret; names it on its owner's page.
    pub token_hash: String,
    account_id: Option<Uuid>,
    seat_id: Option<Uuid>,
    mail: String,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// The last day on which a calendar fetched it.
    pub fetched_on: Option<NaiveDate>,
}

impl Feed {
    /// Whose it is.
    pub fn owner(&self) -> Option<Owner> {
        let mail = self.mail.clone();
        match (self.account_id, self.seat_id) {
            (Some(id), _) => Some(Owner::Account(id, mail)),
            (None, Some(seat)) => Some(Owner::Seat(seat, mail)),
            (None, None) => None,
        }
    }
}

const COLUMNS: &str = "f.token_hash, f.account_id, f.seat_id, f.mail, f.created_at, f.fetched_on";

async fn select(db: &impl ConnectionTrait, rest: &str, values: Vec<Value>) -> Result<Vec<Feed>, DbErr> {
    let sql = format!("SELECT {COLUMNS} FROM private_feeds f WHERE f.revoked_at IS NULL AND {rest}");
    Feed::find_by_statement(statement(db.get_database_backend(), &sql, values)).all(db).await
}

async fn done(db: &impl ConnectionTrait, sql: &str, values: Vec<Value>) -> Result<bool, DbErr> {
    Ok(db.execute_raw(statement(db.get_database_backend(), sql, values)).await?.rows_affected() > 0)
}

/// Makes a feed and returns its secret, which is known only now; nothing while its owner has as many as anybody may have.
pub async fn make(db: &impl ConnectionTrait, owner: &Owner, now: DateTime<Utc>) -> Result<Option<String>, DbErr> {
    if of_owner(db, owner).await?.len() >= MOST {
        return Ok(None);
    }
    let token = chance::token();
    let (account, seat, mail) = owner.columns();
    let sql = "INSERT INTO private_feeds (token_hash, account_id, seat_id, mail, created_at) VALUES (?, ?, ?, ?, ?)";
    done(db, sql, vec![digest(&token).into(), account.into(), seat.into(), mail.into(), now.into()]).await?;
    Ok(Some(token))
}

/// The feeds of an owner that are not revoked, the newest first.
pub async fn of_owner(db: &impl ConnectionTrait, owner: &Owner) -> Result<Vec<Feed>, DbErr> {
    let (condition, values) = owner.condition();
    select(db, &format!("{condition} ORDER BY f.created_at DESC, f.token_hash"), values).await
}

/// Takes a feed back; says whether it did: not when it is not its owner's or was taken back before.
pub async fn revoke(
    db: &impl ConnectionTrait,
    owner: &Owner,
    token_hash: &str,
    now: DateTime<Utc>,
) -> Result<bool, DbErr> {
    let (condition, values) = owner.condition();
    let sql =
        format!("UPDATE private_feeds SET revoked_at = ? WHERE token_hash = ? AND revoked_at IS NULL AND {condition}");
    done(db, &sql, [vec![now.into(), token_hash.into()], values].concat()).await
}

/// The feed behind a secret; nothing for anything else, for a feed that was taken back, and for one whose owner looks after no
/// group any more.
pub async fn open(db: &impl ConnectionTrait, token: &str) -> Result<Option<Feed>, DbErr> {
    let rest = "f.token_hash = ? AND (
        f.account_id IS NOT NULL AND EXISTS (SELECT 1 FROM accounts a WHERE a.id = f.account_id AND a.active = TRUE
            AND (a.role <> ? OR EXISTS (SELECT 1 FROM memberships m WHERE m.account_id = a.id)))
        OR f.account_id IS NULL AND EXISTS (SELECT 1 FROM meeting_links l JOIN meeting_seats s ON s.id = l.seat_id
            WHERE l.seat_id = f.seat_id AND l.mail = f.mail AND l.revoked_at IS NULL AND (l.account_id IS NULL OR EXISTS
            (SELECT 1 FROM memberships m WHERE m.account_id = l.account_id AND m.group_id = s.group_id))))";
    Ok(select(db, rest, vec![digest(token).into(), Role::Member.key().into()]).await?.pop())
}

/// Notes that a calendar fetched a feed, once a day.
pub async fn note(db: &impl ConnectionTrait, feed: &Feed, today: NaiveDate) -> Result<(), DbErr> {
    if feed.fetched_on == Some(today) {
        return Ok(());
    }
    let sql = "UPDATE private_feeds SET fetched_on = ? WHERE token_hash = ?";
    done(db, sql, vec![today.into(), feed.token_hash.clone().into()]).await?;
    Ok(())
}

/// The meetings of a feed whose day is fixed, from a moment on; those called off before another moment are left out.
pub async fn meetings(
    db: &impl ConnectionTrait,
    owner: &Owner,
    (from, cancelled_from): (DateTime<Utc>, DateTime<Utc>),
) -> Result<Vec<Meeting>, DbErr> {
    let (condition, whose): (&str, Vec<Value>) = match owner {
        Owner::Account(id, _) => (
            "(convener_group IN (SELECT group_id FROM memberships WHERE account_id = ?)
            OR convener_group IS NULL AND EXISTS (SELECT 1 FROM accounts a WHERE a.id = ? AND a.role <> ?)
            OR EXISTS (SELECT 1 FROM meeting_seats s JOIN memberships m ON m.group_id = s.group_id
            WHERE s.meeting_id = meetings.id AND s.removed_at IS NULL AND m.account_id = ?))",
            vec![(*id).into(), (*id).into(), Role::Member.key().into(), (*id).into()],
        ),
        Owner::Seat(seat, mail) => (
            "EXISTS (SELECT 1 FROM meeting_links l JOIN meeting_seats s ON s.id = l.seat_id
            WHERE s.meeting_id = meetings.id AND s.removed_at IS NULL AND l.revoked_at IS NULL AND l.mail = ?
            AND s.group_id = (SELECT group_id FROM meeting_seats WHERE id = ?) AND (l.account_id IS NULL OR EXISTS
            (SELECT 1 FROM memberships m WHERE m.account_id = l.account_id AND m.group_id = s.group_id)))",
            vec![mail.clone().into(), (*seat).into()],
        ),
    };
    let rest = format!(
        "WHERE entry_id IS NOT NULL AND ends_at >= ? AND (cancelled_at IS NULL OR cancelled_at >= ?) AND {condition}
        ORDER BY starts_at DESC, id LIMIT ?"
    );
    let times: Vec<Value> = vec![from.into(), cancelled_from.into()];
    meeting::select(db, &rest, [times, whose, vec![MEETINGS.into()]].concat()).await
}

fn digest(token: &str) -> String {
    chance::digest("private-feed", token)
}
