//! The outbox of the demo: letters in every state, and an invitation to many that waits for its release.

use chrono::{DateTime, Duration, Utc};
use sea_orm::ConnectionTrait;

use crate::city::City;
use crate::db::statement;
use crate::groups;
use crate::mail::{self, Letter, Recipient, Topic};
use crate::seed;

/// How many sample groups are invited.
const INVITED: usize = 6;

/// Writes the letters.
pub async fn fill(tx: &impl ConnectionTrait, city: &City, host: &str, now: DateTime<Utc>) -> anyhow::Result<()> {
    let signature = city.settings.signature();
    let letter = |mail: &str, name: &str, subject: &str, text: &str| {
        let to = Recipient { mail: mail.to_owned(), name: name.to_owned() };
        Letter::new("demo.sample", to, (subject.to_owned(), format!("{name} 様\n\n{text}\n\n{signature}\n")))
    };
    let past = now - Duration::days(2);
    let failed = letter(
        "mihon-furui@example.jp",
        "見本 次郎",
        "見本 登録内容の変更を承認しました",
        "団体のページの変更を承認しました。ページをご確認ください。",
    );
    let sent = letter(
        "mihon01@example.jp",
        "見本 花子",
        "見本 写真を受け付けました",
        "団体のページの写真を受け付けました。すぐにページに出ます。",
    );
    let queued = letter(
        "mihon02@example.jp",
        "見本 三郎",
        "見本 団体の担当への招待",
        "次のページを開くと、団体の担当になれます。\n{{secret:リンク}}",
    );
    mail::post(tx, &failed, host, past).await?;
    settle(tx, &failed, "failed", "宛先のアドレスがないか、受け取りを断られました。\n550 5.1.1 User unknown", past)
        .await?;
    mail::post(tx, &sent, host, past).await?;
    settle(tx, &sent, "sent", "", past).await?;
    mail::post(tx, &queued.with_secret("リンク", format!("https://{host}/invitations/mihon")), host, now).await?;
    let batch = mail::open_batch(tx, Topic::Meetings, "見本 連絡調整会議のご案内", "見本 職員", now).await?;
    let mut letters = Vec::new();
    for (number, row) in seed::rows(include_str!("../../seeds/demo/groups.csv")).take(INVITED).enumerate() {
        let name = row?.get("団体名").to_owned();
        let invitation = letter(
            &format!("mihon-dantai{}@example.jp", number + 1),
            &name,
            "見本 連絡調整会議のご案内",
            "連絡調整会議を開きます。日時と場所は「予定」のページをご覧ください。",
        );
        let group_id = groups::find_by_name(tx, &name).await?;
        letters.push(Letter { batch: Some(batch), group_id, ..invitation });
    }
    mail::post_all(tx, &letters, host, now).await?;
    Ok(())
}

/// What a mail server would have made of a letter; the demo has none.
async fn settle(
    tx: &impl ConnectionTrait,
    letter: &Letter,
    state: &str,
    fault: &str,
    at: DateTime<Utc>,
) -> anyhow::Result<()> {
    let sql = "UPDATE letters SET state = ?, fault = ?, tries = 1, first_try_at = ?, sent_at = ?, secrets = '{}'
        WHERE to_mail = ? AND subject = ?";
    let sent_at = (state == "sent").then_some(at);
    let values = vec![
        state.into(),
        fault.into(),
        at.into(),
        sent_at.into(),
        letter.to.mail.clone().into(),
        letter.subject.clone().into(),
    ];
    tx.execute_raw(statement(tx.get_database_backend(), sql, values)).await?;
    Ok(())
}
