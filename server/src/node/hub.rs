//! The one thread that decides: it feeds `core::relay` and carries out what that returns.

use super::writer::Writer;
use super::{now, random};
use crate::metrics::Metrics;
use crate::store::{Slice, Store, StoreError};
use mingcha_core::entry::Entry;
use mingcha_core::ids::{SpaceId, StreamId};
use mingcha_core::relay::{CloseReason, ConnId, Failure, Incoming, Input, Output, Relay};
use mingcha_core::wire::Item;
use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::thread::JoinHandle;
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio::sync::mpsc::{self, Receiver, Sender, UnboundedReceiver, UnboundedSender};

/// Messages from all sockets that wait to be judged: each at most `wire::MAX_MESSAGE_BYTES`.
const WAITING_MESSAGES: usize = 64;
/// Reads of the log at the same time.
const READS_AT_ONCE: usize = 8;
/// How often time is told to the relay.
const TICK: Duration = Duration::from_secs(1);

/// The hub no longer takes anything: the relay is stopping.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("the relay is stopping")]
pub struct HubClosed;

/// What a socket is to do.
#[derive(Debug)]
pub enum Frame {
    /// Send a message.
    Message(Arc<[u8]>),
    /// Say goodbye.
    Close(CloseReason),
}

/// How sockets reach the hub.
#[derive(Clone)]
pub struct HubHandle {
    outside: Sender<Outside>,
    inside: UnboundedSender<Inside>,
    next: Arc<AtomicU64>,
}

/// What comes from sockets: it waits while the relay is not taking.
enum Outside {
    Opened { conn: ConnId, frames: UnboundedSender<Frame> },
    Received { conn: ConnId, message: Incoming },
    Invalid { conn: ConnId },
    Closed { conn: ConnId },
}

/// What the relay asked for: it never waits, and so is bounded by what was asked for.
enum Inside {
    Input(Input),
    Stop,
}

impl HubHandle {
    /// A new connection, and where its frames come from: no more wait there than the relay's limits allow.
    ///
    /// # Errors
    ///
    /// [`HubClosed`] when the relay is stopping.
    pub async fn open(&self) -> Result<(ConnId, UnboundedReceiver<Frame>), HubClosed> {
        let conn = ConnId(self.next.fetch_add(1, Relaxed));
        let (frames, receiver) = mpsc::unbounded_channel();
        self.outside.send(Outside::Opened { conn, frames }).await.map_err(|_| HubClosed)?;
        Ok((conn, receiver))
    }

    /// Hands a message over; waits while the relay has enough to do, and so lets the socket fill up.
    ///
    /// # Errors
    ///
    /// [`HubClosed`] when the relay is stopping.
    pub async fn received(&self, conn: ConnId, message: Incoming) -> Result<(), HubClosed> {
        self.outside.send(Outside::Received { conn, message }).await.map_err(|_| HubClosed)
    }

    /// Says that a client sent what is no message.
    ///
    /// # Errors
    ///
    /// [`HubClosed`] when the relay is stopping.
    pub async fn invalid(&self, conn: ConnId) -> Result<(), HubClosed> {
        self.outside.send(Outside::Invalid { conn }).await.map_err(|_| HubClosed)
    }

    /// Says that bytes left for the network.
    pub fn sent(&self, conn: ConnId, bytes: usize) {
        // A hub that is gone needs no telling.
        let _ = self.inside.send(Inside::Input(Input::Sent { conn, bytes }));
    }

    /// Says that a connection is gone.
    pub async fn closed(&self, conn: ConnId) {
        let _ = self.outside.send(Outside::Closed { conn }).await;
    }

    /// Ends when the hub's thread has ended, for whatever reason.
    pub(super) async fn ended(&self) {
        self.outside.closed().await;
    }

    pub(super) fn stop(&self) {
        let _ = self.inside.send(Inside::Stop);
    }
}

/// The hub's thread's own.
pub struct Hub {
    relay: Relay,
    store: Arc<dyn Store>,
    metrics: Arc<Metrics>,
    writer: Writer,
    in_flight: Flight,
    sockets: BTreeMap<ConnId, UnboundedSender<Frame>>,
    inside: UnboundedSender<Inside>,
    reads: Arc<Semaphore>,
}

/// Whether a group is on its way to the disk.
#[derive(PartialEq, Eq)]
enum Flight {
    None,
    Under,
}

impl Hub {
    /// Starts the hub's and the writer's threads.
    pub fn start(
        relay: Relay,
        store: Arc<dyn Store>,
        metrics: Arc<Metrics>,
    ) -> io::Result<(HubHandle, JoinHandle<()>)> {
        let (outside, from_outside) = mpsc::channel(WAITING_MESSAGES);
        let (inside, from_inside) = mpsc::unbounded_channel();
        let report = inside.clone();
        let writer = Writer::start(Arc::clone(&store), Arc::clone(&metrics), move |input| {
            // Only a hub that is gone does not hear it.
            let _ = report.send(Inside::Input(input));
        })?;
        let handle = HubHandle { outside, inside: inside.clone(), next: Arc::new(AtomicU64::new(0)) };
        let hub = Self {
            relay,
            store,
            metrics,
            writer,
            in_flight: Flight::None,
            sockets: BTreeMap::new(),
            inside,
            reads: Arc::new(Semaphore::new(READS_AT_ONCE)),
        };
        let runtime = tokio::runtime::Handle::current();
        let work = move || runtime.block_on(hub.run(from_outside, from_inside));
        let thread = std::thread::Builder::new().name("hub".into()).spawn(work)?;
        Ok((handle, thread))
    }

    async fn run(mut self, mut outside: Receiver<Outside>, mut inside: UnboundedReceiver<Inside>) {
        let mut tick = tokio::time::interval(TICK);
        loop {
            tokio::select! {
                biased;
                Some(asked) = inside.recv() => match asked {
                    Inside::Input(input) => self.feed(input),
                    Inside::Stop => break,
                },
                Some(message) = outside.recv(), if self.relay.is_taking() => self.take(message),
                _ = tick.tick() => self.feed(Input::Tick),
            }
        }
        outside.close();
        while self.in_flight == Flight::Under
            && let Some(asked) = inside.recv().await
        {
            if let Inside::Input(input) = asked {
                self.feed(input);
            }
        }
        // Dropping the sockets' ends lets each send what it still has and say goodbye.
        self.sockets.clear();
        self.writer.stop();
    }

    fn take(&mut self, message: Outside) {
        match message {
            Outside::Opened { conn, frames } => match random() {
                Ok(challenge) => {
                    self.sockets.insert(conn, frames);
                    self.feed(Input::Opened { conn, challenge });
                }
                Err(error) => tracing::error!(%error, "no randomness"),
            },
            Outside::Received { conn, message } => {
                self.metrics.messages.fetch_add(1, Relaxed);
                match self.heads(&message) {
                    Ok(heads) => self.feed(Input::Received { conn, message, heads }),
                    Err(error) => {
                        tracing::error!(%error, "the index cannot be read");
                        self.end(conn, CloseReason::Silent);
                        self.feed(Input::Closed { conn });
                    }
                }
            }
            Outside::Invalid { conn } => self.feed(Input::Invalid { conn }),
            Outside::Closed { conn } => {
                self.sockets.remove(&conn);
                self.feed(Input::Closed { conn });
            }
        }
    }

    fn heads(
        &self,
        message: &Incoming,
    ) -> Result<Vec<(StreamId, mingcha_core::relay::group::StreamHead)>, StoreError> {
        let head = |stream| Ok(self.store.stream(stream)?.map(|head| (stream, head)));
        message.streams().into_iter().map(head).filter_map(Result::transpose).collect()
    }

    fn feed(&mut self, input: Input) {
        if matches!(input, Input::Committed | Input::CommitFailed(_)) {
            self.in_flight = Flight::None;
        }
        for output in self.relay.handle(now(), input) {
            self.carry_out(output);
        }
    }

    fn carry_out(&mut self, output: Output) {
        match output {
            Output::Send { conn, bytes } => {
                self.metrics.sent_bytes.fetch_add(bytes.len() as u64, Relaxed);
                if let Some(socket) = self.sockets.get(&conn) {
                    // A socket that is gone says so itself.
                    let _ = socket.send(Frame::Message(bytes));
                }
            }
            Output::Close { conn, why } => self.end(conn, why),
            Output::Commit(group) => {
                self.in_flight = Flight::Under;
                if self.writer.write(group).is_err() {
                    let _ = self.inside.send(Inside::Input(Input::CommitFailed(Failure::Failing)));
                }
            }
            Output::Fetch { conn, space, from, max_bytes } => self.fetch(conn, space, from, max_bytes),
            Output::Recall { conn, stream, entries } => self.recall(conn, stream, entries),
        }
    }

    fn end(&mut self, conn: ConnId, why: CloseReason) {
        if let Some(socket) = self.sockets.remove(&conn) {
            let _ = socket.send(Frame::Close(why));
        }
    }

    fn fetch(&self, conn: ConnId, space: SpaceId, from: u64, max_bytes: usize) {
        self.read(move |store| {
            let items = store.read(space, from, max_bytes).map(items).map_err(failure);
            Input::Fetched { conn, space, from, items }
        });
    }

    fn recall(&self, conn: ConnId, stream: StreamId, entries: Vec<Entry>) {
        self.read(move |store| {
            let sequences = entries.iter().map(|entry| entry.header().sequence).collect();
            let found = store.recall(stream, &sequences).map_err(failure);
            Input::Recalled { conn, entries, found }
        });
    }

    /// Reads aside, so that deciding goes on; the answer comes back as an input.
    fn read(&self, work: impl FnOnce(&dyn Store) -> Input + Send + 'static) {
        let (store, inside, reads) = (Arc::clone(&self.store), self.inside.clone(), Arc::clone(&self.reads));
        tokio::spawn(async move {
            let turn = reads.acquire_owned().await;
            tokio::task::spawn_blocking(move || {
                let _ = inside.send(Inside::Input(work(store.as_ref())));
                drop(turn);
            });
        });
    }
}

/// The entries of slices with the relay's times, as they go over the wire.
pub fn items(slices: Vec<Slice>) -> Vec<Item> {
    let of_slice = |slice: Slice| {
        let at = slice.at;
        slice.entries.into_iter().map(move |filed| Item { time: at, entry: filed.bytes })
    };
    slices.into_iter().flat_map(of_slice).collect()
}

fn failure(error: StoreError) -> Failure {
    tracing::error!(%error, "the log cannot be read");
    if matches!(error, StoreError::Full) { Failure::Full } else { Failure::Failing }
}
