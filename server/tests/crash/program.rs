//! The program, running.

use crate::client::Client;
use anyhow::{Context, Result, bail};
use std::io::{BufRead, BufReader, Read, Seek};
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// What a segment takes, so that a few of them fill a small disk.
const SEGMENT_BYTES: u64 = 16 << 20;
/// What it leaves free.
pub const RESERVE_BYTES: u64 = 8 << 20;

/// Killed when dropped.
pub struct Program {
    child: Child,
    pub address: SocketAddr,
}

impl Program {
    /// Starts it on a folder and waits until it serves; or says what it said when it could not.
    pub async fn start(folder: &Path) -> Result<Self> {
        let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        let mut said = tempfile::tempfile()?;
        let mut command = Command::new(env!("CARGO_BIN_EXE_mingcha-relay"));
        command.arg("serve").arg("--data").arg(folder).args(["--listen", &address.to_string()]);
        command.args(["--segment-bytes", &SEGMENT_BYTES.to_string()]);
        command.args(["--reserve-bytes", &RESERVE_BYTES.to_string()]);
        let child = command.stdout(Stdio::piped()).stderr(said.try_clone()?).spawn()?;
        let mut program = Self { child, address };
        for _ in 0..1_200 {
            if Client::try_connect(address).await.is_some() {
                return Ok(program);
            }
            if program.child.try_wait()?.is_some() {
                let mut text = String::new();
                said.rewind()?;
                said.read_to_string(&mut text)?;
                bail!("it does not start: {text}");
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        bail!("it does not serve")
    }

    /// The code in the link that it printed.
    pub fn code(&mut self) -> Result<String> {
        let mut line = String::new();
        let printed = self.child.stdout.take().context("asked twice")?;
        BufReader::new(printed).read_line(&mut line)?;
        let (_, code) = line.trim().split_once("/#s=").context("no set-up link")?;
        Ok(code.to_owned())
    }

    /// Stops it where it is, as a power cut does, but for what is on its way to the disk.
    pub fn freeze(&self) -> Result<()> {
        crate::disk::run(Command::new("kill").args(["-STOP", &self.child.id().to_string()]))
    }

    pub fn kill(mut self) -> Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
