//! A report (報告): whether a session took place, how many came, what was said, and what everybody may read of it.

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::task;
use crate::db::statement;
use crate::revision::{self, Scope};

/// A question that was asked, and what was answered.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// What was asked.
    pub asked: String,
    /// What was answered; empty where the answer is still to come.
    pub answered: String,
    /// Whether everybody may read it.
    pub public: bool,
}

/// A report as it is kept.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Report {
    /// The session.
    pub session_id: Uuid,
    /// Whether it took place.
    pub took_place: bool,
    /// Why it did not.
    pub why_not: String,
    /// How many people listened.
    pub people: i32,
    /// What was talked about.
    pub content: String,
    answers: serde_json::Value,
    /// What was handed out or shown.
    pub materials: String,
    /// A note for staff alone.
    pub note: String,
    /// What everybody may read.
    pub summary: String,
    /// Whether the summary is meant for everybody.
    pub is_public: bool,
    /// When and how the applicant agreed to that.
    pub consent: String,
    /// Since when everybody may read the summary.
    pub published_at: Option<DateTime<Utc>>,
    /// Counts the changes.
    pub version: i32,
    /// Who wrote it last.
    pub written_by: String,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

impl Report {
    /// The questions and what was answered.
    pub fn questions(&self) -> Vec<Question> {
        serde_json::from_value(self.answers.clone()).unwrap_or_default()
    }

    /// The draft that would change nothing.
    pub fn draft(&self, tasks: Vec<task::Draft>) -> Draft {
        Draft {
            took_place: self.took_place,
            why_not: self.why_not.clone(),
            people: self.people,
            content: self.content.clone(),
            questions: self.questions(),
            materials: self.materials.clone(),
            note: self.note.clone(),
            summary: self.summary.clone(),
            is_public: self.is_public,
            consent: self.consent.clone(),
            tasks,
        }
    }
}

/// A checked report that can be stored.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Draft {
    /// Whether the session took place.
    pub took_place: bool,
    /// Why it did not.
    pub why_not: String,
    /// How many people listened; nobody where it did not take place.
    pub people: i32,
    /// What was talked about.
    pub content: String,
    /// The questions and what was answered.
    pub questions: Vec<Question>,
    /// What was handed out or shown.
    pub materials: String,
    /// A note for staff alone.
    pub note: String,
    /// What everybody may read.
    pub summary: String,
    /// Whether the summary is meant for everybody.
    pub is_public: bool,
    /// When and how the applicant agreed to that.
    pub consent: String,
    /// What is still to be done.
    pub tasks: Vec<task::Draft>,
}

impl Draft {
    /// Its parts with the names people know them by, for the trail and for comparing two of them.
    pub fn told(&self) -> Vec<(&'static str, String)> {
        let said = |yes: bool, words: [&str; 2]| words[usize::from(!yes)].to_owned();
        let question = |one: &Question| {
            let public = if one.public { "(公開してよい)" } else { "" };
            format!("問: {}{public}\n答: {}", one.asked, one.answered)
        };
        vec![
            ("実施", said(self.took_place, ["実施した", "実施しなかった"])),
            ("実施しなかった理由", self.why_not.clone()),
            ("人数", self.people.to_string()),
            ("話したこと", self.content.clone()),
            ("質問と答え", self.questions.iter().map(question).collect::<Vec<_>>().join("\n")),
            ("使った資料", self.materials.clone()),
            ("職員だけのメモ", self.note.clone()),
            ("市民に見せるまとめ", self.summary.clone()),
            ("まとめの公開", said(self.is_public, ["公開する", "公開しない"])),
            ("申込者の了解", self.consent.clone()),
            ("宿題", self.tasks.iter().map(task::Draft::told).collect::<Vec<_>>().join("\n")),
        ]
    }

    /// What everybody may read of it, where the session stands in the calendar.
    fn is_shown(&self) -> bool {
        self.took_place && self.is_public && !self.consent.is_empty()
    }
}

/// What became of a report that was sent.
#[derive(Clone, Debug)]
pub enum Saved {
    /// It stands; this stood there before.
    Done(Option<Draft>),
    /// It stood like that already: the same form sent twice.
    Same,
    /// Somebody else wrote a different one since the version that was written on.
    Stale(Box<Report>, Draft),
}

const COLUMNS: &str = "session_id, took_place, why_not, people, content, answers, materials, note, summary, is_public,
    consent, published_at, version, written_by, updated_at";

/// The report of a session.
pub async fn find(db: &impl ConnectionTrait, session_id: Uuid) -> Result<Option<Report>, DbErr> {
    let sql = format!("SELECT {COLUMNS} FROM outreach_reports WHERE session_id = ?");
    Report::find_by_statement(statement(db.get_database_backend(), &sql, vec![session_id.into()])).one(db).await
}

/// Saves a report that was written on the version `seen` (0 before the first), within the caller's transaction.
///
/// `may_show` says whether the session stands in the calendar; without that nothing of the report is shown to everybody.
pub async fn save(
    db: &impl ConnectionTrait,
    (session_id, seen): (Uuid, i32),
    (draft, may_show): (&Draft, bool),
    (by, now): (&str, DateTime<Utc>),
) -> Result<Saved, DbErr> {
    let standing = standing(db, session_id).await?;
    let before = standing.as_ref().map(|(_, draft)| draft.clone());
    if before.as_ref() == Some(draft) {
        return Ok(Saved::Same);
    }
    let report = standing.map(|(report, _)| report);
    let since = report.as_ref().and_then(|report| report.published_at).unwrap_or(now);
    let shown_since = (draft.is_shown() && may_show).then_some(since);
    let is_written = report.map_or(0, |report| report.version) == seen
        && write(db, (session_id, seen), (draft, shown_since), (by, now)).await?;
    if !is_written {
        return overtaken(db, session_id, draft).await;
    }
    task::put(db, session_id, &draft.tasks, (by, now)).await?;
    // The item's page counts what took place, and the entry's page shows the summary.
    revision::bump(db, Scope::Calendar, now).await?;
    Ok(Saved::Done(before))
}

/// The report that stands, and the draft that would not change it.
async fn standing(db: &impl ConnectionTrait, session_id: Uuid) -> Result<Option<(Report, Draft)>, DbErr> {
    let Some(report) = find(db, session_id).await? else { return Ok(None) };
    let draft = report.draft(task::drafts(&task::of_session(db, session_id).await?));
    Ok(Some((report, draft)))
}

/// What somebody else wrote first: the same, as when a form is sent twice at once, or something different.
async fn overtaken(db: &impl ConnectionTrait, session_id: Uuid, draft: &Draft) -> Result<Saved, DbErr> {
    let found = standing(db, session_id).await?;
    let (report, stands) = found.ok_or_else(|| DbErr::RecordNotFound(session_id.to_string()))?;
    Ok(if stands == *draft { Saved::Same } else { Saved::Stale(Box::new(report), stands) })
}

async fn write(
    db: &impl ConnectionTrait,
    (session_id, seen): (Uuid, i32),
    (draft, shown_since): (&Draft, Option<DateTime<Utc>>),
    (by, now): (&str, DateTime<Utc>),
) -> Result<bool, DbErr> {
    let by_whom = if shown_since.is_some() { by } else { "" };
    let mut values: Vec<Value> = vec![
        draft.took_place.into(),
        draft.why_not.clone().into(),
        draft.people.into(),
        draft.content.clone().into(),
        serde_json::to_value(&draft.questions).unwrap_or_default().into(),
        draft.materials.clone().into(),
        draft.note.clone().into(),
        draft.summary.clone().into(),
        draft.is_public.into(),
        draft.consent.clone().into(),
        shown_since.into(),
        by_whom.into(),
        by.into(),
        now.into(),
    ];
    let sql = if seen == 0 {
        values.extend([now.into(), session_id.into()]);
        "INSERT INTO outreach_reports (took_place, why_not, people, content, answers, materials, note, summary,
        is_public, consent, published_at, published_by, written_by, updated_at, written_at, session_id, version)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1) ON CONFLICT (session_id) DO NOTHING"
    } else {
        values.extend([session_id.into(), seen.into()]);
        "UPDATE outreach_reports SET took_place = ?, why_not = ?, people = ?, content = ?, answers = ?, materials = ?,
        note = ?, summary = ?, is_public = ?, consent = ?, published_at = ?, published_by = ?, written_by = ?,
        updated_at = ?, version = version + 1 WHERE session_id = ? AND version = ?"
    };
    Ok(db.execute_raw(statement(db.get_database_backend(), sql, values)).await?.rows_affected() > 0)
}
