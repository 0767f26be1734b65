//! `kyodo export`: a table for Excel, a calendar file or a plan file, by the ending of its name.

use std::path::Path;

use sea_orm::DatabaseConnection;

use super::{Encoding, Export, Noun};
use crate::app::App;
use crate::city::{self, facility};
use crate::clock::Clock;
use crate::config::Config;
use crate::table::{self, Cell, Format, Written};
use crate::{calendar, db, feeds, groups, plan};

type Sheet = (Vec<&'static str>, Vec<Vec<Cell>>);

pub(super) async fn run(config: &Config, clock: Clock, export: &Export) -> anyhow::Result<bool> {
    let database = db::connect(&config.database_url, false).await?;
    db::require_current(&database).await?;
    let app = App::new(config.clone(), database, clock).await?;
    let ending = export.file.extension().map(|ending| ending.to_string_lossy().to_lowercase()).unwrap_or_default();
    let bytes = match (export.what, ending.as_str()) {
        (Noun::Plan, "json") => plan_file(&app.db, &app.city().profile.plan_key()).await?,
        (Noun::Events, "ics") => feeds::whole(&app).await?,
        (_, "csv" | "xlsx") => {
            let written = sheet(&app, export, ending == "xlsx").await?;
            let clean = tell(&written);
            save(&export.file, &written.bytes)?;
            return Ok(clean);
        }
        _ => {
            anyhow::bail!("ファイル名の終わりを .csv か .xlsx にしてください（予定は .ics、計画は .json も使えます）。")
        }
    };
    save(&export.file, &bytes)?;
    Ok(true)
}

async fn sheet(app: &App, export: &Export, is_workbook: bool) -> anyhow::Result<Written> {
    let (name, (headings, lines)): (&str, Sheet) = match export.what {
        Noun::Groups => ("団体名簿", groups::export_table(&app.db, &app.city(), groups::Audience::Office).await?),
        Noun::Events => ("予定", calendar::export_table(&app.db, &app.city()).await?),
        Noun::Facilities => ("施設", city::export_facilities(&app.city(), &facility::all(&app.db).await?)),
        Noun::Plan => {
            let plan = plan::by_key(&app.db, &app.city().profile.plan_key()).await?;
            let items = match plan {
                Some(plan) => plan::items_of_plan(&app.db, plan.id).await?,
                None => Vec::new(),
            };
            ("計画", plan::export_table(&items))
        }
    };
    let format = match (is_workbook, export.encoding) {
        (true, _) => Format::Xlsx,
        (false, Encoding::Utf8) => Format::CsvUtf8Bom,
        (false, Encoding::Cp932) => Format::CsvCp932,
    };
    Ok(table::write(format, name, &headings, lines.into_iter())?)
}

async fn plan_file(db: &DatabaseConnection, key: &str) -> anyhow::Result<Vec<u8>> {
    let plan = plan::by_key(db, key).await?.ok_or_else(|| anyhow::anyhow!("計画がありません。"))?;
    Ok(serde_json::to_vec_pretty(&plan::export(db, &plan).await?)?)
}

/// Says which characters could not be written as they are; true when all could.
fn tell(written: &Written) -> bool {
    for (from, to) in &written.substituted {
        println!("「{from}」はこの文字コードで書けないため、「{to}」に置きかえました。");
    }
    for (row, heading, character) in &written.unwritable {
        println!("{row}行目 {heading}: 「{character}」はこの文字コードで書けないため、「〓」にしました。");
    }
    written.unwritable.is_empty()
}

/// Writes beside the file first, so that a broken write never leaves half a file under its name.
fn save(file: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let mut partial = file.as_os_str().to_owned();
    partial.push(".part");
    std::fs::write(&partial, bytes)?;
    std::fs::rename(&partial, file)?;
    println!("{} に書き出しました。", file.display());
    Ok(())
}
