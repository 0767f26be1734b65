//! The least that axum can do with a file: its bytes from memory, with an ETag. What `bin/bench` measures the feeds against.
//!
//! `bare FILE ADDRESS` answers every path with the file, packed for those who take gzip, and 304 for those who have it.

use std::io::Write;

use anyhow::Context;
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::serve::ListenerExt;
use sha2::{Digest, Sha256};

#[derive(Clone)]
struct Prepared {
    plain: Bytes,
    packed: Bytes,
    etag: HeaderValue,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let file = arguments.next().context("usage: bare FILE ADDRESS")?;
    let address = arguments.next().context("usage: bare FILE ADDRESS")?;
    let router = Router::new().fallback(answer).with_state(prepare(std::fs::read(file)?)?);
    let listener = tokio::net::TcpListener::bind(address).await?.tap_io(|stream| {
        // A refusal only costs a little delay.
        let _ = stream.set_nodelay(true);
    });
    Ok(axum::serve(listener, router).await?)
}

fn prepare(bytes: Vec<u8>) -> anyhow::Result<Prepared> {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    packer.write_all(&bytes)?;
    let digest = Sha256::digest(&bytes);
    let name: String = digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    Ok(Prepared {
        packed: packer.finish()?.into(),
        etag: HeaderValue::from_str(&format!("\"{name}\""))?,
        plain: bytes.into(),
    })
}

async fn answer(State(prepared): State<Prepared>, asked: HeaderMap) -> Response {
    let etag = (header::ETAG, prepared.etag.clone());
    if asked.get(header::IF_NONE_MATCH) == Some(&prepared.etag) {
        return (StatusCode::NOT_MODIFIED, [etag]).into_response();
    }
    let kind = (header::CONTENT_TYPE, HeaderValue::from_static("text/calendar; charset=utf-8"));
    if asked.get(header::ACCEPT_ENCODING).is_some_and(|value| value == "gzip") {
        let coding = (header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        return ([etag, kind, coding], prepared.packed).into_response();
    }
    ([etag, kind], prepared.plain).into_response()
}
