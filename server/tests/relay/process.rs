//! The real program: killed under load, told to stop, and given folders that it cannot use.

use crate::client::{Client, put};
use crate::office::{Office, TEAM};
use mingcha_core::entry::Entry;
use mingcha_core::ids::EntryId;
use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Read};
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// The program, running. Killed when dropped.
struct Relay {
    child: Child,
    address: SocketAddr,
}

impl Relay {
    /// Starts it and waits until it serves.
    async fn start(folder: &Path) -> Self {
        let address = free_address();
        let child = command(folder, address).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let relay = Self { child, address };
        for _ in 0..600 {
            if Client::try_connect(address).await.is_some() {
                return relay;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("the relay does not serve");
    }

    /// The code in the link that it printed.
    fn code(&mut self) -> String {
        let mut line = String::new();
        BufReader::new(self.child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        line.trim().split_once("/#s=").unwrap().1.to_owned()
    }

    fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn command(folder: &Path, address: SocketAddr) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mingcha-relay"));
    command.arg("serve").arg("--data").arg(folder).arg("--listen").arg(address.to_string());
    command.args(["--segment-bytes", "16777216", "--reserve-bytes", "0"]);
    command
}

fn free_address() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}

/// What the program says when it cannot start.
fn complaint(mut command: Command) -> String {
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let mut said = String::new();
    child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    assert!(!child.wait().unwrap().success());
    said
}

/// Puts entries as fast as it can until the relay is gone; tells which were acknowledged.
async fn load(address: SocketAddr, entries: &[Entry]) -> BTreeSet<EntryId> {
    let mut acknowledged = BTreeSet::new();
    let Some(mut client) = Client::try_connect(address).await else { return acknowledged };
    for entry in entries {
        if client.try_say(&put(&[entry])).await.is_none() {
            return acknowledged;
        }
        let Some(said) = client.try_hear().await else { return acknowledged };
        acknowledged.extend(client.verified(&said).unwrap_or_default());
    }
    acknowledged
}

#[tokio::test]
async fn nothing_acknowledged_is_lost_when_the_process_is_killed_under_load() {
    let folder = tempfile::tempdir().unwrap();
    let mut relay = Relay::start(folder.path()).await;
    let mut office: Office = Client::found(relay.address, &relay.code()).await;
    let head = office.head();
    let mut held = BTreeSet::new();
    for round in 0..3_u64 {
        let [inspectors, founders] = [&mut office.inspector, &mut office.founder]
            .map(|device| (0..1_500).map(|n| device.write(TEAM, head, n % 700)).collect::<Vec<_>>());
        let address = relay.address;
        let load_of =
            |entries: Vec<Entry>| tokio::spawn(async move { (load(address, &entries).await, entries) });
        let loads = [load_of(inspectors), load_of(founders)];
        tokio::time::sleep(Duration::from_millis(80 + 60 * round)).await;
        relay.kill();
        let mut acknowledged = BTreeSet::new();
        let mut offered = Vec::new();
        for load in loads {
            let (ids, entries) = load.await.unwrap();
            acknowledged.extend(ids);
            offered.push(entries);
        }
        assert!(!acknowledged.is_empty(), "the load was under way");
        relay = Relay::start(folder.path()).await;
        let mut reader = Client::session(relay.address, &office.founder).await;
        let found: BTreeSet<_> = reader.read(TEAM).await.into_iter().collect();
        assert!(acknowledged.is_subset(&found), "round {round}: acknowledged and lost");
        assert!(held.is_subset(&found), "round {round}: an earlier round's are lost");
        // The rest is sent again, with what was acknowledged: everything is held, once.
        let mut client = Client::connect(relay.address).await;
        for entries in &offered {
            for some in entries.chunks(200) {
                client.put(&some.iter().collect::<Vec<_>>()).await;
                client.receipts(some.len()).await;
            }
        }
        let mut reader = Client::session(relay.address, &office.founder).await;
        let all = reader.read(TEAM).await;
        held.extend(offered.iter().flatten().map(|entry| entry.id()));
        assert_eq!(all.len(), held.len());
        assert_eq!(all.into_iter().collect::<BTreeSet<_>>(), held);
    }
}

#[tokio::test]
async fn told_to_stop_it_closes_its_store_and_says_so_by_its_exit() {
    let folder = tempfile::tempdir().unwrap();
    let mut relay = Relay::start(folder.path()).await;
    assert!(!folder.path().join("clean").exists());
    let id = relay.child.id().to_string();
    assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
    assert!(relay.child.wait().unwrap().success());
    assert!(folder.path().join("clean").exists());
}

#[tokio::test]
async fn a_folder_in_use_is_said_to_be() {
    let folder = tempfile::tempdir().unwrap();
    let _relay = Relay::start(folder.path()).await;
    let said = complaint(command(folder.path(), free_address()));
    assert!(said.contains("another relay is using"), "{said}");
}

#[test]
fn a_folder_that_cannot_be_written_to_is_said_to_be() {
    // Nobody, not even root, makes folders there.
    let said = complaint(command(Path::new("/sys/mingcha"), free_address()));
    assert!(said.contains("cannot write to /sys/mingcha"), "{said}");
}

#[test]
fn a_disk_without_room_is_said_to_be() {
    let folder = tempfile::tempdir().unwrap();
    // No file may grow beyond 8 MB: the system refuses to reserve a segment.
    let mut limited = Command::new("sh");
    limited
        .args(["-c", "trap '' XFSZ; ulimit -f 16384; exec \"$0\" serve --data \"$1\" --listen 127.0.0.1:0"]);
    limited.arg(env!("CARGO_BIN_EXE_mingcha-relay")).arg(folder.path());
    let said = complaint(limited);
    assert!(said.contains("no room in"), "{said}");
}

#[tokio::test]
async fn a_key_that_is_gone_is_not_replaced() {
    let folder = tempfile::tempdir().unwrap();
    Relay::start(folder.path()).await.kill();
    std::fs::remove_file(folder.path().join("relay.key")).unwrap();
    let said = complaint(command(folder.path(), free_address()));
    assert!(said.contains("relay.key is missing or is not this relay's key"), "{said}");
}

#[tokio::test]
async fn only_the_owner_may_read_the_key() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    Relay::start(folder.path()).await.kill();
    let mode = std::fs::metadata(folder.path().join("relay.key")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}
