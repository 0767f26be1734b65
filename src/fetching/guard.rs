//! What may be fetched: checked for every address of every name, at every hop.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use url::{Host, Url};

use super::address::is_public;
use super::names::Names;
use super::refused::Refused;
use crate::config::{Config, Permit};

/// Longest address that is taken, in bytes.
const LONGEST: usize = 2_000;

/// What may be fetched and how much of it.
#[derive(Clone, Debug)]
pub struct Guard {
    /// What may be reached although it is private.
    allow: Vec<Permit>,
    /// As whom Kyodo asks.
    pub(super) agent: String,
    /// Where addresses of names come from.
    pub(super) names: Names,
    /// Most bytes once unpacked.
    pub(super) most_bytes: usize,
    /// Longest time for everything together.
    pub(super) patience: Duration,
}

impl Guard {
    /// The guard that the settings name.
    pub fn new(config: &Config) -> Self {
        Self {
            allow: config.fetch_allow.clone(),
            agent: format!("Kyodo/{} (+{})", env!("CARGO_PKG_VERSION"), config.base_url),
            names: Names::System,
            most_bytes: 10 << 20,
            patience: Duration::from_secs(15),
        }
    }

    #[cfg(test)]
    pub(super) fn allowing(allow: &str, names: Names) -> Self {
        Self {
            allow: allow.split(',').filter(|part| !part.is_empty()).map(|part| part.parse().unwrap()).collect(),
            agent: "Kyodo/test (+https://kyodo.example.jp)".to_owned(),
            names,
            most_bytes: 100_000,
            patience: Duration::from_secs(3),
        }
    }

    /// Where an address leads: everything that can be connected to, each of it checked.
    pub(super) async fn places(&self, url: &Url) -> Result<Vec<SocketAddr>, Refused> {
        let port = url.port_or_known_default().ok_or(Refused::NoAddress)?;
        let addresses = match url.host().ok_or(Refused::NoAddress)? {
            // No name is asked for here, so nothing else would check these.
            Host::Ipv4(address) => vec![IpAddr::V4(address)],
            Host::Ipv6(address) => vec![IpAddr::V6(address)],
            Host::Domain(name) => self.names.addresses(name).await.map_err(|_| Refused::Unknown)?,
        };
        if addresses.is_empty() {
            return Err(Refused::Unknown);
        }
        let place = |address: &IpAddr| SocketAddr::new(*address, port);
        let named = |address: &IpAddr| self.allow.iter().any(|permit| permit.holds(*address, port));
        let allowed: Vec<SocketAddr> = addresses.iter().filter(|address| named(address)).map(place).collect();
        if !allowed.is_empty() {
            return Ok(allowed);
        }
        // One private address among public ones is enough to refuse: a name that answers so is a trap.
        if !addresses.iter().all(|address| is_public(*address)) {
            return Err(Refused::Private);
        }
        if !matches!(port, 80 | 443) {
            return Err(Refused::Port);
        }
        Ok(addresses.iter().map(place).collect())
    }
}

/// The address as it is fetched: webcal is http under another name, webcals is https.
pub fn checked_url(typed: &str) -> Result<Url, Refused> {
    let typed = typed.trim();
    if typed.len() > LONGEST {
        return Err(Refused::NoAddress);
    }
    let plain = match typed.split_once(':') {
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("webcal") => format!("http:{rest}"),
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("webcals") => format!("https:{rest}"),
        _ => typed.to_owned(),
    };
    checked(Url::parse(&plain).map_err(|_| Refused::NoAddress)?)
}

/// An address that can be fetched as far as its form goes.
pub(super) fn checked(url: Url) -> Result<Url, Refused> {
    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none_or(str::is_empty) {
        return Err(Refused::NoAddress);
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(Refused::Login);
    }
    Ok(url)
}
