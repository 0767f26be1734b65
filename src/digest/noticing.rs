//! Telling at once those who have starred something that was cancelled or moved.

use std::collections::HashSet;

use uuid::Uuid;

use super::change::{Change, Now};
use super::letters::{Desk, NOTICE};
use super::posting;
use super::sending::Fault;
use super::star::{self, Kept, View, Watchers};
use super::told::{self, Told};
use super::way::Subject;
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
    let carried = told::carry_over(db, &mut memory, app.city().profile.zone).await?;
    let view = View::of(db, &watchers.uid, today).await?;
    let gone = HashSet::from([watchers.uid.clone()]);
    if view.standing.is_empty() && told::follow(db, &mut memory, &gone).await? {
        // Another entry is shown in its place: that one is starred from now on, and looked at in the next turn.
        let lead = memory.first().map(|told| told.uid.clone()).unwrap_or_default();
        star::hand_over(db, &watchers.uid, &lead).await?;
        return Ok(0);
    }
    let mut views = vec![view];
    for series in &carried {
        views.push(View::of(db, &series.uid, today).await?);
    }
    let changes = Now::of(views.iter().flat_map(|view| &view.standing)).changes(&memory);
    let mut kept = Vec::with_capacity(views.len());
    let mut starred = vec![(watchers.uid.clone(), Uuid::nil(), String::new())];
    starred.extend(carried.into_iter().map(|one| (one.uid, one.id, one.title)));
    for ((uid, entry_id, title), view) in starred.into_iter().zip(views) {
        let mut next = view.memory();
        // What is gone is remembered until its day is over, as cancelled, so that it is told of should it come back.
        let gone = changes.iter().filter(|change| change.now.is_none() && change.before.uid == uid);
        next.extend(gone.map(|change| Told { cancelled: true, ..change.before.clone() }));
        let ends_on = next.iter().map(|told| told.last_day).max().unwrap_or(today);
        let told = told::put(db, &told::written(&mut next), now).await?;
        kept.push(Kept { uid, entry_id, title, stamp: view.stamp, told, ends_on });
    }
    post(app, watchers, &changes, &kept).await
}

/// Claims those who have starred an entry and writes to them where something changed; tells how many letters. They remember the entry and
/// the series that it goes on with, which they have starred as well from now on.
async fn post(app: &App, watchers: &Watchers, changes: &[Change], kept: &[Kept]) -> Result<usize, Fault> {
    let Some((own, series)) = kept.split_first() else { return Ok(0) };
    let city = app.city();
    let desk = Desk { city: &city, base_url: &app.config.base_url };
    let list = format!("{}{}?view=list", app.config.base_url, calendar::INDEX);
    let text = desk.notice(changes, &list)?;
    let mut count = 0;
    loop {
        let transaction = db::begin(&app.db).await?;
        let claimed = star::claim(&transaction, watchers, own, AT_ONCE).await?;
        if claimed.is_empty() {
            return Ok(count);
        }
        for one in &claimed {
            for next in series {
                star::keep(&transaction, one.reader_id, next, app.clock.now()).await?;
            }
        }
        if !changes.is_empty() {
            let subjects: Vec<(Uuid, Subject)> =
                claimed.iter().map(|one| (one.reader_id, Subject::Star(one.id))).collect();
            count += posting::post(&transaction, app, (NOTICE.key, &text), &subjects).await?;
        }
        transaction.commit().await?;
    }
}
