//! `kyodo sign-in-link`: the way in when mail is down.

use anyhow::bail;

use crate::accounts::{account, link_path, sign_in};
use crate::audit::{self, Actor, Channel, Event};
use crate::clock::Clock;
use crate::config::Config;
use crate::db;

pub(super) async fn run(config: &Config, clock: Clock, mail: &str) -> anyhow::Result<()> {
    let database = db::connect(&config.database_url, false).await?;
    db::require_current(&database).await?;
    let now = clock.now();
    let transaction = db::begin(&database).await?;
    let Some(account) = account::find_by_mail(&transaction, mail).await? else {
        bail!(
            "{mail} のアカウントはありません。職員は「kyodo staff add {mail} --name 名前 --role staff」で登録してください。"
        );
    };
    if !account.active {
        bail!("{mail} のアカウントは停止されています。管理者が /staff/accounts で再開できます。");
    }
    let secrets = sign_in::open(&transaction, &account.mail, "", None, now).await?;
    let event = Event {
        actor: &Actor::named("サーバーの操作"),
        channel: Channel::Command,
        action: "サインインのリンクの発行",
        noun: "account",
        noun_id: account.id.to_string(),
        group_id: None,
        title: account.shown_name(),
        before: serde_json::Value::Null,
        after: serde_json::Value::Null,
        reason: "",
    };
    audit::record(&transaction, event, now).await?;
    transaction.commit().await?;
    println!("{}{}", config.base_url, link_path(&secrets.link));
    Ok(())
}
