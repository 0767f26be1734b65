//! Which topics an address gets: leaving one, by a link that works for ever or on one's own page, and coming back.

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr};
use uuid::Uuid;

use super::topic::Topic;
use crate::accounts::account::address_key;
use crate::audit::{Actor, Channel, Event, record};
use crate::chance;
use crate::db::statement;

/// A topic as somebody chooses it on their own page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TopicChoice {
    /// Key of the topic.
    pub key: &'static str,
    /// What the letters are about.
    pub label: &'static str,
    /// What happens without them.
    pub hint: &'static str,
    /// Whether they are wanted.
    pub wanted: bool,
}

/// Whose letters a link in a letter is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leaver {
    /// The letter that brought the link.
    pub letter_id: Uuid,
    /// The address.
    pub mail: String,
    /// The topic.
    pub topic: Topic,
}

/// Every topic, and whether this address gets it.
pub async fn choices(db: &impl ConnectionTrait, mail: &str) -> Result<Vec<TopicChoice>, DbErr> {
    let sql = "SELECT topic FROM declined_topics WHERE mail = ?";
    let rows = db.query_all_raw(statement(db.get_database_backend(), sql, vec![address_key(mail).into()])).await?;
    let declined: Vec<String> = rows.iter().map(|row| row.try_get("", "topic")).collect::<Result<_, _>>()?;
    let choice = |topic: Topic| TopicChoice {
        key: topic.key(),
        label: topic.label(),
        hint: topic.without(),
        wanted: !declined.iter().any(|key| key == topic.key()),
    };
    Ok(Topic::ALL.into_iter().map(choice).collect())
}

/// Whose link this is; the link of any letter ever sent is good.
pub async fn find(db: &impl ConnectionTrait, token: &str) -> Result<Option<Leaver>, DbErr> {
    if token.is_empty() {
        return Ok(None);
    }
    let sql = "SELECT id, to_mail, topic FROM letters WHERE unsubscribe_hash = ?";
    let values = vec![chance::digest("unsubscribe", token).into()];
    let Some(row) = db.query_one_raw(statement(db.get_database_backend(), sql, values)).await? else {
        return Ok(None);
    };
    let topic = Topic::from_key(&row.try_get::<String>("", "topic")?);
    let (letter_id, mail) = (row.try_get("", "id")?, row.try_get("", "to_mail")?);
    Ok(topic.map(|topic| Leaver { letter_id, mail, topic }))
}

/// Stops the topic of a letter for the writer of the mail that its List-Unsubscribe asks for; says what was stopped, or that no such letter is known.
pub async fn leave_by_mail(
    db: &impl ConnectionTrait,
    token: &str,
    now: DateTime<Utc>,
) -> Result<Option<String>, DbErr> {
    let Some(leaver) = find(db, token).await? else { return Ok(None) };
    let actor = Actor::named("メールでの停止");
    choose(db, (&leaver.mail, leaver.topic, false), (&actor, leaver.letter_id.to_string()), now).await?;
    Ok(Some(format!("「{}」のメールを止めました。", leaver.topic.label())))
}

/// Whether this address gets letters of the topic.
pub async fn is_wanted(db: &impl ConnectionTrait, mail: &str, topic: Topic) -> Result<bool, DbErr> {
    Ok(choices(db, mail).await?.iter().any(|choice| choice.key == topic.key() && choice.wanted))
}

/// Notes whether an address wants a topic, with its line in the trail; says whether that changed anything.
pub async fn choose(
    db: &impl ConnectionTrait,
    (mail, topic, wanted): (&str, Topic, bool),
    (actor, noun_id): (&Actor, String),
    now: DateTime<Utc>,
) -> Result<bool, DbErr> {
    let (sql, mut values) = match wanted {
        true => ("DELETE FROM declined_topics WHERE mail = ? AND topic = ?", Vec::new()),
        false => (
            "INSERT INTO declined_topics (mail, topic, declined_at) VALUES (?, ?, ?) ON CONFLICT (mail, topic) DO NOTHING",
            vec![now.into()],
        ),
    };
    let mut marks = vec![address_key(mail).into(), topic.key().into()];
    marks.append(&mut values);
    let done = db.execute_raw(statement(db.get_database_backend(), sql, marks)).await?;
    if done.rows_affected() == 0 {
        return Ok(false);
    }
    let words = |wanted: bool| serde_json::json!({ topic.label(): if wanted { "受け取る" } else { "受け取らない" } });
    let event = Event {
        actor,
        channel: Channel::Screen,
        action: if wanted { "メールの再開" } else { "メールの停止" },
        noun: "topic",
        noun_id,
        group_id: None,
        title: topic.label(),
        before: words(!wanted),
        after: words(wanted),
        reason: "",
    };
    record(db, event, now).await?;
    Ok(true)
}
