//! The relay's settings.

use crate::store::log::{MAX_RECORD_BYTES, Options, RESERVE_BYTES, SEGMENT_BYTES};
use std::net::SocketAddr;
use std::path::PathBuf;

/// Keeps and passes on sealed entries. Cannot read them.
#[derive(Debug, clap::Parser)]
#[command(version)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What the program does.
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Serve devices, and the client to browsers.
    Serve(Config),
}

/// The relay's settings, from flags or `MINGCHA_*` variables.
#[derive(Clone, Debug, clap::Args)]
pub struct Config {
    /// Address to listen on.
    #[arg(long, env = "MINGCHA_LISTEN", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,
    /// Folder that holds everything the relay keeps. Made if it is not there.
    #[arg(long, env = "MINGCHA_DATA")]
    pub data: PathBuf,
    /// Folder with the built client. Without it only devices are served.
    #[arg(long, env = "MINGCHA_CLIENT")]
    pub client: Option<PathBuf>,
    /// Where browsers find this relay, for the set-up link: scheme, host and port.
    #[arg(long, env = "MINGCHA_URL")]
    pub url: Option<String>,
    /// What to log, in the form of `RUST_LOG`.
    #[arg(long, env = "MINGCHA_LOG", default_value = "info,sled=warn")]
    pub log: String,
    /// Bytes of disk that are reserved at a time.
    #[arg(long, env = "MINGCHA_SEGMENT_BYTES", default_value_t = SEGMENT_BYTES, value_parser = segment_bytes)]
    pub segment_bytes: u64,
    /// Free bytes of disk below which writing is refused.
    #[arg(long, env = "MINGCHA_RESERVE_BYTES", default_value_t = RESERVE_BYTES)]
    pub reserve_bytes: u64,
}

impl Config {
    /// The store's sizes.
    #[must_use]
    pub fn store(&self) -> Options {
        Options { segment_bytes: self.segment_bytes, reserve_bytes: self.reserve_bytes }
    }

    /// The link that founds an office, where browsers find this relay at `listening`.
    #[must_use]
    pub fn setup_link(&self, listening: SocketAddr, code: &str) -> String {
        let base = self.url.clone().unwrap_or_else(|| format!("http://{listening}"));
        format!("{}/#s={code}", base.trim_end_matches('/'))
    }
}

/// A segment must hold the largest record.
fn segment_bytes(text: &str) -> Result<u64, String> {
    let bytes: u64 = text.parse().map_err(|_| format!("{text} is not a number of bytes"))?;
    let least = 2 * MAX_RECORD_BYTES as u64;
    let most = u64::from(u32::MAX);
    if (least..=most).contains(&bytes) { Ok(bytes) } else { Err(format!("between {least} and {most} bytes")) }
}
