//! What a report is about: a page of this site that exists, and nothing else.

use sea_orm::{ConnectionTrait, DbErr};
use uuid::Uuid;

use crate::{calendar, groups, plan};

/// A page that can be reported on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// Its address on this site, as written by us.
    pub path: String,
    /// What it is about.
    pub title: String,
    /// The group it concerns.
    pub group_id: Option<Uuid>,
}

/// The public page of a group, an entry or an item under this address; nothing for any other address.
pub async fn find(db: &impl ConnectionTrait, typed: &str) -> Result<Option<Subject>, DbErr> {
    let parts: Vec<&str> = typed.trim().trim_start_matches('/').split('/').collect();
    match parts[..] {
        ["groups", id] => {
            let Ok(id) = Uuid::parse_str(id) else { return Ok(None) };
            let group = groups::find_listed(db, id).await?;
            Ok(group.map(|group| Subject { path: group.path(), title: group.name, group_id: Some(id) }))
        }
        ["events", id] => {
            let Ok(id) = Uuid::parse_str(id) else { return Ok(None) };
            let entry = calendar::find_public(db, id).await?;
            let path = calendar::path(id);
            Ok(entry.map(|entry| Subject { path, title: entry.title, group_id: entry.group_id }))
        }
        ["plans", key, "items", code] => {
            let item = plan::find_item(db, key, code).await?;
            Ok(item.map(|item| Subject {
                path: item.path(),
                title: format!("{} {}", item.code, item.title),
                group_id: None,
            }))
        }
        _ => Ok(None),
    }
}
