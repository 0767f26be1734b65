//! `kyodo serve` and `kyodo demo`.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::Context;
use axum::serve::ListenerExt;
use sea_orm::DatabaseConnection;

use crate::app::App;
use crate::clock::Clock;
use crate::config::Config;
use crate::db::{self, DbFault, Schema};
use crate::inbound::Mailbox;
use crate::mail::Post;
use crate::{demo, jobs, seed};

/// How long a stopping server waits for letters that are on their way.
const LETTERS: Duration = Duration::from_secs(20);

pub(super) async fn serve(config: Config, clock: Clock) -> anyhow::Result<()> {
    let database = db::connect(&config.database_url, true).await?;
    match db::schema(&database).await? {
        Schema::Current => {}
        Schema::Empty => db::migrate_up(&database).await?,
        Schema::Older(count) => return Err(DbFault::Older(count).into()),
        Schema::Newer(name) => return Err(DbFault::Newer(name).into()),
    }
    seed::reference(&database, clock.now()).await?;
    listen(config, database, clock).await
}

pub(super) async fn demo(config: Config, clock: Clock) -> anyhow::Result<()> {
    let database = demo::open(&config, clock).await?;
    listen(config, database, clock).await
}

async fn listen(config: Config, database: DatabaseConnection, clock: Clock) -> anyhow::Result<()> {
    let post = Post::from_config(&config)?;
    let mailbox = config.imap_url.as_deref().map(Mailbox::parse).transpose()?;
    let address = config.listen;
    let listener = tokio::net::TcpListener::bind(address).await.with_context(|| {
        format!(
            "{address} で待ち受けられません。ほかのプログラムが使っていないか確かめるか、KYODO_LISTEN を変えてください"
        )
    })?;
    let (base_url, is_demo) = (config.base_url.clone(), config.demo);
    let app = App::new(config, database, clock).await?;
    jobs::start(&app);
    if let Some(mailbox) = mailbox {
        jobs::start_postman(&app, mailbox);
    }
    let courier = post.map(|post| jobs::start_courier(&app, post));
    println!("協働を開始しました: {base_url}/");
    if is_demo {
        println!("見本データで動いています。団体・予定はすべて架空のものです。");
        println!("予定の購読: {base_url}/calendar.ics");
        println!("サインインのアドレス（それぞれ1回だけ、30分のあいだ使えます）");
        for (words, url) in demo::accounts::links(&app.db, &app.config, app.clock.now()).await? {
            println!("  {words}: {url}");
        }
    }
    println!("止めるときは Ctrl+C を押してください。");
    let listener = listener.tap_io(|stream| {
        // A refusal only costs a little delay.
        let _ = stream.set_nodelay(true);
    });
    axum::serve(listener, app.router().into_make_service_with_connect_info::<SocketAddr>())
        .with_graceful_shutdown(told_to_stop())
        .await?;
    if let Some(courier) = courier {
        courier.stop(LETTERS).await;
    }
    Ok(())
}

async fn told_to_stop() {
    let interrupted = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        match signal(SignalKind::terminate()) {
            Ok(mut terminated) => {
                tokio::select! { _ = interrupted => {}, _ = terminated.recv() => {} }
            }
            Err(_) => drop(interrupted.await),
        }
    }
    #[cfg(not(unix))]
    drop(interrupted.await);
}
