//! What goes wrong, each by its name.

use super::network::{Ends, Weather};
use super::plan::{Fault, Power, Side};
use super::run::{Copy, Run};
use crate::device::{Storage, Transaction};
use crate::disk::Tail;
use crate::relay::DiskState;
use crate::world::Network as Reach;
use mingcha_core::engine::io::{Input, StoreFailure};
use mingcha_core::view::Access;

impl Run {
    /// Something goes wrong.
    pub fn strike(&mut self, fault: Fault) {
        let people = self.people.len();
        match fault {
            Fault::Weather { delay, lost, doubled, overtaken } => {
                self.network.weather = Weather { delay, lost, doubled, overtaken };
                self.count("delay");
            }
            Fault::Cut(who) => {
                self.count("cut");
                self.cut_all(who % people);
            }
            Fault::HalfOpen(who, side) => self.half_open(who % people, side),
            Fault::Partition(mask) => self.part(mask),
            Fault::Rejoin => self.partition = 0,
            Fault::Offline(who) => {
                self.count("offline");
                self.set_reach(who % people, Reach::Gone);
            }
            Fault::Online(who) => self.set_reach(who % people, Reach::There),
            Fault::SlowReader(who) => self.slow_down(who % people),
            Fault::RelayCrash(power) => self.crash_relay(power),
            Fault::RelayFull => {
                self.count("relay's disk full");
                self.relay.set_disk(DiskState::Full);
            }
            Fault::RelayUnreadable => {
                self.count("relay's disk unreadable");
                self.relay.set_disk(DiskState::Unreadable);
            }
            Fault::RelayDiskSound => self.relay.set_disk(DiskState::Sound),
            Fault::RelayClock(off) => {
                self.count("relay's clock set");
                self.relay_off = off;
                self.relay.tick();
            }
            Fault::Crash(who, power) => self.crash(who % people, power),
            Fault::Copy(who) => self.copy(who % people),
            Fault::Restore(who) => self.restore(who % people),
            Fault::StorageFull(who) => self.set_storage(who, Storage::Refuses(StoreFailure::Full)),
            Fault::StorageFails(who) => self.set_storage(who, Storage::Refuses(StoreFailure::Failed)),
            Fault::StorageHangs(who) => self.set_storage(who, Storage::Hangs),
            Fault::StorageWorks(who) => {
                let device = self.device(who % people);
                device.fail_hung();
                device.storage = Storage::Works;
            }
            Fault::SecondTab(who) => self.open_second_tab(who % people),
            Fault::Clock(who, off) => {
                self.count("clock set");
                self.device(who % people).clock_off = off;
            }
            Fault::Lie(who, lie) => self.begin_lying(who % people, lie),
            Fault::Truth => self.stop_lying(),
            Fault::Attack(attack) => self.attack(attack),
        }
    }

    fn half_open(&mut self, who: usize, side: Side) {
        let Some(conn) = self.device(who).conn else { return };
        self.count("half-open");
        let Some(line) = self.network.lines.get_mut(&conn) else { return };
        match side {
            // The relay closes, and the device never hears of it.
            Side::Device => {
                line.ends = Ends::Deaf;
                line.down.clear();
                line.up.clear();
                self.relay.closed(conn);
            }
            // The device closes, and the relay never hears of it.
            Side::Relay => {
                line.ends = Ends::Deaf;
                line.up.clear();
                line.down.clear();
                let device = self.device(who);
                device.conn = None;
                device.feed(Input::Disconnected);
            }
        }
    }

    /// Cuts devices off. Nobody hears of it but by silence.
    fn part(&mut self, mask: u16) {
        self.count("partition");
        self.partition = mask;
        for line in self.network.lines.values_mut() {
            if mask & (1 << self.tabs[line.tab].who) != 0 {
                line.ends = Ends::Deaf;
                line.up.clear();
                line.down.clear();
            }
        }
    }

    fn slow_down(&mut self, who: usize) {
        self.count("slow reader");
        let slow = self.dice.between(500, 20_000);
        if let Some(line) = self.device(who).conn.and_then(|conn| self.network.lines.get_mut(&conn)) {
            line.slow = slow;
        }
    }

    fn crash_relay(&mut self, power: Power) {
        self.count(match power {
            Power::Lost => "relay crash, unsynced lost",
            Power::Torn => "relay crash, unsynced torn",
            Power::Whole => "relay crash, unsynced whole",
        });
        let torn = self.dice.below(1 << 12);
        self.relay.crash(match power {
            Power::Lost => Tail::Lost,
            Power::Torn => Tail::Torn(torn),
            Power::Whole => Tail::Whole,
        });
        if let Some(villain) = &mut self.villain {
            villain.conns.clear();
        }
        let now = self.now;
        let deaf: Vec<_> = self.network.lines.iter().map(|(conn, line)| (*conn, line.ends)).collect();
        for (conn, ends) in deaf {
            if ends == Ends::Joined {
                self.network.close_down(now, conn);
            } else {
                self.cut(conn);
            }
        }
    }

    /// Kills the app, whatever it was doing, and starts it again.
    fn crash(&mut self, who: usize, power: Power) {
        let (transaction, name) = match power {
            Power::Whole => (Transaction::Whole, "device crash, transaction whole"),
            Power::Lost | Power::Torn => (Transaction::Lost, "device crash, transaction lost"),
        };
        self.count(name);
        self.kill(who, transaction);
        let live = self.people[who].live;
        self.start(live);
    }

    /// Kills all tabs of somebody.
    pub fn kill(&mut self, who: usize, transaction: Transaction) {
        for tab in 0..self.tabs.len() {
            if self.tabs[tab].who == who && self.tabs[tab].device.is_running() {
                let is_live = self.people[who].live == tab;
                self.hang_up(tab);
                let transaction = if is_live { transaction } else { Transaction::Lost };
                self.tabs[tab].device.crash(transaction);
            }
        }
    }

    fn copy(&mut self, who: usize) {
        if self.people[who].joined
            && matches!(self.access(who), Some(Access::Open(_) | Access::Locked { .. }))
        {
            let saved = self.ledger.saved(who);
            let records = self.device(who).copy_of_disk();
            self.people[who].copy = Some(Copy { records, saved });
        }
    }

    fn restore(&mut self, who: usize) {
        let Some(Copy { records, saved }) = self.people[who].copy.take() else { return };
        self.count("device restored from an old copy");
        self.kill(who, Transaction::Lost);
        self.device(who).restore_disk(records);
        self.ledger.restored(who, &saved);
        self.people[who].passphrase.is_sure = false;
        self.carried.retain(|(other, _)| *other != who);
        self.people[who].joined = true;
        let live = self.people[who].live;
        self.start(live);
    }

    fn set_storage(&mut self, who: usize, storage: Storage) {
        self.count(match storage {
            Storage::Refuses(StoreFailure::Full) => "device's storage full",
            Storage::Hangs => "device's storage hangs",
            _ => "device's storage fails",
        });
        let who = who % self.people.len();
        self.device(who).storage = storage;
    }

    /// Opens the app in a second tab. The first one freezes when it is asked to, or hears nothing.
    fn open_second_tab(&mut self, who: usize) {
        self.count("second tab");
        if self.dice.below(2) == 0 {
            self.device(who).feed(Input::Hiding);
        }
        let tab = self.device(who).another_tab();
        self.people[who].live = self.tabs.len();
        self.tabs.push(super::run::Tab { who, device: tab });
        let live = self.people[who].live;
        self.start(live);
    }

    /// Starts somebody's app again, as a person does who sees that something is wrong.
    pub fn restart(&mut self, who: usize) {
        self.kill(who, Transaction::Lost);
        let live = self.people[who].live;
        self.start(live);
        self.settle(1_000);
        self.enter(who);
        self.settle(1_000);
    }
}
