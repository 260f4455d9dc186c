//! Devices with real sockets and real time, all in one process, at a real relay.

use crate::device::{Device, Wire};
use anyhow::{Context, Result, bail, ensure};
use futures_util::{SinkExt, StreamExt};
use mingcha_core::command::Command;
use mingcha_core::crypto::Rng;
use mingcha_core::engine::io::Input;
use mingcha_core::time::Timestamp;
use mingcha_core::view::{Access, AccessView, Answer, Link, Query, WatchId};
use std::io::{BufRead, BufReader};
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::Message;

/// How long to wait for an answer.
const PATIENCE: Duration = Duration::from_secs(60);
/// How long sockets and clocks run before it is looked again for an answer.
const TURN: Duration = Duration::from_millis(2);
/// The number under which [`Live::look`] watches.
const LOOK: WatchId = 1_000;

/// See the module.
pub struct Live {
    address: SocketAddr,
    devices: Vec<Connected>,
    events: UnboundedReceiver<Event>,
    report: UnboundedSender<Event>,
    rng: Rng,
    connections: u64,
}

/// A device with its connection, if it has one.
struct Connected {
    device: Device,
    socket: Option<Socket>,
}

struct Socket {
    number: u64,
    out: UnboundedSender<Vec<u8>>,
}

/// Something that a socket met with.
struct Event {
    device: usize,
    socket: u64,
    input: Input,
}

impl Live {
    /// Nobody yet, at the relay of an address.
    #[must_use]
    pub fn new(address: SocketAddr) -> Self {
        let (report, events) = unbounded_channel();
        let mut seed = [0; 32];
        seed[..8].copy_from_slice(&now().0.to_be_bytes());
        seed[8..12].copy_from_slice(&std::process::id().to_be_bytes());
        Self { address, devices: Vec::new(), events, report, rng: Rng::new(seed), connections: 0 }
    }

    /// Adds a device and starts the app on it; its number.
    pub fn add(&mut self, name: &str) -> usize {
        let at = self.devices.len();
        self.devices.push(Connected { device: Device::new(name), socket: None });
        self.start(at);
        at
    }

    /// Starts the app on a device.
    pub fn start(&mut self, at: usize) {
        let seed = self.rng.bytes();
        let wires = self.devices[at].device.start(seed, now());
        self.on_network(at, wires);
        // Commands come once the store has been read.
        self.settle(at);
    }

    /// Kills the app on a device.
    pub fn kill(&mut self, at: usize) {
        self.devices[at].socket = None;
        self.devices[at].device.kill();
    }

    /// A device.
    pub fn device(&mut self, at: usize) -> &mut Device {
        &mut self.devices[at].device
    }

    /// How many devices there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.devices.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.devices.is_empty()
    }

    /// Whether a device has a connection.
    #[must_use]
    pub fn is_connected(&self, at: usize) -> bool {
        self.devices[at].socket.is_some()
    }

    /// Breaks a device's connection.
    pub fn cut(&mut self, at: usize) {
        let Connected { socket, device } = &mut self.devices[at];
        if socket.take().is_some() {
            device.feed(Input::Disconnected);
        }
    }

    /// Random bytes.
    pub fn bytes<const N: usize>(&mut self) -> [u8; N] {
        self.rng.bytes()
    }

    /// A random number below `end`.
    pub fn below(&mut self, end: usize) -> usize {
        u64::from_be_bytes(self.rng.bytes()) as usize % end
    }

    /// Waits until a command is carried out and durable.
    ///
    /// # Errors
    ///
    /// What the engine answered, or that it did not.
    pub async fn ask(&mut self, at: usize, command: Command) -> Result<()> {
        let shown = format!("{command:?}");
        let request = self.devices[at].device.ask(command);
        let begun = Instant::now();
        loop {
            self.run(TURN).await;
            match self.devices[at].device.answer(request) {
                Some(Ok(())) => return Ok(()),
                Some(Err(problem)) => bail!("{shown}: {problem:?}"),
                None => ensure!(begun.elapsed() < PATIENCE, "no answer to {shown}"),
            }
        }
    }

    /// What a device shows.
    ///
    /// # Errors
    ///
    /// When it shows nothing.
    pub async fn look(&mut self, at: usize, query: Query) -> Result<Answer> {
        self.devices[at].device.watch(LOOK, query);
        let begun = Instant::now();
        loop {
            self.run(TURN).await;
            if let Some(answer) = self.devices[at].device.shown(LOOK) {
                return Ok(answer.clone());
            }
            ensure!(begun.elapsed() < PATIENCE, "nothing is shown");
        }
    }

    /// How a device stands.
    ///
    /// # Errors
    ///
    /// When it does not say.
    pub async fn access(&mut self, at: usize) -> Result<AccessView> {
        match self.look(at, Query::Access).await? {
            Answer::Access(view) => Ok(view),
            other => bail!("{other:?}"),
        }
    }

    /// Waits until a device is open, has read everything, and has sent everything.
    ///
    /// # Errors
    ///
    /// When that takes too long.
    pub async fn rest(&mut self, at: usize) -> Result<()> {
        let begun = Instant::now();
        loop {
            let view = self.access(at).await?;
            if view.link == Link::Live && view.unsent == 0 && matches!(view.access, Access::Open(_)) {
                return Ok(());
            }
            ensure!(begun.elapsed() < PATIENCE, "device {at} does not rest: {view:?}");
        }
    }

    /// Lets sockets and clocks run for some time.
    pub async fn run(&mut self, time: Duration) {
        let until = tokio::time::Instant::now() + time;
        loop {
            for at in 0..self.devices.len() {
                self.settle(at);
            }
            match tokio::time::timeout_at(until, self.events.recv()).await {
                Ok(Some(event)) => self.feed(event),
                Ok(None) | Err(_) => return,
            }
            while let Ok(event) = self.events.try_recv() {
                self.feed(event);
            }
        }
    }

    fn settle(&mut self, at: usize) {
        while let Some(wires) = self.devices[at].device.step(now()) {
            self.on_network(at, wires);
        }
    }

    fn feed(&mut self, event: Event) {
        let Connected { device, socket } = &mut self.devices[event.device];
        if socket.as_ref().is_some_and(|socket| socket.number == event.socket) {
            if event.input == Input::Disconnected {
                *socket = None;
            }
            device.feed(event.input);
        }
    }

    fn on_network(&mut self, at: usize, wires: Vec<Wire>) {
        for wire in wires {
            match wire {
                Wire::Connect if self.devices[at].device.online => self.connect(at),
                Wire::Connect => self.devices[at].device.feed(Input::Disconnected),
                Wire::Disconnect => self.devices[at].socket = None,
                Wire::Send(bytes) => {
                    if let Some(socket) = &self.devices[at].socket {
                        // A socket that has ended says so by itself.
                        let _ = socket.out.send(bytes);
                    }
                }
            }
        }
    }

    fn connect(&mut self, at: usize) {
        self.connections += 1;
        let number = self.connections;
        let (out, outgoing) = unbounded_channel();
        self.devices[at].socket = Some(Socket { number, out });
        let report = self.report.clone();
        let say = move |input| drop(report.send(Event { device: at, socket: number, input }));
        tokio::spawn(carry(self.address, outgoing, say));
    }
}

/// Carries messages between a device and the relay until either has enough.
async fn carry(address: SocketAddr, mut outgoing: UnboundedReceiver<Vec<u8>>, say: impl Fn(Input)) {
    let Ok((socket, _)) = connect_async(format!("ws://{address}/socket")).await else {
        return say(Input::Disconnected);
    };
    say(Input::Connected);
    let (mut sink, mut stream) = socket.split();
    loop {
        tokio::select! {
            message = outgoing.recv() => match message {
                Some(bytes) => {
                    if sink.send(Message::binary(bytes)).await.is_err() {
                        return say(Input::Disconnected);
                    }
                }
                None => return drop(sink.close().await),
            },
            message = stream.next() => match message {
                Some(Ok(Message::Binary(bytes))) => say(Input::Received(bytes.to_vec())),
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                _ => return say(Input::Disconnected),
            },
        }
    }
}

/// The time of this machine.
#[must_use]
pub fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp(since.as_millis() as u64)
}

/// The relay, running; killed when dropped.
pub struct Relay {
    program: PathBuf,
    data: PathBuf,
    options: Vec<String>,
    address: SocketAddr,
    child: Child,
}

impl Relay {
    /// Starts it on a folder; `listen` is an address, with port 0 for any that is free.
    ///
    /// # Errors
    ///
    /// When it does not start.
    pub async fn start(program: &Path, data: &Path, listen: &str, options: &[&str]) -> Result<Self> {
        let address =
            TcpListener::bind(listen).with_context(|| format!("{listen} is not free"))?.local_addr()?;
        let options: Vec<String> = options.iter().map(|option| (*option).to_owned()).collect();
        let child = spawn(program, data, address, &options)?;
        let (program, data) = (program.to_owned(), data.to_owned());
        let relay = Self { program, data, options, address, child };
        relay.serves().await?;
        Ok(relay)
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Its process.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// What stands in the link that it printed at its first start.
    ///
    /// # Errors
    ///
    /// When it printed none, or was asked before.
    pub fn setup(&mut self) -> Result<String> {
        let mut line = String::new();
        BufReader::new(self.child.stdout.take().context("asked twice")?).read_line(&mut line)?;
        Ok(line.trim().split_once("/#s=").context("no set-up link")?.1.to_owned())
    }

    /// Kills it and starts it again at the same address.
    ///
    /// # Errors
    ///
    /// When it does not start.
    pub async fn restart(&mut self) -> Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        self.child = spawn(&self.program, &self.data, self.address, &self.options)?;
        self.serves().await
    }

    async fn serves(&self) -> Result<()> {
        for _ in 0..1_200 {
            if tokio::net::TcpStream::connect(self.address).await.is_ok() {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        bail!("the relay does not serve")
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn spawn(program: &Path, data: &Path, address: SocketAddr, options: &[String]) -> Result<Child> {
    let mut command = std::process::Command::new(program);
    command.arg("serve").arg("--data").arg(data).args(["--listen", &address.to_string()]).args(options);
    Ok(command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?)
}
