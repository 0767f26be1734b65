//! Claiming what is to be told, so that of several replicas one writes each letter.

use sea_orm::{ConnectionTrait, DbBackend, DbErr, FromQueryResult, Value};
use uuid::Uuid;

use crate::db::statement;

/// A subscription or a star that was claimed, and whose it is.
#[derive(Clone, Copy, Debug, FromQueryResult)]
pub struct Claimed {
    /// The subscription or the star.
    pub id: Uuid,
    /// Its reader.
    pub reader_id: Uuid,
}

/// Changes the rows that `due` selects (`SELECT id … LIMIT ?`) as `change` says (`UPDATE … WHERE id IN`) and gives them; what
/// another replica is changing at this moment is left to it.
pub async fn claim(
    db: &impl ConnectionTrait,
    (due, chosen): (&str, Vec<Value>),
    (change, changed): (&str, Vec<Value>),
) -> Result<Vec<Claimed>, DbErr> {
    let backend = db.get_database_backend();
    let (sql, values) = match backend {
        DbBackend::Postgres => (
            format!(
                "WITH due AS MATERIALIZED ({due} FOR UPDATE SKIP LOCKED)
                {change} (SELECT id FROM due) RETURNING id, reader_id"
            ),
            [chosen, changed].concat(),
        ),
        _ => (format!("{change} ({due}) RETURNING id, reader_id"), [changed, chosen].concat()),
    };
    Claimed::find_by_statement(statement(backend, &sql, values)).all(db).await
}
