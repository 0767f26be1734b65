//! Reminding both sides a week and a day before a session, each once; a session that was moved is reminded of anew.

use chrono::{DateTime, Days, Duration, Utc};
use sea_orm::{ConnectionTrait, DatabaseConnection, DbErr};
use uuid::Uuid;

use super::desk::session_path;
use super::request::{self, Request, letters as own};
use super::session::{self, Session, State, crew};
use super::{letters, telling};
use crate::db::{self, statement};
use crate::mail::{self, Letter, Recipient};
use crate::meetings::{Desk, Fault};

/// So long before a session the first reminder goes out.
const WEEK: Duration = Duration::days(7);
/// Nobody is reminded of what they were told so shortly before.
const FRESH: Duration = Duration::days(2);

/// Writes every reminder that is due; tells of how many sessions.
pub async fn remind(connection: &DatabaseConnection, desk: &Desk<'_>) -> Result<usize, Fault> {
    let mut count = 0;
    for one in session::standing(connection, (desk.now, desk.now + WEEK)).await? {
        let Some((kind, soon)) = due(desk, &one) else { continue };
        let transaction = db::begin(connection).await?;
        if !claim(&transaction, (one.id, kind, one.starts_at), desk.now).await? {
            continue;
        }
        let Some(request) = request::find(&transaction, one.request_id).await? else { continue };
        write(&transaction, desk, (&request, &one), soon).await?;
        transaction.commit().await?;
        count += 1;
    }
    Ok(count)
}

/// Which reminder is due, and how the day is called.
fn due(desk: &Desk<'_>, one: &Session) -> Option<(&'static str, &'static str)> {
    if one.state() != State::Confirmed || one.starts_at <= desk.now {
        return None;
    }
    let on = one.starts_at.with_timezone(&desk.city.profile.zone).date_naive();
    if on == desk.today {
        return Some(("day", "きょう"));
    }
    if on == desk.today + Days::new(1) {
        return Some(("day", "あした"));
    }
    let is_fresh = one.confirmed_at.is_some_and(|at| at > desk.now - FRESH);
    (!is_fresh).then_some(("week", "1週間以内"))
}

/// Takes the turn to remind, so that no other replica does.
async fn claim(
    db: &impl ConnectionTrait,
    (id, kind, starts): (Uuid, &str, DateTime<Utc>),
    now: DateTime<Utc>,
) -> Result<bool, DbErr> {
    let sql = "INSERT INTO outreach_reminders (session_id, kind, starts_at, posted_at) VALUES (?, ?, ?, ?)
        ON CONFLICT DO NOTHING";
    let values = vec![id.into(), kind.into(), starts.into(), now.into()];
    Ok(db.execute_raw(statement(db.get_database_backend(), sql, values)).await?.rows_affected() > 0)
}

async fn write(
    db: &impl ConnectionTrait,
    desk: &Desk<'_>,
    (request, one): (&Request, &Session),
    soon: &str,
) -> Result<(), Fault> {
    let people = crew::of_session(db, one.id).await?;
    let mut values = telling::of_request(db, desk, request).await?;
    values.retain(|(name, _)| *name != "会場");
    values.extend(telling::of_session(desk.city, one, &people));
    values.push(("会場", telling::place(db, desk.city, &one.venue()).await?));
    values.push(("いつ", soon.to_owned()));
    if !request.mail.is_empty() {
        let letter = own::written(db, desk, request, &letters::REMINDER, &values).await?;
        mail::post(db, &letter, desk.host, desk.now).await?;
    }
    values.push(("報告", desk.url(&format!("{}/report", session_path(one.id)))));
    for person in &people {
        let mut own = values.clone();
        own.retain(|(name, _)| *name != "宛名");
        own.push(("宛名", person.name.clone()));
        own.push(("移動", telling::driving(db, desk.city, one, person).await?));
        let own: Vec<(&str, &str)> = own.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let text = letters::SPEAKER_REMINDER.fill(&desk.city.settings, &own)?;
        let to = Recipient { mail: person.mail.clone(), name: person.name.clone() };
        let letter =
            Letter { account_id: Some(person.account_id), ..Letter::new(letters::SPEAKER_REMINDER.key, to, text) };
        mail::post(db, &letter, desk.host, desk.now).await?;
    }
    Ok(())
}
