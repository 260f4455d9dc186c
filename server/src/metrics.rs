//! What the relay counts: totals only, nothing by device, space or time of a single entry.

use std::fmt::Write as _;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering::Relaxed};
use std::time::Duration;

/// Counters, shared by all parts.
#[derive(Debug, Default)]
pub struct Metrics {
    /// Sockets that are open.
    pub connections: AtomicI64,
    /// Messages from clients.
    pub messages: AtomicU64,
    /// Bytes that were sent to clients.
    pub sent_bytes: AtomicU64,
    /// Entries made durable.
    pub entries: AtomicU64,
    /// Groups made durable.
    pub groups: AtomicU64,
    /// Groups that could not be.
    pub failed_groups: AtomicU64,
    /// Microseconds spent making groups durable.
    pub commit_micros: AtomicU64,
    /// What the last attempt to write said.
    writing: AtomicU64,
}

/// Whether writing works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Writing {
    /// It did the last time.
    Works,
    /// The disk was full.
    Full,
    /// It failed in another way.
    Fails,
}

impl Metrics {
    /// Counts a group that became durable.
    pub fn committed(&self, entries: usize, took: Duration) {
        self.entries.fetch_add(entries as u64, Relaxed);
        self.groups.fetch_add(1, Relaxed);
        self.commit_micros.fetch_add(u64::try_from(took.as_micros()).unwrap_or(u64::MAX), Relaxed);
        self.writing.store(0, Relaxed);
    }

    /// Counts a group that did not.
    pub fn commit_failed(&self, writing: Writing) {
        self.failed_groups.fetch_add(1, Relaxed);
        self.writing.store(if writing == Writing::Full { 1 } else { 2 }, Relaxed);
    }

    /// Whether writing worked the last time.
    pub fn writing(&self) -> Writing {
        match self.writing.load(Relaxed) {
            0 => Writing::Works,
            1 => Writing::Full,
            _ => Writing::Fails,
        }
    }

    /// Everything in Prometheus' text form.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut text = String::new();
        let connections = u64::try_from(self.connections.load(Relaxed)).unwrap_or_default();
        let seconds = self.commit_micros.load(Relaxed) as f64 / 1e6;
        metric(&mut text, "connections", "gauge", "Sockets that are open.", connections);
        let counters = [
            ("messages_total", "Messages from clients.", &self.messages),
            ("sent_bytes_total", "Bytes sent to clients.", &self.sent_bytes),
            ("entries_total", "Entries made durable.", &self.entries),
            ("commits_total", "Groups of entries made durable.", &self.groups),
            ("failed_commits_total", "Groups that could not be made durable.", &self.failed_groups),
        ];
        for (name, help, value) in counters {
            metric(&mut text, name, "counter", help, value.load(Relaxed));
        }
        metric(&mut text, "commit_seconds_total", "counter", "Time spent making groups durable.", seconds);
        let works = u8::from(self.writing() == Writing::Works);
        metric(&mut text, "writable", "gauge", "Whether the last write worked.", works);
        text
    }
}

fn metric(text: &mut String, name: &str, kind: &str, help: &str, value: impl std::fmt::Display) {
    let name = format!("mingcha_relay_{name}");
    // Writing to a string does not fail.
    let _ = write!(text, "# HELP {name} {help}\n# TYPE {name} {kind}\n{name} {value}\n");
}
