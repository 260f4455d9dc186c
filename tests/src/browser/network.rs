//! A device's own way to the relay: it can be cut, and it keeps a copy of everything that passes.

use super::find::until;
use super::frames;
use anyhow::Result;
use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// A proxy on a port of its own. Cutting it is what a phone sees when the network goes: connections break, and new
/// ones fail.
pub struct Network {
    port: u16,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    cut: bool,
    over: bool,
    open: Vec<TcpStream>,
    passed: Vec<Passed>,
    meddle: Option<Meddle>,
    /// How many more bytes go to the relay before everything that goes there is held.
    allowance: Option<usize>,
    held: bool,
}

impl State {
    fn break_all(&mut self) {
        for stream in self.open.drain(..) {
            // Closed already is closed.
            let _ = stream.shutdown(Shutdown::Both);
        }
    }

    /// How many of the bytes may go to the relay now.
    fn allow(&mut self, bytes: usize) -> usize {
        let Some(left) = &mut self.allowance else { return bytes };
        let allowed = bytes.min(*left);
        *left -= allowed;
        self.held |= allowed < bytes;
        allowed
    }
}

/// Changes the bytes that come from the relay.
pub type Meddle = fn(&mut Vec<u8>);

/// What passed one connection.
#[derive(Clone, Default)]
struct Passed {
    sent: Vec<u8>,
    received: Vec<u8>,
}

impl Network {
    /// Opens a way to the relay at `relay`.
    ///
    /// # Errors
    ///
    /// When there is no port.
    pub fn to(relay: u16) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let port = listener.local_addr()?.port();
        let state = Arc::<Mutex<State>>::default();
        let shared = Arc::clone(&state);
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let (cut, over) = {
                    let state = lock(&shared);
                    (state.cut, state.over)
                };
                if over {
                    return;
                }
                if !cut && let Ok(server) = TcpStream::connect(("127.0.0.1", relay)) {
                    // A connection that breaks right away is one that was never made.
                    let _ = carry(&shared, client, server);
                }
            }
        });
        Ok(Self { port, state })
    }

    /// The address that a browser opens.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://localhost:{}", self.port)
    }

    /// Breaks all connections; new ones fail.
    pub fn cut(&self) {
        let mut state = lock(&self.state);
        state.cut = true;
        state.break_all();
    }

    /// Lets connections through again.
    pub fn restore(&self) {
        lock(&self.state).cut = false;
    }

    /// Lets so many more bytes through to the relay and then holds back what follows, in the middle of whatever it is.
    pub fn hold_after(&self, bytes: usize) {
        let mut state = lock(&self.state);
        state.allowance = Some(bytes);
        state.held = false;
    }

    /// Waits until something is held back.
    ///
    /// # Errors
    ///
    /// When nothing ever is.
    pub async fn wait_until_held(&self, patience: Duration) -> Result<()> {
        until("the network to hold something back", patience, async || {
            Ok(lock(&self.state).held.then_some(()))
        })
        .await
    }

    /// Lets everything through again; what was held back is lost with its connection.
    pub fn release(&self) {
        let mut state = lock(&self.state);
        state.allowance = None;
        state.break_all();
    }

    /// From now on changes what the relay sends on new connections.
    pub fn meddle(&self, how: Meddle) {
        lock(&self.state).meddle = Some(how);
    }

    /// The payloads of all WebSocket frames that passed, in both directions.
    #[must_use]
    pub fn frames(&self) -> Vec<Vec<u8>> {
        let passed = lock(&self.state).passed.clone();
        passed
            .iter()
            .flat_map(|one| [frames::payloads(&one.sent), frames::payloads(&one.received)])
            .flatten()
            .collect()
    }
}

impl Drop for Network {
    fn drop(&mut self) {
        lock(&self.state).over = true;
        self.cut();
        // Wakes the thread that waits for a connection.
        let _ = TcpStream::connect(("127.0.0.1", self.port));
    }
}

fn carry(state: &Arc<Mutex<State>>, client: TcpStream, server: TcpStream) -> Result<()> {
    let place = {
        let mut state = lock(state);
        state.open.extend([client.try_clone()?, server.try_clone()?]);
        state.passed.push(Passed::default());
        state.passed.len() - 1
    };
    for (from, to, outward) in [(client.try_clone()?, server.try_clone()?, true), (server, client, false)] {
        let state = Arc::clone(state);
        std::thread::spawn(move || {
            copy(&state, place, from, to, outward);
        });
    }
    Ok(())
}

fn copy(state: &Mutex<State>, place: usize, mut from: TcpStream, mut to: TcpStream, outward: bool) {
    let mut buffer = [0; 16 << 10];
    while let Ok(length @ 1..) = from.read(&mut buffer) {
        let mut bytes = buffer[..length].to_vec();
        let is_held = {
            let mut state = lock(state);
            if outward {
                bytes.truncate(state.allow(length));
            }
            if let Some(meddle) = state.meddle.filter(|_| !outward) {
                meddle(&mut bytes);
            }
            let passed = &mut state.passed[place];
            let side = if outward { &mut passed.sent } else { &mut passed.received };
            side.extend_from_slice(&bytes);
            bytes.len() < length
        };
        if to.write_all(&bytes).is_err() {
            break;
        }
        if is_held {
            // Whoever releases it breaks the connection, which ends this.
            while matches!(from.read(&mut buffer), Ok(1..)) {}
            return;
        }
    }
    // The other direction ends with this one.
    let _ = to.shutdown(Shutdown::Both);
    let _ = from.shutdown(Shutdown::Both);
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}
