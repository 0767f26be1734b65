//! Forgetting: orders that nobody confirmed, stars of what is over, addresses that take nothing, links and letters of long ago.

use chrono::Duration;

use super::letters::{CONFIRM, KINDS, REGULAR};
use super::{order, reader, star, told, way};
use crate::app::App;
use crate::audit::{self, Actor, Channel, Event};
use crate::city::settings::DIGEST_ORDER_DAYS;
use crate::{db, mail};

/// Letters that came back one after the other before an address is written to no more.
const IN_A_ROW: i64 = 3;
/// Days for which an address that takes nothing is kept, in case its owner comes back.
const REFUSED_DAYS: i64 = 60;
/// Days for which letters that were sent are kept.
const LETTER_DAYS: i64 = 30;
/// Days for which a memory that nobody has any more is kept: longer than any turn of sending.
const STATE_DAYS: i64 = 2;

/// Forgets everything that is over.
pub async fn sweep(app: &App) -> anyhow::Result<()> {
    let (now, days) = (app.clock.now(), app.city().settings.number(DIGEST_ORDER_DAYS));
    stop_refused(app).await?;
    let transaction = db::begin(&app.db).await?;
    for mail in order::sweep(&transaction, days, now).await? {
        if reader::find_by_mail(&transaction, &mail).await?.is_none() {
            mail::forget_of(&transaction, &[CONFIRM.key], &mail).await?;
        }
    }
    for id in star::sweep(&transaction, app.today()).await? {
        reader::forget_if_done(&transaction, id).await?;
    }
    reader::sweep(&transaction, now - Duration::days(REFUSED_DAYS)).await?;
    way::sweep(&transaction, now).await?;
    told::sweep(&transaction, now - Duration::days(STATE_DAYS)).await?;
    mail::forget_before(&transaction, KINDS, now - Duration::days(LETTER_DAYS)).await?;
    transaction.commit().await?;
    Ok(())
}

/// Stops writing to addresses that have taken none of the last letters; the trail says so without the address.
async fn stop_refused(app: &App) -> anyhow::Result<()> {
    let now = app.clock.now();
    for mail in mail::refusing(&app.db, REGULAR, IN_A_ROW).await? {
        let transaction = db::begin(&app.db).await?;
        if !reader::refuse(&transaction, &mail, now).await? {
            continue;
        }
        let hinted = mail::hinted(&mail);
        let event = Event {
            actor: &Actor::system(),
            channel: Channel::System,
            action: "お知らせメールの停止",
            noun: "digest",
            noun_id: String::new(),
            group_id: None,
            title: &hinted,
            before: serde_json::json!({ "状態": "送っている" }),
            after: serde_json::json!({ "状態": "届かないため止めた" }),
            reason: "続けて3回、届かずに戻ってきました。",
        };
        audit::record(&transaction, event, now).await?;
        transaction.commit().await?;
    }
    Ok(())
}
