//! A meeting of last month with its minutes: who was there, what was decided and given to do, checked and published; and one of
//! yesterday whose minutes are being written.

use chrono::{Days, Duration};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use super::meetings::{STAFF, begin, sent, span};
use crate::audit::Actor;
use crate::clock::new_id;
use crate::meetings::agenda::{Draft, Origin, Stage, item};
use crate::meetings::attendance::{self, Marking, Presence};
use crate::meetings::minutes::{self, Checker};
use crate::meetings::tasks::{Kind, decision};
use crate::meetings::{Desk, Subject, keep_entry, meeting, notice_batch, seat};
use crate::plan;

/// The points of the agenda, each with what was said.
const POINTS: [(&str, &str); 3] = [
    (
        "来年度の行事の日程（見本）",
        "行事が重なりやすい6月と10月を中心に話し合った。6月は清掃、10月はフェスタを先に置くことにした。",
    ),
    ("物品を貸し借りするしくみ（見本）", "テントと放送機器を貸し合いたいという声が多かった。まず一覧を作る。"),
    ("新しく加わった団体の紹介（見本）", "3団体が活動を紹介した。"),
];

/// Puts both meetings into the demo.
pub async fn fill(db: &impl ConnectionTrait, desk: &Desk<'_>, subject: &Subject) -> anyhow::Result<()> {
    let codes = plan::by_codes(db).await?;
    let item = |code: &str| codes.iter().find(|((_, one), _)| one == code).map(|(_, id)| *id);
    let past = Subject { title: "第1回 連絡調整会議（見本）".to_owned(), ..subject.clone() };
    let id = held(db, desk, &past, 33).await?;
    let seats = seat::of_meeting(db, id).await?;
    let owner = seats.get(1).map(|seat| seat.group_id);
    let decided = [
        (0, Kind::Decision, "一斉清掃を、来年度の6月の第1日曜に行う。", None, "", None, item("3-05")),
        (1, Kind::Task, "貸し借りできる物品の一覧を作る。", owner, "", Some(10), item("3-09")),
        (0, Kind::Task, "行事の予定表を、有線テレビで知らせる。", None, "見本市 広報係", Some(40), item("2-03")),
    ];
    let points = points(db, desk, id).await?;
    for (at, kind, words, owner_group, owner, days, item) in decided {
        let draft = decision::Draft {
            agenda_item_id: points.get(at).copied(),
            kind,
            words: words.to_owned(),
            owner_group,
            owner: owner.to_owned(),
            due_on: days.map(|days| desk.today + Days::new(days)),
            items: item.into_iter().collect(),
        };
        decision::insert(db, (id, new_id()), &draft, desk.now).await?;
    }
    minutes::write(
        db,
        (id, "overview"),
        "見本の9団体が集まり、来年度の行事の日程と、物品の貸し借りを話し合った。",
        (STAFF, desk.now),
    )
    .await?;
    minutes::submit(db, id, seats.get(2).map(|seat| seat.id), (STAFF, desk.now)).await?;
    for checker in [Checker::Chair, Checker::Attendee] {
        let seen = minutes::version_of(db, id).await?;
        minutes::see(db, (id, seen), checker, ("見本 太郎", desk.now)).await?;
    }
    if let Some(meeting) = meeting::find(db, id).await? {
        let seen = minutes::version_of(db, id).await?;
        minutes::publish(db, desk, (&meeting, seen), "", &Actor::named(STAFF)).await?;
        sent(db, notice_batch(db, id).await?, desk).await?;
    }
    let latest = Subject { title: "海岸清掃の段取りの会（見本）".to_owned(), ..subject.clone() };
    let id = held(db, desk, &latest, 1).await?;
    points_of_yesterday(db, desk, id).await
}

/// A meeting that took place so many days ago, with nine of its groups.
async fn held(db: &impl ConnectionTrait, desk: &Desk<'_>, subject: &Subject, days: i64) -> anyhow::Result<Uuid> {
    let id = begin(db, desk, subject).await?;
    meeting::fix(db, (id, 1), span(desk, -days, 14), &subject.venue, (STAFF, desk.now)).await?;
    for (turn, seat) in seat::of_meeting(db, id).await?.iter().enumerate() {
        let presence = if turn % 4 == 3 { Presence::Absent } else { Presence::Present };
        let is_there = presence == Presence::Present;
        let marking = Marking {
            presence,
            people: if is_there { 2 } else { 0 },
            delegates: if is_there { "見本 太郎\n見本 花子" } else { "" },
            names_public: is_there && turn % 2 == 0,
        };
        attendance::put(db, (id, seat.id), &marking, 0, (STAFF, desk.now)).await?;
    }
    attendance::hold(db, id, (STAFF, desk.now)).await?;
    keep_entry(db, desk, id).await?;
    Ok(id)
}

async fn points(db: &impl ConnectionTrait, desk: &Desk<'_>, id: Uuid) -> anyhow::Result<Vec<Uuid>> {
    let mut points = Vec::new();
    for (title, summary) in POINTS {
        let point = new_id();
        let draft = Draft { title: title.to_owned(), minutes: 25, ..Draft::default() };
        item::insert(db, (point, id), (&draft, Stage::Listed), Origin::default(), desk.now).await?;
        minutes::write(db, (id, &point.to_string()), summary, (STAFF, desk.now)).await?;
        points.push(point);
    }
    Ok(points)
}

async fn points_of_yesterday(db: &impl ConnectionTrait, desk: &Desk<'_>, id: Uuid) -> anyhow::Result<()> {
    for title in ["集合の場所と時刻（見本）", "ごみの運び方（見本）"] {
        let draft = Draft { title: title.to_owned(), minutes: 20, ..Draft::default() };
        item::insert(db, (new_id(), id), (&draft, Stage::Listed), Origin::default(), desk.now - Duration::days(3))
            .await?;
    }
    Ok(())
}
