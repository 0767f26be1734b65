//! The timed work, all in one list: what runs beside the pages, and how often.

use std::time::Duration;

use crate::app::App;
use crate::city::settings;
use crate::groups::people;
use crate::inbound::{self, Mailbox};
use crate::mail::{self, Courier, Post, Running};
use crate::takers::TAKERS;
use crate::{accounts, aggregation, calendar, db, digest, groups, meetings, outreach};

/// Starts every job of the list.
pub fn start(app: &App) {
    every(app, Duration::from_secs(24 * 60 * 60), "photos that nobody shows are swept", sweep_photos);
    every(app, Duration::from_secs(24 * 60 * 60), "files that no meeting shows are swept", sweep_materials);
    every(app, Duration::from_secs(60 * 60), "recurring entries are carried further", keep_horizon);
    every(app, Duration::from_secs(60 * 60), "what is over is forgotten", sweep_accounts);
    every(app, Duration::from_secs(60), "polls close at their deadline", close_polls);
    every(app, Duration::from_secs(60), "the calendar is sent by mail", send_digests);
    every(app, Duration::from_secs(60), "those who starred what has changed are told", tell_starred);
    every(app, Duration::from_secs(60 * 60), "what is over of the calendar by mail is forgotten", sweep_digests);
    every(app, Duration::from_secs(5 * 60), "calendars of staff are read", read_staff_calendars);
    every(app, Duration::from_secs(60), "calendars of others are read", read_sources);
    every(app, Duration::from_secs(60 * 60), "sources that were only tried are forgotten", forget_trials);
    every(app, Duration::from_secs(3 * 60), "entries that may be one event are looked for", search_duplicates);
    every(app, Duration::from_secs(60 * 60), "minutes and tasks are asked for", ask_for_minutes);
    every(app, Duration::from_secs(60 * 60), "sessions are reminded of", remind_of_sessions);
    every(app, Duration::from_secs(60 * 60), "requests nobody confirmed are forgotten", forget_requests);
    every(app, Duration::from_secs(60 * 60), "events nobody confirmed are forgotten", forget_submissions);
    every(app, Duration::from_secs(60 * 60), "rounds begin, remind and age", groups::renewal::keep_rounds);
    every(
        app,
        Duration::from_secs(60 * 60),
        "groups of older versions become searchable for the office",
        complete_traces,
    );
    every(app, Duration::from_secs(60 * 60), "applications nobody goes on with are forgotten", forget_applications);
    every(app, Duration::from_secs(60 * 60), "links of letters that failed are forgotten", forget_links);
    every(app, Duration::from_secs(60 * 60), "hand-overs that nobody confirms become work", mark_late_handovers);
}

/// Starts the courier, which carries letters to the mail server.
pub fn start_courier(app: &App, post: Post) -> Running {
    Courier::new(app.db.clone(), post, &app.config.base_url, app.clock).start()
}

/// Starts reading the mailbox that answers come to.
pub fn start_postman(app: &App, mailbox: Mailbox) {
    every(app, mailbox.every, "mail is taken in", move |app| take_mail(app, mailbox.clone()));
}

async fn take_mail(app: App, mailbox: Mailbox) -> anyhow::Result<()> {
    let moment = (app.city().profile.zone, app.clock.now());
    let turn = inbound::empty(&mailbox, &app.db, TAKERS, moment).await?;
    if turn.stored > 0 {
        tracing::info!(stored = turn.stored, known = turn.known, "mail taken in");
    }
    Ok(())
}

/// Runs a job now and then again after each pause; a failure is logged and the next turn tries again.
fn every<F, W>(app: &App, pause: Duration, name: &'static str, job: F)
where
    F: Fn(App) -> W + Send + 'static,
    W: Future<Output = anyhow::Result<()>> + Send + 'static,
{
    let app = app.clone();
    tokio::spawn(async move {
        loop {
            if let Err(fault) = job(app.clone()).await {
                tracing::error!(%fault, job = name, "job failed");
            }
            tokio::time::sleep(pause).await;
        }
    });
}

async fn sweep_photos(app: App) -> anyhow::Result<()> {
    let swept = groups::photo::sweep(&app.db, &app.storage, app.clock.now()).await?;
    if swept > 0 {
        tracing::info!(swept, "files of photos swept");
    }
    Ok(())
}

async fn sweep_materials(app: App) -> anyhow::Result<()> {
    let swept = meetings::materials::sweep(&app.db, &app.materials, app.clock.now()).await?;
    if swept > 0 {
        tracing::info!(swept, "files of meetings swept");
    }
    Ok(())
}

async fn keep_horizon(app: App) -> anyhow::Result<()> {
    let zone = app.city().profile.zone;
    calendar::extend_horizon(&app.db, zone, app.today(), app.clock.now()).await?;
    Ok(())
}

async fn close_polls(app: App) -> anyhow::Result<()> {
    meetings::poll::close_due(&app.db, app.clock.now()).await?;
    Ok(())
}

async fn send_digests(app: App) -> anyhow::Result<()> {
    let turn = digest::send_due(&app).await?;
    if turn != digest::Turn::default() {
        tracing::info!(
            letters = turn.letters,
            quiet = turn.quiet,
            failed = turn.failed,
            "the calendar was sent by mail"
        );
    }
    Ok(())
}

async fn tell_starred(app: App) -> anyhow::Result<()> {
    let letters = digest::tell_starred(&app).await?;
    if letters > 0 {
        tracing::info!(letters, "changes told to those who starred them");
    }
    Ok(())
}

async fn sweep_digests(app: App) -> anyhow::Result<()> {
    digest::sweep(&app).await
}

async fn read_staff_calendars(app: App) -> anyhow::Result<()> {
    let turn = outreach::availability::read_calendars(&app).await?;
    if turn != outreach::availability::Turn::default() {
        tracing::info!(read = turn.read, failed = turn.failed, "calendars of staff read");
    }
    Ok(())
}

async fn read_sources(app: App) -> anyhow::Result<()> {
    let room = aggregation::Room::open(&app);
    let turn = aggregation::refresh_due(&app.db, &room.desk(&app)).await?;
    if turn != aggregation::Turn::default() {
        let (same, taken, held, failed) = (turn.same, turn.taken, turn.held, turn.failed);
        tracing::info!(same, taken, held, failed, "calendars of others read");
    }
    Ok(())
}

async fn forget_trials(app: App) -> anyhow::Result<()> {
    let before = app.clock.now() - chrono::Duration::days(aggregation::TRIAL_DAYS);
    aggregation::forget_trials(&app.db, before).await?;
    Ok(())
}

async fn search_duplicates(app: App) -> anyhow::Result<()> {
    let (city, host) = (app.city(), app.config.host());
    let desk = calendar::Desk { city: &city, host: &host, now: app.clock.now(), today: app.today() };
    let turn = aggregation::duplicates::search(&app.db, &desk).await?;
    if turn.found > 0 {
        tracing::info!(compared = turn.compared, found = turn.found, merged = turn.merged, "doubles looked for");
    }
    Ok(())
}

async fn ask_for_minutes(app: App) -> anyhow::Result<()> {
    let (city, host) = (app.city(), app.config.host());
    let desk = meetings::Desk::open(&app, &city, &host);
    meetings::minutes::nag(&app.db, &desk).await?;
    meetings::tasks::chase(&app.db, &desk).await?;
    Ok(())
}

async fn remind_of_sessions(app: App) -> anyhow::Result<()> {
    let (city, host) = (app.city(), app.config.host());
    outreach::remind(&app.db, &meetings::Desk::open(&app, &city, &host)).await?;
    Ok(())
}

async fn forget_submissions(app: App) -> anyhow::Result<()> {
    calendar::forget_submissions(&app.db, (app.clock.now(), app.today())).await?;
    Ok(())
}

async fn forget_requests(app: App) -> anyhow::Result<()> {
    let before = app.clock.now() - chrono::Duration::days(outreach::request::letters::FORGOTTEN_DAYS);
    outreach::request::keeping::forget(&app.db, before).await?;
    Ok(())
}

async fn complete_traces(app: App) -> anyhow::Result<()> {
    let mut done = Some(0);
    while let Some(after) = done {
        let transaction = db::begin(&app.db).await?;
        done = groups::complete_traces(&transaction, after).await?;
        transaction.commit().await?;
    }
    Ok(())
}

async fn sweep_accounts(app: App) -> anyhow::Result<()> {
    Ok(accounts::sweep(&app).await?)
}

async fn forget_applications(app: App) -> anyhow::Result<()> {
    let days = app.city().settings.number(settings::APPLICATION_DAYS);
    groups::application::forget(&app.db, days, app.clock.now()).await?;
    Ok(())
}

async fn forget_links(app: App) -> anyhow::Result<()> {
    Ok(mail::forget_old_secrets(&app.db, app.clock.now()).await?)
}

async fn mark_late_handovers(app: App) -> anyhow::Result<()> {
    let days = app.city().settings.number(settings::HANDOVER_LATE_DAYS);
    people::handover::mark_late(&app.db, days, app.clock.now()).await?;
    Ok(())
}
