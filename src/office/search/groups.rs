//! Groups in every state, found by what everybody may read of them and by what the office alone knows.

use std::collections::HashMap;

use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};
use uuid::Uuid;

use super::words::{Index, Words};
use crate::db::{placeholders, statement};
use crate::groups::{ContactKind, State};
use crate::text::fold::fold;
use crate::text::kana;

/// Hits that are looked at; more are told as "or more".
const MET: i64 = 1_000;
/// Groups shown.
const SHOWN: i64 = 20;

const PUBLIC: Index = Index { sqlite: "group_search", postgres: "groups", text: "search_text", has_numbers: false };
const OFFICE: Index = Index { sqlite: "group_trace_search", postgres: "group_traces", text: "text", has_numbers: true };

/// A group that was found.
#[derive(Clone, Debug, FromQueryResult)]
pub(super) struct Hit {
    pub id: Uuid,
    pub number: Option<String>,
    pub name: String,
    kana: String,
    state: String,
    pub town_key: String,
    total: i64,
    /// The contacts that hold what was looked for.
    #[sea_orm(skip)]
    pub contacts: Vec<Known>,
}

/// A contact as the office sees it.
#[derive(Clone, Debug, FromQueryResult)]
pub(super) struct Known {
    group_id: Uuid,
    kind: String,
    pub value: String,
    pub published: bool,
}

impl Hit {
    pub fn reading(&self) -> String {
        kana::hiragana(&self.kana)
    }

    pub fn state(&self) -> State {
        State::from_key(&self.state).unwrap_or(State::Dormant)
    }
}

impl Known {
    pub fn label(&self) -> &'static str {
        ContactKind::from_key(&self.kind).map_or("", crate::office::register::contact_label)
    }
}

/// The groups found, how many there are, and whether there are more than that.
pub(super) async fn find(db: &impl ConnectionTrait, words: &Words) -> Result<(Vec<Hit>, i64, bool), DbErr> {
    let backend = db.get_database_backend();
    let (known, mut values) = words.hits(backend, &OFFICE, MET + 1);
    let mut sources = vec![format!("SELECT seq FROM {known} AS o")];
    if words.phone.is_none() {
        let (public, more) = words.hits(backend, &PUBLIC, MET + 1);
        sources.push(format!("SELECT seq FROM {public} AS p"));
        values.extend(more);
    }
    let sql = format!(
        "SELECT g.id, g.number, g.name, g.kana, g.state, g.town_key, COUNT(*) OVER () AS total
        FROM ({}) AS met JOIN groups g ON g.seq = met.seq
        ORDER BY CASE WHEN g.name_key = ? THEN 0 WHEN g.number = ? THEN 0 ELSE 1 END, g.kana_key, g.id LIMIT ?",
        sources.join(" UNION ")
    );
    let name = fold(&words.typed).replace(' ', "");
    values.extend([Value::from(name), words.typed.clone().into(), SHOWN.into()]);
    let mut hits = Hit::find_by_statement(statement(backend, &sql, values)).all(db).await?;
    let total = hits.first().map_or(0, |hit| hit.total);
    name_contacts(db, words, &mut hits).await?;
    Ok((hits, total.min(MET), total > MET))
}

async fn name_contacts(db: &impl ConnectionTrait, words: &Words, hits: &mut [Hit]) -> Result<(), DbErr> {
    if hits.is_empty() {
        return Ok(());
    }
    let sql = format!(
        "SELECT group_id, kind, value, published FROM group_contacts WHERE group_id IN ({})",
        placeholders(hits.len())
    );
    let values = hits.iter().map(|hit| hit.id.into()).collect();
    let contacts = Known::find_by_statement(statement(db.get_database_backend(), &sql, values)).all(db).await?;
    let mut of: HashMap<Uuid, Vec<Known>> = HashMap::new();
    for contact in contacts.into_iter().filter(|contact| words.touches(&contact.value)) {
        of.entry(contact.group_id).or_default().push(contact);
    }
    for hit in hits {
        hit.contacts = of.remove(&hit.id).unwrap_or_default();
    }
    Ok(())
}
