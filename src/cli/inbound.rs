//! `kyodo inbound`: one mail on standard input, from a mail server's pipe.

use std::io::Read;

use crate::city::City;
use crate::clock::Clock;
use crate::config::Config;
use crate::db;
use crate::inbound::{self, Channel, MOST, Taken};
use crate::takers::TAKERS;

/// Not a mail: the server returns it (sysexits.h EX_DATAERR).
const NO_MAIL: u8 = 65;
/// Not now: the server tries again (EX_TEMPFAIL).
const LATER: u8 = 75;

/// Takes the mail and gives the exit code that mail servers understand.
pub(super) async fn run(config: anyhow::Result<Config>, clock: Clock) -> u8 {
    match take(config, clock).await {
        Ok(Taken::NoMail) => {
            eprintln!("メールではありません。");
            NO_MAIL
        }
        Ok(_) => 0,
        Err(fault) => {
            eprintln!("{fault:#}");
            LATER
        }
    }
}

async fn take(config: anyhow::Result<Config>, clock: Clock) -> anyhow::Result<Taken> {
    // Read first: a pipe that is not taken empty is a fault for the server.
    let (bytes, length) = piped()?;
    let config = config?;
    let database = db::connect(&config.database_url, false).await?;
    db::require_current(&database).await?;
    let zone = City::load(&database).await?.profile.zone;
    Ok(inbound::take_cut(&database, (&bytes, length), Channel::Pipe, TAKERS, (zone, clock.now())).await?)
}

/// The mail as far as it may go, and how long all of it is; a server whose pipe is closed early takes that for a fault.
fn piped() -> std::io::Result<(Vec<u8>, u64)> {
    let mut bytes = Vec::new();
    let mut input = std::io::stdin().lock();
    input.by_ref().take(MOST as u64 + 1).read_to_end(&mut bytes)?;
    let rest = std::io::copy(&mut input, &mut std::io::sink())?;
    let length = bytes.len() as u64 + rest;
    Ok((bytes, length))
}
