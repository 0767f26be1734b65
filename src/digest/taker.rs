//! Stopping letters by mail: what a mail program sends for somebody who presses its button.

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr};

use super::way::{self, Subject, Way};
use super::{reader, star, subscription};
use crate::inbound::Leaving;

/// Stops what the letter with this secret was about.
pub fn leaver<'a>(transaction: &'a DatabaseTransaction, token: &'a str, now: DateTime<Utc>) -> Leaving<'a> {
    Box::pin(async move {
        let Some(way) = way::find(transaction, token, now).await? else { return Ok(None) };
        Ok(Some(match stop(transaction, &way).await? {
            true => "お知らせメールを止めました。".to_owned(),
            false => "お知らせメールは、すでに止まっています。".to_owned(),
        }))
    })
}

/// Stops what a letter was about, and forgets a reader for whom nothing is left; says whether there was something to stop.
pub(super) async fn stop(db: &impl ConnectionTrait, way: &Way) -> Result<bool, DbErr> {
    let done = match way.subject() {
        Subject::Subscription(id) => subscription::act(db, way.reader_id, id, subscription::Act::End).await?,
        Subject::Star(id) => star::end(db, way.reader_id, id).await?,
        Subject::Page => false,
    };
    if done {
        reader::forget_if_done(db, way.reader_id).await?;
    }
    Ok(done)
}
