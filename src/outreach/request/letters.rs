//! Posting the letters that a request itself causes: its link, its receipt, its end.

use sea_orm::ConnectionTrait;

use super::link;
use super::request::Request;
use crate::mail::{self, Letter, Recipient, Wording};
use crate::meetings::{Desk, Fault};
use crate::outreach::{letters, request_path, telling};
use crate::text::day;

/// The place where the personal link stands; a secret.
pub const LINK: &str = "リンク";
/// Days after which a request that nobody confirmed is forgotten.
pub const FORGOTTEN_DAYS: i64 = 7;

/// Posts the letter by which the owner of the address shows that it is theirs. Nothing that a stranger typed stands in it.
pub async fn post_link(
    db: &impl ConnectionTrait,
    desk: &Desk<'_>,
    request: &Request,
    network: &str,
) -> Result<(), Fault> {
    let days = FORGOTTEN_DAYS.to_string();
    let values = [("市", desk.city.profile.name.as_str()), ("日数", days.as_str())];
    let text = letters::LINK.fill(&desk.city.settings, &values)?;
    let to = Recipient { mail: request.mail.clone(), name: String::new() };
    let token = link::make(db, request.id, (&request.mail, network), desk.now).await?;
    let letter = Letter::new(letters::LINK.key, to, text).with_secret(LINK, desk.url(&request_path(&token)));
    Ok(mail::post(db, &letter, desk.host, desk.now).await?)
}

/// Posts the receipt, with the day by which the decision is due.
pub async fn post_receipt(
    db: &impl ConnectionTrait,
    desk: &Desk<'_>,
    request: &Request,
    due: chrono::NaiveDate,
) -> Result<(), Fault> {
    post(db, desk, request, &letters::RECEIVED, vec![("返事の期限", day::long(due))]).await
}

/// Posts that a request was withdrawn before it was decided.
pub async fn post_withdrawn(db: &impl ConnectionTrait, desk: &Desk<'_>, request: &Request) -> Result<(), Fault> {
    post(db, desk, request, &letters::WITHDRAWN, vec![("日時", String::new())]).await
}

async fn post(
    db: &impl ConnectionTrait,
    desk: &Desk<'_>,
    request: &Request,
    wording: &'static Wording,
    more: telling::Values,
) -> Result<(), Fault> {
    if request.mail.is_empty() {
        return Ok(());
    }
    let mut values = telling::of_request(db, desk, request).await?;
    values.extend(more);
    let letter = written(db, desk, request, wording, &values).await?;
    Ok(mail::post(db, &letter, desk.host, desk.now).await?)
}

/// A letter to the applicant with these values in its places and a new personal link.
pub async fn written(
    db: &impl ConnectionTrait,
    desk: &Desk<'_>,
    request: &Request,
    wording: &'static Wording,
    values: &telling::Values,
) -> Result<Letter, Fault> {
    let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let text = wording.fill(&desk.city.settings, &values)?;
    let to = Recipient { mail: request.mail.clone(), name: request.contact_name.clone() };
    let token = link::make(db, request.id, (&request.mail, ""), desk.now).await?;
    let letter = Letter::new(wording.key, to, text).with_secret(LINK, desk.url(&request_path(&token)));
    Ok(Letter { group_id: request.group_id, ..letter })
}
