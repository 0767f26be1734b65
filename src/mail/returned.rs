//! A letter that the server took and that came back all the same.

use sea_orm::{ConnectionTrait, DbErr};
use uuid::Uuid;

use crate::accounts::account::address_key;
use crate::db::statement;

/// Begins the fault of a letter that came back.
pub(super) const CAME_BACK: &str = "いったん送れましたが、届かずに戻ってきました。";

/// Marks a sent letter as failed in the words of the server that returned it; gives it if there is such a letter to this address.
pub async fn came_back(
    db: &impl ConnectionTrait,
    message_id: &str,
    to: &str,
    words: &str,
) -> Result<Option<Uuid>, DbErr> {
    let id = message_id.trim_start_matches('<').split('@').next().and_then(|id| Uuid::parse_str(id).ok());
    let Some(id) = id else { return Ok(None) };
    let Some(letter) = super::find(db, id).await? else { return Ok(None) };
    if letter.message_id != message_id || address_key(&letter.to_mail) != address_key(to) {
        return Ok(None);
    }
    let fault = format!("{CAME_BACK}\n{words}");
    let sql = "UPDATE letters SET state = 'failed', fault = ? WHERE id = ? AND state = 'sent'";
    let values = vec![fault.into(), id.into()];
    db.execute_raw(statement(db.get_database_backend(), sql, values)).await?;
    Ok(Some(id))
}
