//! The timed work, all in one list: what runs beside the pages, and how often.

use std::time::Duration;

use crate::app::App;
use crate::city::settings;
use crate::{accounts, calendar, groups};

/// Starts every job of the list.
pub fn start(app: &App) {
    every(app, Duration::from_secs(60 * 60), "recurring entries are carried further", keep_horizon);
    every(app, Duration::from_secs(60 * 60), "what is over is forgotten", sweep_accounts);
    every(app, Duration::from_secs(60 * 60), "applications nobody goes on with are forgotten", forget_applications);
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
