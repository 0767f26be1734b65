//! `kyodo migrate up|down|status`.

use super::Migrate;
use crate::clock::Clock;
use crate::config::Config;
use crate::{db, seed};

pub(super) async fn run(config: &Config, clock: Clock, step: Migrate) -> anyhow::Result<()> {
    let database = db::connect(&config.database_url, matches!(step, Migrate::Up)).await?;
    match step {
        Migrate::Up => {
            refuse_newer(&database).await?;
            db::migrate_up(&database).await?;
            seed::reference(&database, clock.now()).await?;
            println!("データベースは最新の形です。");
        }
        Migrate::Down => {
            let (applied, _) = db::steps(&database).await?;
            db::migrate_down(&database).await?;
            println!("手順を1つ取り消しました: {}", applied.last().map_or("なし", String::as_str));
        }
        Migrate::Status => {
            let (applied, pending) = db::steps(&database).await?;
            applied.iter().for_each(|name| println!("済み  {name}"));
            pending.iter().for_each(|name| println!("未了  {name}"));
        }
    }
    Ok(())
}

async fn refuse_newer(database: &sea_orm::DatabaseConnection) -> Result<(), db::DbFault> {
    match db::schema(database).await? {
        db::Schema::Newer(name) => Err(db::DbFault::Newer(name)),
        _ => Ok(()),
    }
}
