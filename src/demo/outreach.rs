//! 出前説明会 under way: requests that wait for a decision, one that is held, one decided, some over, reported or not.

use chrono::{Datelike, Days, Duration, NaiveDate, NaiveTime, Weekday};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use super::meetings::STAFF;
use crate::accounts::{Role, account};
use crate::audit::{Actor, Channel};
use crate::clock::new_id;
use crate::db::statement;
use crate::groups;
use crate::meetings::Desk;
use crate::outreach::availability::{duty, hours::Hours, person};
use crate::outreach::decision::{self, Hand, Saying, Visit};
use crate::outreach::request::{self, BodyKind, Draft, Wish, keeping, wish};
use crate::outreach::session::{self, Place};
use crate::outreach::{report, topic};
use crate::text::{holidays::holiday, wareki};

/// Who may be sent besides the clerk: address, name, town, telephone.
const PEOPLE: [(&str, &str, &str, &str); 4] = [
    ("shokuin@example.jp", STAFF, "izuhara", "090-0000-0001"),
    ("demae01@example.jp", "見本 出前 一郎", "izuhara", "090-0000-0002"),
    ("demae02@example.jp", "見本 出前 二郎", "toyotama", "090-0000-0003"),
    ("demae03@example.jp", "見本 出前 三子", "kamiagata", "090-0000-0004"),
];

/// A sample request: kind, district or name, its town, the place, the place's town, people, day ahead, hour.
struct Sample {
    kind: BodyKind,
    name: &'static str,
    town: &'static str,
    place: &'static str,
    people: i32,
    days: u64,
    hour: u32,
}

const fn sample(
    kind: BodyKind,
    (name, town): (&'static str, &'static str),
    (place, people): (&'static str, i32),
    (days, hour): (u64, u32),
) -> Sample {
    Sample { kind, name, town, place, people, days, hour }
}

/// Who can meet on one evening alone, on which nobody can come.
const EVENING: &str = "見本ヶ原";

/// Those that wait, and those that are far enough to be decided or over.
const OPEN: [Sample; 4] = [
    sample(BodyKind::District, ("見本浦", "mine"), ("見本浦 集会所", 15), (20, 19)),
    sample(BodyKind::District, (EVENING, "kamitsushima"), ("見本ヶ原 公民館", 9), (20, 19)),
    sample(BodyKind::Circle, ("見本 茶話会", "izuhara"), ("見本会館 和室", 8), (21, 14)),
    sample(BodyKind::District, ("見本町内", "kamiagata"), ("見本町内 集会所", 20), (23, 18)),
];
const HELD: Sample = sample(BodyKind::District, ("見本崎", "toyotama"), ("見本崎 公民館", 12), (24, 19));
const DECIDED: Sample = sample(BodyKind::Circle, ("見本 子育ての会", "mitsushima"), ("見本児童館", 18), (18, 10));
const OVER: [Sample; 3] = [
    sample(BodyKind::District, ("曲", "izuhara"), ("見本 曲集会所", 14), (9, 19)),
    sample(BodyKind::Circle, ("見本 写真の会", "mine"), ("見本会館 会議室", 7), (16, 14)),
    sample(BodyKind::District, ("小浦", "izuhara"), ("見本 小浦集会所", 11), (3, 19)),
];

/// Puts the requests and sessions into the demo.
pub async fn fill(db: &impl ConnectionTrait, desk: &Desk<'_>) -> anyhow::Result<()> {
    let people = people(db, desk).await?;
    let topic = menu(db, desk, &people).await?;
    for one in &OPEN {
        received(db, desk, (topic, one), one.days).await?;
    }
    let group = groups::listed_names(db).await?.into_iter().next();
    if let Some(group) = group {
        let one = Sample { kind: BodyKind::Group, name: "", ..DECIDED };
        let draft = Draft { group_id: Some(group.id), body_name: group.name, ..draft(desk, topic, (&one, 26)) };
        receive(db, desk, &draft).await?;
    }
    let held = received(db, desk, (topic, &HELD), HELD.days).await?;
    hold(db, desk, (held, &HELD, HELD.days), people[2]).await?;
    let decided = received(db, desk, (topic, &DECIDED), DECIDED.days).await?;
    hold(db, desk, (decided, &DECIDED, DECIDED.days), people[1]).await?;
    approve(db, desk, decided).await?;
    for (at, one) in OVER.iter().enumerate() {
        over(db, desk, (topic, one), (people[at], at < 1)).await?;
    }
    release_old(db, desk).await?;
    Ok(())
}

async fn people(db: &impl ConnectionTrait, desk: &Desk<'_>) -> anyhow::Result<Vec<Uuid>> {
    let mut people = Vec::new();
    for (mail, name, town, phone) in PEOPLE {
        if account::find_by_mail(db, mail).await?.is_none() {
            account::insert(db, mail, name, Role::Staff, desk.now).await?;
        }
        let account = account::ensure(db, mail, name, desk.now).await?;
        let time = |hour| NaiveTime::from_hms_opt(hour, 0, 0);
        let mut hours = Hours::usual();
        // Evening sessions are work as well: 8:00 to 23:00, and on Saturdays until the afternoon.
        for (at, day) in hours.0.iter_mut().enumerate() {
            *day = time(8).zip(if at < 5 { time(23) } else { time(18) }).filter(|_| at < 6);
        }
        let draft = person::Draft { base_town: town.to_owned(), phone: phone.to_owned(), is_active: true, hours };
        person::set(db, (account.id, None), &draft, desk.now).await?;
        people.push(account.id);
    }
    let day = weekday(desk.today + Days::new(20));
    let at = |hour| wish::moment(day, NaiveTime::from_hms_opt(hour, 0, 0).unwrap_or_default(), desk.city.profile.zone);
    let duty = duty::Draft {
        kind: duty::Kind::Duty,
        starts_at: at(16),
        ends_at: at(18),
        town_key: "izuhara".to_owned(),
        note: "見本 窓口の当番".to_owned(),
    };
    for person in &people[..2] {
        duty::insert(db, (*person, new_id()), &duty, (STAFF, desk.now)).await?;
    }
    // The others are at a course at the other end of the island on that evening.
    let course = duty::Draft {
        starts_at: at(17),
        ends_at: at(19),
        town_key: "mitsushima".to_owned(),
        note: "見本 研修".to_owned(),
        ..duty
    };
    for person in &people[2..] {
        duty::insert(db, (*person, new_id()), &course, (STAFF, desk.now)).await?;
    }
    Ok(people)
}

async fn menu(db: &impl ConnectionTrait, desk: &Desk<'_>, people: &[Uuid]) -> anyhow::Result<Uuid> {
    let topic = new_id();
    let year = wareki::fiscal_year(desk.today);
    let draft = topic::Draft {
        fiscal_year: year,
        title: "協働についての説明会".to_owned(),
        summary:
            "市民と市が力を合わせて地域の課題に取り組む「協働」について、計画の内容と、地域でできることをお話しします。"
                .to_owned(),
        section: desk.city.profile.office.section.clone(),
        length_minutes: 60,
        people_needed: 1,
        brings: "投影機、配る資料".to_owned(),
        asks: "机といす、電源".to_owned(),
        speakers: Vec::new(),
    };
    topic::insert(db, (topic, None), &draft, (STAFF, desk.now)).await?;
    let second = topic::Draft {
        title: "活動の補助金と、届け出の書き方(見本)".to_owned(),
        summary: "市民活動を支える補助金のしくみと、申込書の書き方を、例を見ながらご説明します。".to_owned(),
        length_minutes: 90,
        people_needed: 2,
        speakers: people[..3].to_vec(),
        ..draft
    };
    topic::insert(db, (new_id(), None), &second, (STAFF, desk.now)).await?;
    Ok(topic)
}

/// The first weekday from a day on that is no holiday.
fn weekday(from: NaiveDate) -> NaiveDate {
    let is_free = |day: &NaiveDate| {
        let new_year = matches!((day.month(), day.day()), (12, 28..) | (1, ..=4));
        !matches!(day.weekday(), Weekday::Sat | Weekday::Sun) && holiday(*day).is_none() && !new_year
    };
    from.iter_days().find(is_free).unwrap_or(from)
}

fn draft(desk: &Desk<'_>, topic: Uuid, (one, days): (&Sample, u64)) -> Draft {
    let time = |hour| NaiveTime::from_hms_opt(hour, 0, 0).unwrap_or_default();
    let on = |more: u64| weekday(desk.today + Days::new(days + more));
    let wish = |more, hour, until| Wish { day: on(more), starts: time(hour), until };
    let name = match one.kind {
        BodyKind::District => format!("{} {}", desk.city.town_name(one.town), one.name),
        _ => one.name.to_owned(),
    };
    Draft {
        topic_id: Some(topic),
        title: "協働についての説明会".to_owned(),
        length_minutes: 60,
        people_needed: 1,
        body: one.kind,
        body_town: one.town.to_owned(),
        district: if one.kind == BodyKind::District { one.name.to_owned() } else { String::new() },
        body_name: name,
        representative: "見本 区長".to_owned(),
        contact_name: "見本 太郎".to_owned(),
        mail: "mihon-kucho@example.jp".to_owned(),
        phone: "0920-00-0000".to_owned(),
        place: Place { town_key: one.town.to_owned(), place: one.place.to_owned(), ..Place::default() },
        people: one.people,
        audience: "区の役員と住民".to_owned(),
        parking: "会場の前に3台".to_owned(),
        questions: "補助金のことも聞きたいです。".to_owned(),
        public: one.kind != BodyKind::Circle,
        wishes: match one.name {
            EVENING => vec![wish(0, one.hour, None), wish(0, 18, Some(time(20)))],
            _ => vec![wish(0, one.hour, None), wish(1, one.hour, None), wish(3, 13, Some(time(17)))],
        },
        ..Draft::default()
    }
}

async fn received(
    db: &impl ConnectionTrait,
    desk: &Desk<'_>,
    (topic, one): (Uuid, &Sample),
    days: u64,
) -> anyhow::Result<Uuid> {
    receive(db, desk, &draft(desk, topic, (one, days))).await
}

async fn receive(db: &impl ConnectionTrait, desk: &Desk<'_>, draft: &Draft) -> anyhow::Result<Uuid> {
    let id = new_id();
    keeping::insert(db, id, draft, (Channel::Screen, ""), (desk.today, desk.now)).await?;
    keeping::receive(db, id, true, (desk.today, desk.now)).await?;
    Ok(id)
}

async fn hold(
    db: &impl ConnectionTrait,
    desk: &Desk<'_>,
    (id, one, days): (Uuid, &Sample, u64),
    person: Uuid,
) -> anyhow::Result<Uuid> {
    let request = request::find(db, id).await?.ok_or_else(|| anyhow::anyhow!("no request"))?;
    let time = NaiveTime::from_hms_opt(one.hour, 0, 0).unwrap_or_default();
    let starts = wish::moment(weekday(desk.today + Days::new(days)), time, desk.city.profile.zone);
    let visit = Visit { starts, ends: starts + Duration::hours(1), place: request.venue(), people: vec![person] };
    let session = new_id();
    decision::hold(db, desk, (&request, session), &visit, STAFF).await?;
    Ok(session)
}

async fn approve(db: &impl ConnectionTrait, desk: &Desk<'_>, id: Uuid) -> anyhow::Result<()> {
    let request = request::find(db, id).await?.ok_or_else(|| anyhow::anyhow!("no request"))?;
    let held = session::of_request(db, id).await?.pop().ok_or_else(|| anyhow::anyhow!("nothing held"))?;
    let (actor, sender) = (Actor::named(STAFF), format!("kyodo@{}", desk.host));
    let saying = Saying {
        by: STAFF, ground: "", words: "大雨のときは、前の日にお電話します。", sender: &sender
    };
    let hand = Hand { actor: &actor, channel: Channel::Screen };
    decision::approve(db, desk, ((id, request.version), (held.id, held.version)), hand, saying).await?;
    Ok(())
}

/// A session that took place some days ago; reported, or still to be.
async fn over(
    db: &impl ConnectionTrait,
    desk: &Desk<'_>,
    (topic, one): (Uuid, &Sample),
    (person, reported): (Uuid, bool),
) -> anyhow::Result<()> {
    let back = Desk {
        today: desk.today - Days::new(one.days + 30),
        now: desk.now - Duration::days(i64::try_from(one.days)? + 30),
        ..*desk
    };
    let draft = draft(&back, topic, (one, 30));
    let id = receive(db, &back, &draft).await?;
    let session = hold(db, &back, (id, one, 30), person).await?;
    approve(db, &back, id).await?;
    if reported {
        let written = report::Draft {
            took_place: true,
            people: one.people - 1,
            content: "協働の計画と、地域でできることを説明しました。".to_owned(),
            questions: vec![report::Question {
                asked: "補助金は、いつ申し込めますか。".to_owned(),
                answered: "毎年4月に募集します。".to_owned(),
                public: true,
            }],
            materials: "計画の概要版(見本)".to_owned(),
            summary: "地域の見守りについて、活発な話し合いになりました。".to_owned(),
            is_public: one.kind == BodyKind::District,
            consent: "当日、代表の方に口頭で確かめました。".to_owned(),
            ..report::Draft::default()
        };
        report::save(db, (session, 0), (&written, one.kind == BodyKind::District), (STAFF, desk.now)).await?;
    }
    Ok(())
}

/// The letters of decisions that lie weeks back were sent long ago.
async fn release_old(db: &impl ConnectionTrait, desk: &Desk<'_>) -> anyhow::Result<()> {
    let sql = "UPDATE letters SET state = 'sent', sent_at = created_at, tries = 1, secrets = ?, decided_by = ?
        WHERE kind LIKE 'outreach.%' AND created_at < ?";
    let before = desk.now - Duration::days(1);
    let values = vec![serde_json::json!({}).into(), STAFF.into(), before.into()];
    db.execute_raw(statement(db.get_database_backend(), sql, values)).await?;
    Ok(())
}
