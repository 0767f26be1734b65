//! Submissions (掲載の申込み), by what is on and who asked.

use sea_orm::{ConnectionTrait, DbErr};

use super::words::Words;
use crate::calendar::{Submission, submissions};

/// Submissions that are looked through, the newest ones.
const READ: i64 = 1_000;
/// Submissions shown.
const SHOWN: usize = 10;

/// The submissions found, the newest first, and whether there are more.
pub(super) async fn find(db: &impl ConnectionTrait, words: &Words) -> Result<(Vec<Submission>, bool), DbErr> {
    let mut found = submissions(db, READ).await?;
    found.retain(|one| words.fits(&[&*one.title, &*one.name, &*one.mail].join(" ")) || words.touches(&one.phone));
    let is_more = found.len() > SHOWN;
    found.truncate(SHOWN);
    Ok((found, is_more))
}
