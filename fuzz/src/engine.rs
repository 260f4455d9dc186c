//! Two devices of an office on a bad day: the network harms what the relay says, a member's program sends anything,
//! apps are killed, storage and clocks fail, and people ask for anything. Nothing panics; and once all is well again,
//! what was answered is there, on both devices.

use crate::document;
use crate::script::Script;
use mingcha_core::command::{Command, TextEdit, VisitEdit};
use mingcha_core::document::{Kind, pack};
use mingcha_core::engine::io::StoreFailure;
use mingcha_core::entry::Payload;
use mingcha_core::ids::{DocumentId, ItemId, SpaceId};
use mingcha_core::view::{Access, Heads};
use mingcha_core::wire::FromRelay;
use mingcha_tests::World;
use mingcha_tests::device::Storage;
use mingcha_tests::relay::DiskState;
use mingcha_tests::rogue::Rogue;
use mingcha_tests::world::{Network, Who, inviting, passphrase};
use std::cell::RefCell;
use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;

/// The most things that happen.
const MOST_DEEDS: usize = 48;
const DAY: i64 = 24 * 60 * 60 * 1_000;

/// An office whose devices are stopped, to be copied.
struct Office {
    world: World,
    ana: Who,
    ben: Who,
    team: SpaceId,
    visit: DocumentId,
    rogue: Rogue,
}

thread_local! {
    static OFFICE: Office = Office::new();
}

impl Office {
    fn new() -> Self {
        let mut world = World::new();
        let (ana, team, [ben]) = world.office(["王芳"]);
        let code = world.invite(ana, team, "冒充者");
        let rogue = Rogue::join(&mut world, &code);
        world.run();
        let visit = world.visit(ben, team, "410305");
        world.run();
        for who in [ana, ben] {
            world.kill(who);
        }
        Self { world, ana, ben, team, visit, rogue }
    }
}

/// What becomes of the messages to come, one byte each.
type Faults = Rc<RefCell<VecDeque<u8>>>;

struct Day {
    world: World,
    both: [Who; 2],
    team: SpaceId,
    visit: DocumentId,
    rogue: Rogue,
    faults: Faults,
    answered: BTreeMap<ItemId, String>,
    deeds: u8,
}

/// Every few bytes are one thing that happens.
pub fn run(bytes: &[u8]) {
    let mut script = Script::new(bytes);
    let mut day = OFFICE.with(Day::of);
    for _ in 0..MOST_DEEDS {
        if script.is_over() {
            break;
        }
        day.deed(&mut script);
    }
    day.heal();
    for who in day.both {
        let view = day.world.see(who, day.visit).expect("the visit is here");
        for (question, answer) in &day.answered {
            let kept = view.answers.iter().any(|(asked, field)| asked == question && field.value == *answer);
            assert!(kept, "{answer} was answered and is lost on {who:?}");
        }
        assert_eq!(day.world.access(who).unsent, 0);
    }
}

impl Day {
    fn of(office: &Office) -> Self {
        let mut world = office.world.copy();
        let both = [office.ana, office.ben];
        for who in both {
            world.start(who);
            world.run();
            world.unlock(who).expect("unlocked");
        }
        let faults = Faults::default();
        let (ahead, mut last) = (faults.clone(), Vec::new());
        world.set_between(Some(Box::new(move |_, message: FromRelay| {
            let mut bytes = message.encode();
            let harmed = match ahead.borrow_mut().pop_front() {
                Some(fault @ 0..64) => {
                    let at = usize::from(fault) * bytes.len() / 64;
                    bytes[at] ^= 1 << (fault % 8);
                    vec![bytes.clone()]
                }
                Some(64..96) => vec![],
                Some(96..128) => vec![bytes.clone(), bytes.clone()],
                Some(128..160) => vec![last.clone(), bytes.clone()],
                _ => vec![bytes.clone()],
            };
            last = bytes;
            harmed
        })));
        let (team, visit, rogue) = (office.team, office.visit, office.rogue.clone());
        Self { world, both, team, visit, rogue, faults, answered: BTreeMap::new(), deeds: 0 }
    }

    fn deed(&mut self, script: &mut Script<'_>) {
        self.deeds += 1;
        let who = self.both[script.below(2)];
        match script.below(18) {
            0 => {
                let bytes = script.slice().to_vec();
                if let Ok(message) = FromRelay::decode(&bytes) {
                    self.world.say(who, &message);
                }
            }
            1..3 => self.faults.borrow_mut().extend(script.take(4)),
            3 => {
                let command = postcard::from_bytes::<Command>(script.slice());
                if let Ok(command) = command {
                    self.world.at(who).ask(command);
                }
            }
            4..8 => self.answer(script, who),
            8 => self.write(script, who),
            9 => self.send_as_rogue(script),
            10 => self.network(script, who),
            11 => self.storage(script, who),
            12 => self.restart(script, who),
            13 => {
                self.world.at(who).ask(Command::Lock);
                self.world.run_for(script.below(8));
                self.world.at(who).ask(Command::Unlock { passphrase: passphrase() });
            }
            14 => self.world.at(who).clock_off = i64::from(script.byte() as i8) * DAY,
            15 => self.world.now = self.world.now.after(u64::from(script.number()) * 100),
            _ => drop(self.world.run_for(script.byte().into())),
        }
    }

    fn answer(&mut self, script: &mut Script<'_>, who: Who) {
        let question = ItemId([self.deeds; 16]);
        let answer = format!("第{}问", self.deeds);
        let edit = VisitEdit::Answer { question, answer: Some(answer.clone()) };
        let request = self.world.at(who).ask(Command::EditVisit { visit: self.visit, edit });
        self.world.run_for(script.below(32));
        if self.world.at(who).answer(request) == Some(&Ok(())) {
            self.answered.insert(question, answer);
        }
    }

    fn write(&mut self, script: &mut Script<'_>, who: Who) {
        let visit = self.visit;
        let text = String::from_utf8_lossy(script.slice()).into_owned();
        let command = match script.below(4) {
            0 => Command::SubmitVisit { visit, incomplete: false },
            1 => Command::FormTeam { name: text },
            2 => inviting(self.team, &text),
            _ => {
                let edit = VisitEdit::Notes(TextEdit { base: Heads::default(), text });
                Command::EditVisit { visit, edit }
            }
        };
        self.world.at(who).ask(command);
    }

    fn send_as_rogue(&mut self, script: &mut Script<'_>) {
        let kind = Kind::Visit as u8;
        let visit = if script.below(2) == 0 { self.visit } else { DocumentId([0xd0; 16]) };
        let content = script.slice();
        let payload = match script.below(3) {
            0 => Payload::Changes { document: visit, kind, nonces: vec![], batch: content.to_vec() },
            _ => {
                let actor = self.rogue.actor(self.team);
                let batch = pack(&document::changes(&mut Script::new(content), actor));
                Payload::Changes { document: visit, kind, nonces: vec![], batch }
            }
        };
        let entry = self.rogue.entry(&self.world.relay, self.team, &payload);
        self.rogue.put(&mut self.world, &[&entry]);
    }

    fn network(&mut self, script: &mut Script<'_>, who: Who) {
        match script.below(4) {
            0 => self.world.set_online(who, Network::Gone),
            1 => self.world.crash_relay(),
            2 => self.world.relay.set_disk(DiskState::Full),
            _ => {
                self.world.relay.set_disk(DiskState::Sound);
                self.world.set_online(who, Network::There);
            }
        }
    }

    fn storage(&mut self, script: &mut Script<'_>, who: Who) {
        let device = self.world.at(who);
        match script.below(4) {
            0 => device.storage = Storage::Refuses(StoreFailure::Full),
            1 => device.storage = Storage::Hangs,
            2 => device.refuses_after = Some(script.below(8)),
            _ => device.fail_hung(),
        }
    }

    fn restart(&mut self, script: &mut Script<'_>, who: Who) {
        self.world.kill(who);
        self.world.start(who);
        self.world.at(who).ask(Command::Unlock { passphrase: passphrase() });
        self.world.run_for(script.below(16));
    }

    fn heal(&mut self) {
        self.world.set_between(None);
        self.world.relay.set_disk(DiskState::Sound);
        for who in self.both {
            self.world.at(who).fail_hung();
            self.world.at(who).refuses_after = None;
            self.world.at(who).clock_off = 0;
            self.world.set_online(who, Network::There);
        }
        self.world.run().run();
        // What a relay was caught lying about is read again by the next opening.
        for who in self.both {
            self.world.restart(who);
        }
        self.world.run().run().run();
        for who in self.both {
            assert!(matches!(self.world.access(who).access, Access::Open(_)));
        }
    }
}
