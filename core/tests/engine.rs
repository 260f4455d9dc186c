//! The engine alone: no sequence of inputs makes it panic, and a store that an earlier version wrote opens.

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use mingcha_core::code::SetupCode;
use mingcha_core::command::{Command, FindingEdit, ImportPart, Passphrase, TextEdit, VisitEdit};
use mingcha_core::crypto::{Purpose, Rng, SigningKey};
use mingcha_core::domain::{AssignmentDraft, Language, MatterField, Mode, Review, Role, Severity, checklist};
use mingcha_core::engine::Engine;
use mingcha_core::engine::io::{
    Input, Job, JobResult, Output, Persistence, Record, StorageFacts, StoreFailure, Table, Ticket, Write,
};
use mingcha_core::ids::{
    DatasetId, DeviceKey, DocumentId, EntryId, Incarnation, ItemId, OfficeId, RelayKey, SpaceId,
};
use mingcha_core::log::Receipt;
use mingcha_core::time::Timestamp;
use mingcha_core::units::{Place, UnitRow};
use mingcha_core::view::{
    Access, Answer, AssignmentFilter, Compared, FindingFilter, Heads, Query, View, VisitFilter, Window,
};
use mingcha_core::wire::{FromRelay, Handshake, Item, PROTOCOL, ToRelay, Trouble};
use std::collections::{BTreeMap, VecDeque};

const NOW: Timestamp = Timestamp(1_795_000_000_000);

type Disk = BTreeMap<(Table, Vec<u8>), Vec<u8>>;

/// A shell that does what it is told.
struct Shell {
    engine: Engine,
    disk: Disk,
    waiting: VecDeque<Input>,
    access: Option<Access>,
    /// The nonce of the last greeting, for who speaks as the relay.
    nonce: [u8; 16],
}

fn relay() -> SigningKey {
    SigningKey::from_seed([7; 32])
}

fn setup() -> String {
    SetupCode { token: [1; 16], relay: RelayKey(relay().public()) }.to_text()
}

fn passphrase() -> Passphrase {
    Passphrase("correct horse battery".into())
}

impl Shell {
    fn open(disk: Disk, seed: [u8; 32]) -> Self {
        let (engine, outputs) = Engine::new(seed, NOW);
        let mut shell = Self { engine, disk, waiting: VecDeque::new(), access: None, nonce: [0; 16] };
        shell.carry_out(outputs);
        shell.feed(NOW, Input::Command(0, Command::Watch { id: 0, query: Query::Access }));
        shell
    }

    fn feed(&mut self, now: Timestamp, input: Input) {
        let outputs = self.engine.handle(now, input);
        self.carry_out(outputs);
    }

    /// Gives a command and lets everything happen that follows from it.
    fn ask(&mut self, command: Command) {
        self.settle();
        self.feed(NOW, Input::Command(1, command));
        self.settle();
    }

    fn settle(&mut self) {
        while let Some(input) = self.waiting.pop_front() {
            self.feed(NOW, input);
        }
    }

    fn carry_out(&mut self, outputs: Vec<Output>) {
        for output in outputs {
            match output {
                Output::Load(ticket, selections) => {
                    let wanted = |(table, key): &(Table, Vec<u8>)| {
                        selections.iter().any(|selection| selection.selects(*table, key))
                    };
                    let found = self.disk.iter().filter(|(place, _)| wanted(place));
                    let record = |((table, key), value): (&(Table, Vec<u8>), &Vec<u8>)| Record {
                        table: *table,
                        key: key.clone(),
                        value: value.clone(),
                    };
                    let records = found.map(record).collect();
                    self.waiting.push_back(Input::Loaded(ticket, records));
                }
                Output::Store(ticket, writes) => self.store(ticket, writes),
                Output::Job(ticket, Job::Stretch { .. }) => {
                    self.waiting.push_back(Input::JobDone(ticket, JobResult::Stretched([9; 32])));
                }
                Output::Job(ticket, Job::SpellKit { .. }) => {
                    let words = (0..12).map(|word| word.to_string()).collect();
                    self.waiting.push_back(Input::JobDone(ticket, JobResult::Kit(words)));
                }
                Output::Send(bytes) => {
                    if let Ok(ToRelay::Hello { nonce, .. }) = ToRelay::decode(&bytes) {
                        self.nonce = nonce;
                    }
                }
                Output::Show(View::Shown { answer: Answer::Access(view), .. }) => {
                    self.access = Some(view.access);
                }
                Output::Connect | Output::Disconnect | Output::WakeAt(_) | Output::Show(_) => {}
            }
        }
    }

    fn store(&mut self, ticket: Ticket, writes: Vec<Write>) {
        for write in writes {
            match write {
                Write::Put(Record { table, key, value }) => self.disk.insert((table, key), value),
                Write::Delete(table, key) => self.disk.remove(&(table, key)),
            };
        }
        self.waiting.push_back(Input::Stored(ticket));
    }

    fn found(&mut self) {
        self.ask(Command::MakeKit { language: Language::Chinese });
        let proof = vec![(2, "2".into()), (7, "7".into())];
        let (office, name, passphrase) = ("效能办".into(), "李明".into(), passphrase());
        self.ask(Command::Found { setup: setup(), office, name, passphrase, proof });
    }
}

fn rows() -> Vec<UnitRow> {
    let row = |code: &str, name: &str| UnitRow { code: code.into(), name: name.into(), ..UnitRow::default() };
    vec![row("410305", "涧西区"), row("410306", "吉利区")]
}

/// What an office is founded, fed and closed with; its store as this version writes it.
fn written() -> Disk {
    let mut shell = Shell::open(Disk::new(), [3; 32]);
    shell.found();
    let checklist = checklist::builtin(Language::Chinese);
    shell.ask(Command::PublishChecklist { checklist });
    let (dataset, name, part) = (DatasetId([5; 16]), "units.csv".into(), ImportPart::Last);
    shell.ask(Command::ImportUnits { dataset, name, rows: rows(), part });
    shell.ask(Command::Lock);
    shell.disk
}

fn is_the_office(disk: Disk) -> bool {
    let mut shell = Shell::open(disk, [4; 32]);
    shell.settle();
    assert_eq!(shell.access, Some(Access::Locked { unpacked: 0 }));
    shell.ask(Command::Unlock { passphrase: passphrase() });
    match shell.access {
        Some(Access::Open(me)) => {
            (&me.office[..], &me.name[..], me.units, me.checklists) == ("效能办", "李明", 2, 1)
        }
        other => panic!("{other:?}"),
    }
}

/// Records as they are kept in the frozen file: table, key, value, each with its length (4 bytes, big-endian).
#[cfg(not(feature = "unsealed"))]
fn read_frozen(bytes: &[u8]) -> Disk {
    let mut disk = Disk::new();
    let mut rest = bytes;
    while let Some((table, after)) = rest.split_first() {
        rest = after;
        let mut part = || {
            let (len, after) = rest.split_first_chunk::<4>().expect("a length");
            let (part, after) = after.split_at(u32::from_be_bytes(*len) as usize);
            rest = after;
            part.to_vec()
        };
        let (key, value) = (part(), part());
        disk.insert((Table::ALL[usize::from(*table)], key), value);
    }
    disk
}

#[test]
#[cfg(not(feature = "unsealed"))]
fn a_store_that_an_earlier_version_wrote_opens() {
    assert!(is_the_office(read_frozen(include_bytes!("vectors/store-1.bin"))));
}

#[test]
fn a_store_that_this_version_writes_opens() {
    assert!(is_the_office(written()));
}

#[test]
fn a_store_of_a_newer_version_is_not_touched() {
    let mut disk = written();
    let vault = disk.get_mut(&(Table::Clear, b"vault".to_vec())).expect("a vault");
    // The first field of the header, after the array's head.
    vault[1] = 2;
    let mut shell = Shell::open(disk.clone(), [4; 32]);
    shell.ask(Command::Unlock { passphrase: passphrase() });
    assert_eq!(shell.access, Some(Access::Opening));
    assert!(shell.disk == disk);
}

/// Draws inputs of all kinds, sensible and not.
struct Chaos {
    rng: Rng,
}

impl Chaos {
    fn below(&mut self, end: u32) -> u32 {
        u32::from_be_bytes(self.rng.bytes()) % end
    }

    fn small(&mut self) -> [u8; 16] {
        [self.below(4) as u8; 16]
    }

    fn text(&mut self) -> String {
        let all = ["", "窗口无人", "410305", "x", "\u{0}", "🀄🀄", "nonsense with spaces"];
        all[self.below(all.len() as u32) as usize].repeat(1 + self.below(3) as usize)
    }

    fn junk(&mut self) -> Vec<u8> {
        let len = self.below(60) as usize;
        let bytes: [u8; 60] = self.rng.bytes();
        bytes[..len].to_vec()
    }

    fn input(&mut self, shell: &Shell) -> Input {
        match self.below(14) {
            0..=3 => Input::Command(u64::from(self.below(9)), self.command()),
            4 => Input::Loaded(u64::from(self.below(40)), vec![self.record()]),
            5 => Input::Stored(u64::from(self.below(400))),
            6 => {
                let why = [StoreFailure::Full, StoreFailure::Failed][self.below(2) as usize];
                Input::StoreFailed(u64::from(self.below(400)), why)
            }
            7 => Input::JobDone(u64::from(self.below(40)), JobResult::Failed),
            8 => Input::Connected,
            9 if self.below(3) == 0 => Input::Disconnected,
            9 | 10 => Input::Received(self.message(shell).encode()),
            11 => Input::Received(self.junk()),
            12 => Input::Woke,
            _ if self.below(4) == 0 => Input::Hiding,
            _ => {
                let persistent = Some(Persistence::Refused);
                Input::Storage(StorageFacts { persistent, used: 1, quota: u64::MAX })
            }
        }
    }

    fn record(&mut self) -> Record {
        let table = Table::ALL[self.below(8) as usize];
        Record { table, key: self.junk(), value: self.junk() }
    }

    fn query(&mut self) -> Query {
        let id = DocumentId(self.small());
        let window = Window { first: self.below(5), count: self.below(500) };
        match self.below(20) {
            0 => Query::Access,
            1 => Query::Unsent,
            2 => Query::Visits(VisitFilter::default(), window),
            3 => Query::Visit(id),
            4 => Query::VisitAt(id, Heads(vec![[1; 32]])),
            5 => Query::Matter(id),
            6 => Query::Units { text: self.text(), limit: self.below(50), near: Place::new(1, 2) },
            7 => Query::SideBySide { unit: self.text() },
            8 => Query::People,
            13 => Query::Assignments(AssignmentFilter::default(), window),
            9 => Query::Assignment(id),
            10 => Query::Coverage { from: Timestamp(0), until: NOW },
            11 => Query::Areas,
            12 => Query::UnitsIn { area: self.text(), limit: self.below(50) },
            14 => {
                Query::FindingPlace { filter: FindingFilter::default(), visit: id, finding: ItemId([1; 16]) }
            }
            15 => Query::Proposals { visit: id, finding: ItemId([1; 16]) },
            16 => Query::Agreement(Compared::Matter(id)),
            17 => Query::UnitTimeline { unit: self.text() },
            18 => Query::Figures { filter: FindingFilter::default(), offset: self.below(2_000) as i16 },
            _ => Query::Imports,
        }
    }

    fn command(&mut self) -> Command {
        let (visit, team) = (DocumentId(self.small()), SpaceId(self.small()));
        let finding = ItemId(self.small());
        match self.below(36) {
            0 => Command::MakeKit { language: Language::English },
            1 => {
                let proof = vec![(self.below(14) as u8, self.text())];
                let (office, name) = (self.text(), self.text());
                Command::Found { setup: self.text(), office, name, passphrase: passphrase(), proof }
            }
            2 => Command::OpenInvitation { code: self.text() },
            3 => Command::Join { passphrase: passphrase() },
            4 | 5 => Command::Unlock { passphrase: passphrase() },
            6 => Command::Lock,
            7 => Command::Watch { id: self.below(5), query: self.query() },
            8 => Command::Unwatch { id: self.below(5) },
            9 => {
                let part = [ImportPart::More, ImportPart::Last][self.below(2) as usize];
                Command::ImportUnits {
                    dataset: DatasetId(self.small()),
                    name: self.text(),
                    rows: rows(),
                    part,
                }
            }
            10 => Command::WithdrawUnits { dataset: DatasetId(self.small()) },
            11 => Command::FormTeam { name: self.text() },
            12 => Command::Invite {
                roles: Role::ALL[..self.below(6) as usize].to_vec(),
                team: (self.below(2) == 0).then_some(team),
                name: self.text(),
                days: self.below(70_000) as u16,
            },
            13 => {
                let (mode, unit) = (Mode::Undercover, Some(self.text()));
                Command::StartVisit {
                    visit,
                    team,
                    mode,
                    unit,
                    checklist: None,
                    assignment: Some(DocumentId(self.small())),
                }
            }
            14 => {
                let notes = TextEdit { base: Heads(vec![[2; 32]]), text: self.text() };
                Command::EditVisit { visit, edit: VisitEdit::Notes(notes) }
            }
            15 => {
                let field = FindingEdit::Severity(Severity::Grave);
                Command::EditVisit { visit, edit: VisitEdit::Finding { finding, field } }
            }
            16 => {
                let (title, unit, category) = (self.text(), self.text(), self.text());
                let (severity, citations) = (Severity::Minor, vec![]);
                Command::OpenMatter { matter: visit, title, unit, category, severity, citations }
            }
            17 => Command::LetIn { device: DeviceKey([self.below(3) as u8; 32]) },
            18 => Command::BlockDevice { device: DeviceKey([self.below(3) as u8; 32]) },
            19 => Command::WithdrawInvitation { invitation: [self.below(3) as u8; 32] },
            20 => Command::ChangePassphrase { old: passphrase(), new: passphrase() },
            21 => Command::ExportUnsent,
            22 => Command::ImportUnsent { file: self.junk() },
            23 => {
                let content = AssignmentDraft { title: self.text(), ..AssignmentDraft::default() };
                Command::AssignVisits { assignment: visit, team, content }
            }
            24 => {
                let content = AssignmentDraft { units: vec![self.text()], ..AssignmentDraft::default() };
                Command::ReviseAssignment { assignment: visit, content }
            }
            25 => Command::WithdrawAssignment { assignment: visit, reason: self.text() },
            26 => Command::SubmitVisit { visit, incomplete: self.below(2) == 0 },
            27 => Command::SendVisitBack { visit, reason: self.text() },
            28 => Command::ReopenVisit { visit },
            29 => {
                let (heads, review) = (Heads(vec![[2; 32]]), Review::Reject { reason: self.text() });
                Command::ReviewFinding { visit, heads, finding, review }
            }
            30 => {
                let filter = FindingFilter::default();
                let expected = self.below(3);
                Command::ReviewFindings { batch: finding, filter, expected, review: Review::Confirm }
            }
            31 => Command::UndoReview { batch: finding },
            32 => {
                let (findings, reason) = (vec![(visit, finding)], self.text());
                Command::TakeFromMatter { matter: visit, findings, reason }
            }
            33 => {
                let (chosen, over, reason) = (self.text(), vec![self.text()], self.text());
                let field = MatterField::Place;
                Command::SettleInMatter { matter: visit, field, chosen, over, reason }
            }
            34 => {
                let examine = VisitEdit::Examine { citations: vec![], text: self.text() };
                Command::EditVisit { visit, edit: examine }
            }
            _ => Command::SawVisit { visit, heads: Heads(vec![]) },
        }
    }

    fn message(&mut self, shell: &Shell) -> FromRelay {
        let space = SpaceId(self.small());
        let items = vec![Item { time: NOW, entry: self.junk() }];
        match self.below(10) {
            0..=2 => self.welcome(shell.nonce),
            3 => FromRelay::Granted,
            4 => {
                let entry = EntryId([self.below(3) as u8; 32]);
                let receipt = Receipt { entry, sequence: 0, time: NOW, path: vec![] };
                FromRelay::Receipts { space, checkpoint: self.junk(), receipts: vec![receipt] }
            }
            5 => FromRelay::Entries { space, from: u64::MAX, items },
            6 => FromRelay::Head { space, checkpoint: self.junk() },
            7 => FromRelay::Found { bundle: self.junk(), roster: items },
            8 => FromRelay::Pong { nonce: 0, time: Timestamp(u64::MAX) },
            _ => {
                let what = [Trouble::Busy, Trouble::Claim, Trouble::Expelled][self.below(3) as usize];
                FromRelay::Trouble { what }
            }
        }
    }

    fn welcome(&mut self, nonce: [u8; 16]) -> FromRelay {
        let (relay, incarnation) = (RelayKey(relay().public()), Incarnation(self.small()));
        let (challenge, time) = ([0; 16], Timestamp(NOW.0 + u64::from(self.below(9))));
        let office = (self.below(2) == 0).then_some(OfficeId([1; 32]));
        let handshake = Handshake { relay, incarnation, nonce, challenge, time, office };
        let signature = handshake.sign(Purpose::SignWelcome, &self::relay());
        let (version, minimum) = (PROTOCOL, PROTOCOL);
        FromRelay::Welcome { version, minimum, relay, incarnation, challenge, time, office, signature }
    }
}

#[test]
fn no_sequence_of_inputs_makes_it_panic() {
    for seed in 0..48_u8 {
        let mut chaos = Chaos { rng: Rng::new([seed; 32]) };
        let disk = if seed % 2 == 0 { written() } else { Disk::new() };
        let mut shell = Shell::open(disk, [seed; 32]);
        for _ in 0..400 {
            let now = match chaos.below(20) {
                0 => Timestamp(u64::MAX - u64::from(chaos.below(9))),
                1 => Timestamp(0),
                _ => NOW.after(u64::from(chaos.below(100_000))),
            };
            // More often than not the shell does what it was told; otherwise anything may come.
            let honest = if chaos.below(5) > 1 { shell.waiting.pop_front() } else { None };
            let input = honest.unwrap_or_else(|| chaos.input(&shell));
            shell.feed(now, input);
        }
    }
}
