//! The one thread that writes: it makes one group durable at a time.

use crate::metrics::{Metrics, Writing};
use crate::store::{Store, StoreError};
use mingcha_core::relay::group::Group;
use mingcha_core::relay::{Failure, Input};
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;
use std::time::Instant;

/// The writer's thread has ended.
pub struct WriterGone;

/// Hands groups to the writer.
pub struct Writer {
    groups: Sender<Arc<Group>>,
    thread: JoinHandle<()>,
}

impl Writer {
    /// Starts the thread; `report` gets the outcome of every group.
    pub fn start(
        store: Arc<dyn Store>,
        metrics: Arc<Metrics>,
        report: impl Fn(Input) + Send + 'static,
    ) -> io::Result<Self> {
        let (groups, received) = channel();
        let work = move || write_all(store.as_ref(), &metrics, &received, report);
        let thread = std::thread::Builder::new().name("writer".into()).spawn(work)?;
        Ok(Self { groups, thread })
    }

    /// Makes a group durable, sooner or later. The relay has one in flight at a time, so nothing piles up.
    ///
    /// # Errors
    ///
    /// [`WriterGone`] if the thread has ended: nothing is written any more.
    pub fn write(&self, group: Arc<Group>) -> Result<(), WriterGone> {
        self.groups.send(group).map_err(|_| WriterGone)
    }

    /// Waits until everything handed over is written.
    pub fn stop(self) {
        drop(self.groups);
        if self.thread.join().is_err() {
            tracing::error!("the writer panicked");
        }
    }
}

fn write_all(store: &dyn Store, metrics: &Metrics, groups: &Receiver<Arc<Group>>, report: impl Fn(Input)) {
    for group in groups {
        let began = Instant::now();
        let entries = group.spaces.iter().map(|added| added.entries.len()).sum();
        match catch_unwind(AssertUnwindSafe(|| store.append(&group))) {
            Ok(Ok(())) => {
                metrics.committed(entries, began.elapsed());
                report(Input::Committed);
            }
            Ok(Err(StoreError::Full)) => {
                tracing::error!(entries, "nothing was written: the disk is full");
                metrics.commit_failed(Writing::Full);
                report(Input::CommitFailed(Failure::Full));
            }
            Ok(Err(error)) => {
                tracing::error!(%error, entries, "nothing was written");
                metrics.commit_failed(Writing::Fails);
                report(Input::CommitFailed(Failure::Failing));
            }
            // What the store holds now is not known: it is left alone until it is opened again.
            Err(_) => {
                metrics.commit_failed(Writing::Fails);
                report(Input::CommitFailed(Failure::Failing));
                return;
            }
        }
    }
}
