//! What the relay and the devices take, and whether it grows.

use crate::fleet::Fleet;
use anyhow::{Context, Result, ensure};
use mingcha_tests::live::Relay;
use std::fmt;
use std::fs;
use std::time::Duration;

const MB: f64 = 1024.0 * 1024.0;
/// How much more the relay may take in the end than before: allocators and caches settle slowly.
const RELAY_SLACK_MB: f64 = 8.0;
/// How many more files either may have open in the end: connections that come and go.
const FILES_SLACK: f64 = 8.0;
/// How much memory the devices may take for each byte that they store, which they keep in memory here.
const MEMORY_PER_STORED: f64 = 3.0;
const DEVICES_SLACK_MB: f64 = 24.0;

/// One line of the table.
#[derive(Clone, Copy)]
pub struct Sample {
    at: Duration,
    online: usize,
    answered: usize,
    relay: Taken,
    devices: Taken,
    stored_mb: f64,
}

#[derive(Clone, Copy)]
struct Taken {
    memory_mb: f64,
    files: usize,
}

impl Sample {
    pub const HEAD: &str = "  time  online  answered │ relay: MB  files │ devices: MB  files  stored MB";

    pub fn take(at: Duration, relay: &Relay, fleet: &mut Fleet) -> Result<Self> {
        let devices = Taken::of(std::process::id())?;
        let relay = Taken::of(relay.id())?;
        let stored_mb = fleet.stored_bytes() as f64 / MB;
        Ok(Self { at, online: fleet.online(), answered: fleet.answered(), relay, devices, stored_mb })
    }
}

impl fmt::Display for Sample {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { at, online, answered, relay, devices, stored_mb } = self;
        write!(f, "{:4} s  {online:6}  {answered:8} │ ", at.as_secs())?;
        write!(f, "{:9.1}  {:5} │ ", relay.memory_mb, relay.files)?;
        write!(f, "{:11.1}  {:5}  {stored_mb:9.1}", devices.memory_mb, devices.files)
    }
}

impl Taken {
    fn of(process: u32) -> Result<Self> {
        let status = fs::read_to_string(format!("/proc/{process}/status"))?;
        let line = status.lines().find(|line| line.starts_with("VmRSS:")).context("a process has memory")?;
        let kib: f64 = line.split_whitespace().nth(1).context("a process has memory")?.parse()?;
        let files = fs::read_dir(format!("/proc/{process}/fd"))?.count();
        Ok(Self { memory_mb: kib * 1024.0 / MB, files })
    }
}

/// All lines.
#[derive(Default)]
pub struct Gauge(Vec<Sample>);

impl Gauge {
    pub fn add(&mut self, sample: Sample) {
        self.0.push(sample);
    }

    pub fn len(&self) -> u32 {
        self.0.len() as u32
    }

    /// Compares the first and the last third of the time in which the relay was left alone.
    pub fn judge(&self, restless: Duration) -> Result<()> {
        let steady: Vec<_> = self.0.iter().filter(|sample| sample.at > restless).copied().collect();
        let third = steady.len() / 3;
        ensure!(third > 0, "too short to judge");
        let (first, last) = (&steady[..third], &steady[steady.len() - third..]);
        let grown = |what: fn(&Sample) -> f64| mean(last, what) - mean(first, what);
        let relay = grown(|sample| sample.relay.memory_mb);
        let [files, own_files] =
            [grown(|sample| sample.relay.files as f64), grown(|sample| sample.devices.files as f64)];
        let devices = grown(|sample| sample.devices.memory_mb);
        let stored = grown(|sample| sample.stored_mb);
        println!(
            "from the first to the last third: relay {relay:+.1} MB, {files:+.1} files; devices {devices:+.1} MB \
             for {stored:+.1} MB stored, {own_files:+.1} files"
        );
        ensure!(relay <= RELAY_SLACK_MB, "the relay's memory grows");
        ensure!(files <= FILES_SLACK && own_files <= FILES_SLACK, "files stay open");
        ensure!(devices <= stored * MEMORY_PER_STORED + DEVICES_SLACK_MB, "the devices' memory grows");
        Ok(())
    }
}

fn mean(samples: &[Sample], what: fn(&Sample) -> f64) -> f64 {
    samples.iter().map(what).sum::<f64>() / samples.len() as f64
}
