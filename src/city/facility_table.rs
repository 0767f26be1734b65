//! The facility list as a file: in and out in the 24 columns of the open-data layout (公共施設一覧).

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr};
use validator::Validate;

use super::City;
use super::facility::{self, Draft, Facility};
use crate::table::{self, Cell, Limits, Outcome, Report, Row, Table, TableFault, quoted};
use crate::text::{clean, postal};

/// Why a facility file cannot be taken in at all.
#[derive(Debug, thiserror::Error)]
pub enum FacilityFault {
    /// The file is no table.
    #[error(transparent)]
    Table(#[from] TableFault),
    /// The file is a table of something else.
    #[error("施設の一覧ではないようです。「名称」と「住所」の列がありません。")]
    Layout,
    /// The database refuses.
    #[error(transparent)]
    Database(#[from] DbErr),
}

/// Headings of the open-data layout that Kyodo keeps, and our own 建物 (equal for two names of one building).
const HEADINGS: [&str; 11] = [
    "都道府県コード又は市区町村コード",
    "NO",
    "名称",
    "名称_カナ",
    "種別",
    "町",
    "郵便番号",
    "住所",
    "緯度",
    "経度",
    "建物",
];

/// Takes in a facility list; the caller commits, or rolls back for a dry run.
pub async fn import(
    db: &impl ConnectionTrait,
    city: &City,
    file: &str,
    bytes: &[u8],
    now: DateTime<Utc>,
) -> Result<Report, FacilityFault> {
    let table = table::read(file, bytes, &HEADINGS, &Limits::default())?;
    if table.column("名称").is_none() || table.column("住所").is_none() {
        return Err(FacilityFault::Layout);
    }
    let known: HashMap<String, Facility> =
        facility::all(db).await?.into_iter().map(|facility| (facility.key.clone(), facility)).collect();
    let mut report = Report::new(file, &table.source(), false);
    report.notes.clone_from(&table.notes);
    for row in &table.rows {
        let (draft, mut notes) = draft(&table, row, city);
        let outcome = match draft.validate() {
            Err(faults) => {
                notes.extend(faults.field_errors().values().flat_map(|list| list.iter()).map(ToString::to_string));
                Outcome::Refused
            }
            Ok(()) => outcome(known.get(&draft.key), &draft),
        };
        if matches!(outcome, Outcome::Taken | Outcome::Changed) {
            facility::put(db, &draft, now).await?;
        }
        report.push(row.line, &draft.name, outcome, notes);
    }
    Ok(report)
}

fn outcome(known: Option<&Facility>, draft: &Draft) -> Outcome {
    match known {
        None => Outcome::Taken,
        Some(old) if facility::as_draft(old) == *draft => Outcome::Unchanged,
        Some(_) => Outcome::Changed,
    }
}

fn draft(table: &Table, row: &Row, city: &City) -> (Draft, Vec<String>) {
    let mut notes = Vec::new();
    let get = |heading: &str| clean::line(row.get(table.column(heading)), 300).unwrap_or_default();
    let name = get("名称");
    let address = get("住所");
    let typed_postal = get("郵便番号");
    let postal = postal::postal(&typed_postal).unwrap_or_default();
    if postal.is_empty() && !typed_postal.is_empty() {
        notes.push(format!("郵便番号: {}は7桁の郵便番号として読めないため、空にしました。", quoted(&typed_postal)));
    }
    let mut degrees = |heading: &str| {
        let typed = get(heading);
        let number = typed.parse::<f64>().ok().filter(|number| number.is_finite());
        if number.is_none() && !typed.is_empty() {
            notes.push(format!("{heading}: {}は数として読めないため、空にしました。", quoted(&typed)));
        }
        number
    };
    let (lat, lon) = (degrees("緯度"), degrees("経度"));
    let town = city.towns.iter().find(|town| town.is_meant_by(&get("町"))).or_else(|| city.town_in(&address));
    let key = Some(get("NO")).filter(|key| !key.is_empty()).unwrap_or_else(|| name.clone());
    let site = Some(get("建物")).filter(|site| !site.is_empty()).unwrap_or_else(|| key.clone());
    let draft = Draft {
        site,
        kana: get("名称_カナ"),
        kind: get("種別"),
        town_key: town.map_or_else(String::new, |town| town.key.clone()),
        postal,
        address,
        lat,
        lon,
        name,
        key,
    };
    (draft, notes)
}

/// Headings and lines of the facility list.
pub fn export_table(city: &City, facilities: &[Facility]) -> (Vec<&'static str>, Vec<Vec<Cell>>) {
    let text = |text: &str| Cell::Text(text.to_owned());
    let degrees = |number: Option<f64>| number.map_or(Cell::Empty, |number| Cell::Text(format!("{number:.6}")));
    let lines = facilities.iter().map(|facility| {
        vec![
            text(&city.profile.code),
            text(&facility.key),
            text(&facility.name),
            text(&facility.kana),
            text(&facility.kind),
            text(city.town_name(&facility.town_key)),
            text(&facility.postal),
            text(&facility.address),
            degrees(facility.lat),
            degrees(facility.lon),
            text(&facility.site),
        ]
    });
    (HEADINGS.to_vec(), lines.collect())
}
