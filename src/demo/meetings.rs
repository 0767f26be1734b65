//! Liaison meetings under way: one whose day twelve groups are asked for, one whose replies come in, one that a group convenes, one that was cancelled.

use chrono::{DateTime, Days, Duration, NaiveDate, NaiveTime, TimeZone, Utc, Weekday};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use crate::audit::{Actor, Channel};
use crate::clock::new_id;
use crate::db::statement;
use crate::groups;
use crate::mail::{self, Decision};
use crate::meetings::invitation::{self, Answer as Reply};
use crate::meetings::poll::{self, Answer, date, vote};
use crate::meetings::series::{self, Rule, Shift, Which};
use crate::meetings::{Desk, Subject, Venue, items, keep_entry, meeting, seat};
use crate::plan;
use crate::text::holidays::holiday;
use crate::text::wareki;

/// Who convenes for the city.
pub(super) const STAFF: &str = "見本 職員";

/// Puts the meetings into the demo.
pub async fn fill(db: &impl ConnectionTrait, desk: &Desk<'_>) -> anyhow::Result<()> {
    let groups: Vec<Uuid> = groups::listed_names(db).await?.into_iter().map(|group| group.id).collect();
    let codes = plan::by_codes(db).await?;
    let item = |code: &str| codes.iter().find(|((_, one), _)| one == code).map(|(_, id)| *id);
    let fulfilled: Vec<Uuid> = desk.city.profile.meeting_items.iter().filter_map(|code| item(code)).collect();
    let subject = |title: &str, purpose: &str, from: usize| Subject {
        groups: groups.iter().skip(from).take(12).enumerate().map(|(at, id)| (*id, at == 0)).collect(),
        items: fulfilled.clone(),
        ..subject(title, purpose, desk)
    };
    asked(
        db,
        desk,
        &subject("来年度の行事の日程を決める会（見本）", "来年度の行事が重ならないよう、日程を出し合います。", 0),
    )
    .await?;
    ahead(db, desk, &subject("秋の市民活動フェスタ 準備の会（見本）", "フェスタの持ち場と、必要な物を決めます。", 6))
        .await?;
    let own = groups.first().copied();
    let convened = Subject {
        convener_group: own,
        convener: "見本の団体".to_owned(),
        ..subject("活動場所を分け合う会（見本）", "部屋の使い方を話し合います。", 3)
    };
    begin(db, desk, &convened).await?;
    super::minutes::fill(db, desk, &subject("", "行事の日程と物品の貸し借りを話し合います。", 2)).await?;
    planned(
        db,
        desk,
        &subject("市民活動コミュニティ連絡調整会議（見本）", "一年の予定を知らせ合い、困りごとを話し合います。", 0),
    )
    .await?;
    stopped(db, desk, &subject("台風の備えを考える会（見本）", "避難所での団体の役割を話し合います。", 20)).await?;
    Ok(())
}

fn subject(title: &str, purpose: &str, desk: &Desk<'_>) -> Subject {
    let profile = &desk.city.profile;
    Subject {
        title: title.to_owned(),
        purpose: purpose.to_owned(),
        convener_group: None,
        convener: format!("{} {}", profile.name, profile.office.section),
        chair_group: None,
        chair: "見本 太郎".to_owned(),
        public: true,
        length_minutes: 90,
        first_day: desk.today + Days::new(20),
        last_day: desk.today + Days::new(60),
        weekdays: vec![1, 2, 3, 4, 5],
        opens: "10:00".to_owned(),
        closes: "20:00".to_owned(),
        least_groups: 6,
        venue: Venue { place: "見本公民館 大会議室".to_owned(), ..Venue::default() },
        groups: Vec::new(),
        items: Vec::new(),
    }
}

pub(super) async fn begin(db: &impl ConnectionTrait, desk: &Desk<'_>, subject: &Subject) -> anyhow::Result<Uuid> {
    let id = new_id();
    meeting::insert(db, id, subject, (STAFF, desk.now - Duration::days(9))).await?;
    seat::give(db, id, &subject.groups, desk.now).await?;
    items::set(db, id, &subject.items).await?;
    Ok(id)
}

/// An hour and a half on a day before or after today.
pub(super) fn span(desk: &Desk<'_>, days: i64, hour: u32) -> (DateTime<Utc>, DateTime<Utc>) {
    let on: NaiveDate = desk.today + Duration::days(days);
    let time = NaiveTime::from_hms_opt(hour, 0, 0).unwrap_or_default();
    let local = desk.city.profile.zone.from_local_datetime(&on.and_time(time)).earliest();
    let starts = local.map_or(desk.now, |local| local.to_utc());
    (starts, starts + Duration::minutes(90))
}

/// A poll that seven of twelve groups have answered, one of them by FAX.
async fn asked(db: &impl ConnectionTrait, desk: &Desk<'_>, subject: &Subject) -> anyhow::Result<()> {
    let id = begin(db, desk, subject).await?;
    for (days, hour) in [(24, 10), (25, 19), (31, 14)] {
        date::add(db, id, span(desk, days, hour), (&subject.venue, &[]), (STAFF, desk.now)).await?;
    }
    let until = span(desk, 10, 17).0;
    let Some(meeting) = meeting::find(db, id).await? else { return Ok(()) };
    let made = poll::open(db, desk, &meeting, (until, ""), &Actor::named(STAFF)).await?;
    sent(db, made.and_then(|made| made.batch_id), desk).await?;
    let dates = date::of_meeting(db, id).await?;
    for (turn, seat) in seat::of_meeting(db, id).await?.iter().enumerate().take(7) {
        let said = [Answer::Yes, Answer::Maybe, Answer::No];
        let answers: Vec<_> =
            dates.iter().enumerate().map(|(at, one)| (one.id, said[(turn * at + turn / 3) % 3])).collect();
        let by_fax = turn == 4;
        let said = vote::Said {
            answers: &answers,
            comment: if turn == 2 { "夜の会なら、多くの会員が出られます。" } else { "" },
            channel: if by_fax { Channel::Fax } else { Channel::Screen },
            said_by: "見本 花子",
            written_by: if by_fax { STAFF } else { "見本 花子" },
        };
        vote::keep(db, (id, seat.id), &said, desk.now).await?;
    }
    Ok(())
}

/// A meeting whose day is fixed and whose groups reply.
async fn ahead(db: &impl ConnectionTrait, desk: &Desk<'_>, subject: &Subject) -> anyhow::Result<()> {
    let id = begin(db, desk, subject).await?;
    let span = span(desk, 16, 19);
    meeting::fix(db, (id, 1), span, &subject.venue, (STAFF, desk.now)).await?;
    keep_entry(db, desk, id).await?;
    let Some(meeting) = meeting::find(db, id).await? else { return Ok(()) };
    if let Some(due) = invitation::due(db, &meeting, desk.now).await? {
        let words =
            invitation::Words { number: "見本第1号", sender: "kyodo@example.jp", ..invitation::Words::default() };
        let made = invitation::make(db, desk, (&meeting, &due), &words, &Actor::named(STAFF)).await?;
        sent(db, made.and_then(|made| made.batch_id), desk).await?;
    }
    for (turn, seat) in seat::of_meeting(db, id).await?.iter().enumerate().take(8) {
        let answer = if turn % 4 == 3 { Reply::Absent } else { Reply::Attend };
        let said = invitation::reply::Said {
            answer,
            people: if answer == Reply::Attend { 2 } else { 0 },
            delegates: if answer == Reply::Attend { "見本 太郎\n見本 花子" } else { "" },
            proxy: "",
            opinion: if answer == Reply::Absent {
                "当番が重なるため欠席します。決まったことをお知らせください。"
            } else {
                ""
            },
            names_public: turn % 2 == 0,
            channel: if turn == 5 { Channel::Phone } else { Channel::Screen },
            said_by: "見本 花子",
            written_by: if turn == 5 { STAFF } else { "見本 花子" },
        };
        invitation::reply::keep(db, (id, seat.id), &said, desk.now).await?;
    }
    super::agenda::fill(db, desk, id).await?;
    Ok(())
}

/// The rest of this fiscal year: the second Wednesday of every second month, only planned.
async fn planned(db: &impl ConnectionTrait, desk: &Desk<'_>, subject: &Subject) -> anyhow::Result<()> {
    let Some(rule) = Rule::new(Which::Weekday(vec![2], Weekday::Wed), &[4, 6, 8, 10, 12, 2]) else { return Ok(()) };
    let draft = series::Draft {
        title: subject.title.clone(),
        fiscal_year: wareki::fiscal_year(desk.today),
        rule,
        shift: (Shift::Next, false),
        convener_group: None,
        convener: subject.convener.clone(),
    };
    let id = new_id();
    series::insert(db, id, &draft, (STAFF, desk.now)).await?;
    let closed = |on: NaiveDate| holiday(on).map(str::to_owned);
    let dates = series::dates(&draft.rule, draft.fiscal_year, draft.shift, &closed);
    let ahead = (1..).zip(dates).filter_map(|(number, one)| Some((number, one.on?))).filter(|(_, on)| *on > desk.today);
    for (number, on) in ahead {
        let title = series::numbering::numbered(number, &subject.title);
        let one = Subject { title, first_day: on, last_day: on, weekdays: vec![3], ..subject.clone() };
        series::join(db, id, begin(db, desk, &one).await?).await?;
    }
    Ok(())
}

/// A meeting that was called off.
async fn stopped(db: &impl ConnectionTrait, desk: &Desk<'_>, subject: &Subject) -> anyhow::Result<()> {
    let id = begin(db, desk, subject).await?;
    meeting::fix(db, (id, 1), span(desk, 6, 14), &subject.venue, (STAFF, desk.now)).await?;
    keep_entry(db, desk, id).await?;
    meeting::cancel(db, id, "台風の接近のため", (STAFF, desk.now)).await?;
    keep_entry(db, desk, id).await?;
    Ok(())
}

/// Lets letters go; they were sent long ago, and the demo has no mail server that would say so.
pub(super) async fn sent(db: &impl ConnectionTrait, batch: Option<Uuid>, desk: &Desk<'_>) -> anyhow::Result<()> {
    let Some(id) = batch else { return Ok(()) };
    if let Some(batch) = mail::find_batch(db, id).await? {
        mail::decide_all(db, &batch, Decision::Release, &Actor::named(STAFF), desk.now).await?;
    }
    let sql = "UPDATE letters SET state = 'sent', sent_at = ?, secrets = '{}' WHERE state = 'queued' AND batch_id = ?";
    db.execute_raw(statement(db.get_database_backend(), sql, vec![desk.now.into(), id.into()])).await?;
    Ok(())
}
