//! Deciding about a request, and what comes after a decision. Each is one transaction of its caller with its letters, held.

use chrono::{DateTime, Utc};
use sea_orm::ConnectionTrait;
use serde_json::json;
use uuid::Uuid;

use super::decision::Kind;
use super::holding::{self, Refused, Visit};
use super::notice::{Saying, Telling, replace};
use crate::audit::{Actor, Channel};
use crate::city::City;
use crate::db::statement;
use crate::meetings::{Desk, Fault};
use crate::outreach::request::{self, Request, keeping, letters as own, trail};
use crate::outreach::session::{self, Session, State, calendar_entry, crew, store};
use crate::outreach::{letters, telling};
use crate::text::day;

/// Who does it, and on which way.
#[derive(Clone, Copy, Debug)]
pub struct Hand<'a> {
    /// Who.
    pub actor: &'a Actor,
    /// On which way it reached the office.
    pub channel: Channel,
}

/// Decides for a held session: 決定. Says whether it did: not when request or session changed since these versions.
pub async fn approve(
    db: &impl ConnectionTrait,
    desk: &Desk<'_>,
    ((id, version), (session_id, session_version)): ((Uuid, i32), (Uuid, i32)),
    hand: Hand<'_>,
    saying: Saying<'_>,
) -> Result<bool, Fault> {
    let Some(request) = request::hold(db, id).await? else { return Ok(false) };
    let held = session::find(db, session_id).await?.filter(|one| one.request_id == id);
    if held.is_none()
        || !keeping::decide(db, (id, version), "approved", desk.now).await?
        || !store::confirm(db, (session_id, session_version), (saying.by, desk.now)).await?
    {
        return Ok(false);
    }
    holding::release_others(db, desk, (&request, Some(session_id)), saying.by).await?;
    calendar_entry::keep(db, desk, &request, session_id).await?;
    let Some(session) = session::find(db, session_id).await? else { return Ok(false) };
    let telling = Telling::open(db, desk, &title("決定", &request), saying).await?;
    telling.decide(db, (&request, Some(&session)), Kind::Approval).await?;
    telling.to_speakers(db, &request, &session).await?;
    let after = json!({ "日時": when(&session, desk.city), "職員": names(db, &session).await? });
    tell(db, desk, &request, (hand, "出前説明会の決定", saying.words), (json!(null), after)).await?;
    Ok(true)
}

/// Refuses a request: 否決. Says whether it did.
pub async fn refuse(
    db: &impl ConnectionTrait,
    desk: &Desk<'_>,
    (id, version): (Uuid, i32),
    hand: Hand<'_>,
    saying: Saying<'_>,
) -> Result<bool, Fault> {
    let Some(request) = request::hold(db, id).await? else { return Ok(false) };
    if !keeping::decide(db, (id, version), "refused", desk.now).await? {
        return Ok(false);
    }
    holding::release_others(db, desk, (&request, None), saying.by).await?;
    let telling = Telling::open(db, desk, &title("否決", &request), saying).await?;
    telling.decide(db, (&request, None), Kind::Refusal).await?;
    let after = json!({ "理由": saying.ground });
    tell(db, desk, &request, (hand, "出前説明会の否決", saying.ground), (json!(null), after)).await?;
    Ok(true)
}

/// Offers what is held for a request in place of what was wished for, until a moment; says whether there was anything to offer.
pub async fn offer(
    db: &impl ConnectionTrait,
    desk: &Desk<'_>,
    (id, version): (Uuid, i32),
    until: DateTime<Utc>,
    hand: Hand<'_>,
    saying: Saying<'_>,
) -> Result<bool, Fault> {
    let found = request::hold(db, id).await?;
    let Some(request) = found.filter(|one| one.version == version && one.stage() == request::Stage::Received) else {
        return Ok(false);
    };
    let mut lines = Vec::new();
    for one in session::of_request(db, id).await?.into_iter().filter(|one| one.state() == State::Tentative) {
        if store::offer(db, (one.id, one.version), until, desk.now).await? {
            lines.push(when(&one, desk.city));
        }
    }
    if lines.is_empty() {
        return Ok(false);
    }
    let listed: Vec<String> = (1..).zip(&lines).map(|(number, line)| format!("　{number} {line}")).collect();
    let telling = Telling::open(db, desk, &title("別の日時の提案", &request), saying).await?;
    let mut values = telling::of_request(db, desk, &request).await?;
    values.extend([
        ("提案", listed.join("\n")),
        ("理由", saying.ground.to_owned()),
        ("ひとこと", saying.words.to_owned()),
        ("答えの期限", day::long(until.with_timezone(&desk.city.profile.zone).date_naive())),
    ]);
    telling.to_applicant(db, (&request, None), &letters::OFFERED, &values).await?;
    let after = json!({ "提案": lines.join("、") });
    tell(db, desk, &request, (hand, "別の日時の提案", saying.ground), (json!(null), after)).await?;
    Ok(true)
}

/// The applicant declines everything that is on offer; what was held for it is free again.
pub async fn decline(db: &impl ConnectionTrait, desk: &Desk<'_>, id: Uuid, hand: Hand<'_>) -> Result<bool, Fault> {
    let Some(request) = request::hold(db, id).await? else { return Ok(false) };
    let on_offer: Vec<Session> =
        session::of_request(db, id).await?.into_iter().filter(|one| one.is_on_offer(desk.now)).collect();
    for one in &on_offer {
        holding::release(db, desk, (&request, one.id), &hand.actor.name).await?;
        store::decline(db, one.id, desk.now).await?;
    }
    if !on_offer.is_empty() {
        tell(db, desk, &request, (hand, "別の日時を断る", ""), (json!(null), json!(null))).await?;
    }
    Ok(!on_offer.is_empty())
}

/// Moves a session that is decided, or only held; what is decided is told to both sides.
pub async fn shift(
    db: &impl ConnectionTrait,
    desk: &Desk<'_>,
    (id, version): (Uuid, i32),
    visit: &Visit,
    hand: Hand<'_>,
    saying: Saying<'_>,
) -> Result<(), Refused> {
    let before = session::find(db, id).await?.ok_or(Refused::Changed)?;
    let request = request::hold(db, before.request_id).await?.ok_or(Refused::Changed)?;
    let were = names(db, &before).await?;
    holding::shift(db, desk, (&request, id, version), visit).await?;
    let after = session::find(db, id).await?.ok_or(Refused::Changed)?;
    if after.state() == State::Confirmed {
        let telling = Telling::open(db, desk, &title("変更", &request), saying).await?;
        telling.decide(db, (&request, Some(&after)), Kind::Change).await?;
        telling.to_speakers(db, &request, &after).await?;
    }
    let change = (
        json!({ "日時": when(&before, desk.city), "職員": were }),
        json!({ "日時": when(&after, desk.city), "職員": names(db, &after).await? }),
    );
    tell(db, desk, &request, (hand, "出前説明会の変更", saying.ground), change).await?;
    Ok(())
}

/// Calls decided sessions off in one go, all letters in one batch; with `again` their requests wait for a new day. Says how many.
pub async fn cancel(
    db: &impl ConnectionTrait,
    desk: &Desk<'_>,
    (ids, again): (&[Uuid], bool),
    hand: Hand<'_>,
    saying: Saying<'_>,
) -> Result<usize, Fault> {
    let mut telling: Option<Telling<'_>> = None;
    let mut count = 0;
    for id in ids {
        let Some(session) = session::find(db, *id).await?.filter(|one| one.state() == State::Confirmed) else {
            continue;
        };
        let Some(request) = request::hold(db, session.request_id).await? else { continue };
        if !store::cancel(db, *id, saying.ground, (saying.by, desk.now)).await? {
            continue;
        }
        crew::free(db, *id).await?;
        calendar_entry::keep(db, desk, &request, *id).await?;
        let Some(session) = session::find(db, *id).await? else { continue };
        let telling = match &telling {
            Some(telling) => telling,
            None => {
                let name = if ids.len() == 1 {
                    title("中止", &request)
                } else {
                    "出前説明会 まとめて中止".to_owned()
                };
                telling.insert(Telling::open(db, desk, &name, saying).await?)
            }
        };
        telling.decide(db, (&request, Some(&session)), Kind::Cancellation).await?;
        telling.to_speakers(db, &request, &session).await?;
        if again {
            reopen(db, request.id, desk.now).await?;
        }
        let before = json!({ "日時": when(&session, desk.city) });
        tell(db, desk, &request, (hand, "出前説明会の中止", saying.ground), (before, json!(null))).await?;
        count += 1;
    }
    Ok(count)
}

/// A request whose session was called off waits for a decision again, which is due from now.
async fn reopen(db: &impl ConnectionTrait, id: Uuid, now: DateTime<Utc>) -> Result<(), Fault> {
    let sql = "UPDATE outreach_requests SET decided_at = NULL, decision = '', received_at = ?, version = version + 1,
        updated_at = ? WHERE id = ? AND withdrawn_at IS NULL";
    db.execute_raw(statement(db.get_database_backend(), sql, vec![now.into(), now.into(), id.into()])).await?;
    Ok(())
}

/// Withdraws a request; a decided session is called off with it, and those who would have gone are told. Says whether it did.
pub async fn withdraw(
    db: &impl ConnectionTrait,
    desk: &Desk<'_>,
    request: &Request,
    hand: Hand<'_>,
    saying: Saying<'_>,
) -> Result<bool, Fault> {
    request::hold(db, request.id).await?;
    let decided = session::confirmed_of(db, request.id).await?;
    let is_over = decided.as_ref().is_some_and(|one| one.is_over(desk.now));
    if is_over || !keeping::withdraw(db, request.id, saying.ground, (saying.by, desk.now)).await? {
        return Ok(false);
    }
    if request.received_at.is_none() {
        return Ok(true);
    }
    holding::release_others(db, desk, (request, None), saying.by).await?;
    let mut called_off = String::new();
    if let Some(session) = &decided {
        store::cancel(db, session.id, "申込の取下げがありました。", (saying.by, desk.now)).await?;
        crew::free(db, session.id).await?;
        calendar_entry::keep(db, desk, request, session.id).await?;
        called_off = when(session, desk.city);
        let ground = Saying { ground: "申込の取下げがありました。", ..saying };
        let telling = Telling::open(db, desk, &title("取下げ", request), ground).await?;
        if let Some(session) = session::find(db, session.id).await? {
            let mut values = telling::of_request(db, desk, request).await?;
            replace(&mut values, "日時", format!("日時　　　{called_off}"));
            telling.to_applicant(db, (request, Some(&session)), &letters::WITHDRAWN, &values).await?;
            telling.to_speakers(db, request, &session).await?;
        }
    } else {
        own::post_withdrawn(db, desk, request).await?;
    }
    let before = json!({ "日時": called_off });
    tell(db, desk, request, (hand, "出前説明会の取下げ", saying.ground), (before, json!(null))).await?;
    Ok(true)
}

fn title(what: &str, request: &Request) -> String {
    format!("出前説明会の{what} {}", request.body_name)
}

/// When a session takes place, in words.
fn when(session: &Session, city: &City) -> String {
    telling::when((session.starts_at, session.ends_at), city.profile.zone)
}

async fn names(db: &impl ConnectionTrait, session: &Session) -> Result<String, sea_orm::DbErr> {
    let people = crew::of_session(db, session.id).await?;
    Ok(people.iter().map(|one| one.name.as_str()).collect::<Vec<_>>().join("、"))
}

async fn tell(
    db: &impl ConnectionTrait,
    desk: &Desk<'_>,
    request: &Request,
    (hand, action, reason): (Hand<'_>, &str, &str),
    change: (serde_json::Value, serde_json::Value),
) -> Result<(), sea_orm::DbErr> {
    trail::tell(db, request, (hand.actor, hand.channel, action, reason), change, desk.now).await
}
