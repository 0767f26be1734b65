//! The agenda of a meeting under way: items, and proposals that wait.

use chrono::Duration;
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use crate::clock::new_id;
use crate::db::statement;
use crate::meetings::agenda::{Draft, Origin, Stage, item, propose};
use crate::meetings::{Desk, seat};

/// Puts the agenda of a meeting into the demo; groups may propose for five days more.
pub async fn fill(db: &impl ConnectionTrait, desk: &Desk<'_>, meeting_id: Uuid) -> anyhow::Result<()> {
    let backend = db.get_database_backend();
    let sql = "UPDATE meetings SET agenda_until = ? WHERE id = ?";
    let until = desk.now + Duration::days(5);
    db.execute_raw(statement(backend, sql, vec![until.into(), meeting_id.into()])).await?;
    let items = [
        ("フェスタの日程と会場（見本）", "雨のときの会場も決めます。", 20, "見本 太郎"),
        ("持ち場の割り当て（見本）", "受付、案内、片付けの持ち場を決めます。", 30, "見本 花子"),
    ];
    for (title, words, minutes, speaker) in items {
        let draft = draft(title, words, minutes, speaker);
        item::insert(db, (new_id(), meeting_id), (&draft, Stage::Listed), Origin::default(), desk.now).await?;
    }
    for (seat, title) in
        seat::of_meeting(db, meeting_id).await?.iter().zip(["物品を貸し借りする一覧（見本）", "駐車場の使い方（見本）"])
    {
        let draft = draft(title, "使える物と、足りない物を出し合いたいです。", 15, "");
        propose(db, (new_id(), seat), (&draft, "見本 花子"), desk.now).await?;
    }
    Ok(())
}

fn draft(title: &str, words: &str, minutes: i32, speaker: &str) -> Draft {
    Draft { title: title.to_owned(), words: words.to_owned(), minutes, speaker: speaker.to_owned() }
}
