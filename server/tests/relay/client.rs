//! A device's side of the socket.

use crate::office::{Device, Office};
use futures_util::{SinkExt, StreamExt};
use mingcha_core::code::SetupCode;
use mingcha_core::crypto::Purpose;
use mingcha_core::entry::Entry;
use mingcha_core::ids::{EntryId, SpaceId};
use mingcha_core::wire::{FromRelay, Handshake, PROTOCOL, ToRelay};
use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

const NONCE: [u8; 16] = [8; 16];
const PATIENCE: Duration = Duration::from_secs(30);

pub struct Client {
    pub socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    pub handshake: Handshake,
}

impl Client {
    /// Connects and is welcomed.
    pub async fn connect(address: SocketAddr) -> Self {
        Self::try_connect(address).await.expect("a relay is there")
    }

    pub async fn try_connect(address: SocketAddr) -> Option<Self> {
        let (mut socket, _) = connect_async(format!("ws://{address}/socket")).await.ok()?;
        let hello = ToRelay::Hello { version: PROTOCOL, nonce: NONCE };
        socket.send(Message::binary(hello.encode())).await.ok()?;
        let welcome = FromRelay::decode(&socket.next().await?.ok()?.into_data()).ok()?;
        let FromRelay::Welcome { relay, incarnation, challenge, time, office, signature, .. } = welcome
        else {
            panic!("not welcome: {welcome:?}")
        };
        let handshake = Handshake { relay, incarnation, nonce: NONCE, challenge, time, office };
        assert!(handshake.is_welcome(&signature));
        Some(Self { socket, handshake })
    }

    /// Connects as a device, with credit to read.
    pub async fn session(address: SocketAddr, device: &Device) -> Self {
        let mut client = Self::connect(address).await;
        let signature = client.handshake.sign(Purpose::SignSession, &device.sign);
        client.say(&ToRelay::Session { device: device.key(), signature }).await;
        assert_eq!(client.hear().await, FromRelay::Granted);
        client.say(&ToRelay::Credit { bytes: 8 << 20 }).await;
        client
    }

    /// Founds the fixture's office with a set-up code.
    pub async fn found(address: SocketAddr, code: &str) -> Office {
        let code = SetupCode::parse(code).unwrap();
        let office = Office::new(code.relay);
        let mut client = Self::connect(address).await;
        assert_eq!(client.handshake.relay, code.relay);
        let genesis = office.statements[0].bytes().to_vec();
        client.say(&ToRelay::Claim { token: code.token, entry: genesis }).await;
        assert_eq!(client.receipts(1).await.len(), 1);
        for statement in &office.statements[1..] {
            client.put(&[statement]).await;
            assert_eq!(client.receipts(1).await.len(), 1);
        }
        office
    }

    pub async fn say(&mut self, message: &ToRelay) {
        self.try_say(message).await.expect("the relay listens");
    }

    pub async fn try_say(&mut self, message: &ToRelay) -> Option<()> {
        self.socket.send(Message::binary(message.encode())).await.ok()
    }

    pub async fn put(&mut self, entries: &[&Entry]) {
        self.say(&put(entries)).await;
    }

    /// The next message.
    pub async fn hear(&mut self) -> FromRelay {
        self.try_hear().await.expect("the relay answers")
    }

    /// The next message; `None` when the connection is gone.
    pub async fn try_hear(&mut self) -> Option<FromRelay> {
        loop {
            let message = tokio::time::timeout(PATIENCE, self.socket.next()).await.expect("in time");
            match message?.ok()? {
                Message::Binary(bytes) => return Some(FromRelay::decode(&bytes).unwrap()),
                Message::Ping(_) => {}
                _ => return None,
            }
        }
    }

    /// So many receipts, each verified.
    pub async fn receipts(&mut self, count: usize) -> BTreeSet<EntryId> {
        let mut ids = BTreeSet::new();
        while ids.len() < count {
            let said = self.hear().await;
            ids.extend(self.verified(&said).unwrap_or_else(|| panic!("not receipts: {said:?}")));
        }
        ids
    }

    /// The entries that a message acknowledges, each receipt verified.
    pub fn verified(&self, said: &FromRelay) -> Option<Vec<EntryId>> {
        let FromRelay::Receipts { space, checkpoint, receipts } = said else { return None };
        let relay = self.handshake.relay;
        for receipt in receipts {
            receipt.verify(checkpoint, &relay, space).unwrap();
        }
        Some(receipts.iter().map(|receipt| receipt.entry).collect())
    }

    /// All entries of a space.
    pub async fn read(&mut self, space: SpaceId) -> Vec<EntryId> {
        let incarnation = self.handshake.incarnation;
        self.say(&ToRelay::Subscribe { space, incarnation, from: 0 }).await;
        let mut ids = Vec::new();
        loop {
            match self.hear().await {
                FromRelay::Entries { from, items, .. } => {
                    assert_eq!(from, ids.len() as u64);
                    let bytes: usize = items.iter().map(|item| item.entry.len()).sum();
                    ids.extend(items.into_iter().map(|item| Entry::check(item.entry).unwrap().id()));
                    self.say(&ToRelay::Credit { bytes: bytes as u32 }).await;
                }
                FromRelay::Head { .. } => return ids,
                other => panic!("{other:?}"),
            }
        }
    }
}

pub fn put(entries: &[&Entry]) -> ToRelay {
    ToRelay::Put { entries: entries.iter().map(|entry| entry.bytes().to_vec()).collect() }
}
