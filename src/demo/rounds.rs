//! A yearly confirmation under way: some groups answered on the screen, some by FAX, some wrote, many have not answered yet.

use chrono::{DateTime, Days, Duration, Utc};
use sea_orm::{ConnectionTrait, DbErr};
use uuid::Uuid;

use crate::audit::{Actor, Channel};
use crate::clock::new_id;
use crate::db::statement;
use crate::groups::renewal::{self, Answer, Desk, Kind, Narrowed, NewRound, Said, Whom};
use crate::mail::{self, Decision};
use crate::text::wareki;

/// Days since the round began.
const SINCE: i64 = 12;
/// Days until answers are due.
const DUE: u64 = 18;

/// Begins the round of this fiscal year, sends its letters, and lets about half of the groups answer.
pub async fn fill(db: &impl ConnectionTrait, desk: &Desk<'_>) -> anyhow::Result<()> {
    let began = desk.now - Duration::days(SINCE);
    let fiscal_year = wareki::fiscal_year(desk.today);
    let staff = Actor::named("見本 職員");
    let round = NewRound {
        id: new_id(),
        title: &renewal::title(fiscal_year),
        kind: Kind::Yearly,
        fiscal_year,
        due_on: desk.today.checked_add_days(Days::new(DUE)).unwrap_or(desk.today),
        by: &staff.name,
    };
    let then = Desk { now: began, today: began.with_timezone(&desk.city.profile.zone).date_naive(), ..*desk };
    renewal::begin(db, &then, (&round, Whom::All), (&staff, Channel::Screen)).await?;
    release(db, round.id, &staff, began).await?;
    let asked = renewal::list_asked(db, round.id, Narrowed::default(), (0, 1_000)).await?;
    for (index, asked) in asked.iter().enumerate() {
        let at = began + Duration::days(1 + i64::try_from(index % 11).unwrap_or_default());
        let by_mail = Actor::named("見本 担当者");
        let (answer, words, actor, channel) = match index % 12 {
            0 | 2 | 5 | 8 if asked.by_mail => (Answer::Unchanged, "", &by_mail, Channel::Screen),
            0 | 2 => (Answer::Unchanged, "", &staff, Channel::Fax),
            3 if index < 30 => (Answer::Edited, "", &by_mail, Channel::Screen),
            6 if index == 6 => {
                (Answer::Told, "会長が見本 花子に代わりました。電話は 0920-00-0000 です。", &by_mail, Channel::Screen)
            }
            9 if index == 9 => {
                (Answer::Resting, "会員が減ったため、今年度は活動を休みます。", &by_mail, Channel::Screen)
            }
            10 if index == 10 => (Answer::Undeliverable, "", &staff, Channel::Post),
            _ => continue,
        };
        let day = at.with_timezone(&desk.city.profile.zone).date_naive();
        renewal::take(db, asked.group_id, Said { answer, words, actor, channel }, day, at).await?;
    }
    Ok(())
}

/// Lets the letters of the round go, as staff do at `/staff/mail`.
async fn release(db: &impl ConnectionTrait, round: Uuid, staff: &Actor, at: DateTime<Utc>) -> Result<(), DbErr> {
    for batch in renewal::batches(db, round).await? {
        if let Some(batch) = mail::find_batch(db, batch).await? {
            mail::decide_all(db, &batch, Decision::Release, staff, at).await?;
        }
    }
    // They were sent long ago; the demo has no mail server that would say so.
    let sql = "UPDATE letters SET state = 'sent', sent_at = ?, secrets = '{}' WHERE state = 'queued' AND kind = ?";
    let values = vec![at.into(), "groups.renewal_ask".into()];
    db.execute_raw(statement(db.get_database_backend(), sql, values)).await?;
    Ok(())
}
