//! What the fetcher may reach although it is private, such as 127.0.0.1:8099 or 10.0.0.0/8.

use std::net::IpAddr;
use std::str::FromStr;

use super::range::Range;

/// A range of addresses, with the one port that is meant where one is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Permit {
    range: Range,
    port: Option<u16>,
}

impl Permit {
    /// Whether this address may be reached at this port.
    pub fn holds(&self, address: IpAddr, port: u16) -> bool {
        self.range.holds(address) && self.port.is_none_or(|own| own == port)
    }
}

impl FromStr for Permit {
    type Err = ();

    fn from_str(typed: &str) -> Result<Self, ()> {
        let (range, port) = parts(typed.trim()).ok_or(())?;
        let port = port.map(|port| port.parse().map_err(|_| ())).transpose()?;
        Ok(Self { range: range.parse()?, port })
    }
}

/// The range and the port; an IPv6 range with a port stands in brackets, as in an address of the web.
fn parts(typed: &str) -> Option<(&str, Option<&str>)> {
    if let Some(rest) = typed.strip_prefix('[') {
        let (range, after) = rest.split_once(']')?;
        return if after.is_empty() { Some((range, None)) } else { Some((range, Some(after.strip_prefix(':')?))) };
    }
    match typed.split_once(':') {
        Some((range, port)) if !port.contains(':') => Some((range, Some(port))),
        _ => Some((typed, None)),
    }
}

#[cfg(test)]
mod tests {
    use super::Permit;

    #[test]
    fn a_permit_holds_its_range_at_its_port_or_at_every_port() {
        let holds = |permit: &str, address: &str, port: u16| {
            permit.parse::<Permit>().unwrap().holds(address.parse().unwrap(), port)
        };
        assert!(holds("127.0.0.1:8099", "127.0.0.1", 8099) && !holds("127.0.0.1:8099", "127.0.0.1", 80));
        assert!(holds("127.0.0.1:8099", "::ffff:127.0.0.1", 8099));
        assert!(holds("10.0.0.0/8", "10.1.2.3", 443) && holds("10.0.0.0/8", "10.1.2.3", 9));
        assert!(holds("10.0.0.0/8:8080", "10.1.2.3", 8080) && !holds("10.0.0.0/8:8080", "10.1.2.3", 443));
        assert!(holds("::1", "::1", 80) && holds("[::1]:81", "::1", 81) && !holds("[::1]:81", "::1", 80));
        assert!(holds("[fd00::/8]", "fd12::1", 443));
        for wrong in ["", "localhost", "127.0.0.1:", "127.0.0.1:x", "[::1]81", "[::1", "127.0.0.1:70000"] {
            assert!(wrong.parse::<Permit>().is_err(), "{wrong}");
        }
    }
}
