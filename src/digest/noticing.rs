//! Telling at once those who have starred something that was cancelled or moved.

use std::collections::HashSet;

use chrono::NaiveDate;
use uuid::Uuid;

use super::change::{Change, Now};
use super::letters::{Desk, NOTICE};
use super::sending::Fault;
use super::star::{self, View, Watchers};
use super::way::Subject;
use super::{posting, told};
use crate::app::App;
use crate::{calendar, db};

/// Letters written in one transaction.
const AT_ONCE: i64 = 100;

/// Looks at everything that was starred and is different now, and writes to those who have starred it; tells how many letters.
pub async fn tell_starred(app: &App) -> Result<usize, Fault> {
    let mut count = 0;
    for watchers in star::stale(&app.db).await? {
        match tell(app, &watchers).await {
            Ok(letters) => count += letters,
            Err(fault) => tracing::error!(%fault, "those who starred an entry could not be told"),
        }
    }
    Ok(count)
}

async fn tell(app: &App, watchers: &Watchers) -> Result<usize, Fault> {
    let (db, now, today) = (&app.db, app.clock.now(), app.today());
    let mut memory = told::memory(db, &watchers.told).await?;
    memory.retain(|told| told.last_day >= today);
    // A star is about one entry, whichever UID that had before.
    memory.iter_mut().for_each(|told| told.uid.clone_from(&watchers.uid));
    let view = View::of(db, &watchers.uid, today).await?;
    let gone = HashSet::from([watchers.uid.clone()]);
    if view.standing.is_empty() && told::follow(db, &mut memory, &gone).await? {
        // Another entry is shown in its place: that one is starred from now on, and looked at in the next turn.
        let lead = memory.first().map(|told| told.uid.clone()).unwrap_or_default();
        star::hand_over(db, &watchers.uid, &lead).await?;
        return Ok(0);
    }
    let changes = Now::of(view.standing.iter()).changes(&memory);
    let mut next = view.memory();
    // What is gone is remembered until its day is over, as cancelled, so that it is told of should it come back.
    next.extend(
        changes
            .iter()
            .filter(|change| change.now.is_none())
            .map(|change| told::Told { cancelled: true, ..change.before.clone() }),
    );
    let ends_on = next.iter().map(|told| told.last_day).max().unwrap_or(today);
    let told = told::put(db, &told::written(&mut next), now).await?;
    post(app, watchers, &changes, (&view.stamp, &told, ends_on)).await
}

/// Claims those who have starred an entry and writes to them where something changed; tells how many letters.
async fn post(
    app: &App,
    watchers: &Watchers,
    changes: &[Change],
    (stamp, told, ends_on): (&str, &str, NaiveDate),
) -> Result<usize, Fault> {
    let city = app.city();
    let desk = Desk { city: &city, base_url: &app.config.base_url };
    let list = format!("{}{}?view=list", app.config.base_url, calendar::INDEX);
    let text = desk.notice(changes, &list)?;
    let mut count = 0;
    loop {
        let transaction = db::begin(&app.db).await?;
        let claimed = star::claim(&transaction, watchers, (stamp, told), ends_on, AT_ONCE).await?;
        if claimed.is_empty() {
            return Ok(count);
        }
        if !changes.is_empty() {
            let subjects: Vec<(Uuid, Subject)> =
                claimed.iter().map(|one| (one.reader_id, Subject::Star(one.id))).collect();
            count += posting::post(&transaction, app, (NOTICE.key, &text), &subjects).await?;
        }
        transaction.commit().await?;
    }
}
