//! Taking letters for sending, so that of several couriers each letter is carried by one; and what becomes of them.

use chrono::{DateTime, Duration, Utc};
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, DbErr, FromQueryResult, Value};
use uuid::Uuid;

use super::letter::{COLUMNS, StoredLetter};
use super::schedule;
use crate::accounts::account::address_key;
use crate::db::{self, placeholders, statement};

/// How long a claim holds unless it is renewed, in seconds.
const SECONDS: i64 = 30;

/// Stands as the fault of a letter whose carrier vanished while it was being sent.
pub const UNCERTAIN: &str =
    "前の送信が途中で止まりました。すでに届いているかもしれないため、同じ番号(Message-ID)で送り直します。";
/// Stays with such a letter once it is sent.
const PERHAPS_TWICE: &str =
    "前の送信が途中で止まったため、同じ番号(Message-ID)で送り直しました。2通届いたかもしれません。";

/// Gives back the letters whose carrier vanished: they are due again at once, and marked as uncertain.
pub(super) async fn give_back_expired(db: &impl ConnectionTrait, now: DateTime<Utc>) -> Result<u64, DbErr> {
    let sql = "UPDATE letters SET state = 'queued', claimed_until = NULL, claimed_by = '', fault = ?
        WHERE state = 'sending' AND claimed_until < ?";
    let values = vec![UNCERTAIN.into(), now.into()];
    Ok(db.execute_raw(statement(db.get_database_backend(), sql, values)).await?.rows_affected())
}

/// Takes up to `most` due letters for this courier, the longest due first.
pub(super) async fn claim(
    db: &DatabaseConnection,
    courier: &str,
    most: usize,
    now: DateTime<Utc>,
) -> Result<Vec<StoredLetter>, DbErr> {
    let backend = db.get_database_backend();
    // A look costs nothing; only a due letter is worth the write lock of SQLite.
    let sql = "SELECT 1 AS due FROM letters WHERE state = 'queued' AND next_at <= ? LIMIT 1";
    if db.query_one_raw(statement(backend, sql, vec![now.into()])).await?.is_none() {
        return Ok(Vec::new());
    }
    let change = "state = 'sending', claimed_until = ?, claimed_by = ?, tries = tries + 1,
        first_try_at = COALESCE(first_try_at, ?)";
    let due = "SELECT id FROM letters WHERE state = 'queued' AND next_at <= ? ORDER BY next_at, id LIMIT ?";
    let most = Value::from(i64::try_from(most).unwrap_or(1));
    let claimed: [Value; 3] = [(now + Duration::seconds(SECONDS)).into(), courier.into(), now.into()];
    let (sql, values) = match backend {
        DbBackend::Postgres => (
            format!(
                "WITH due AS MATERIALIZED ({due} FOR UPDATE SKIP LOCKED)
                UPDATE letters SET {change} WHERE id IN (SELECT id FROM due) RETURNING {COLUMNS}"
            ),
            [vec![now.into(), most], claimed.to_vec()].concat(),
        ),
        _ => (
            format!("UPDATE letters SET {change} WHERE id IN ({due}) RETURNING {COLUMNS}"),
            [claimed.to_vec(), vec![now.into(), most]].concat(),
        ),
    };
    let transaction = db::begin(db).await?;
    let mut letters = StoredLetter::find_by_statement(statement(backend, &sql, values)).all(&transaction).await?;
    transaction.commit().await?;
    letters.sort_by_key(|letter| (letter.next_at, letter.id));
    Ok(letters)
}

/// Keeps the claims on letters that are still being sent.
pub(super) async fn renew(
    db: &impl ConnectionTrait,
    courier: &str,
    letters: &[Uuid],
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    if letters.is_empty() {
        return Ok(());
    }
    let marks = placeholders(letters.len());
    let sql =
        format!("UPDATE letters SET claimed_until = ? WHERE state = 'sending' AND claimed_by = ? AND id IN ({marks})");
    let mut values: Vec<Value> = vec![(now + Duration::seconds(SECONDS)).into(), courier.into()];
    values.extend(letters.iter().map(|id| Value::from(*id)));
    db.execute_raw(statement(db.get_database_backend(), &sql, values)).await?;
    Ok(())
}

/// What became of a letter that was taken for sending.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// The server took it.
    Sent,
    /// Not now: it is tried again after a pause.
    Later(String),
    /// The server takes no letter at all: this one stays due, and its attempt does not count.
    NoServer(String),
    /// Never: it is tried no more.
    Never(String),
    /// Its addressee does not want letters of its topic.
    Declined,
}

/// Writes down what became of a letter; says whether the claim still held.
pub(super) async fn settle(
    db: &impl ConnectionTrait,
    courier: &str,
    letter: &StoredLetter,
    outcome: &Outcome,
    now: DateTime<Utc>,
) -> Result<bool, DbErr> {
    let first = letter.first_try_at.unwrap_or(now);
    let over = |fault: &str| format!("{}時間くりかえし試しましたが、送れませんでした。{fault}", schedule::HOURS);
    let (change, values): (&str, Vec<Value>) = match outcome {
        Outcome::Sent => {
            let note = if letter.fault == UNCERTAIN { PERHAPS_TWICE } else { "" };
            ("state = 'sent', sent_at = ?, fault = ?, secrets = '{}'", vec![now.into(), note.into()])
        }
        Outcome::Later(fault) => match schedule::next(letter.tries, first, now) {
            Some(at) => ("state = 'queued', next_at = ?, fault = ?", vec![at.into(), fault.clone().into()]),
            None => ("state = 'failed', fault = ?", vec![over(fault).into()]),
        },
        Outcome::NoServer(fault) if now - first >= Duration::hours(schedule::HOURS) => {
            ("state = 'failed', fault = ?", vec![over(fault).into()])
        }
        Outcome::NoServer(fault) => {
            // Whether an earlier attempt arrived stays unknown, whatever the server does now.
            let fault = if letter.fault == UNCERTAIN { UNCERTAIN } else { fault };
            ("state = 'queued', tries = tries - 1, fault = ?", vec![fault.into()])
        }
        Outcome::Never(fault) => ("state = 'failed', fault = ?", vec![fault.clone().into()]),
        Outcome::Declined => (
            "state = 'cancelled', fault = ?, secrets = '{}'",
            vec!["宛先の人が、この種類のメールを受け取らないことにしています。".into()],
        ),
    };
    let sql = format!(
        "UPDATE letters SET {change}, claimed_until = NULL, claimed_by = ''
        WHERE id = ? AND state = 'sending' AND claimed_by = ?"
    );
    let values = [values, vec![letter.id.into(), courier.into()]].concat();
    Ok(db.execute_raw(statement(db.get_database_backend(), &sql, values)).await?.rows_affected() > 0)
}

/// Whether the addressee of a letter to many has declined its topic since it was written.
pub(super) async fn is_declined(db: &impl ConnectionTrait, letter: &StoredLetter) -> Result<bool, DbErr> {
    let Some(topic) = letter.topic() else { return Ok(false) };
    let sql = "SELECT 1 AS found FROM declined_topics WHERE mail = ? AND topic = ?";
    let values = vec![address_key(&letter.to_mail).into(), topic.key().into()];
    Ok(db.query_one_raw(statement(db.get_database_backend(), sql, values)).await?.is_some())
}

/// For how many days a letter that failed keeps its links, so that staff can have it tried again.
pub const KEPT_DAYS: i64 = 7;

/// Wipes the secrets of letters that failed long ago: from then on they are failed for good.
pub async fn forget_old_secrets(db: &impl ConnectionTrait, now: DateTime<Utc>) -> Result<(), DbErr> {
    let backend = db.get_database_backend();
    let kept = if backend == DbBackend::Postgres { "secrets <> '{}'::jsonb" } else { "secrets <> '{}'" };
    let sql = format!("UPDATE letters SET secrets = '{{}}' WHERE state = 'failed' AND first_try_at < ? AND {kept}");
    // The last attempt is at most two days after the first.
    let values = vec![(now - Duration::days(KEPT_DAYS) - Duration::hours(schedule::HOURS)).into()];
    db.execute_raw(statement(backend, &sql, values)).await?;
    Ok(())
}
