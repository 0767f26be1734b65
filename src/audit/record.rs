//! Writing the trail, always in the transaction of the change itself.

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr};
use serde_json::Value as Json;
use uuid::Uuid;

use crate::clock::new_id;
use crate::db::statement;

/// On which way something reached the office.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Channel {
    /// 画面: the person did it on a screen.
    #[default]
    Screen,
    /// 電話.
    Phone,
    /// FAX.
    Fax,
    /// 窓口.
    Counter,
    /// 郵送.
    Post,
    /// メール.
    Mail,
    /// コマンド: somebody at the server.
    Command,
    /// 自動: the system itself.
    System,
}

impl Channel {
    /// What staff choose from when they type in for somebody.
    pub const ON_BEHALF: [Self; 5] = [Self::Phone, Self::Fax, Self::Counter, Self::Post, Self::Mail];

    /// Key in the database and in forms.
    pub fn key(self) -> &'static str {
        match self {
            Self::Screen => "screen",
            Self::Phone => "phone",
            Self::Fax => "fax",
            Self::Counter => "counter",
            Self::Post => "post",
            Self::Mail => "mail",
            Self::Command => "command",
            Self::System => "system",
        }
    }

    /// The channel under a key.
    pub fn from_key(key: &str) -> Option<Self> {
        [Self::Screen, Self::Command, Self::System]
            .into_iter()
            .chain(Self::ON_BEHALF)
            .find(|channel| channel.key() == key)
    }

    /// The word people read.
    pub fn label(self) -> &'static str {
        match self {
            Self::Screen => "画面",
            Self::Phone => "電話",
            Self::Fax => "FAX",
            Self::Counter => "窓口",
            Self::Post => "郵送",
            Self::Mail => "メール",
            Self::Command => "コマンド",
            Self::System => "自動",
        }
    }
}

/// Somebody, or something, that changes data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// The account, where there is one.
    pub account_id: Option<Uuid>,
    /// The name as it stands in the trail.
    pub name: String,
}

impl Actor {
    /// Somebody who is signed in.
    pub fn account(id: Uuid, name: &str) -> Self {
        Self { account_id: Some(id), name: name.to_owned() }
    }

    /// Somebody known by an address or a personal link alone.
    pub fn named(name: &str) -> Self {
        Self { account_id: None, name: name.to_owned() }
    }

    /// The system itself.
    pub fn system() -> Self {
        Self::named("自動処理")
    }
}

/// One change for the trail. Secrets never go in.
#[derive(Clone, Debug)]
pub struct Event<'a> {
    /// Who.
    pub actor: &'a Actor,
    /// On which way.
    pub channel: Channel,
    /// What was done, as people read it: 登録の承認, 変更の承認.
    pub action: &'a str,
    /// Key of the kind of thing: `group`, `entry`, `account`, `letter`, `setting`, `round`, `application`.
    pub noun: &'a str,
    /// Identifier of the thing.
    pub noun_id: String,
    /// The group it concerns.
    pub group_id: Option<Uuid>,
    /// What the thing is called.
    pub title: &'a str,
    /// The fields that changed, as they were; `Json::Null` where nothing was.
    pub before: Json,
    /// The same fields as they became.
    pub after: Json,
    /// Why, where a reason was given.
    pub reason: &'a str,
}

/// Writes a change down.
pub async fn record(db: &impl ConnectionTrait, event: Event<'_>, now: DateTime<Utc>) -> Result<(), DbErr> {
    let sql = "INSERT INTO audit (id, at, account_id, actor, channel, action, noun, noun_id, group_id, title, before,
        after, reason) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    let values = vec![
        new_id().into(),
        now.into(),
        event.actor.account_id.into(),
        event.actor.name.clone().into(),
        event.channel.key().into(),
        event.action.into(),
        event.noun.into(),
        event.noun_id.into(),
        event.group_id.into(),
        event.title.into(),
        event.before.into(),
        event.after.into(),
        event.reason.into(),
    ];
    db.execute_raw(statement(db.get_database_backend(), sql, values)).await?;
    Ok(())
}
