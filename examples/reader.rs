//! Reads a calendar file and expands two years of it, for `benches/readers.py`: `reader FILE YEAR`.
//!
//! Prints the processor time of reading and of expanding, and the number of occurrences.

use anyhow::Context;
use chrono::{DateTime, TimeZone, Utc};
use chrono_tz::Tz;
use kyodo::ics::{self, Limits};

fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let file = arguments.next().context("usage: reader FILE YEAR")?;
    let year: i32 = arguments.next().context("usage: reader FILE YEAR")?.parse()?;
    let bytes = std::fs::read(file)?;
    let limits = Limits::default();
    let began = processor_seconds()?;
    let calendar = ics::read(&bytes, &limits, Tz::Asia__Tokyo)?;
    let read = processor_seconds()?;
    let expansion = ics::expand(&calendar.events, april(year)?..april(year + 2)?, Tz::Asia__Tokyo, &limits);
    let expanded = processor_seconds()?;
    println!("{:.3} {:.3} {}", read - began, expanded - read, expansion.occurrences.len());
    Ok(())
}

fn april(year: i32) -> anyhow::Result<DateTime<Utc>> {
    let midnight = Tz::Asia__Tokyo.with_ymd_and_hms(year, 4, 1, 0, 0, 0).single().context("no such day")?;
    Ok(midnight.to_utc())
}

/// Of this process so far, in steps of a nanosecond as Linux keeps them.
fn processor_seconds() -> anyhow::Result<f64> {
    let schedule = std::fs::read_to_string("/proc/self/schedstat")?;
    let nanoseconds: f64 = schedule.split_whitespace().next().context("no schedstat")?.parse()?;
    Ok(nanoseconds / 1e9)
}
