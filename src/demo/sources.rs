//! Calendars of others in the demo: a library and a tourist office whose files were taken in, a group that asks, one that is held.

use anyhow::Context;
use chrono::Days;
use sea_orm::ConnectionTrait;

use crate::accounts::account;
use crate::aggregation::{self, Asked, Desk, Draft, Shows, Trust, Way};
use crate::audit::Actor;
use crate::calendar::Sent;
use crate::groups;

/// An event of a file: name, title, place, days from today, hour, and further lines.
type Event = (&'static str, &'static str, &'static str, u64, u32, &'static str);

const LIBRARY: [Event; 7] = [
    (
        "lib-1",
        "おはなし会（見本）",
        "見本図書館 おはなしの部屋",
        5,
        10,
        "DESCRIPTION:<p>絵本を読みます。<br>申し込みはいりません。</p>",
    ),
    ("lib-2", "古文書を読む会（見本）", "見本図書館 研修室", 9, 14, ""),
    ("lib-3", "冬の映画会（見本）", "見本図書館 ホール", 16, 13, ""),
    ("lib-4", "本のかんたん修理講座（見本）", "見本図書館 研修室", 20, 10, ""),
    ("lib-5", "図書館まつり（見本）", "見本図書館", 27, 10, ""),
    ("lib-6", "職員研修（見本）", "見本図書館 事務室", 12, 9, ""),
    ("lib-7", "休館日", "見本図書館", 7, 9, "CLASS:PRIVATE"),
];
const TOURISM: [Event; 4] = [
    ("tour-1", "第10回 図書館まつり（見本）", "見本図書館", 27, 10, "URL:https://kanko.example.jp/matsuri"),
    ("tour-2", "冬の朝市（見本）", "見本港 広場", 13, 7, ""),
    ("tour-3", "山城あとを歩く（見本）", "見本峠 駐車場", 21, 9, ""),
    ("tour-4", "灯ろうの夕べ（見本）", "見本海岸", 34, 18, "STATUS:TENTATIVE"),
];
const CENTRE: [Event; 6] = [
    ("cen-1", "書道の集い（見本）", "見本文化センター", 6, 13, ""),
    ("cen-2", "合唱の集い（見本）", "見本文化センター", 8, 13, ""),
    ("cen-3", "将棋の集い（見本）", "見本文化センター", 15, 13, ""),
    ("cen-4", "手芸の集い（見本）", "見本文化センター", 22, 13, ""),
    ("cen-5", "写真の集い（見本）", "見本文化センター", 29, 13, ""),
    ("cen-6", "俳句の集い（見本）", "見本文化センター", 36, 13, ""),
];
const CHOIR: [Event; 3] = [
    ("choir-1", "合唱の練習（見本）", "見本公民館", 4, 19, "RRULE:FREQ=WEEKLY;COUNT=12"),
    ("choir-2", "冬の音楽会（見本）", "見本文化センター ホール", 31, 14, ""),
    ("choir-3", "役員会（見本）", "見本公民館", 11, 19, ""),
];

/// Fills the desk of sources.
pub async fn fill(db: &impl ConnectionTrait, desk: &Desk<'_>) -> anyhow::Result<()> {
    let office = Actor::named("見本 職員");
    let library = Draft {
        leaves: "職員研修".to_owned(),
        trust: Trust::Official,
        town_key: "izuhara".to_owned(),
        ..draft("見本図書館の行事")
    };
    let tourism =
        Draft {
            trust: Trust::Hint, categories: vec!["sightseeing".to_owned()], ..draft("見本観光協会のイベント")
        };
    for (draft, events) in [(&library, &LIBRARY[..]), (&tourism, &TOURISM[..])] {
        taken(db, desk, draft, events, &office).await?;
    }
    let centre = taken(db, desk, &draft("見本文化センターの催し"), &CENTRE, &office).await?;
    let source = aggregation::find(db, centre).await?.context("source")?;
    let sent = file("bunka-2.ics", &source.name, &CENTRE[..2], desk);
    aggregation::send_file(db, desk, &source, &sent).await?.map_err(anyhow::Error::msg)?;
    asked(db, desk).await
}

fn draft(name: &str) -> Draft {
    Draft { institution: name.split('の').next().unwrap_or(name).to_owned(), ..Draft::plain(name, "") }
}

async fn taken(
    db: &impl ConnectionTrait,
    desk: &Desk<'_>,
    draft: &Draft,
    events: &[Event],
    office: &Actor,
) -> anyhow::Result<uuid::Uuid> {
    let asked = Asked { account_id: None, name: &office.name, now: desk.now };
    let sent = file("mihon.ics", &draft.name, events, desk);
    let id = aggregation::try_out(db, desk, draft, (&asked, &sent)).await?.map_err(anyhow::Error::msg)?;
    let source = aggregation::find(db, id).await?.context("source")?;
    aggregation::approve(db, desk, &source, (office, "")).await?;
    Ok(id)
}

/// A group that has tried its calendar and asks for it.
async fn asked(db: &impl ConnectionTrait, desk: &Desk<'_>) -> anyhow::Result<()> {
    let account = account::ensure(db, "mihon01@example.jp", "見本 花子", desk.now).await?;
    let draft = Draft {
        way: Way::Address,
        url: "https://calendar.example.jp/mihon/basic.ics".to_owned(),
        group_id: groups::find_by_name(db, "見本 はまゆう手話の会").await?,
        institution: String::new(),
        leaves: "役員会".to_owned(),
        shows: Shows::Review,
        ..draft("はまゆう手話の会のカレンダー（見本）")
    };
    let asked = Asked { account_id: Some(account.id), name: account.shown_name(), now: desk.now };
    let sent = file(&draft.url, "手話の会", &CHOIR, desk);
    let id = aggregation::try_out(db, desk, &draft, (&asked, &sent)).await?.map_err(anyhow::Error::msg)?;
    let source = aggregation::find(db, id).await?.context("source")?;
    aggregation::ask(db, desk, &source, &Actor::account(account.id, account.shown_name())).await?;
    Ok(())
}

/// A calendar file around today.
fn file(name: &str, calendar: &str, events: &[Event], desk: &Desk<'_>) -> Sent {
    let mut text = format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//mihon//JA\r\nX-WR-CALNAME:{calendar}\r\n");
    for (uid, title, place, days, hour, more) in events {
        let day = (desk.today + Days::new(*days)).format("%Y%m%d");
        let more = if more.is_empty() { String::new() } else { format!("{more}\r\n") };
        text.push_str(&format!(
            "BEGIN:VEVENT\r\nUID:{uid}@example.jp\r\nSUMMARY:{title}\r\nLOCATION:{place}\r\n\
            DTSTART;TZID=Asia/Tokyo:{day}T{hour:02}0000\r\nDURATION:PT2H\r\n{more}END:VEVENT\r\n"
        ));
    }
    text.push_str("END:VCALENDAR\r\n");
    Sent { file: name.to_owned(), content_type: "text/calendar".to_owned(), bytes: text.into_bytes().into() }
}
