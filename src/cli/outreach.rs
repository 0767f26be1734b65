//! `kyodo outreach plan`: the planner of the sessions on a file, without a database.

use std::path::Path;
use std::time::Duration;

use anyhow::Context;

use super::import::read;
use crate::outreach::planner;

pub(super) fn plan(file: &Path, seconds: f64) -> anyhow::Result<()> {
    let limit = Duration::try_from_secs_f64(seconds).context("--limit は0以上の秒数にしてください。")?;
    let text = String::from_utf8(read(file)?).context("UTF-8のJSONにしてください。")?;
    let instance = planner::read(&text)?;
    let plan = planner::plan(&instance, limit);
    println!("{}", planner::answer(&instance, &plan));
    Ok(())
}
