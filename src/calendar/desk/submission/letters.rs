//! The letters of a submission: its link, and what the office decided.

use sea_orm::ConnectionTrait;

use super::super::super::entry::Entry;
use super::super::super::letters::{Decision, PAGE, TITLE, WHEN};
use super::record::Submission;
use super::{UNCONFIRMED_DAYS, link, own_path};
use crate::app::App;
use crate::error::Error;
use crate::mail::{self, Letter, Place, Recipient, Wording};
use crate::text::day;

/// The place where the personal link stands; a secret.
const OWN: &str = "リンク";
const NAME: Place = Place { name: "宛名", example: "見本 花子" };

/// 掲載の申込み: メールアドレスの確認.
pub const LINK: Wording = Wording {
    key: "calendar.submission_link",
    title: "予定の掲載の申込み: メールアドレスの確認",
    text: include_str!("../../../../templates/calendar/mail/submission_link.txt"),
    places: &[Place { name: "市", example: "対馬市" }, Place { name: "日数", example: "7" }],
};

/// 掲載のお知らせ.
pub const APPROVED: Wording = Wording {
    key: "calendar.submission_approved",
    title: "予定の掲載の申込み: 掲載のお知らせ",
    text: include_str!("../../../../templates/calendar/mail/submission_approved.txt"),
    places: &[NAME, TITLE, WHEN, PAGE],
};

/// 掲載の見送りのお知らせ.
pub const REFUSED: Wording = Wording {
    key: "calendar.submission_refused",
    title: "予定の掲載の申込み: 見送りのお知らせ",
    text: include_str!("../../../../templates/calendar/mail/submission_refused.txt"),
    places: &[NAME, TITLE, WHEN, Place { name: "理由", example: "営利を目的とする催しのためです。" }],
};

/// Posts the letter by which the owner of the address shows that it is theirs. Nothing that a stranger typed stands in it.
pub(super) async fn post_link(db: &impl ConnectionTrait, app: &App, submission: &Submission) -> Result<(), Error> {
    let city = app.city();
    let days = UNCONFIRMED_DAYS.to_string();
    let text = LINK.fill(&city.settings, &[("市", city.profile.name.as_str()), ("日数", days.as_str())])?;
    let to = Recipient { mail: submission.mail.clone(), name: String::new() };
    post(db, app, submission, Letter::new(LINK.key, to, text)).await
}

/// Posts what the office decided; says nothing to whoever gave no address.
pub(in crate::calendar) async fn post_decision(
    db: &impl ConnectionTrait,
    app: &App,
    (submission, entry): (&Submission, &Entry),
    decision: Decision<'_>,
) -> Result<(), Error> {
    if submission.mail.is_empty() {
        return Ok(());
    }
    let when = day::span(entry.starts_on, entry.ends_on);
    let page = format!("{}{}", app.config.base_url, super::super::super::path(entry.id));
    let mut values = vec![("宛名", submission.name.as_str()), ("予定", entry.title.as_str()), ("日", when.as_str())];
    let wording = match decision {
        Decision::Approved { .. } => {
            values.push(("ページ", &page));
            APPROVED
        }
        Decision::Refused { reason } => {
            values.push(("理由", reason));
            REFUSED
        }
    };
    let to = Recipient { mail: submission.mail.clone(), name: submission.name.clone() };
    let text = wording.fill(&app.city().settings, &values)?;
    post(db, app, submission, Letter::new(wording.key, to, text)).await
}

async fn post(db: &impl ConnectionTrait, app: &App, submission: &Submission, letter: Letter) -> Result<(), Error> {
    let token = link::make(db, submission.id, true).await?;
    let letter = letter.with_secret(OWN, format!("{}{}", app.config.base_url, own_path(&token)));
    Ok(mail::post(db, &letter, &app.config.host(), app.clock.now()).await?)
}
