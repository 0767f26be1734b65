//! What was changed here of an entry that follows a calendar elsewhere, and giving a part back the text of that calendar.

use axum::extract::{Path, State};
use axum::response::Response;
use uuid::Uuid;

use super::super::edits;
use super::super::family::Family;
use super::form_page::Room;
use super::pages::after;
use super::rights;
use super::write::{self, Told};
use crate::app::App;
use crate::audit::Channel;
use crate::city::City;
use crate::db;
use crate::error::Error;
use crate::web::{Form, Member, see};

/// A part that was changed here, in words.
pub(super) struct Differing {
    pub(super) entry_id: Uuid,
    pub(super) part: String,
    pub(super) label: &'static str,
    pub(super) own: String,
    pub(super) theirs: String,
    pub(super) by: String,
}

impl Differing {
    pub(super) async fn of(
        db: &impl sea_orm::ConnectionTrait,
        family: &Family,
        city: &City,
    ) -> Result<Vec<Self>, Error> {
        if !family.is_followed() {
            return Ok(Vec::new());
        }
        let ids: Vec<Uuid> = std::iter::once(&family.master).chain(&family.changes).map(|entry| entry.id).collect();
        let edits = edits::of_entries(db, &ids).await?.into_iter().map(|edit| Self {
            entry_id: edit.entry_id,
            part: edit.part().to_owned(),
            label: edit.label(),
            own: edit.own(city),
            theirs: edit.theirs(city),
            by: edit.edited_by,
        });
        Ok(edits.collect())
    }
}

/// `POST /events/{id}/original`: gives one part back the text of the calendar that the entry follows.
pub async fn take_back(
    State(app): State<App>,
    Path(id): Path<String>,
    member: Member,
    form: Form,
) -> Result<Response, Error> {
    let id = Uuid::parse_str(&id).map_err(|_| Error::NotFound)?;
    let entry = Uuid::parse_str(form.get("entry")).unwrap_or(id);
    let room = Room::open(&app).await?;
    let vocabulary = room.vocabulary();
    let transaction = db::begin(&app.db).await?;
    Family::hold(&transaction, id).await?;
    let family = rights::editable(&transaction, &member, id).await?;
    let actor = member.actor();
    let told = Told {
        actor: &actor,
        channel: Channel::Screen,
        action: "予定を取り込み元に戻す",
        reason: "",
        now: vocabulary.desk.now,
    };
    write::take_back(&transaction, &vocabulary, (&family, entry, form.get("part")), &told).await?;
    transaction.commit().await?;
    Ok(see(&after(&member, family.master.group_id, family.master.id, "original")))
}
