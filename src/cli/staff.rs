//! `kyodo staff add`: members of staff and administrators, also when nobody can sign in yet.

use anyhow::{Context, bail};

use super::StaffRole;
use crate::accounts::office::{self, Change, Refused};
use crate::accounts::{Role, account, checked_address};
use crate::audit::{Actor, Channel};
use crate::clock::Clock;
use crate::config::Config;
use crate::db;
use crate::text::clean;

pub(super) async fn add(config: &Config, clock: Clock, mail: &str, name: &str, role: StaffRole) -> anyhow::Result<()> {
    let Some(mail) = checked_address(mail) else {
        bail!("「{mail}」はメールアドレスとして使えません。")
    };
    let name = clean::line(name, 100).context("名前が長すぎます")?;
    if name.is_empty() {
        bail!("--name に名前を書いてください。");
    }
    let role = match role {
        StaffRole::Staff => Role::Staff,
        StaffRole::Admin => Role::Admin,
    };
    let database = db::connect(&config.database_url, false).await?;
    db::require_current(&database).await?;
    let (now, by) = (clock.now(), Actor::named("サーバーの操作"));
    let change = Change { name, role, active: true };
    let transaction = db::begin(&database).await?;
    let is_new = account::insert(&transaction, &mail, &change.name, role, now).await?;
    let account = account::find_by_mail(&transaction, &mail).await?.context("account")?;
    if is_new {
        let what = ("アカウントの登録", None, Some(&change));
        office::record(&transaction, &account, what, (&by, Channel::Command), now).await?;
    } else if let Err(Refused::LastAdmin) =
        office::change(&transaction, &account, &change, (&by, Channel::Command), now).await?
    {
        bail!("管理者がいなくなってしまいます。先に、ほかの人を --role admin で登録してください。");
    }
    transaction.commit().await?;
    let what = if is_new { "登録しました" } else { "登録の内容を改めました" };
    println!("{mail}（{}・{}）を{what}。", change.name, role.label());
    println!("サインインのアドレスは「kyodo sign-in-link {mail}」で出せます。");
    Ok(())
}
