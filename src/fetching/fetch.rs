//! Fetching one address: hop by hop, in bounded time, never more than is taken.

use std::error::Error;
use std::io::{self, Read};
use std::net::SocketAddr;
use std::sync::{Arc, LazyLock};

use bytes::Bytes;
use flate2::read::MultiGzDecoder;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::{self, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Client, Response, StatusCode, redirect};
use rustls::{ClientConfig, RootCertStore};
use url::Url;

use super::guard::{Guard, checked, checked_url};
use super::refused::Refused;

/// Most times that an address is passed on.
const HOPS: usize = 5;
/// Longest tag that is kept, in bytes.
const TAG: usize = 500;

/// What is asked for. It is never shown for debugging: an address may be a secret.
#[derive(Clone, Default)]
pub struct Ask {
    /// The address as a person gave it.
    pub url: String,
    /// ETag of what is known already; may be empty.
    pub etag: String,
    /// Last-Modified of what is known already; may be empty.
    pub last_modified: String,
}

/// What came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fetched {
    /// It is still what is known.
    Same,
    /// It is new.
    Changed {
        /// The bytes, unpacked.
        bytes: Bytes,
        /// Content-Type as the server says it; may be empty.
        content_type: String,
        /// ETag for the next time; may be empty.
        etag: String,
        /// Last-Modified for the next time; may be empty.
        last_modified: String,
    },
}

/// Fetches an address that somebody gave, as far as the guard lets it.
///
/// Each hop is checked as the first: its form, its port, every address of its name. The connection goes to the checked addresses
/// alone, so that a name cannot answer differently the second time.
pub async fn fetch(guard: &Guard, ask: &Ask) -> Result<Fetched, Refused> {
    tokio::time::timeout(guard.patience, follow(guard, ask)).await.unwrap_or(Err(Refused::TooSlow))
}

async fn follow(guard: &Guard, ask: &Ask) -> Result<Fetched, Refused> {
    let mut url = checked_url(&ask.url)?;
    for _ in 0..=HOPS {
        let answer = hop(guard, ask, &url).await?;
        let status = answer.status();
        if status == StatusCode::NOT_MODIFIED {
            return if conditions(ask).is_empty() { Err(Refused::Answer(304)) } else { Ok(Fetched::Same) };
        }
        if !matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308) {
            return taken(guard, answer).await;
        }
        let next = answer.headers().get(header::LOCATION).and_then(|place| place.to_str().ok());
        let next = next.and_then(|place| url.join(place).ok()).ok_or(Refused::BadRedirect)?;
        if url.scheme() == "https" && next.scheme() == "http" {
            return Err(Refused::Downgrade);
        }
        url = checked(next).map_err(|fault| if fault == Refused::NoAddress { Refused::BadRedirect } else { fault })?;
    }
    Err(Refused::Redirects)
}

/// One request to one checked place.
async fn hop(guard: &Guard, ask: &Ask, url: &Url) -> Result<Response, Refused> {
    let places = guard.places(url).await?;
    let client = Client::builder()
        .user_agent(&guard.agent)
        .no_proxy()
        .referer(false)
        .redirect(redirect::Policy::none())
        .pool_max_idle_per_host(0)
        .tls_backend_preconfigured(encryption())
        .dns_resolver(Checked(places.clone().into()))
        .build()
        .map_err(|_| Refused::Unreachable)?;
    let request = client.get(url.clone()).header(header::ACCEPT_ENCODING, "gzip").headers(conditions(ask));
    let answer = request.send().await.map_err(|fault| unreached(&fault))?;
    match answer.remote_addr() {
        Some(place) if !places.iter().any(|known| known.ip().to_canonical() == place.ip().to_canonical()) => {
            Err(Refused::Private)
        }
        _ => Ok(answer),
    }
}

/// What connections are encrypted with, made once: reading the certificates of the machine takes longer than most servers.
fn encryption() -> ClientConfig {
    static MADE: LazyLock<ClientConfig> = LazyLock::new(|| {
        // Does nothing where the process has already chosen one.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut roots = RootCertStore::empty();
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        ClientConfig::builder().with_root_certificates(roots).with_no_client_auth()
    });
    MADE.clone()
}

/// The addresses that were checked, and no others.
struct Checked(Arc<[SocketAddr]>);

impl Resolve for Checked {
    fn resolve(&self, _: Name) -> Resolving {
        let own = self.0.to_vec();
        let places: Addrs = Box::new(own.into_iter());
        Box::pin(std::future::ready(Ok(places)))
    }
}

fn conditions(ask: &Ask) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in
        [(header::IF_NONE_MATCH, ask.etag.as_str()), (header::IF_MODIFIED_SINCE, ask.last_modified.as_str())]
    {
        if let (false, Ok(value)) = (value.is_empty(), HeaderValue::from_str(value)) {
            headers.insert(name, value);
        }
    }
    headers
}

async fn taken(guard: &Guard, mut answer: Response) -> Result<Fetched, Refused> {
    let status = answer.status();
    if status != StatusCode::OK {
        return Err(Refused::by_status(status.as_u16()));
    }
    let said = |name: HeaderName| {
        let value = answer.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
        if value.len() > TAG { String::new() } else { value.to_owned() }
    };
    let (etag, last_modified) = (said(header::ETAG), said(header::LAST_MODIFIED));
    let (content_type, packed) = (said(header::CONTENT_TYPE), said(header::CONTENT_ENCODING));
    if answer.content_length().is_some_and(|length| length > guard.most_bytes as u64) {
        return Err(Refused::TooLarge);
    }
    let mut bytes = Vec::new();
    while let Some(piece) = answer.chunk().await.map_err(|_| Refused::Broken)? {
        if bytes.len() + piece.len() > guard.most_bytes {
            return Err(Refused::TooLarge);
        }
        bytes.extend_from_slice(&piece);
    }
    let bytes = match packed.trim().to_ascii_lowercase().as_str() {
        "" | "identity" => bytes,
        "gzip" | "x-gzip" => unpacked(&bytes, guard.most_bytes)?,
        _ => return Err(Refused::Broken),
    };
    Ok(Fetched::Changed { bytes: bytes.into(), content_type, etag, last_modified })
}

fn unpacked(bytes: &[u8], most: usize) -> Result<Vec<u8>, Refused> {
    let mut plain = Vec::new();
    let limit = u64::try_from(most).unwrap_or(u64::MAX).saturating_add(1);
    MultiGzDecoder::new(bytes).take(limit).read_to_end(&mut plain).map_err(|_| Refused::Broken)?;
    if plain.len() > most { Err(Refused::TooLarge) } else { Ok(plain) }
}

/// Why nobody answered; the fault itself names the address and is never shown.
fn unreached(fault: &reqwest::Error) -> Refused {
    match fault {
        _ if is_unsafe(fault) => Refused::Certificate,
        _ if fault.is_timeout() => Refused::TooSlow,
        _ => Refused::Unreachable,
    }
}

/// Whether the encryption is at fault; faults of the line hold one another without naming them as their source.
fn is_unsafe(fault: &(dyn Error + 'static)) -> bool {
    if fault.is::<rustls::Error>() {
        return true;
    }
    match fault.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
        Some(inner) => is_unsafe(inner),
        None => fault.source().is_some_and(is_unsafe),
    }
}
