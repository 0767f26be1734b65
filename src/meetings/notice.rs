//! A notice: one letter to each person of the groups of a meeting, held until staff release it, each with its personal link.

use chrono::NaiveDate;
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use uuid::Uuid;

use super::desk::{Desk, Fault};
use super::link;
use super::meeting::Meeting;
use super::seat::Seat;
use crate::clock::new_id;
use crate::db::statement;
use crate::groups::{self, People, Person};
use crate::mail::{self, Batch, Letter, Recipient, Topic, Wording};

/// What a notice is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// 日程のお尋ね.
    Poll,
    /// 日程のお尋ねの再度のお願い.
    PollReminder,
    /// 開催通知.
    Invitation,
    /// 返事の再度のお願い.
    ReplyReminder,
    /// 変更のお知らせ.
    Move,
    /// 中止のお知らせ.
    Cancellation,
    /// 一つの団体への取り消し.
    Withdrawal,
    /// 議事録の公開.
    Minutes,
}

impl Kind {
    const ALL: [Self; 8] = [
        Self::Poll,
        Self::PollReminder,
        Self::Invitation,
        Self::ReplyReminder,
        Self::Move,
        Self::Cancellation,
        Self::Withdrawal,
        Self::Minutes,
    ];

    /// Key in the database.
    pub fn key(self) -> &'static str {
        match self {
            Self::Poll => "poll",
            Self::PollReminder => "poll_reminder",
            Self::Invitation => "invitation",
            Self::ReplyReminder => "reply_reminder",
            Self::Move => "move",
            Self::Cancellation => "cancellation",
            Self::Withdrawal => "withdrawal",
            Self::Minutes => "minutes",
        }
    }

    /// The kind under a key.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.key() == key)
    }

    /// The words people read.
    pub fn label(self) -> &'static str {
        match self {
            Self::Poll => "日程のお尋ね",
            Self::PollReminder => "日程のお尋ね(再度のお願い)",
            Self::Invitation => "開催通知",
            Self::ReplyReminder => "出欠の返事の再度のお願い",
            Self::Move => "変更のお知らせ",
            Self::Cancellation => "中止のお知らせ",
            Self::Withdrawal => "ご案内の取り消し",
            Self::Minutes => "議事録のお知らせ",
        }
    }
}

/// A notice as it is kept.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Notice {
    kind: String,
    /// Its letters; nothing where nobody could be written to.
    pub batch_id: Option<Uuid>,
}

impl Notice {
    /// What it is for.
    pub fn kind(&self) -> Kind {
        Kind::from_key(&self.kind).unwrap_or(Kind::Invitation)
    }
}

/// The notices of a meeting, the oldest first.
pub async fn of_meeting(db: &impl ConnectionTrait, meeting_id: Uuid) -> Result<Vec<Notice>, DbErr> {
    let sql = "SELECT kind, batch_id FROM meeting_notices WHERE meeting_id = ? ORDER BY made_at, id";
    Notice::find_by_statement(statement(db.get_database_backend(), sql, vec![meeting_id.into()])).all(db).await
}

/// The letters of the latest notice of a meeting.
pub async fn latest_batch(db: &impl ConnectionTrait, meeting_id: Uuid) -> Result<Option<Uuid>, DbErr> {
    Ok(of_meeting(db, meeting_id).await?.into_iter().rev().find_map(|notice| notice.batch_id))
}

/// How many notices of a kind a meeting has had.
pub async fn turns(db: &impl ConnectionTrait, meeting_id: Uuid, kind: Kind) -> Result<i32, DbErr> {
    let sql = "SELECT COALESCE(MAX(turn), 0) AS turns FROM meeting_notices WHERE meeting_id = ? AND kind = ?";
    let values = vec![meeting_id.into(), kind.key().into()];
    let row = db.query_one_raw(statement(db.get_database_backend(), sql, values)).await?;
    row.map_or(Ok(0), |row| row.try_get("", "turns"))
}

/// A notice about to be made.
#[derive(Clone, Debug)]
pub struct Draft<'a> {
    /// What for.
    pub kind: Kind,
    /// Its wording.
    pub wording: &'static Wording,
    /// How many of its kind the page showed, so that a second press makes no second one.
    pub seen: i32,
    /// SEQUENCE of the entry in the calendar that it tells of.
    pub sequence: i32,
    /// 文書番号; may be empty.
    pub number: &'a str,
    /// The day that stands on it.
    pub dated: NaiveDate,
    /// What is added to the wording.
    pub words: &'a str,
    /// Who makes it.
    pub by: &'a str,
}

/// What became of a notice.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Made {
    /// How many letters.
    pub letters: usize,
    /// The groups that nobody could be written to for: they get paper.
    pub on_paper: Vec<Uuid>,
    /// The letters, to be released.
    pub batch_id: Option<Uuid>,
}

/// What stands in one letter.
#[derive(Clone, Debug, Default)]
pub struct Page {
    /// The values of the places of its wording.
    pub values: Vec<(&'static str, String)>,
    /// An invitation for calendars and its METHOD.
    pub calendar: Option<(String, &'static str)>,
}

/// Where the personal link of a letter leads, and what stands in the letter for one person of one seat.
type Writing<'a> = (fn(&str) -> String, &'a (dyn Fn(&Seat, &Person) -> Page + Send + Sync));

/// Makes a notice for these seats within the caller's transaction; nothing when this turn was taken already.
///
/// `link` is the address behind which the secret of a personal link stands, such as `/rsvp/`; it fills the secret `リンク`.
pub async fn make(
    db: &impl ConnectionTrait,
    desk: &Desk<'_>,
    (meeting, seats): (&Meeting, &[Seat]),
    draft: &Draft<'_>,
    (link, page): Writing<'_>,
) -> Result<Option<Made>, Fault> {
    let notice = new_id();
    if !insert(db, notice, meeting.id, draft, desk).await? {
        return Ok(None);
    }
    let groups: Vec<Uuid> = seats.iter().map(|seat| seat.group_id).collect();
    let people = groups::addressees(db, &groups, Topic::Meetings).await?;
    let on_paper = groups.into_iter().filter(|id| !people.contains_key(id)).collect();
    if people.is_empty() {
        return Ok(Some(Made { on_paper, ..Made::default() }));
    }
    let title = format!("{} {}", meeting.title, draft.kind.label());
    let batch = mail::open_batch(db, Topic::Meetings, &title, draft.by, desk.now).await?;
    let sql = "UPDATE meeting_notices SET batch_id = ? WHERE id = ?";
    db.execute_raw(statement(db.get_database_backend(), sql, vec![batch.id.into(), notice.into()])).await?;
    let letters = letters(db, desk, (meeting, seats, &people), (draft, batch), (link, page)).await?;
    let letters = mail::post_all(db, &letters, desk.host, desk.now).await?;
    Ok(Some(Made { letters, on_paper, batch_id: Some(batch.id) }))
}

async fn letters(
    db: &impl ConnectionTrait,
    desk: &Desk<'_>,
    (meeting, seats, people): (&Meeting, &[Seat], &People),
    (draft, batch): (&Draft<'_>, Batch),
    (link, page): Writing<'_>,
) -> Result<Vec<Letter>, Fault> {
    let known = |seat: &'_ Seat| people.get(&seat.group_id).map(Vec::as_slice).unwrap_or_default();
    let addressed: Vec<(&Seat, &Person)> =
        seats.iter().flat_map(|seat| known(seat).iter().map(move |person| (seat, person))).collect();
    let lines: Vec<(Uuid, &Person)> = addressed.iter().map(|(seat, person)| (seat.id, *person)).collect();
    let tokens = link::make(db, meeting.id, &lines, desk.now).await?;
    let mut letters = Vec::with_capacity(addressed.len());
    for ((seat, person), token) in addressed.into_iter().zip(tokens) {
        let Page { values, calendar } = page(seat, person);
        let addressee = if person.name.is_empty() { "ご担当者" } else { &person.name };
        let mut all = vec![("団体名", seat.name.as_str()), ("宛名", addressee), ("会議名", meeting.title.as_str())];
        all.extend(values.iter().map(|(name, value)| (*name, value.as_str())));
        let to = Recipient { mail: person.mail.clone(), name: person.name.clone() };
        let text = draft.wording.fill(&desk.city.settings, &all)?;
        let mut letter = Letter::new(draft.wording.key, to, text).about(seat.group_id);
        (letter.account_id, letter.batch, letter.calendar) = (person.account_id, Some(batch), calendar);
        letters.push(letter.with_secret("リンク", desk.url(&link(&token))));
    }
    Ok(letters)
}

async fn insert(
    db: &impl ConnectionTrait,
    id: Uuid,
    meeting_id: Uuid,
    draft: &Draft<'_>,
    desk: &Desk<'_>,
) -> Result<bool, DbErr> {
    let sql =
        "INSERT INTO meeting_notices (id, meeting_id, kind, sequence, turn, number, dated, words, made_by, made_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (meeting_id, kind, turn) DO NOTHING";
    let values = vec![
        id.into(),
        meeting_id.into(),
        draft.kind.key().into(),
        draft.sequence.into(),
        (draft.seen + 1).into(),
        draft.number.into(),
        draft.dated.into(),
        draft.words.into(),
        draft.by.into(),
        desk.now.into(),
    ];
    Ok(db.execute_raw(statement(db.get_database_backend(), sql, values)).await?.rows_affected() > 0)
}
