//! Requests for 出前 sessions, by what they are about, who asks and the 受付番号.

use sea_orm::{ConnectionTrait, DbErr};

use super::words::Words;
use crate::outreach::{Request, request};

/// Decided requests that are looked through, the newest ones: some ten years of them.
const READ: u64 = 1_000;
/// Requests shown.
const SHOWN: usize = 10;

/// The requests found, open ones first, and whether there are more.
pub(super) async fn find(db: &impl ConnectionTrait, words: &Words) -> Result<(Vec<Request>, bool), DbErr> {
    let mut found = request::open(db).await?;
    found.extend(request::closed(db, READ).await?);
    found.retain(|request| words.fits(&text(request)) || words.touches(&request.phone));
    let is_more = found.len() > SHOWN;
    found.truncate(SHOWN);
    Ok((found, is_more))
}

fn text(request: &Request) -> String {
    let title = request.title();
    let receipt = request.receipt();
    let Request { contact_name, representative, mail, place, district, .. } = request;
    [&title, &receipt, contact_name, representative, mail, place, district].map(String::as_str).join(" ")
}
