//! Who can be written to for a group: its members, or else the address on file.

use std::collections::{HashMap, HashSet};

use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};
use uuid::Uuid;

use crate::accounts::checked_address;
use crate::db::{placeholders, statement};
use crate::mail::Topic;

/// Values bound to one statement.
const AT_ONCE: usize = 500;

/// Somebody who answers for a group by mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Address.
    pub mail: String,
    /// Name; empty where nobody gave one.
    pub name: String,
    /// The account, unless it is only the address on file.
    pub account_id: Option<Uuid>,
}

/// The people of each group.
pub type People = HashMap<Uuid, Vec<Person>>;

#[derive(FromQueryResult)]
struct Row {
    group_id: Uuid,
    mail: String,
    name: String,
    account_id: Option<Uuid>,
}

/// The people of each group, the representative first: its members, or else the address on file, published or not.
///
/// Addresses that cannot be written to, and those whose owners declined such letters, are left out: they get paper.
pub async fn people(db: &impl ConnectionTrait, groups: &[Uuid], topic: Topic) -> Result<People, DbErr> {
    let declined = declined(db, topic).await?;
    let mut people: People = HashMap::new();
    for groups in groups.chunks(AT_ONCE) {
        let marks = placeholders(groups.len());
        let members = format!(
            "SELECT m.group_id, a.mail, a.name, a.id AS account_id FROM memberships m JOIN accounts a
            ON a.id = m.account_id AND a.active = TRUE WHERE m.group_id IN ({marks})
            ORDER BY m.duty DESC, m.since, m.id"
        );
        let on_file = format!(
            "SELECT c.group_id, c.value AS mail, '' AS name, m.account_id FROM group_contacts c LEFT JOIN memberships m
            ON m.group_id = c.group_id WHERE c.group_id IN ({marks}) AND c.kind = 'mail' AND m.account_id IS NULL"
        );
        for sql in [members, on_file] {
            let values: Vec<Value> = groups.iter().map(|id| (*id).into()).collect();
            for row in Row::find_by_statement(statement(db.get_database_backend(), &sql, values)).all(db).await? {
                let Some(mail) = checked_address(&row.mail).filter(|mail| !declined.contains(mail)) else { continue };
                let person = Person { mail, name: row.name, account_id: row.account_id };
                people.entry(row.group_id).or_default().push(person);
            }
        }
    }
    Ok(people)
}

/// The addresses whose owners want no letters of a topic.
async fn declined(db: &impl ConnectionTrait, topic: Topic) -> Result<HashSet<String>, DbErr> {
    let sql = "SELECT mail FROM declined_topics WHERE topic = ?";
    let values = vec![topic.key().into()];
    let rows = db.query_all_raw(statement(db.get_database_backend(), sql, values)).await?;
    rows.iter().map(|row| row.try_get("", "mail")).collect()
}
