//! Real sockets against the app in this process.

use crate::client::Client;
use crate::office::{Office, TEAM};
use futures_util::SinkExt;
use mingcha_core::problem::Refusal;
use mingcha_core::wire::{FromRelay, MAX_MESSAGE_BYTES, ToRelay, Trouble};
use mingcha_relay::node::Node;
use mingcha_relay::store::log::Options;
use mingcha_relay::web;
use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::path::Path;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio_tungstenite::tungstenite::Message;

pub const SMALL: Options = Options { segment_bytes: 1 << 20, reserve_bytes: 0 };

/// A relay in this process.
pub struct Running {
    pub address: SocketAddr,
    pub code: Option<String>,
    stop: oneshot::Sender<()>,
    task: JoinHandle<anyhow::Result<()>>,
}

impl Running {
    pub async fn start(folder: &Path, options: Options) -> Self {
        let node = Node::open(folder, options).unwrap();
        let code = node.setup_code().map(str::to_owned);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel();
        let shutdown = async move { drop(stopped.await) };
        let task = tokio::spawn(web::serve(listener, node, None, shutdown));
        Self { address, code, stop, task }
    }

    /// A relay with an office.
    pub async fn founded(folder: &Path) -> (Self, Office) {
        let relay = Self::start(folder, SMALL).await;
        let office = Client::found(relay.address, relay.code.as_deref().unwrap()).await;
        (relay, office)
    }

    pub async fn stop(self) {
        self.stop.send(()).unwrap();
        self.task.await.unwrap().unwrap();
    }
}

#[tokio::test]
async fn an_entry_goes_from_one_device_to_another_and_survives_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let (relay, mut office) = Running::founded(folder.path()).await;
    let mut reader = Client::session(relay.address, &office.founder).await;
    assert!(reader.read(TEAM).await.is_empty());
    let mut writer = Client::connect(relay.address).await;
    let entries: Vec<_> = (0..50).map(|n| office.inspector.write(TEAM, office.head(), n * 100)).collect();
    writer.put(&entries.iter().collect::<Vec<_>>()).await;
    let ids: BTreeSet<_> = entries.iter().map(|entry| entry.id()).collect();
    assert_eq!(writer.receipts(50).await, ids);
    let mut live = 0;
    while live < 50 {
        if let FromRelay::Entries { from, items, .. } = reader.hear().await {
            assert_eq!(from, live);
            live += items.len() as u64;
        }
    }
    relay.stop().await;

    let relay = Running::start(folder.path(), SMALL).await;
    assert_eq!(relay.code, None, "the office is founded");
    let mut reader = Client::session(relay.address, &office.founder).await;
    assert_eq!(reader.read(TEAM).await, entries.iter().map(|entry| entry.id()).collect::<Vec<_>>());
    let mut writer = Client::connect(relay.address).await;
    writer.put(&entries.iter().collect::<Vec<_>>()).await;
    assert_eq!(writer.receipts(50).await, ids, "the same again gets its receipts again");
    relay.stop().await;
}

#[tokio::test]
async fn a_set_up_code_serves_one_start_only() {
    let folder = tempfile::tempdir().unwrap();
    let relay = Running::start(folder.path(), SMALL).await;
    let first = relay.code.clone().unwrap();
    relay.stop().await;
    let relay = Running::start(folder.path(), SMALL).await;
    assert_ne!(relay.code.as_ref(), Some(&first));
    let code = mingcha_core::code::SetupCode::parse(&first).unwrap();
    let office = Office::new(code.relay);
    let mut client = Client::connect(relay.address).await;
    let entry = office.statements[0].bytes().to_vec();
    client.say(&ToRelay::Claim { token: code.token, entry }).await;
    assert_eq!(client.hear().await, FromRelay::Trouble { what: Trouble::Claim });
    relay.stop().await;
}

#[tokio::test]
async fn a_full_disk_refuses_writing_and_goes_on_reading() {
    let folder = tempfile::tempdir().unwrap();
    let (relay, mut office) = Running::founded(folder.path()).await;
    let mut writer = Client::connect(relay.address).await;
    writer.put(&[&office.inspector.write(TEAM, office.head(), 10)]).await;
    writer.receipts(1).await;
    relay.stop().await;

    let full = Options { reserve_bytes: u64::MAX, ..SMALL };
    let relay = Running::start(folder.path(), full).await;
    let mut client = Client::session(relay.address, &office.inspector).await;
    let refused = office.inspector.write(TEAM, office.head(), 10);
    client.put(&[&refused]).await;
    assert_eq!(client.hear().await, FromRelay::Trouble { what: Trouble::Full });
    assert_eq!(client.read(TEAM).await.len(), 1);
    relay.stop().await;

    let relay = Running::start(folder.path(), SMALL).await;
    let mut client = Client::connect(relay.address).await;
    client.put(&[&refused]).await;
    client.receipts(1).await;
    relay.stop().await;
}

#[tokio::test]
async fn what_is_no_message_is_answered_and_ends_the_connection() {
    let folder = tempfile::tempdir().unwrap();
    let relay = Running::start(folder.path(), SMALL).await;
    let mut client = Client::connect(relay.address).await;
    client.socket.send(Message::binary(vec![0xff; 100])).await.unwrap();
    assert_eq!(client.hear().await, FromRelay::Trouble { what: Trouble::Unexpected });
    assert_eq!(client.try_hear().await, None);
    let mut client = Client::connect(relay.address).await;
    client.socket.send(Message::text("hello")).await.unwrap();
    assert_eq!(client.try_hear().await, None);
    let mut client = Client::connect(relay.address).await;
    // The relay may close before all of it is sent.
    let _ = client.socket.send(Message::binary(vec![0; MAX_MESSAGE_BYTES + 1])).await;
    assert_eq!(client.try_hear().await, None);
    relay.stop().await;
}

#[tokio::test]
async fn many_devices_write_at_once_and_every_entry_is_held_once() {
    let folder = tempfile::tempdir().unwrap();
    let (relay, mut office) = Running::founded(folder.path()).await;
    let head = office.head();
    let inspectors: Vec<_> = (0..50).map(|_| office.inspector.write(TEAM, head, 200)).collect();
    let founders: Vec<_> = (0..50).map(|_| office.founder.write(TEAM, head, 200)).collect();
    let mut tasks = Vec::new();
    // Each stream is carried by two connections at once.
    for entries in [inspectors.clone(), founders.clone(), inspectors, founders] {
        let address = relay.address;
        tasks.push(tokio::spawn(async move {
            let mut client = Client::connect(address).await;
            for entry in entries {
                client.put(&[&entry]).await;
                assert_eq!(client.receipts(1).await, BTreeSet::from([entry.id()]));
            }
        }));
    }
    for task in tasks {
        task.await.unwrap();
    }
    let mut reader = Client::session(relay.address, &office.founder).await;
    let held = reader.read(TEAM).await;
    assert_eq!((held.len(), held.iter().collect::<BTreeSet<_>>().len()), (100, 100));
    relay.stop().await;
}

#[tokio::test]
async fn a_refusal_names_the_entry_and_the_reason() {
    let folder = tempfile::tempdir().unwrap();
    let (relay, mut office) = Running::founded(folder.path()).await;
    let mut client = Client::connect(relay.address).await;
    office.inspector.write(TEAM, office.head(), 10);
    let second = office.inspector.write(TEAM, office.head(), 10);
    client.put(&[&second]).await;
    let code = Refusal::Gap.code();
    assert_eq!(client.hear().await, FromRelay::Refused { entry: second.id(), code });
    relay.stop().await;
}

#[tokio::test]
async fn stopping_acknowledges_what_arrived_and_says_goodbye() {
    let folder = tempfile::tempdir().unwrap();
    let (relay, mut office) = Running::founded(folder.path()).await;
    let mut client = Client::connect(relay.address).await;
    let entry = office.inspector.write(TEAM, office.head(), 10);
    client.put(&[&entry]).await;
    client.receipts(1).await;
    relay.stop().await;
    assert_eq!(client.try_hear().await, None);
    assert!(folder.path().join("clean").exists());
}

#[tokio::test]
async fn an_invitation_is_found_without_a_session() {
    let folder = tempfile::tempdir().unwrap();
    let (relay, office) = Running::founded(folder.path()).await;
    let mut client = Client::connect(relay.address).await;
    client.say(&ToRelay::Find { locator: office.open.locator() }).await;
    let FromRelay::Found { roster, .. } = client.hear().await else { panic!("not found") };
    assert_eq!(roster.len(), office.statements.len());
    relay.stop().await;
}
