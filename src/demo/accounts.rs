//! The people of the demo: a clerk, an administrator, and a member who looks after the first three sample groups.

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DatabaseConnection};

use crate::accounts::{Role, account, link_path, sign_in};
use crate::config::Config;
use crate::groups::{self, Duty};
use crate::seed;

/// Who signs in to the demo: address, name, role, and what the start-up text calls them.
pub const PEOPLE: [(&str, &str, Role, &str); 3] = [
    ("shokuin@example.jp", "見本 職員", Role::Staff, "職員として"),
    ("kanri@example.jp", "見本 管理", Role::Admin, "管理者として"),
    ("mihon01@example.jp", "見本 花子", Role::Member, "団体の担当者として"),
];

/// How many sample groups the member looks after.
const GROUPS: usize = 3;

/// Makes the people, and the member a representative of the first groups of the sample register.
pub async fn fill(tx: &impl ConnectionTrait, now: DateTime<Utc>) -> anyhow::Result<()> {
    for (mail, name, role, _) in PEOPLE {
        account::insert(tx, mail, name, role, now).await?;
        let account = account::ensure(tx, mail, name, now).await?;
        if role.is_staff() {
            continue;
        }
        for row in seed::rows(include_str!("../../seeds/demo/groups.csv")).take(GROUPS) {
            if let Some(group) = groups::find_by_name(tx, row?.get("団体名")).await? {
                groups::member::join(tx, (group, account.id), Duty::Representative, "見本データ", now).await?;
            }
        }
    }
    Ok(())
}

/// Fresh one-time addresses for all of them, with what the start-up text calls them.
pub async fn links(
    db: &DatabaseConnection,
    config: &Config,
    now: DateTime<Utc>,
) -> anyhow::Result<Vec<(&'static str, String)>> {
    let mut links = Vec::new();
    for (mail, _, _, words) in PEOPLE {
        let secrets = sign_in::open(db, mail, "", None, now).await?;
        links.push((words, format!("{}{}", config.base_url, link_path(&secrets.link))));
    }
    Ok(links)
}
