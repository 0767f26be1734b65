//! A request (申込) for a session: who asks, for what, where, and how far it is.

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};
use uuid::Uuid;

use super::body::BodyKind;
use crate::audit::Channel;
use crate::db::{placeholders, statement};
use crate::outreach::session::Place;

/// Where a request stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// 確認待ち: the address is not shown to be the applicant's yet; the office sees nothing of it.
    Unverified,
    /// 受付: waits for a decision.
    Received,
    /// 決定.
    Approved,
    /// 否決.
    Refused,
    /// 取下げ.
    Withdrawn,
}

impl Stage {
    /// The words people read.
    pub fn label(self) -> &'static str {
        match self {
            Self::Unverified => "アドレスの確認待ち",
            Self::Received => "受付(決定を待っています)",
            Self::Approved => "決定",
            Self::Refused => "お受けできませんでした",
            Self::Withdrawn => "取下げ",
        }
    }
}

/// A request as it is kept.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Request {
    /// Identifier.
    pub id: Uuid,
    /// The fiscal year it was received in.
    pub fiscal_year: i32,
    /// 受付番号 in that year, once the office has received it.
    pub number: Option<i32>,
    /// The topic of the menu; nothing for a wish of its own.
    pub topic_id: Option<Uuid>,
    /// What is wished for, or the topic's title when it was asked for.
    pub own_title: String,
    /// How long it takes.
    pub length_minutes: i32,
    /// How many speakers go.
    pub people_needed: i32,
    body_kind: String,
    /// The group of the register.
    pub group_id: Option<Uuid>,
    /// Key of the town that the body belongs to.
    pub body_town: String,
    /// The administrative district.
    pub district: String,
    /// Name of the body.
    pub body_name: String,
    /// Who represents it.
    pub representative: String,
    /// Whom to ask.
    pub contact_name: String,
    /// Mail address; empty for whoever has none.
    pub mail: String,
    /// Telephone.
    pub phone: String,
    /// Telefax.
    pub fax: String,
    /// Postal address.
    pub address: String,
    /// The facility of the city's list.
    pub facility_id: Option<Uuid>,
    /// The place, or the room in the facility.
    pub place: String,
    /// Its address.
    pub place_address: String,
    /// Key of the town it is in.
    pub town_key: String,
    /// How many people are expected.
    pub people: i32,
    /// Who they are.
    pub audience: String,
    /// What the place has, and what is needed.
    pub equipment: String,
    /// Where to park.
    pub parking: String,
    /// What helps people to take part: 車いす, 手話, 要約筆記.
    pub access: String,
    /// What they would like to ask.
    pub questions: String,
    /// Whether the session may stand in the calendar.
    pub public: bool,
    /// Whether they keep to a wish that nobody could reach.
    pub insists: bool,
    channel: String,
    /// Who of the office typed it in.
    pub entered_by: String,
    /// When the owner of the address showed that it is theirs.
    pub verified_at: Option<DateTime<Utc>>,
    /// When the office received it; the decision is due from here.
    pub received_at: Option<DateTime<Utc>>,
    /// When it was decided.
    pub decided_at: Option<DateTime<Utc>>,
    decision: String,
    /// When it was withdrawn.
    pub withdrawn_at: Option<DateTime<Utc>>,
    /// Why.
    pub withdraw_reason: String,
    /// Counts the changes.
    pub version: i32,
    /// When it was typed.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

impl Request {
    /// Where it stands.
    pub fn stage(&self) -> Stage {
        match (self.withdrawn_at, self.decided_at, self.received_at) {
            (Some(_), _, _) => Stage::Withdrawn,
            (None, Some(_), _) if self.decision == "refused" => Stage::Refused,
            (None, Some(_), _) => Stage::Approved,
            (None, None, Some(_)) => Stage::Received,
            (None, None, None) => Stage::Unverified,
        }
    }

    /// What kind of body asks.
    pub fn body(&self) -> BodyKind {
        BodyKind::from_key(&self.body_kind).unwrap_or(BodyKind::Circle)
    }

    /// On which way it came.
    pub fn channel(&self) -> Channel {
        Channel::from_key(&self.channel).unwrap_or_default()
    }

    /// Where it is to take place.
    pub fn venue(&self) -> Place {
        Place {
            town_key: self.town_key.clone(),
            facility_id: self.facility_id,
            place: self.place.clone(),
            address: self.place_address.clone(),
        }
    }

    /// Its 受付番号 as it is written, such as 令和8年度 第3号; empty before the office received it.
    pub fn receipt(&self) -> String {
        let year = crate::text::wareki::fiscal_year_label(self.fiscal_year);
        self.number.map(|number| format!("{year} 受付第{number}号")).unwrap_or_default()
    }

    /// What it is about in one line.
    pub fn title(&self) -> String {
        format!("{}(出前説明会・{})", self.own_title, self.body_name)
    }

    /// Address of its page for staff.
    pub fn desk_path(&self) -> String {
        crate::outreach::desk_path(self.id)
    }
}

const COLUMNS: &str =
    "id, fiscal_year, number, topic_id, own_title, length_minutes, people_needed, body_kind, group_id,
    body_town, district, body_name, representative, contact_name, mail, phone, fax, address, facility_id, place,
    place_address, town_key, people, audience, equipment, parking, access, questions, public, insists, channel,
    entered_by, verified_at, received_at, decided_at, decision, withdrawn_at, withdraw_reason, version, created_at,
    updated_at";

pub(super) async fn select(db: &impl ConnectionTrait, rest: &str, values: Vec<Value>) -> Result<Vec<Request>, DbErr> {
    let sql = format!("SELECT {COLUMNS} FROM outreach_requests {rest}");
    Request::find_by_statement(statement(db.get_database_backend(), &sql, values)).all(db).await
}

/// The request under this identifier.
pub async fn find(db: &impl ConnectionTrait, id: Uuid) -> Result<Option<Request>, DbErr> {
    Ok(select(db, "WHERE id = ?", vec![id.into()]).await?.pop())
}

/// The request under this identifier if the office may see it.
pub async fn find_received(db: &impl ConnectionTrait, id: Uuid) -> Result<Option<Request>, DbErr> {
    Ok(select(db, "WHERE id = ? AND received_at IS NOT NULL", vec![id.into()]).await?.pop())
}

/// The requests that wait for a decision, the oldest first.
pub async fn open(db: &impl ConnectionTrait) -> Result<Vec<Request>, DbErr> {
    let rest = "WHERE received_at IS NOT NULL AND decided_at IS NULL AND withdrawn_at IS NULL ORDER BY received_at, id";
    select(db, rest, vec![]).await
}

/// The requests that are decided, refused or withdrawn, the newest first.
pub async fn closed(db: &impl ConnectionTrait, most: u64) -> Result<Vec<Request>, DbErr> {
    let rest = "WHERE received_at IS NOT NULL AND (decided_at IS NOT NULL OR withdrawn_at IS NOT NULL)
        ORDER BY COALESCE(withdrawn_at, decided_at) DESC, id LIMIT ?";
    select(db, rest, vec![i64::try_from(most).unwrap_or(i64::MAX).into()]).await
}

/// The requests under these identifiers.
pub async fn find_all(db: &impl ConnectionTrait, ids: &[Uuid]) -> Result<Vec<Request>, DbErr> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let marks = placeholders(ids.len());
    select(db, &format!("WHERE id IN ({marks})"), ids.iter().map(|id| (*id).into()).collect()).await
}

/// Holds a request until the transaction ends and reads it, so that nobody else changes it meanwhile.
pub async fn hold(db: &impl ConnectionTrait, id: Uuid) -> Result<Option<Request>, DbErr> {
    let sql = "UPDATE outreach_requests SET updated_at = updated_at WHERE id = ?";
    db.execute_raw(statement(db.get_database_backend(), sql, vec![id.into()])).await?;
    find(db, id).await
}
