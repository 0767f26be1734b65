//! Changes of profiles for the demo: two that wait, one that somebody will want back, and a photo that is plainly drawn.

use std::io::Cursor;

use anyhow::Context;
use chrono::{DateTime, Duration, Utc};
use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use sea_orm::{ConnectionTrait, DatabaseConnection};
use uuid::Uuid;

use crate::accounts::account;
use crate::audit::{Actor, Channel};
use crate::city::City;
use crate::config::Config;
use crate::db;
use crate::groups::profile::edit::{self, Editing, Present};
use crate::groups::profile::field::{self, Field};
use crate::groups::{member, photo};
use crate::storage::Storage;

/// Address of the demo's member.
const MEMBER: &str = "mihon01@example.jp";

/// Lets a member ask for changes in two groups, and the office make one too many in a third.
pub async fn fill(db: &impl ConnectionTrait, city: &City, now: DateTime<Utc>) -> anyhow::Result<()> {
    let account = account::find_by_mail(db, MEMBER).await?.context("member")?;
    let who = Actor::account(account.id, account.shown_name());
    let groups = member::of_account(db, account.id).await?;
    let [first, second, third, ..] = groups.as_slice() else { anyhow::bail!("too few sample groups") };
    let editing =
        |actor, channel, reason, now| Editing {
            actor, channel, action: "変更", reason, zone: city.profile.zone, now
        };
    let asked = [
        ("name", format!("{}と友の会", first.group_name)),
        ("website", "https://example.jp/mihon".to_owned()),
        ("purpose", "見本の活動を、子どもからお年寄りまで、だれもが楽しめるようにします。".to_owned()),
        ("recruiting", "募集中です。見学も歓迎します。".to_owned()),
    ];
    let then = now - Duration::days(6);
    by_member(db, city, first.group_id, &asked, editing(&who, Channel::Screen, "", then)).await?;
    let asked = [("representative_title", "会長".to_owned()), ("representative", "見本 次郎\noffice".to_owned())];
    by_member(db, city, second.group_id, &asked, editing(&who, Channel::Screen, "", now - Duration::days(2))).await?;
    let office = Actor::named("見本 職員");
    let short = [("activities", "活動中です。".to_owned()), ("fee", "未定".to_owned())];
    let cause = editing(&office, Channel::Fax, "FAXの書類から入力(見本の入力誤り)", now - Duration::days(1));
    let present = Present::load(db, third.group_id).await?.context("group")?;
    edit::by_office(db, city, &present, &fields(&short), cause).await?;
    Ok(())
}

async fn by_member(
    db: &impl ConnectionTrait,
    city: &City,
    group_id: Uuid,
    asked: &[(&str, String)],
    editing: Editing<'_>,
) -> anyhow::Result<()> {
    let present = Present::load(db, group_id).await?.context("group")?;
    edit::by_member(db, city, &present, &fields(asked), editing).await?;
    Ok(())
}

fn fields(asked: &[(&str, String)]) -> Vec<(&'static Field, String)> {
    asked.iter().filter_map(|(key, text)| Some((field::find(key)?, text.clone()))).collect()
}

/// Puts a drawn photo on the page of the second group; its files lie in the storage of the demo.
pub async fn show_photo(database: &DatabaseConnection, config: &Config, now: DateTime<Utc>) -> anyhow::Result<()> {
    let storage = Storage::new(config, crate::storage::PHOTOS);
    let account = account::find_by_mail(database, MEMBER).await?.context("member")?;
    let group = member::of_account(database, account.id).await?.into_iter().nth(1).context("group")?;
    let mut bytes = Vec::new();
    DynamicImage::ImageRgb8(drawn()).write_to(&mut Cursor::new(&mut bytes), ImageFormat::Png)?;
    let picture = photo::read(bytes.into()).await?;
    let name = photo::put(&storage, &picture).await?;
    let transaction = db::begin(database).await?;
    let new = photo::New {
        name: &name,
        hash: &photo::hash(&picture),
        alt: "「見本」と大きく書いた、海と空の絵",
        size: (picture.width, picture.height),
    };
    photo::show(&transaction, group.group_id, new, &Actor::named("見本 花子"), now).await?;
    transaction.commit().await?;
    Ok(())
}

type Point = (f32, f32);

/// The strokes of 見 and 本, each on a field of ten by ten.
const LETTERS: [&[(Point, Point)]; 2] = [
    &[
        ((2.0, 0.0), (2.0, 6.0)),
        ((8.0, 0.0), (8.0, 6.0)),
        ((2.0, 0.0), (8.0, 0.0)),
        ((2.0, 2.0), (8.0, 2.0)),
        ((2.0, 4.0), (8.0, 4.0)),
        ((2.0, 6.0), (8.0, 6.0)),
        ((3.8, 6.0), (3.6, 8.0)),
        ((3.6, 8.0), (0.5, 9.8)),
        ((6.0, 6.0), (6.0, 9.5)),
        ((6.0, 9.5), (9.5, 9.5)),
        ((9.5, 9.5), (9.5, 8.2)),
    ],
    &[
        ((0.5, 2.4), (9.5, 2.4)),
        ((5.0, 0.0), (5.0, 10.0)),
        ((5.0, 2.4), (0.5, 7.6)),
        ((5.0, 2.4), (9.5, 7.6)),
        ((3.0, 7.4), (7.0, 7.4)),
    ],
];

/// A sky over a sea, with 見本 written across.
fn drawn() -> RgbImage {
    const SIZE: (u32, u32) = (1200, 800);
    RgbImage::from_fn(SIZE.0, SIZE.1, |x, y| {
        let (x, y) = (x as f32, y as f32);
        let is_letter = LETTERS.iter().enumerate().any(|(at, strokes)| {
            let place = ((x - 260.0 - at as f32 * 380.0) / 30.0, (y - 240.0) / 30.0);
            strokes.iter().any(|stroke| distance(place, *stroke) < 0.45)
        });
        if is_letter {
            return Rgb([255, 255, 255]);
        }
        let horizon = 520.0 + (x / 90.0).sin() * 6.0;
        let shade = |from: [f32; 3], to: [f32; 3], share: f32| {
            let mix = |at: usize| (from[at] + (to[at] - from[at]) * share.clamp(0.0, 1.0)) as u8;
            Rgb([mix(0), mix(1), mix(2)])
        };
        match y < horizon {
            true => shade([60.0, 130.0, 180.0], [200.0, 225.0, 235.0], y / horizon),
            false => shade([0.0, 111.0, 131.0], [0.0, 55.0, 65.0], (y - horizon) / 280.0),
        }
    })
}

/// How far a point is from a stroke.
fn distance((x, y): Point, ((x1, y1), (x2, y2)): (Point, Point)) -> f32 {
    let (dx, dy) = (x2 - x1, y2 - y1);
    let along = (((x - x1) * dx + (y - y1) * dy) / (dx * dx + dy * dy)).clamp(0.0, 1.0);
    (x - x1 - along * dx).hypot(y - y1 - along * dy)
}
