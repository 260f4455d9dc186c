//! What runs whether or not anybody is connected.
//!
//! ```text
//! sockets ──bounded──► hub (one thread: core::relay) ──one group──► writer (one thread: the log)
//!    ▲                  │  ▲                                          │
//!    └──── messages ────┘  └────────────── durable, or not ◄──────────┘
//!                          └── entries read from the log ◄── readers
//! ```

mod hub;
mod identity;
mod writer;

pub use hub::{Frame, HubClosed, HubHandle};

use crate::metrics::Metrics;
use crate::store::disk::{DiskStore, FolderLock};
use crate::store::log::Options;
use crate::store::{Store, StoreError};
use hub::Hub;
use mingcha_core::code::SetupCode;
use mingcha_core::entry::Entry;
use mingcha_core::ids::{Incarnation, RelayKey};
use mingcha_core::relay::group::Birth;
use mingcha_core::relay::{Identity, OpenError, Relay};
use mingcha_core::roster::Roster;
use mingcha_core::time::Timestamp;
use mingcha_core::wire::Item;
use std::path::Path;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

/// A relay that is running.
pub struct Node {
    hub: HubHandle,
    metrics: Arc<Metrics>,
    store: Arc<dyn Store>,
    setup: Option<String>,
    thread: std::thread::JoinHandle<()>,
}

/// Why a relay could not start.
#[derive(Debug, thiserror::Error)]
pub enum NodeError {
    /// The store could not be opened.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// What it holds is not a relay's log.
    #[error(transparent)]
    Log(#[from] OpenError),
    /// The file with the relay's key is missing or is not one.
    #[error("the file {0} is missing or is not this relay's key")]
    Key(&'static str),
    /// The system gives no randomness or no thread.
    #[error(transparent)]
    System(#[from] std::io::Error),
}

impl Node {
    /// Opens the folder, or begins a relay in it, and starts its threads. Must be called within a Tokio runtime.
    ///
    /// # Errors
    ///
    /// [`NodeError`]: nothing is running then.
    pub fn open(folder: &Path, options: Options) -> Result<Self, NodeError> {
        let lock = FolderLock::take(folder)?;
        let key = identity::load_or_create(folder)?;
        let public = RelayKey(key.public());
        let birth = Birth { incarnation: Incarnation(random()?), relay: public, at: now() };
        let store = DiskStore::open(lock, options, birth)?;
        let birth = store.birth();
        if birth.relay != public {
            return Err(NodeError::Key(identity::FILE));
        }
        let store: Arc<dyn Store> = Arc::new(store);
        let statements = statements(store.as_ref())?;
        // Only the hash of the token stays, and only here: every start makes a new one until there is an office.
        let setup =
            if statements.is_empty() { Some(SetupCode { token: random()?, relay: public }) } else { None };
        let hash = setup.as_ref().map(|code| SetupCode::token_hash(&code.token));
        let identity = Identity { key, incarnation: birth.incarnation, setup: hash };
        let relay = Relay::open(identity, store.spaces()?, statements)?;
        let metrics = Arc::new(Metrics::default());
        let (hub, thread) = Hub::start(relay, Arc::clone(&store), Arc::clone(&metrics))?;
        Ok(Self { hub, metrics, store, setup: setup.map(|code| code.to_text()), thread })
    }

    /// The code that founds an office; none when there is one.
    #[must_use]
    pub fn setup_code(&self) -> Option<&str> {
        self.setup.as_deref()
    }

    /// How connections reach the relay.
    #[must_use]
    pub fn hub(&self) -> HubHandle {
        self.hub.clone()
    }

    /// What is counted.
    #[must_use]
    pub fn metrics(&self) -> Arc<Metrics> {
        Arc::clone(&self.metrics)
    }

    /// Ends when the relay no longer decides anything although nobody stopped it: a defect.
    pub fn ended(&self) -> impl Future<Output = ()> + Send + 'static {
        let hub = self.hub.clone();
        async move { hub.ended().await }
    }

    /// Makes durable and acknowledges what arrived, says goodbye to everybody and closes the store.
    ///
    /// # Errors
    ///
    /// [`NodeError`] if the store could not be closed in good order: its next opening takes longer.
    pub async fn stop(self) -> Result<(), NodeError> {
        self.hub.stop();
        let (thread, store) = (self.thread, self.store);
        let closed = tokio::task::spawn_blocking(move || {
            // A hub that panicked has stopped all the same.
            let _ = thread.join();
            store.close()
        });
        closed.await.map_err(std::io::Error::other)??;
        Ok(())
    }
}

/// The statements of the roster: the space that begins with a genesis.
fn statements(store: &dyn Store) -> Result<Vec<Item>, StoreError> {
    for (_, group) in store.spaces()? {
        let first = store.read(group.space, 0, 1)?.into_iter().flat_map(|slice| slice.entries).next();
        let genesis = first.and_then(|filed| Entry::check(filed.bytes).ok());
        if genesis.is_some_and(|entry| Roster::found(&entry).is_ok()) {
            return Ok(hub::items(store.read(group.space, 0, usize::MAX)?));
        }
    }
    Ok(Vec::new())
}

/// The relay's clock.
fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp(u64::try_from(since.as_millis()).unwrap_or(u64::MAX))
}

fn random<const N: usize>() -> std::io::Result<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(std::io::Error::other)?;
    Ok(bytes)
}
