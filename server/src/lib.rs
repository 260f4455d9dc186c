//! The relay around `core::relay`: it keeps sealed entries durable and passes them on. It cannot read them.
//!
//! [`node`] is what runs whether or not anybody is connected: the store, the one writer, the one thread that
//! decides. [`web`] is what is seen from outside: sockets, the client's files, health and metrics.

#[cfg(all(any(feature = "unauthorised", feature = "unsynced"), not(debug_assertions)))]
compile_error!(
    "the switches `unauthorised` and `unsynced` exist for tests only and cannot be part of a release build"
);

pub mod config;
pub mod metrics;
pub mod node;
pub mod store;
pub mod web;

use config::Config;
use node::{Node, NodeError};
use std::io::IsTerminal;
use std::process::ExitCode;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

/// Serves until the process is told to stop; says on the standard error why it could not.
#[must_use]
pub fn run(config: &Config) -> ExitCode {
    let filter = tracing_subscriber::EnvFilter::new(&config.log);
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let log = log.with_ansi(std::io::stderr().is_terminal());
    // A log that is set up already, as by a test, stays.
    let _ = log.try_init();
    match start(config) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("mingcha-relay: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn start(config: &Config) -> anyhow::Result<()> {
    use anyhow::Context;
    let runtime = tokio::runtime::Runtime::new().context("cannot start threads")?;
    runtime.block_on(async {
        let bound = TcpListener::bind(config.listen).await;
        let listener = bound.with_context(|| format!("cannot listen on {}", config.listen))?;
        let listening = listener.local_addr()?;
        let shutdown = told_to_stop()?;
        let node = Node::open(&config.data, config.store()).map_err(|error| in_words(error, config))?;
        if let Some(code) = node.setup_code() {
            println!("No office yet. Found it here: {}", config.setup_link(listening, code));
        }
        tracing::info!(%listening, "serving");
        web::serve(listener, node, config.client.clone(), shutdown).await?;
        tracing::info!("stopped");
        Ok(())
    })
}

/// Ends when the process gets SIGINT or SIGTERM.
fn told_to_stop() -> std::io::Result<impl Future<Output = ()> + Send + 'static> {
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

/// What the person who started the relay can do about it.
fn in_words(error: NodeError, config: &Config) -> anyhow::Error {
    use store::StoreError;
    let folder = config.data.display();
    let advice = match &error {
        NodeError::Store(StoreError::Full) => {
            format!("no room in {folder}: free some space, or name another folder with --data")
        }
        NodeError::Store(StoreError::ReadOnly) => {
            format!("cannot write to {folder}: make it writable for this user, or name another with --data")
        }
        NodeError::Store(StoreError::InUse) => {
            format!("another relay is using {folder}: stop it, or name another folder with --data")
        }
        NodeError::Store(StoreError::Damaged { .. }) => {
            format!("the log in {folder} is damaged: keep a copy of the folder, and restore a backup")
        }
        _ => format!("cannot use {folder}"),
    };
    anyhow::Error::new(error).context(advice)
}
