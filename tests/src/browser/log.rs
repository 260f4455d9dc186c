//! What a browser must not have logged: errors, and requests to anywhere but the relay.

use anyhow::{Context, Result, ensure};
use std::path::Path;
use thirtyfour::prelude::*;

/// What a browser says when a request fails because the network is cut, which tests do all the time.
const NO_NETWORK: [&str; 8] = [
    "net::ERR_EMPTY_RESPONSE",
    "net::ERR_CONNECTION_REFUSED",
    "net::ERR_CONNECTION_RESET",
    "net::ERR_CONNECTION_CLOSED",
    "net::ERR_SOCKET_NOT_CONNECTED",
    "net::ERR_INTERNET_DISCONNECTED",
    "Connection closed before receiving a handshake response",
    "WebSocket connection to",
];

/// Reads the console since the last time.
pub async fn check_console(browser: &WebDriver, expected: &[&str]) -> Result<()> {
    let Ok(entries) = browser.browser_log().await else { return Ok(()) };
    let wrong: Vec<String> = entries
        .into_iter()
        .filter(|entry| matches!(entry.level.as_str(), "SEVERE" | "WARNING"))
        .map(|entry| entry.message)
        .filter(|message| !NO_NETWORK.iter().chain(expected).any(|known| message.contains(known)))
        .collect();
    ensure!(wrong.is_empty(), "on the console: {wrong:#?}");
    Ok(())
}

/// Reads Chromium's log of the network, which holds the requests of pages and of all kinds of workers.
pub fn check_requests(log: &Path, own: &str) -> Result<()> {
    if !log.exists() {
        return Ok(());
    }
    let log = std::fs::read_to_string(log).context("the log of the network")?;
    let socket = own.replacen("http", "ws", 1);
    let initiated = format!("\"initiator\":\"{own}\"");
    let elsewhere: Vec<&str> = log
        .lines()
        .filter(|line| line.contains(&initiated))
        .filter_map(|line| line.split_once("\"url\":\"")?.1.split('"').next())
        .filter(|url| !url.starts_with(own) && !url.starts_with(&socket) && !is_local(url))
        .collect();
    ensure!(elsewhere.is_empty(), "requests to elsewhere: {elsewhere:?}");
    Ok(())
}

fn is_local(url: &str) -> bool {
    ["data:", "blob:"].iter().any(|scheme| url.starts_with(scheme))
}
