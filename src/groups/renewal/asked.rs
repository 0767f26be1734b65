//! One group in one round: how it was asked, and what it answered.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};
use uuid::Uuid;

use super::answer::Answer;
use crate::audit::Channel;
use crate::db::statement;

/// A group in a round.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Asked {
    /// The round.
    pub round_id: Uuid,
    /// The group.
    pub group_id: Uuid,
    /// Its name.
    pub name: String,
    /// Its reading in katakana.
    pub kana: String,
    /// 登録番号.
    pub number: Option<String>,
    /// Whether it was asked by mail; on paper otherwise.
    pub by_mail: bool,
    /// When its sheet was last printed.
    pub printed_at: Option<DateTime<Utc>>,
    /// How often it was reminded.
    pub reminders: i32,
    /// When it was last reminded.
    pub reminded_at: Option<DateTime<Utc>>,
    state: String,
    channel: String,
    /// When it answered.
    pub answered_at: Option<DateTime<Utc>>,
    /// Who answered, or typed the answer in.
    pub answered_by: String,
    /// What it wrote to the office.
    pub words: String,
    pub(super) before_state: String,
    pub(super) before_confirmed_on: Option<NaiveDate>,
    /// Whether staff still have something to do about the answer.
    pub for_office: bool,
    /// When staff dealt with it.
    pub settled_at: Option<DateTime<Utc>>,
}

impl Asked {
    /// The answer.
    pub fn answer(&self) -> Answer {
        Answer::from_key(&self.state).unwrap_or(Answer::Open)
    }

    /// Address of it for staff.
    pub fn path(&self) -> String {
        super::round_group_path(self.round_id, self.group_id)
    }

    /// On which way the answer came.
    pub fn channel(&self) -> Channel {
        Channel::from_key(&self.channel).unwrap_or_default()
    }

    /// Whether staff typed the answer in, so that they may take it back.
    pub fn is_keyed_in(&self) -> bool {
        Channel::ON_BEHALF.contains(&self.channel()) && self.answer() != Answer::Open
    }
}

const SELECT: &str = "SELECT r.round_id, r.group_id, g.name, g.kana, g.number, r.by_mail, r.printed_at, r.reminders,
    r.reminded_at, r.state, r.channel, r.answered_at, r.answered_by, r.words, r.before_state, r.before_confirmed_on,
    r.for_office, r.settled_at FROM round_groups r JOIN groups g ON g.id = r.group_id WHERE";

async fn select(db: &impl ConnectionTrait, rest: &str, values: Vec<Value>) -> Result<Vec<Asked>, DbErr> {
    let sql = format!("{SELECT} {rest}");
    Asked::find_by_statement(statement(db.get_database_backend(), &sql, values)).all(db).await
}

/// One group of a round.
pub async fn find(db: &impl ConnectionTrait, round_id: Uuid, group_id: Uuid) -> Result<Option<Asked>, DbErr> {
    Ok(select(db, "r.round_id = ? AND r.group_id = ?", vec![round_id.into(), group_id.into()]).await?.pop())
}

/// The group of a code from paper, in whatever round.
pub(super) async fn find_by_code(db: &impl ConnectionTrait, code_hash: &str) -> Result<Option<Asked>, DbErr> {
    Ok(select(db, "r.code_hash = ? AND r.code_hash <> ''", vec![code_hash.into()]).await?.pop())
}

/// The groups of a round that a list shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Narrowed {
    /// Only those with this answer.
    pub answer: Option<Answer>,
    /// Only those that cannot be reached by mail.
    pub on_paper: bool,
}

impl Narrowed {
    /// Whether it is narrowed to this answer.
    pub fn is(&self, answer: &Answer) -> bool {
        self.answer.as_ref() == Some(answer)
    }
}

/// A part of the groups of a round in 五十音 order.
pub async fn list(
    db: &impl ConnectionTrait,
    round_id: Uuid,
    narrowed: Narrowed,
    (skip, most): (u64, u64),
) -> Result<Vec<Asked>, DbErr> {
    let (rest, mut values) = condition(round_id, narrowed);
    values.extend([most.into(), skip.into()]);
    select(db, &format!("{rest} ORDER BY g.kana_key, g.id LIMIT ? OFFSET ?"), values).await
}

/// How many groups of a round a list would show in all.
pub async fn count(db: &impl ConnectionTrait, round_id: Uuid, narrowed: Narrowed) -> Result<usize, DbErr> {
    let (rest, values) = condition(round_id, narrowed);
    let sql = format!("SELECT COUNT(*) AS count FROM round_groups r WHERE {rest}");
    let row = db.query_one_raw(statement(db.get_database_backend(), &sql, values)).await?;
    let count: i64 = row.map_or(Ok(0), |row| row.try_get("", "count"))?;
    Ok(usize::try_from(count).unwrap_or_default())
}

fn condition(round_id: Uuid, narrowed: Narrowed) -> (String, Vec<Value>) {
    let (mut rest, mut values) = ("r.round_id = ?".to_owned(), vec![round_id.into()]);
    if let Some(answer) = narrowed.answer {
        rest.push_str(" AND r.state = ?");
        values.push(answer.key().into());
    }
    if narrowed.on_paper {
        rest.push_str(" AND NOT r.by_mail");
    }
    (rest, values)
}

/// The answers that staff typed in, the latest first.
pub async fn keyed_in(db: &impl ConnectionTrait, round_id: Uuid, by: &str, most: u64) -> Result<Vec<Asked>, DbErr> {
    let channels = Channel::ON_BEHALF.map(|channel| format!("'{}'", channel.key())).join(", ");
    let rest = format!(
        "r.round_id = ? AND r.state <> 'open' AND r.answered_by = ? AND r.channel IN ({channels})
        ORDER BY r.answered_at DESC, r.group_id LIMIT ?"
    );
    select(db, &rest, vec![round_id.into(), by.into(), most.into()]).await
}

/// The groups of a round whose registration number is, or whose name or reading holds, what was typed.
pub async fn search(db: &impl ConnectionTrait, round_id: Uuid, typed: &str, most: u64) -> Result<Vec<Asked>, DbErr> {
    let exact = select(db, "r.round_id = ? AND g.number = ?", vec![round_id.into(), typed.into()]).await?;
    if !exact.is_empty() {
        return Ok(exact);
    }
    let escaped = |text: &str| text.replace('!', "!!").replace('%', "!%").replace('_', "!_");
    let name = super::super::group::name_key(typed);
    if name.is_empty() {
        return Ok(Vec::new());
    }
    let name = format!("%{}%", escaped(&name));
    let kana = format!("%{}%", escaped(&crate::text::kana::katakana(typed).replace([' ', '　'], "")));
    let rest = "r.round_id = ? AND (g.name_key LIKE (? || '') ESCAPE '!' OR REPLACE(REPLACE(g.kana, ' ', ''), '　', '') LIKE (? || '')
        ESCAPE '!' OR g.number LIKE (? || '') ESCAPE '!') ORDER BY g.kana_key, g.id LIMIT ?";
    let number = format!("%{}", escaped(typed));
    select(db, rest, vec![round_id.into(), name.into(), kana.into(), number.into(), most.into()]).await
}

/// Writes down that groups are asked, each by mail or on paper.
pub(super) async fn insert(db: &impl ConnectionTrait, round_id: Uuid, groups: &[(Uuid, bool)]) -> Result<(), DbErr> {
    for groups in groups.chunks(200) {
        let line = "(?, ?, ?, '', 0, 'open', '', '', '', '', FALSE, '')";
        let sql = format!(
            "INSERT INTO round_groups (round_id, group_id, by_mail, code_hash, reminders, state, channel, answered_by,
            words, before_state, for_office, settled_by) VALUES {}",
            vec![line; groups.len()].join(", ")
        );
        let values = groups.iter().flat_map(|(group, by_mail)| [round_id.into(), (*group).into(), (*by_mail).into()]);
        db.execute_raw(statement(db.get_database_backend(), &sql, values.collect())).await?;
    }
    Ok(())
}
