//! What letters and papers say about a session: one place for all of them, so that mail, paper and pages agree.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use sea_orm::{ConnectionTrait, DbErr};

use super::request::{Request, wish};
use super::rules::Rules;
use super::session::crew::{self, Going};
use super::session::driving::{self, Stay};
use super::session::{self, Session, calendar_entry};
use super::topic;
use crate::city::{City, facility};
use crate::meetings::Desk;
use crate::text::day;

/// The values of the places of a wording, by name.
pub type Values = Vec<(&'static str, String)>;

/// When a session takes place, such as 令和8年12月16日(水) 19:00〜20:00.
pub fn when((starts, ends): (DateTime<Utc>, DateTime<Utc>), zone: Tz) -> String {
    let (starts, ends) = (starts.with_timezone(&zone), ends.with_timezone(&zone));
    format!("{} {}〜{}", day::long(starts.date_naive()), starts.format("%-H:%M"), ends.format("%-H:%M"))
}

/// Where something takes place, with the address.
pub async fn place(db: &impl ConnectionTrait, city: &City, place: &super::session::Place) -> Result<String, DbErr> {
    let hall = match place.facility_id {
        Some(id) => facility::all(db).await?.into_iter().find(|one| one.id == id),
        None => None,
    };
    let words = calendar_entry::place_words(place, hall.as_ref());
    let address = if place.address.is_empty() { city.town_name(&place.town_key) } else { &place.address };
    Ok(format!("{words}({address})"))
}

/// What every letter about a request says.
pub async fn of_request(db: &impl ConnectionTrait, desk: &Desk<'_>, request: &Request) -> Result<Values, DbErr> {
    let topic = match request.topic_id {
        Some(id) => topic::find(db, id).await?,
        None => None,
    };
    let or_none = |text: &str| if text.trim().is_empty() { "なし".to_owned() } else { text.to_owned() };
    let room = [("駐車場", &request.parking), ("機材", &request.equipment), ("配慮", &request.access)];
    let room: Vec<String> =
        room.iter().filter(|(_, text)| !text.is_empty()).map(|(name, text)| format!("{name}: {text}")).collect();
    let phone = [request.contact_name.as_str(), request.phone.as_str(), request.mail.as_str()];
    Ok(vec![
        ("団体名", request.body_name.clone()),
        ("宛名", request.contact_name.clone()),
        ("市", desk.city.profile.name.clone()),
        ("担当課", desk.city.profile.office.section.clone()),
        ("受付番号", request.receipt()),
        ("内容", request.own_title.clone()),
        ("会場", place(db, desk.city, &request.venue()).await?),
        ("人数", format!("{}人の予定", request.people)),
        ("用意", or_none(topic.as_ref().map_or("", |topic| topic.asks.as_str()))),
        ("持ち物", or_none(topic.as_ref().map_or("", |topic| topic.brings.as_str()))),
        ("連絡先", phone.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" ")),
        ("会場の様子", or_none(&room.join("、"))),
        ("質問", or_none(&request.questions)),
        ("通知日", day::long(desk.today)),
        ("希望日時", wishes(&wish::of_request(db, request.id).await?)),
    ])
}

fn wishes(wishes: &[wish::Wish]) -> String {
    let line = |(rank, wish): (usize, &wish::Wish)| format!("\n　第{rank}希望 {}", wish.words());
    (1..).zip(wishes).map(line).collect()
}

/// What every letter about a session says besides.
pub fn of_session(city: &City, session: &Session, people: &[Going]) -> Values {
    let names: Vec<String> = people
        .iter()
        .map(|one| if one.phone.is_empty() { one.name.clone() } else { format!("{}(電話 {})", one.name, one.phone) })
        .collect();
    vec![
        ("日時", when((session.starts_at, session.ends_at), city.profile.zone)),
        ("町", city.town_name(&session.town_key).to_owned()),
        ("職員", if names.is_empty() { "決まりしだいお知らせします".to_owned() } else { names.join("、") }),
    ]
}

/// The driving plan of somebody on the day of a session, with everything else that takes them out on that day.
pub async fn driving(
    db: &impl ConnectionTrait,
    city: &City,
    session: &Session,
    person: &Going,
) -> Result<String, DbErr> {
    let zone = city.profile.zone;
    let on = session.starts_at.with_timezone(&zone).date_naive();
    let of_day = |day: chrono::NaiveDate| wish::moment(day, chrono::NaiveTime::MIN, zone);
    let span = (of_day(on), of_day(on + chrono::Days::new(1)));
    let going = crew::standing(db, span).await?;
    let mine = |one: &Session| going.iter().any(|go| go.session_id == one.id && go.account_id == person.account_id);
    let stays: Vec<Stay> = session::standing(db, span)
        .await?
        .into_iter()
        .filter(|one| one.id == session.id || mine(one))
        .map(|one| Stay {
            words: if one.id == session.id { "この説明会".to_owned() } else { "別の説明会".to_owned() },
            starts: one.starts_at,
            ends: one.ends_at,
            town_key: one.town_key,
        })
        .collect();
    let lines = driving::plan(city, &person.base_town, &stays, Rules::of(city).around);
    Ok(lines.into_iter().map(|line| format!("　{line}")).collect::<Vec<_>>().join("\n"))
}
