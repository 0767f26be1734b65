//! Putting the same text into the outbox for many readers, each with a link of their own.

use std::collections::HashMap;

use sea_orm::{ConnectionTrait, DbErr};
use uuid::Uuid;

use super::letters::Desk;
use super::reader;
use super::way::{self, Subject};
use crate::app::App;
use crate::mail;

/// Posts a text to these readers, in the transaction that claimed what it is about; tells how many letters there are.
pub(super) async fn post(
    db: &impl ConnectionTrait,
    app: &App,
    (kind, text): (&'static str, &(String, String)),
    subjects: &[(Uuid, Subject)],
) -> Result<usize, DbErr> {
    let (city, now) = (app.city(), app.clock.now());
    let desk = Desk { city: &city, base_url: &app.config.base_url };
    let readers: Vec<Uuid> = subjects.iter().map(|(reader, _)| *reader).collect();
    let found = reader::mails(db, &readers).await?.into_iter();
    let mails: HashMap<Uuid, String> =
        found.filter(|reader| reader.refused_at.is_none()).map(|reader| (reader.id, reader.mail)).collect();
    let written: Vec<(Uuid, Subject)> =
        subjects.iter().filter(|(reader, _)| mails.contains_key(reader)).copied().collect();
    let tokens = way::make(db, &written, now).await?;
    let letters = written.iter().zip(&tokens).map(|((reader, _), token)| {
        let mail = mails.get(reader).map(String::as_str).unwrap_or_default();
        desk.regular(kind, mail, text, token)
    });
    let letters: Vec<mail::Letter> = letters.collect();
    mail::post_all(db, &letters, &app.config.host(), now).await
}
