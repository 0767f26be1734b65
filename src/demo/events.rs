//! What waits at the desk of the demo's calendar: two first entries, one cancelled lately, and a report of an error.

use chrono::{Days, NaiveTime, TimeZone};
use sea_orm::ConnectionTrait;

use crate::accounts::account;
use crate::calendar::{self, Desk, Draft, OWN, Span, Status};
use crate::groups;
use crate::reports::{self, Subject};

/// Fills the queue: titles, readings, host, days from today, and what is said.
pub async fn fill(db: &impl ConnectionTrait, desk: &Desk<'_>) -> anyhow::Result<()> {
    let waiting = [
        (
            "はじめての手話教室（見本）",
            "はじめてのしゅわきょうしつ",
            "見本 はまゆう手話の会",
            24,
            "あいさつの手話を、一緒におぼえます。",
        ),
        (
            "冬の花の植えかえ（見本）",
            "ふゆのはなのうえかえ",
            "見本 厳原みなと花だんの会",
            31,
            "港の花だんに、パンジーの苗を植えます。",
        ),
    ];
    for (at, (title, kana, host, days, description)) in waiting.into_iter().enumerate() {
        let mut draft = draft(desk, &format!("desk-{at}"), title, days);
        (draft.kana, draft.description, draft.public) = (kana.to_owned(), description.to_owned(), false);
        let Some(group) = held_by(db, &mut draft, host).await? else { continue };
        let id = calendar::store(db, desk, &draft).await?.id;
        let account = account::ensure(db, "mihon01@example.jp", "見本 花子", desk.now).await?;
        calendar::ask_review(db, (id, Some(group)), (Some(account.id), account.shown_name()), desk.now).await?;
    }
    let mut stopped = draft(desk, "desk-stopped", "浜辺の観察会（見本）", 10);
    held_by(db, &mut stopped, "見本 浅茅湾きれいにし隊").await?;
    stopped.kana = "はまべのかんさつかい".to_owned();
    let id = calendar::store(db, desk, &stopped).await?.id;
    stopped.status = Status::Cancelled;
    stopped.notice = "波が高い日が続いているため中止します。代わりの日は、決まりしだいお知らせします。".to_owned();
    calendar::store(db, desk, &stopped).await?;
    let subject = Subject { path: calendar::path(id), title: stopped.title.clone(), group_id: stopped.group_id };
    let report = reports::Draft {
        subject,
        body: "集合場所の駐車場は、いま工事中で使えません。（見本）".to_owned(),
        mail: "mihon-shimin@example.jp".to_owned(),
        network: "local".to_owned(),
    };
    reports::insert(db, &report, desk.now).await?;
    Ok(())
}

fn draft(desk: &Desk<'_>, name: &str, title: &str, days: u64) -> Draft {
    let zone = desk.city.profile.zone;
    let day = desk.today + Days::new(days);
    let at = |hour| {
        let local = day.and_time(NaiveTime::from_hms_opt(hour, 0, 0).unwrap_or_default());
        zone.from_local_datetime(&local).earliest().map_or_else(|| local.and_utc(), |moment| moment.to_utc())
    };
    let mut draft = Draft::new(OWN, name, title, Span::Times { starts: at(10), ends: Some(at(12)) }, zone);
    draft.categories = vec!["children".to_owned()];
    draft.place = "見本の集会所".to_owned();
    draft.town_key = "mitsushima".to_owned();
    draft
}

async fn held_by(db: &impl ConnectionTrait, draft: &mut Draft, host: &str) -> anyhow::Result<Option<uuid::Uuid>> {
    host.clone_into(&mut draft.organiser);
    draft.group_id = groups::find_by_name(db, host).await?;
    Ok(draft.group_id)
}
