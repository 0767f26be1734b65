//! Who may work on what came of a session: any member of staff, once the session is decided.

use std::collections::HashMap;

use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use uuid::Uuid;

use super::visit::{self, Visit};
use crate::app::App;
use crate::error::Error;
use crate::web::{Member, Staff};

/// A member of staff at a decided session, `{id}` in the address.
pub struct AtVisit {
    /// Who it is.
    pub member: Member,
    /// The session and its request.
    pub visit: Visit,
}

impl FromRequestParts<App> for AtVisit {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Error> {
        let Staff(member) = Staff::from_request_parts(parts, app).await?;
        let named = Path::<HashMap<String, String>>::from_request_parts(parts, app).await;
        let Path(named) = named.map_err(|_| Error::NotFound)?;
        let id: Uuid = named.get("id").and_then(|id| id.parse().ok()).ok_or(Error::NotFound)?;
        let visit = visit::find(&app.db, id).await?.ok_or(Error::NotFound)?;
        Ok(Self { member, visit })
    }
}
