//! The ways to the question without an account: a personal link from a letter, or a code from paper.

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use uuid::Uuid;

use super::asked::{self, Asked};
use super::round::{self, Round};
use crate::audit::Actor;
use crate::chance;
use crate::db::statement;

/// Letters and digits of a code from paper.
const CODE: usize = 12;

/// Where a good link or code leads.
#[derive(Clone, Debug)]
pub struct Opened {
    /// The round.
    pub round: Round,
    /// The group in it.
    pub asked: Asked,
    /// The address that the link was sent to; empty for a code from paper.
    pub mail: String,
}

impl Opened {
    /// As whom an answer is written down.
    pub fn actor(&self) -> Actor {
        Actor::named(if self.mail.is_empty() { "用紙の番号をお持ちの方" } else { &self.mail })
    }
}

#[derive(FromQueryResult)]
struct Row {
    round_id: Uuid,
    group_id: Uuid,
    mail: String,
}

/// Makes a link for each address of a letter and returns the secrets in the same order.
pub(super) async fn make(
    db: &impl ConnectionTrait,
    round_id: Uuid,
    letters: &[(Uuid, &str)],
    now: DateTime<Utc>,
) -> Result<Vec<String>, DbErr> {
    let tokens: Vec<String> = letters.iter().map(|_| chance::token()).collect();
    let lines: Vec<(&String, &(Uuid, &str))> = tokens.iter().zip(letters).collect();
    for lines in lines.chunks(200) {
        let sql = format!(
            "INSERT INTO round_links (token_hash, round_id, group_id, mail, created_at) VALUES {}",
            vec!["(?, ?, ?, ?, ?)"; lines.len()].join(", ")
        );
        let values = lines.iter().flat_map(|(token, (group, mail))| {
            [digest(token).into(), round_id.into(), (*group).into(), (*mail).into(), now.into()]
        });
        db.execute_raw(statement(db.get_database_backend(), &sql, values.collect())).await?;
    }
    Ok(tokens)
}

/// Makes new codes for the sheets of these groups, in the same order; codes printed before end.
pub(super) async fn make_codes(
    db: &impl ConnectionTrait,
    round_id: Uuid,
    groups: &[Uuid],
    now: DateTime<Utc>,
) -> Result<Vec<String>, DbErr> {
    let mut codes = Vec::with_capacity(groups.len());
    for group in groups {
        let code = chance::paper_code();
        let sql = "UPDATE round_groups SET code_hash = ?, printed_at = ? WHERE round_id = ? AND group_id = ?";
        let hash = code_digest(&code).unwrap_or_default();
        let values = vec![hash.into(), now.into(), round_id.into(), (*group).into()];
        db.execute_raw(statement(db.get_database_backend(), sql, values)).await?;
        codes.push(code);
    }
    Ok(codes)
}

/// Where the secret of a link, or a code from paper however it is typed, leads; nothing for anything else.
pub async fn open(db: &impl ConnectionTrait, key: &str) -> Result<Option<Opened>, DbErr> {
    let sql = "SELECT round_id, group_id, mail FROM round_links WHERE token_hash = ?";
    let values = vec![digest(key).into()];
    let row = Row::find_by_statement(statement(db.get_database_backend(), sql, values)).one(db).await?;
    let (asked, mail) = match row {
        Some(row) => (asked::find(db, row.round_id, row.group_id).await?, row.mail),
        None => (of_code(db, key).await?, String::new()),
    };
    let Some(asked) = asked else { return Ok(None) };
    Ok(round::find(db, asked.round_id).await?.map(|round| Opened { round, asked, mail }))
}

/// The group of a code from paper.
pub async fn of_code(db: &impl ConnectionTrait, typed: &str) -> Result<Option<Asked>, DbErr> {
    match code_digest(typed) {
        Some(hash) => asked::find_by_code(db, &hash).await,
        None => Ok(None),
    }
}

fn digest(token: &str) -> String {
    chance::digest("round-link", token)
}

fn code_digest(typed: &str) -> Option<String> {
    let code = chance::typed_paper_code(typed);
    (code.len() == CODE).then(|| chance::digest("round-code", &code))
}
