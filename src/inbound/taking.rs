//! What becomes of a mail: it is judged, and stored together with its effect.

use std::pin::Pin;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use data_encoding::HEXLOWER;
use sea_orm::{DatabaseConnection, DatabaseTransaction, DbErr};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::reading::{self, Content, Read};
use super::returned::Returned;
use super::stored::{self, Channel, Draft, Outcome};
use crate::ics::{self, Reply};
use crate::{db, mail};

/// What the owner of a UID says about an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ruling {
    /// It took effect, and how.
    Taken(String),
    /// It is not valid, and why.
    Refused(String),
}

/// A ruling on its way; none from who does not know the UID.
pub type Taking<'a> = Pin<Box<dyn Future<Output = Result<Option<Ruling>, DbErr>> + Send + 'a>>;

/// Takes an answer written from an address, in the transaction that stores its mail; a refusal undoes whatever it did.
pub type Taker = for<'a> fn(&'a DatabaseTransaction, &'a Reply, &'a str, DateTime<Utc>) -> Taking<'a>;

/// Stops letters for whoever knows the secret of one of them, in the transaction that stores the mail; a sentence says which,
/// none comes from who does not know the secret.
pub type Leaver = for<'a> fn(&'a DatabaseTransaction, &'a str, DateTime<Utc>) -> Leaving<'a>;

/// A leaver at work.
pub type Leaving<'a> = Pin<Box<dyn Future<Output = Result<Option<String>, DbErr>> + Send + 'a>>;

/// Everybody who is asked what a mail is about.
#[derive(Clone, Copy, Debug)]
pub struct Takers<'a> {
    /// Who may know the UID of an invitation.
    pub replies: &'a [Taker],
    /// Who may know the secret of a letter that can be stopped, besides the topics of mail.
    pub leavers: &'a [Leaver],
}

impl<'a, const N: usize> From<&'a [Taker; N]> for Takers<'a> {
    fn from(replies: &'a [Taker; N]) -> Self {
        Self { replies, leavers: &[] }
    }
}

/// What became of the bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Taken {
    /// A new mail, stored.
    Stored(Outcome),
    /// A mail that was there already.
    Known,
    /// No mail; nothing is stored.
    NoMail,
}

struct Judged {
    kind: &'static str,
    uid: String,
    letter_id: Option<Uuid>,
    outcome: Outcome,
    reason: String,
}

impl Judged {
    fn new(kind: &'static str, outcome: Outcome, reason: impl Into<String>) -> Self {
        Self { kind, uid: String::new(), letter_id: None, outcome, reason: reason.into() }
    }
}

/// The digest of a mail. Of one that is too long only the beginning is here: its length tells it from another that begins alike.
fn digest(bytes: &[u8], length: u64) -> String {
    let mut digest = Sha256::new_with_prefix(bytes);
    if length > reading::MOST as u64 {
        digest.update(length.to_string());
    }
    HEXLOWER.encode(&digest.finalize())
}

/// Takes a mail in, once.
pub async fn take<'a>(
    db: &DatabaseConnection,
    bytes: &[u8],
    channel: Channel,
    takers: impl Into<Takers<'a>>,
    at: (Tz, DateTime<Utc>),
) -> Result<Taken, DbErr> {
    take_cut(db, (bytes, bytes.len() as u64), channel, takers, at).await
}

/// Takes a mail in, once, of which these bytes are the beginning and which is so many bytes long.
pub async fn take_cut<'a>(
    db: &DatabaseConnection,
    (bytes, length): (&[u8], u64),
    channel: Channel,
    takers: impl Into<Takers<'a>>,
    (zone, now): (Tz, DateTime<Utc>),
) -> Result<Taken, DbErr> {
    let takers = takers.into();
    let digest = digest(bytes, length);
    let Some(read) = reading::read(bytes) else { return Ok(Taken::NoMail) };
    let transaction = db::begin(db).await?;
    if stored::is_known(&transaction, &digest).await? {
        return Ok(Taken::Known);
    }
    let token = read.unsubscribes().map(str::to_owned);
    let (read, judged) = match token {
        Some(token) => (read.without(&token), left(&transaction, &token, takers, now).await?),
        None => {
            let judged = judge(&transaction, &read, takers, (zone, now)).await?;
            (read, judged)
        }
    };
    let transaction = match judged.outcome {
        Outcome::Refused => {
            transaction.rollback().await?;
            db::begin(db).await?
        }
        _ => transaction,
    };
    store(transaction, &read, &digest, channel, judged, now).await
}

/// Writes down that bytes out of a mailbox are no mail, so that staff know of them.
pub(super) async fn note_unreadable(
    db: &DatabaseConnection,
    bytes: &[u8],
    channel: Channel,
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    let digest = digest(bytes, bytes.len() as u64);
    let content = Content::Unreadable("メールとして読めません。");
    let empty = String::new;
    let read =
        Read { message_id: empty(), from_mail: empty(), subject: empty(), head: empty(), text: empty(), content };
    let judged = Judged::new("読めないメール", Outcome::Refused, "メールとして読めません。");
    store(db::begin(db).await?, &read, &digest, channel, judged, now).await?;
    Ok(())
}

async fn store(
    transaction: DatabaseTransaction,
    read: &Read,
    digest: &str,
    channel: Channel,
    judged: Judged,
    now: DateTime<Utc>,
) -> Result<Taken, DbErr> {
    let draft = Draft {
        channel,
        digest,
        message_id: &read.message_id,
        from_mail: &read.from_mail,
        subject: &read.subject,
        kind: judged.kind,
        uid: judged.uid,
        letter_id: judged.letter_id,
        outcome: judged.outcome,
        reason: judged.reason,
        head: &read.head,
        body: &read.text,
    };
    // Whoever stored the same mail meanwhile has made its effect; this one is undone.
    if !stored::insert(&transaction, &draft, now).await? {
        transaction.rollback().await?;
        return Ok(Taken::Known);
    }
    transaction.commit().await?;
    Ok(Taken::Stored(draft.outcome))
}

async fn judge(
    transaction: &DatabaseTransaction,
    read: &Read,
    takers: Takers<'_>,
    (zone, now): (Tz, DateTime<Utc>),
) -> Result<Judged, DbErr> {
    Ok(match &read.content {
        Content::Unreadable(why) => Judged::new("読めないメール", Outcome::Refused, *why),
        Content::Automatic => Judged::new("自動応答", Outcome::Ignored, "留守番などの自動応答です。"),
        Content::Written => {
            Judged::new("人が書いた返事", Outcome::Written, "人が書いたメールです。読んで対応してください。")
        }
        Content::Returned(returned) => came_back(transaction, returned).await?,
        Content::Calendar(bytes) => match ics::reply(bytes, zone) {
            Ok(replies) => answered(transaction, &replies, &read.from_mail, takers, now).await?,
            Err(fault) => Judged::new("予定の返事", Outcome::Refused, fault.to_string()),
        },
    })
}

/// A mail that a program wrote for somebody who stops letters: knowing the secret of one of them is enough.
async fn left(
    transaction: &DatabaseTransaction,
    token: &str,
    takers: Takers<'_>,
    now: DateTime<Utc>,
) -> Result<Judged, DbErr> {
    let kind = "メールの停止";
    if let Some(told) = mail::leave_by_mail(transaction, token, now).await? {
        return Ok(Judged::new(kind, Outcome::Taken, told));
    }
    for leaver in takers.leavers {
        if let Some(told) = leaver(transaction, token, now).await? {
            return Ok(Judged::new(kind, Outcome::Taken, told));
        }
    }
    Ok(Judged::new(kind, Outcome::Ignored, "止めるメールがもうありません(すでに止まっています)。"))
}

async fn answered(
    transaction: &DatabaseTransaction,
    replies: &[Reply],
    from: &str,
    takers: Takers<'_>,
    now: DateTime<Utc>,
) -> Result<Judged, DbErr> {
    let uid: String = replies.first().map(|reply| reply.uid.chars().take(300).collect()).unwrap_or_default();
    let judged = |outcome, reason: String| Judged { uid, ..Judged::new("予定の返事", outcome, reason) };
    let mut told = Vec::new();
    for reply in replies {
        // SENT-BY is written by the sender: it proves nothing.
        if !from.is_empty() && reply.attendee != from && reply.sent_by.as_deref() == Some(from) {
            let reason =
                format!("本人以外のアドレスからの返事です({}の代わり)。本人に確かめてください。", reply.attendee);
            return Ok(judged(Outcome::Refused, reason));
        }
        if from.is_empty() || reply.attendee != from {
            let reason = format!("差出人が、返事をしている人({})と違います。", reply.attendee);
            return Ok(judged(Outcome::Refused, reason));
        }
        match rule(transaction, reply, from, takers, now).await? {
            Ruling::Taken(how) => told.push(how),
            Ruling::Refused(why) => return Ok(judged(Outcome::Refused, why)),
        }
    }
    Ok(judged(Outcome::Taken, told.join(" ")))
}

async fn rule(
    transaction: &DatabaseTransaction,
    reply: &Reply,
    from: &str,
    takers: Takers<'_>,
    now: DateTime<Utc>,
) -> Result<Ruling, DbErr> {
    for taker in takers.replies {
        if let Some(ruling) = taker(transaction, reply, from, now).await? {
            return Ok(ruling);
        }
    }
    Ok(Ruling::Refused("どの会議への返事かわかりません。".to_owned()))
}

async fn came_back(transaction: &DatabaseTransaction, returned: &Returned) -> Result<Judged, DbErr> {
    let kind = "不達の知らせ";
    if !returned.is_final {
        return Ok(Judged::new(kind, Outcome::Ignored, "配達が遅れているという知らせです。"));
    }
    let found = mail::came_back(transaction, &returned.message_id, &returned.recipient, &returned.words).await?;
    Ok(match found {
        Some(id) => Judged {
            letter_id: Some(id),
            ..Judged::new(kind, Outcome::Taken, "手紙が届かなかったことを、手紙に記録しました。")
        },
        None => Judged::new(kind, Outcome::Refused, "どの手紙が届かなかったのか、わかりません。"),
    })
}
