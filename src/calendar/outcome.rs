//! What became of an explanation session (出前説明会), as far as everybody may know it. It is a read against the stream: the
//! reports belong to a later slice.

use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use serde::Deserialize;
use uuid::Uuid;

use crate::db::statement;

/// What was reported of the session behind an entry.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Whether it took place.
    pub took_place: bool,
    /// How many people listened; nobody is counted where the applicant did not agree.
    pub people: i32,
    /// The summary, where the applicant agreed.
    pub summary: String,
    /// Questions and answers that are meant for everybody, where the applicant agreed.
    pub questions: Vec<(String, String)>,
}

#[derive(FromQueryResult)]
struct Row {
    took_place: bool,
    is_shown: bool,
    people: i32,
    summary: String,
    answers: serde_json::Value,
}

#[derive(Deserialize)]
struct Question {
    asked: String,
    answered: String,
    public: bool,
}

/// What everybody may know of the session behind a public entry; nothing before its report.
pub async fn of_entry(db: &impl ConnectionTrait, entry_id: Uuid) -> Result<Option<Outcome>, DbErr> {
    let sql =
        "SELECT r.took_place, (r.took_place AND r.is_public AND r.published_at IS NOT NULL AND q.public) AS is_shown,
        r.people, r.summary, r.answers FROM outreach_sessions s JOIN outreach_reports r ON r.session_id = s.id
        JOIN outreach_requests q ON q.id = s.request_id WHERE s.entry_id = ? AND s.state = 'confirmed'";
    let row = Row::find_by_statement(statement(db.get_database_backend(), sql, vec![entry_id.into()])).one(db).await?;
    Ok(row.map(shown))
}

fn shown(row: Row) -> Outcome {
    if !row.is_shown {
        return Outcome { took_place: row.took_place, ..Outcome::default() };
    }
    let questions: Vec<Question> = serde_json::from_value(row.answers).unwrap_or_default();
    let questions = questions.into_iter().filter(|one| one.public && !one.answered.is_empty());
    Outcome {
        took_place: true,
        people: row.people,
        summary: row.summary,
        questions: questions.map(|one| (one.asked, one.answered)).collect(),
    }
}
