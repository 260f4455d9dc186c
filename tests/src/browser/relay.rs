//! The real relay, as a process that can be killed.

use super::build::Kind;
use anyhow::{Context, Result, bail};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

const START: Duration = Duration::from_secs(20);

/// A running relay with a folder of its own. It is killed, and its folder deleted, when this is dropped.
pub struct RelayProcess {
    kind: Kind,
    port: u16,
    folder: TempDir,
    child: Option<Child>,
    setup: String,
}

impl RelayProcess {
    /// Starts a relay that has no office yet.
    ///
    /// # Errors
    ///
    /// When it does not start.
    pub fn start(kind: Kind) -> Result<Self> {
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let folder = tempfile::tempdir()?;
        let mut relay = Self { kind, port, folder, child: None, setup: String::new() };
        let link = relay.spawn()?.context("no set-up link was printed")?;
        relay.setup = link.rsplit_once("#s=").context("no set-up code in the link")?.1.trim().to_owned();
        Ok(relay)
    }

    /// What stands after `#s=` in the set-up link.
    #[must_use]
    pub fn setup(&self) -> &str {
        &self.setup
    }

    /// Where it listens.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Everything it keeps.
    #[must_use]
    pub fn folder(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// Kills it without warning.
    ///
    /// # Errors
    ///
    /// When it is not running.
    pub fn kill(&mut self) -> Result<()> {
        let mut child = self.child.take().context("the relay is not running")?;
        child.kill()?;
        child.wait()?;
        Ok(())
    }

    /// Starts it again at the same port with the same folder.
    ///
    /// # Errors
    ///
    /// When it does not start.
    pub fn start_again(&mut self) -> Result<()> {
        self.spawn().map(drop)
    }

    /// The page of its metrics.
    ///
    /// # Errors
    ///
    /// When it does not answer.
    pub fn metrics(&self) -> Result<String> {
        http_get(self.port, "/metrics")
    }

    /// Returns the line with the set-up link, when one is printed.
    fn spawn(&mut self) -> Result<Option<String>> {
        let mut command = Command::new(self.kind.relay()?);
        command.arg("serve").arg("--data").arg(self.folder()).arg("--client").arg(self.kind.client()?);
        command.args(["--listen", &format!("127.0.0.1:{}", self.port)]);
        command.args(["--segment-bytes", "33554432", "--log", "warn"]);
        let mut child = command.stdout(Stdio::piped()).spawn().context("the relay")?;
        let out = child.stdout.take().context("a pipe was asked for")?;
        let is_new = self.setup.is_empty();
        let line = is_new.then(|| BufReader::new(out).lines().next()).flatten().transpose()?;
        self.child = Some(child);
        let begun = Instant::now();
        while http_get(self.port, "/healthz").is_err() {
            if begun.elapsed() > START {
                bail!("the relay does not answer");
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(line)
    }
}

impl Drop for RelayProcess {
    fn drop(&mut self) {
        if let Some(child) = &mut self.child {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// All files below a folder.
pub fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() { found.extend(files(&path)?) } else { found.push(path) }
    }
    Ok(found)
}

fn http_get(port: u16, path: &str) -> Result<String> {
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    stream.set_read_timeout(Some(START))?;
    write!(stream, "GET {path} HTTP/1.1\r\nHost: localhost:{port}\r\nConnection: close\r\n\r\n")?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    if answer.starts_with("HTTP/1.1 200") { Ok(answer) } else { bail!("{answer}") }
}
