//! Who may do what with an entry: members for their own groups, staff for all that was written here.

use sea_orm::{ConnectionTrait, DbErr};
use uuid::Uuid;

use super::super::family::Family;
use crate::error::Error;
use crate::groups::{self, member};
use crate::web::Member;

/// A group for which somebody may add entries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Host {
    /// The group; nothing for the city itself.
    pub group_id: Option<Uuid>,
    /// Its name.
    pub name: String,
}

impl Host {
    /// Value of the form's choice.
    pub fn key(&self) -> String {
        self.group_id.map_or_else(|| "city".to_owned(), |id| id.to_string())
    }
}

/// The entry with its series, if this person may change it; absence otherwise.
pub async fn editable(db: &impl ConnectionTrait, member: &Member, id: Uuid) -> Result<Family, Error> {
    let is_changeable = |family: &Family| family.is_own() || family.is_followed();
    let family = Family::find(db, id).await?.filter(is_changeable).ok_or(Error::NotFound)?;
    if member.is_staff() {
        return Ok(family);
    }
    let group = family.master.group_id.ok_or(Error::NotFound)?;
    member::of(db, member.account.id, group).await?.ok_or(Error::NotFound)?;
    Ok(family)
}

/// The entry that is to be copied: any public one and those of one's own groups; for staff every one.
pub async fn copied(db: &impl ConnectionTrait, member: &Member, id: Uuid) -> Result<Option<Family>, DbErr> {
    let Some(family) = Family::find(db, id).await? else { return Ok(None) };
    if member.is_staff() || family.master.public {
        return Ok(Some(family));
    }
    let Some(group) = family.master.group_id else { return Ok(None) };
    Ok(member::of(db, member.account.id, group).await?.map(|_| family))
}

/// The groups in the directory for which somebody may add entries; for staff also the city, first.
pub async fn hosts(db: &impl ConnectionTrait, member: &Member, city: &str) -> Result<Vec<Host>, DbErr> {
    if member.is_staff() {
        let groups = groups::listed_names(db).await?.into_iter();
        let own = Host { group_id: None, name: city.to_owned() };
        let all = groups.map(|group| Host { group_id: Some(group.id), name: group.name });
        return Ok(std::iter::once(own).chain(all).collect());
    }
    let mut hosts = Vec::new();
    for membership in member::of_account(db, member.account.id).await? {
        if groups::find_listed(db, membership.group_id).await?.is_some() {
            hosts.push(Host { group_id: Some(membership.group_id), name: membership.group_name });
        }
    }
    Ok(hosts)
}
