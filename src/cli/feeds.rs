//! `kyodo feeds add|list|refresh`: calendars of others, for somebody at the server.

use anyhow::{Context, bail};
use serde_json::json;
use uuid::Uuid;

use super::Feeds;
use crate::aggregation::{self, Asked, Done, Draft, Health, Room, Shows, Source, State};
use crate::app::App;
use crate::audit::Actor;
use crate::city::settings::sources::EVERY_MINUTES;
use crate::clock::Clock;
use crate::config::Config;
use crate::db;
use crate::fetching::checked_url;

pub(super) async fn run(config: Config, clock: Clock, command: Feeds) -> anyhow::Result<bool> {
    let database = db::connect(&config.database_url, false).await?;
    db::require_current(&database).await?;
    let app = App::new(config, database, clock).await?;
    match command {
        Feeds::Add { url, name, review } => add(&app, &url, &name, review).await,
        Feeds::List { json } => list(&app, json).await,
        Feeds::Refresh { id } => refresh(&app, id.as_deref()).await,
    }
}

/// Adds a source of the city and reads it at once; where it cannot be read yet it is added all the same and tried again.
async fn add(app: &App, url: &str, name: &str, review: bool) -> anyhow::Result<bool> {
    let url = checked_url(url)?.to_string();
    let name = name.trim();
    if name.is_empty() || name.chars().count() > 100 {
        bail!("--name は1文字から100文字までにしてください。");
    }
    if let Some(known) = aggregation::at(&app.db, &url).await? {
        bail!("このアドレスは、もう「{}」として登録しています（{}）。", known.name, known.id);
    }
    let shows = if review { Shows::Review } else { Shows::Public };
    let draft = Draft { shows, ..Draft::plain(name, &url) };
    let room = Room::open(app);
    let desk = room.desk(app);
    let actor = Actor::named("サーバーの操作");
    let transaction = db::begin(&app.db).await?;
    let asked = Asked { account_id: None, name: &actor.name, now: desk.now };
    let id = draft.add(&transaction, State::Trial, &asked).await?;
    let source = aggregation::find(&transaction, id).await?.context("情報源を書けませんでした。")?;
    aggregation::approve(&transaction, &desk, &source, (&actor, "")).await?;
    transaction.commit().await?;
    println!("登録しました: {id} {name}");
    read(app, &source).await
}

async fn list(app: &App, as_json: bool) -> anyhow::Result<bool> {
    let (minutes, now) = (app.city().settings.number(EVERY_MINUTES), app.clock.now());
    let sources = aggregation::all(&app.db).await?;
    if as_json {
        let lines: Vec<_> = sources.iter().map(|source| shown(source, Health::of(source, minutes, now))).collect();
        println!("{}", serde_json::to_string_pretty(&lines)?);
        return Ok(true);
    }
    if sources.is_empty() {
        println!("情報源は、まだありません。「kyodo feeds add アドレス --name 名前」で登録できます。");
    }
    for source in &sources {
        let health = Health::of(source, minutes, now).label();
        println!("{} {health} {}（{}） {}", source.id, source.name, source.state().label(), source.fault);
    }
    Ok(true)
}

/// A source without what of its address may be a secret: what a script prints ends up in logs.
fn shown(source: &Source, health: Health) -> serde_json::Value {
    json!({
        "id": source.id,
        "name": source.name,
        "owner": source.owner(),
        "way": source.way().key(),
        "url": if source.url.is_empty() { String::new() } else { source.masked() },
        "state": source.state().key(),
        "health": health.key(),
        "found": source.found,
        "coming": source.coming,
        "left_out": source.left_out,
        "failures": source.failures,
        "fault": source.fault,
        "held": source.held,
        "checked_at": source.checked_at,
        "good_at": source.good_at,
        "changed_at": source.changed_at,
        "next_check_at": source.next_check_at,
    })
}

async fn refresh(app: &App, id: Option<&str>) -> anyhow::Result<bool> {
    let chosen = match id {
        Some(id) => {
            let id = Uuid::parse_str(id)
                .context("情報源の番号が正しくありません。「kyodo feeds list」で確かめてください。")?;
            let source = aggregation::find(&app.db, id).await?;
            vec![source.context("その番号の情報源はありません。「kyodo feeds list」で確かめてください。")?]
        }
        None => aggregation::all(&app.db).await?.into_iter().filter(Source::is_read).collect(),
    };
    let mut is_well = true;
    for source in &chosen {
        is_well &= read(app, source).await?;
    }
    Ok(is_well)
}

/// Reads one source and says how that went.
async fn read(app: &App, source: &Source) -> anyhow::Result<bool> {
    let room = Room::open(app);
    let (is_well, told) = match aggregation::refresh_one(&app.db, &room.desk(app), source.id).await? {
        None if !source.is_read() && source.state() != State::Paused => {
            (false, format!("読みません（{}）", source.state().label()))
        }
        None => (false, "いま、ほかで読んでいます。3分ほど待ってから、もう一度試してください".to_owned()),
        Some(Done::Overtaken) => (false, "読んでいるあいだに設定が変わりました".to_owned()),
        Some(Done::Same) if source.held_at.is_some() => (false, format!("確認待ち: {}", source.held)),
        Some(Done::Same) => (true, "変わりありません".to_owned()),
        Some(Done::Taken(taken)) => {
            (true, format!("新しい {}件、変わった {}件、なくなった {}件", taken.added, taken.changed, taken.gone))
        }
        Some(Done::Held(why)) => (false, format!("確認待ち: {why}")),
        Some(Done::Failed(why)) => (false, format!("読めません: {why}")),
    };
    println!("{}: {told}", source.name);
    Ok(is_well)
}
