//! A public facility where groups meet; two names of one building share a site, and a clash is judged by site.

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use uuid::Uuid;
use validator::Validate;

use crate::clock::new_id;
use crate::db::statement;
use crate::revision::{self, Scope};

/// A facility of the city's list.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Facility {
    /// Identifier.
    pub id: Uuid,
    /// Stable key of the list.
    pub key: String,
    /// Name.
    pub name: String,
    /// Reading.
    pub kana: String,
    /// What it is, such as 公民館.
    pub kind: String,
    /// The town it stands in.
    pub town_key: String,
    /// Postal code, seven digits.
    pub postal: String,
    /// Address.
    pub address: String,
    /// The building; equal for two names of the same one.
    pub site: String,
    /// Latitude in degrees.
    pub lat: Option<f64>,
    /// Longitude in degrees.
    pub lon: Option<f64>,
}

/// A checked row of a facility list.
#[derive(Clone, Debug, PartialEq, Validate)]
pub struct Draft {
    /// Stable key of the list.
    #[validate(length(min = 1, max = 40, message = "番号がありません。"))]
    pub key: String,
    /// Name.
    #[validate(length(min = 1, max = 200, message = "名称がありません。"))]
    pub name: String,
    /// Reading.
    #[validate(length(max = 200))]
    pub kana: String,
    /// What it is.
    #[validate(length(max = 100))]
    pub kind: String,
    /// Town key.
    pub town_key: String,
    /// Postal code.
    pub postal: String,
    /// Address.
    #[validate(length(max = 300))]
    pub address: String,
    /// Building.
    #[validate(length(max = 40))]
    pub site: String,
    /// Latitude.
    #[validate(range(min = -90.0, max = 90.0, message = "緯度は -90 から 90 までです。"))]
    pub lat: Option<f64>,
    /// Longitude.
    #[validate(range(min = -180.0, max = 180.0, message = "経度は -180 から 180 までです。"))]
    pub lon: Option<f64>,
}

const COLUMNS: &str = "id, key, name, kana, kind, town_key, postal, address, site, lat, lon";

/// All facilities, in the order of their keys.
pub async fn all(db: &impl ConnectionTrait) -> Result<Vec<Facility>, DbErr> {
    let sql = format!("SELECT {COLUMNS} FROM facilities ORDER BY key");
    Facility::find_by_statement(statement(db.get_database_backend(), &sql, vec![])).all(db).await
}

/// Stores a facility, replacing what stood under its key.
pub async fn put(db: &impl ConnectionTrait, draft: &Draft, now: DateTime<Utc>) -> Result<(), DbErr> {
    let sql = format!(
        "INSERT INTO facilities ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (key) DO UPDATE SET name = excluded.name, kana = excluded.kana, kind = excluded.kind,
        town_key = excluded.town_key, postal = excluded.postal, address = excluded.address, site = excluded.site,
        lat = excluded.lat, lon = excluded.lon"
    );
    let values = vec![
        new_id().into(),
        draft.key.clone().into(),
        draft.name.clone().into(),
        draft.kana.clone().into(),
        draft.kind.clone().into(),
        draft.town_key.clone().into(),
        draft.postal.clone().into(),
        draft.address.clone().into(),
        draft.site.clone().into(),
        draft.lat.into(),
        draft.lon.into(),
    ];
    db.execute_raw(statement(db.get_database_backend(), &sql, values)).await?;
    revision::bump(db, Scope::City, now).await
}

/// What the draft of a stored facility would be.
pub fn as_draft(facility: &Facility) -> Draft {
    let facility = facility.clone();
    Draft {
        key: facility.key,
        name: facility.name,
        kana: facility.kana,
        kind: facility.kind,
        town_key: facility.town_key,
        postal: facility.postal,
        address: facility.address,
        site: facility.site,
        lat: facility.lat,
        lon: facility.lon,
    }
}
