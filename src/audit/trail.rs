//! Reading the trail, the newest first: narrowed, a page at a time, or line by line for a file. Nothing ever leaves it.

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};
use serde_json::Value as Json;
use uuid::Uuid;

use super::record::Channel;
use crate::db::statement;

/// A line of the trail.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Line {
    /// Identifier.
    pub id: Uuid,
    /// When.
    pub at: DateTime<Utc>,
    /// The account, where there is one.
    pub account_id: Option<Uuid>,
    /// Who, as it was then.
    pub actor: String,
    channel: String,
    /// What was done.
    pub action: String,
    /// Key of the kind of thing.
    pub noun: String,
    /// Identifier of the thing.
    pub noun_id: String,
    /// The group it concerns.
    pub group_id: Option<Uuid>,
    /// What the thing is called.
    pub title: String,
    /// The fields that changed, as they were.
    pub before: Json,
    /// The same fields as they became.
    pub after: Json,
    /// Why.
    pub reason: String,
}

impl Line {
    /// On which way it reached the office.
    pub fn channel(&self) -> Channel {
        Channel::from_key(&self.channel).unwrap_or_default()
    }
}

/// What the trail is narrowed to; the default is all of it.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Words that all stand somewhere in the line.
    pub words: Vec<String>,
    /// Who.
    pub account_id: Option<Uuid>,
    /// Key of the kind of thing.
    pub noun: Option<String>,
    /// On which way.
    pub channel: Option<Channel>,
    /// The group it concerns.
    pub group_id: Option<Uuid>,
    /// From this moment on.
    pub from: Option<DateTime<Utc>>,
    /// Before this moment.
    pub until: Option<DateTime<Utc>>,
}

const COLUMNS: &str =
    "id, at, account_id, actor, channel, action, noun, noun_id, group_id, title, before, after, reason";

impl Filter {
    fn condition(&self) -> (String, Vec<Value>) {
        let (mut sql, mut values) = (String::from("1 = 1"), Vec::new());
        let mut and = |condition: &str, value: Value| {
            sql.push_str(" AND ");
            sql.push_str(condition);
            values.push(value);
        };
        if let Some(account) = self.account_id {
            and("account_id = ?", account.into());
        }
        if let Some(noun) = &self.noun {
            and("noun = ?", noun.as_str().into());
        }
        if let Some(channel) = self.channel {
            and("channel = ?", channel.key().into());
        }
        if let Some(group) = self.group_id {
            and("group_id = ?", group.into());
        }
        if let Some(from) = self.from {
            and("at >= ?", from.into());
        }
        if let Some(until) = self.until {
            and("at < ?", until.into());
        }
        for word in &self.words {
            let text = "LOWER(actor || ' ' || action || ' ' || title || ' ' || reason || ' ' || CAST(before AS TEXT)
                || ' ' || CAST(after AS TEXT)) LIKE (? || '') ESCAPE '!'";
            and(text, like(word).into());
        }
        (sql, values)
    }
}

/// The pattern that finds a typed word anywhere, whatever it holds.
fn like(word: &str) -> String {
    let plain = word.to_lowercase().replace('!', "!!").replace('%', "!%").replace('_', "!_");
    format!("%{plain}%")
}

/// The newest lines, or those that stand behind the line `after`.
pub async fn find(
    db: &impl ConnectionTrait,
    filter: &Filter,
    after: Option<Uuid>,
    most: u64,
) -> Result<Vec<Line>, DbErr> {
    let (mut sql, mut values) = filter.condition();
    if let Some(last) = match after {
        Some(id) => by_id(db, id).await?,
        None => None,
    } {
        sql.push_str(" AND (at < ? OR (at = ? AND id < ?))");
        values.extend([Value::from(last.at), last.at.into(), last.id.into()]);
    }
    values.push((most as i64).into());
    let sql = format!("SELECT {COLUMNS} FROM audit WHERE {sql} ORDER BY at DESC, id DESC LIMIT ?");
    Line::find_by_statement(statement(db.get_database_backend(), &sql, values)).all(db).await
}

/// One line.
pub async fn by_id(db: &impl ConnectionTrait, id: Uuid) -> Result<Option<Line>, DbErr> {
    let sql = format!("SELECT {COLUMNS} FROM audit WHERE id = ?");
    Line::find_by_statement(statement(db.get_database_backend(), &sql, vec![id.into()])).one(db).await
}

#[cfg(test)]
mod tests {
    use super::like;

    #[test]
    fn signs_that_mean_something_to_the_database_are_looked_for_as_they_are() {
        assert_eq!(like("50%_A!"), "%50!%!_a!!%");
    }
}
