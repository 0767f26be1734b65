//! Calendars of others by name, owner and address; ended and refused ones too. There are hundreds of them, so that all are read.

use sea_orm::{ConnectionTrait, DbErr};

use super::words::Words;
use crate::aggregation::{self, Source};

/// Sources shown.
const SHOWN: usize = 10;

/// The sources found, in the order of their names, and whether there are more.
pub(super) async fn find(db: &impl ConnectionTrait, words: &Words) -> Result<(Vec<Source>, bool), DbErr> {
    let mut found = aggregation::all(db).await?;
    found.retain(|source| words.fits(&[&source.name, source.owner(), &source.url, &source.contact_mail].join(" ")));
    let is_more = found.len() > SHOWN;
    found.truncate(SHOWN);
    Ok((found, is_more))
}
