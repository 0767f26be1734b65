//! The timed work, all in one list: what runs beside the pages, and how often.

use std::time::Duration;

use crate::app::App;
use crate::city::settings;
use crate::mail::{self, Courier, Post, Running};
use crate::{accounts, calendar, groups};

/// Starts every job of the list.
pub fn start(app: &App) {
    every(app, Duration::from_secs(60 * 60), "recurring entries are carried further", keep_horizon);
    every(app, Duration::from_secs(60 * 60), "what is over is forgotten", sweep_accounts);
    every(app, Duration::from_secs(60 * 60), "applications nobody goes on with are forgotten", forget_applications);
    every(app, Duration::from_secs(60 * 60), "links of letters that failed are forgotten", forget_links);
}

/// Starts the courier, which carries letters to the mail server.
pub fn start_courier(app: &App, post: Post) -> Running {
    Courier::new(app.db.clone(), post, &app.config.base_url, app.clock).start()
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

async fn keep_horizon(app: App) -> anyhow::Result<()> {
    let zone = app.city().profile.zone;
    calendar::extend_horizon(&app.db, zone, app.today(), app.clock.now()).await?;
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
