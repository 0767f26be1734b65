//! Who looks after a meeting and can be written to: the people of the group that convenes it, or the staff who worked on it.

use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use uuid::Uuid;

use super::desk::{Desk, Fault};
use super::meeting::Meeting;
use crate::db::statement;
use crate::groups::{self, Person};
use crate::mail::{self, Letter, Recipient, Topic, Wording};

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    mail: String,
    name: String,
}

/// The people who look after a meeting; nobody where the group that convenes cannot be reached.
pub async fn of_meeting(db: &impl ConnectionTrait, meeting: &Meeting) -> Result<Vec<Person>, DbErr> {
    if let Some(group) = meeting.convener_group {
        return Ok(groups::addressees(db, &[group], Topic::Meetings).await?.remove(&group).unwrap_or_default());
    }
    let sql = "SELECT DISTINCT a.id, a.mail, a.name FROM audit t JOIN accounts a ON a.id = t.account_id
        WHERE t.noun = 'meeting' AND t.noun_id = ? AND a.active = TRUE AND a.role <> 'member' ORDER BY a.mail";
    let values = vec![meeting.id.to_string().into()];
    let rows = Row::find_by_statement(statement(db.get_database_backend(), sql, values)).all(db).await?;
    Ok(rows.into_iter().map(|row| Person { mail: row.mail, name: row.name, account_id: Some(row.id) }).collect())
}

/// Writes to everybody who looks after a meeting; tells how many letters.
pub async fn tell(
    db: &impl ConnectionTrait,
    desk: &Desk<'_>,
    meeting: &Meeting,
    (wording, values): (&'static Wording, &[(&'static str, &str)]),
) -> Result<usize, Fault> {
    let people = of_meeting(db, meeting).await?;
    for person in &people {
        let mut all = vec![
            ("宛名", if person.name.is_empty() { "ご担当者" } else { person.name.as_str() }),
            ("会議名", meeting.title.as_str()),
        ];
        all.extend_from_slice(values);
        let text = wording.fill(&desk.city.settings, &all)?;
        let to = Recipient { mail: person.mail.clone(), name: person.name.clone() };
        let mut letter = Letter::new(wording.key, to, text);
        (letter.account_id, letter.group_id) = (person.account_id, meeting.convener_group);
        mail::post(db, &letter, desk.host, desk.now).await?;
    }
    Ok(people.len())
}
