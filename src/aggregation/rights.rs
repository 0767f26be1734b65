//! Who may see and change a source: staff, and whoever looks after its group; for all others there is none.

use sea_orm::ConnectionTrait;
use uuid::Uuid;

use super::kinds::State;
use super::source::{self, Source};
use crate::error::Error;
use crate::groups::member;
use crate::web::Member;

/// The source, if this person may see it; absence otherwise.
pub(super) async fn found(db: &impl ConnectionTrait, member: &Member, id: &str) -> Result<Source, Error> {
    let id = Uuid::parse_str(id).map_err(|_| Error::NotFound)?;
    let source = source::find(db, id).await?.ok_or(Error::NotFound)?;
    if source.state() == State::Trial && source.asked_account != Some(member.account.id) {
        return Err(Error::NotFound);
    }
    if member.is_staff() {
        return Ok(source);
    }
    let group = source.group_id.ok_or(Error::NotFound)?;
    member::of(db, member.account.id, group).await?.ok_or(Error::NotFound)?;
    Ok(source)
}

/// The source, held until the transaction ends, if this person may change it.
pub(super) async fn held(db: &impl ConnectionTrait, member: &Member, id: &str) -> Result<Source, Error> {
    let source = found(db, member, id).await?;
    source::hold(db, source.id).await?.ok_or(Error::NotFound)
}
