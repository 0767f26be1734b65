//! A meeting made after another one: its form is filled in from that one, and its agenda is taken over.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{ConnectionTrait, DbErr};
use uuid::Uuid;

use super::convening::Room;
use super::meeting::Meeting;
use super::series::numbering;
use super::{form, items, rights, seat};
use crate::app::App;
use crate::clock::new_id;
use crate::db::statement;
use crate::error::Error;
use crate::web::{Form, Member};

/// The meeting to copy, for somebody who may work on it; absence for everybody else.
pub(super) async fn source(app: &App, member: &Member, id: &str) -> Result<Meeting, Error> {
    let id = Uuid::parse_str(id).map_err(|_| Error::NotFound)?;
    Ok(rights::work(app, member.clone(), id).await?.meeting)
}

/// A convening form filled in from another meeting: its number raised, its days looked for anew.
pub(super) async fn filled(app: &App, source: &Meeting, room: &Room, today: NaiveDate) -> Result<Form, Error> {
    let (seats, items) = (seat::of_meeting(&app.db, source.id).await?, items::of_meeting(&app.db, source.id).await?);
    let choices = room.choices();
    let mut form = form::filled(source, &seats, &items, &choices);
    let fresh = form::empty(&choices, today);
    for name in ["first_day", "last_day"] {
        form.set(name, fresh.get(name));
    }
    form.set("version", "");
    form.set("title", numbering::raised(&source.title));
    form.set("copied_from", source.id.to_string());
    Ok(form)
}

/// Notes which meeting a new one was copied from and takes over what stood on its agenda, within the caller's transaction.
pub(super) async fn keep(
    db: &impl ConnectionTrait,
    (id, source): (Uuid, Uuid),
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    let backend = db.get_database_backend();
    let sql = "UPDATE meetings SET copied_from = ? WHERE id = ?";
    db.execute_raw(statement(backend, sql, vec![source.into(), id.into()])).await?;
    let sql = "SELECT id FROM agenda_items WHERE meeting_id = ? AND state = 'listed' AND decision_id IS NULL
        ORDER BY position, created_at, id";
    let rows = db.query_all_raw(statement(backend, sql, vec![source.into()])).await?;
    for (row, position) in rows.iter().zip(1_i32..) {
        let item: Uuid = row.try_get("", "id")?;
        let sql = "INSERT INTO agenda_items (id, meeting_id, position, title, words, minutes, speaker, state, proposed_by,
            note, summary, summary_version, summary_by, created_at, updated_at)
            SELECT ?, ?, ?, title, words, minutes, speaker, state, '', '', '', 0, '', ?, ? FROM agenda_items WHERE id = ?";
        let values = vec![new_id().into(), id.into(), position.into(), now.into(), now.into(), item.into()];
        db.execute_raw(statement(backend, sql, values)).await?;
    }
    Ok(())
}
