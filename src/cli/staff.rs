//! `kyodo staff add`: members of staff and administrators, also when nobody can sign in yet.

use anyhow::{Context, bail};
use serde_json::json;

use super::StaffRole;
use crate::accounts::{Role, account, checked_address, session};
use crate::audit::{self, Actor, Channel, Event};
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
    let now = clock.now();
    let transaction = db::begin(&database).await?;
    let is_new = account::insert(&transaction, &mail, &name, role, now).await?;
    let before = account::find_by_mail(&transaction, &mail).await?.context("account")?;
    let has_other_role = account::set_role(&transaction, before.id, role).await?;
    let has_other_name = account::set_name(&transaction, before.id, &name).await?;
    if has_other_role {
        session::end_all(&transaction, before.id, now).await?;
    }
    let was_resting = account::set_active(&transaction, before.id, true).await?;
    if is_new || has_other_role || has_other_name || was_resting {
        let state = |name: &str, role: Role, active: bool| json!({"名前": name, "役割": role.label(), "利用": active});
        let event = Event {
            actor: &Actor::named("サーバーの操作"),
            channel: Channel::Command,
            action: if is_new { "アカウントの登録" } else { "アカウントの変更" },
            noun: "account",
            noun_id: before.id.to_string(),
            group_id: None,
            title: &name,
            before: if is_new { json!(null) } else { state(&before.name, before.role(), before.active) },
            after: state(&name, role, true),
            reason: "",
        };
        audit::record(&transaction, event, now).await?;
    }
    transaction.commit().await?;
    let what = if is_new { "登録しました" } else { "登録の内容を改めました" };
    println!("{mail}（{name}・{}）を{what}。", role.label());
    println!("サインインのアドレスは「kyodo sign-in-link {mail}」で出せます。");
    Ok(())
}
