//! People who sign in, by address or name, with the groups they look after.

use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use uuid::Uuid;

use super::words::{Words, like};
use crate::accounts::Role;
use crate::db::statement;
use crate::groups::{Membership, member};

/// People shown.
const SHOWN: usize = 10;

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    mail: String,
    name: String,
    role: String,
    active: bool,
}

/// Somebody who was found.
pub(super) struct Person {
    pub mail: String,
    pub name: String,
    pub role: Role,
    pub active: bool,
    pub groups: Vec<Membership>,
}

/// The people found, and whether there are more.
pub(super) async fn find(db: &impl ConnectionTrait, words: &Words) -> Result<(Vec<Person>, bool), DbErr> {
    let sql = "SELECT id, mail, name, role, active FROM accounts
        WHERE mail LIKE (? || '') ESCAPE '!' OR LOWER(REPLACE(REPLACE(name, ' ', ''), '　', '')) LIKE (? || '') ESCAPE '!'
        ORDER BY mail LIMIT ?";
    let plain = words.typed.replace([' ', '　'], "");
    let values = vec![like(&plain).into(), like(&plain).into(), (SHOWN as i64 + 1).into()];
    let mut rows = Row::find_by_statement(statement(db.get_database_backend(), sql, values)).all(db).await?;
    let is_more = rows.len() > SHOWN;
    rows.truncate(SHOWN);
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let groups = member::of_accounts(db, &ids).await?;
    let person = |row: Row| Person {
        groups: groups.iter().filter(|group| group.account_id == row.id).cloned().collect(),
        role: Role::from_key(&row.role).unwrap_or(Role::Member),
        mail: row.mail,
        name: row.name,
        active: row.active,
    };
    Ok((rows.into_iter().map(person).collect(), is_more))
}
