//! The `kyodo` binary.

use std::process::ExitCode;

use clap::Parser;
use kyodo::cli::Cli;
use kyodo::clock::Clock;
use tracing_subscriber::EnvFilter;

#[tokio::main]
async fn main() -> ExitCode {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("warn,kyodo=info"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    // One provider for every TLS connection; the first installation stays.
    let _ = rustls::crypto::ring::default_provider().install_default();
    match Cli::parse().run(Clock::System).await {
        Ok(code) => ExitCode::from(code),
        Err(fault) => {
            eprintln!("{fault:#}");
            ExitCode::FAILURE
        }
    }
}
