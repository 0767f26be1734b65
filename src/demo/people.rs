//! The demo's people of groups: an invitation without an answer, a hand-over that nobody confirms, a claim that waits.

use anyhow::Context;
use chrono::Duration;
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use crate::accounts::account;
use crate::calendar::Desk;
use crate::groups::people::claim::{self, Claimant};
use crate::groups::people::code;
use crate::groups::people::handover::{self, Successor};
use crate::groups::people::invitation::{self, Invited};
use crate::groups::{self, Duty, member};

/// Fills in one of each, for three sample groups.
pub(super) async fn fill(db: &impl ConnectionTrait, desk: &Desk<'_>) -> anyhow::Result<()> {
    let (now, until) = (desk.now, desk.now + Duration::days(10));
    let (group, head) = led(db, desk, "見本 浅茅湾きれいにし隊", ("mihon01@example.jp", "見本 花子")).await?;
    let invited = Invited { mail: "kaito@example.jp", name: "見本 海斗", expires_at: until };
    invitation::make(db, (group, head), invited, now).await?;

    let (group, head) = led(db, desk, "見本 いきいき体操三根の会", ("mihon08@example.jp", "見本 節子")).await?;
    let next = Successor { mail: "izumi@example.jp", name: "見本 泉美", leaves: false, expires_at: until };
    handover::begin(db, (group, head), next, now - Duration::days(9)).await?;
    handover::mark_late(db, 7, now).await?;

    let group = named(db, "見本 暮らしの消費者学習会").await?;
    let (posted, until) = (now - Duration::days(12), now + Duration::days(48));
    let (_, _, code) = code::make(db, group, (desk.today, until), "見本 職員", posted).await?;
    let code = code::of_typed(db, &code, now).await?.context("the code that was just made")?;
    let claimant = Claimant {
        mail: "mihon16@example.jp".to_owned(),
        name: "見本 恵子".to_owned(),
        part: "会長".to_owned(),
        expires_at: until,
    };
    let verified = now - Duration::days(2);
    let token = claim::take(db, &code, &claimant, verified).await?;
    let claim = claim::of_token(db, &token).await?.context("the claim that was just taken down")?;
    claim::verify(db, &claim, verified).await?;
    Ok(())
}

async fn named(db: &impl ConnectionTrait, name: &str) -> anyhow::Result<Uuid> {
    groups::find_by_name(db, name).await?.with_context(|| name.to_owned())
}

/// A sample group and its representative, who is made where there is none yet.
async fn led(
    db: &impl ConnectionTrait,
    desk: &Desk<'_>,
    group: &str,
    (mail, name): (&str, &str),
) -> anyhow::Result<(Uuid, Uuid)> {
    let group = named(db, group).await?;
    let account = account::ensure(db, mail, name, desk.now).await?;
    if member::of(db, account.id, group).await?.is_none() {
        member::join(db, (group, account.id), Duty::Representative, "見本 職員", desk.now).await?;
    }
    Ok((group, account.id))
}
