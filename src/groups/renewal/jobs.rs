//! The timed work of the yearly confirmation: each part may run any number of times, on any number of replicas.

use chrono::{Datelike, Days};
use sea_orm::DatabaseConnection;

use super::ageing;
use super::desk::{Desk, Fault};
use super::remind::{self, Turn};
use super::round::{self, Kind, NewRound};
use super::start;
use super::whom::{self, Whom};
use crate::app::App;
use crate::audit::{Actor, Channel};
use crate::city::settings;
use crate::clock::new_id;
use crate::db;
use crate::text::wareki;

/// What a round is called that begins in a fiscal year.
pub fn title(fiscal_year: i32) -> String {
    format!("{} 更新確認", wareki::fiscal_year_label(fiscal_year))
}

/// Begins the year's round when its month has come, reminds when it is time, and lets old confirmations age.
pub async fn keep_rounds(app: App) -> anyhow::Result<()> {
    let city = app.city();
    let host = app.config.host();
    let desk =
        Desk { city: &city, base_url: &app.config.base_url, host: &host, now: app.clock.now(), today: app.today() };
    start_yearly(&app.db, &desk).await?;
    remind_due(&app.db, &desk).await?;
    round::mark_overdue(&app.db, desk.today, desk.now).await?;
    ageing::run(&app.db, &desk).await?;
    Ok(())
}

/// Begins the round of the fiscal year in the month that the city has set; says whether it did.
pub async fn start_yearly(db: &DatabaseConnection, desk: &Desk<'_>) -> Result<bool, Fault> {
    let month = desk.city.settings.number(settings::ROUND_MONTH).unsigned_abs();
    let fiscal_year = wareki::fiscal_year(desk.today);
    if desk.today.month() != month || round::has_yearly(db, fiscal_year).await? {
        return Ok(false);
    }
    if whom::groups(db, Whom::All, desk.today).await?.is_empty() {
        return Ok(false);
    }
    let days = desk.city.settings.number(settings::ROUND_DAYS).unsigned_abs();
    let actor = Actor::system();
    let round = NewRound {
        id: new_id(),
        title: &title(fiscal_year),
        kind: Kind::Yearly,
        fiscal_year,
        due_on: desk.today.checked_add_days(Days::new(days.into())).unwrap_or(desk.today),
        by: &actor.name,
    };
    let transaction = db::begin(db).await?;
    let begun = start::begin(&transaction, desk, (&round, Whom::All), (&actor, Channel::System)).await?;
    transaction.commit().await?;
    Ok(begun.is_some())
}

/// Writes the automatic reminders that are due, each once; not while letters of the round are still held.
pub async fn remind_due(db: &DatabaseConnection, desk: &Desk<'_>) -> Result<usize, Fault> {
    let mut written = 0;
    for round in round::open(db).await? {
        let is_due = |rule, done: bool| {
            let days = desk.city.settings.number(rule).unsigned_abs();
            let day = round.due_on.checked_sub_days(Days::new(days.into())).unwrap_or(round.due_on);
            days > 0 && !done && day <= desk.today && desk.today <= round.due_on
        };
        let turn = if is_due(settings::SECOND_REMINDER_DAYS, round.second_reminder_at.is_some()) {
            Turn::Second
        } else if is_due(settings::FIRST_REMINDER_DAYS, round.first_reminder_at.is_some())
            && round.second_reminder_at.is_none()
        {
            Turn::First
        } else {
            continue;
        };
        // On the day on which a round begins its question itself is the letter.
        let is_new = round.started_at.with_timezone(&desk.city.profile.zone).date_naive() == desk.today;
        if is_new || round::has_held_letters(db, round.id).await? {
            continue;
        }
        let transaction = db::begin(db).await?;
        let actor = Actor::system();
        let letters = remind::remind(&transaction, desk, (&round, turn), (&actor, Channel::System)).await?;
        transaction.commit().await?;
        written += letters.unwrap_or_default();
    }
    Ok(written)
}
