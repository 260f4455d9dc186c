//! The network between the devices and the relay: lines that take their time, break, and go deaf on one side.

use super::dice::Dice;
use mingcha_core::relay::ConnId;
use mingcha_core::time::Timestamp;
use std::collections::{BTreeMap, VecDeque};

/// See the module.
#[derive(Default)]
pub struct Network {
    pub lines: BTreeMap<ConnId, Line>,
    next: u64,
    pub weather: Weather,
}

/// What happens to messages on their way.
#[derive(Clone, Copy, Debug, Default)]
pub struct Weather {
    pub delay: u64,
    pub lost: u64,
    pub doubled: u64,
    pub overtaken: u64,
}

/// A connection.
pub struct Line {
    /// The tab that dialled.
    pub tab: usize,
    /// On its way to the relay.
    pub up: VecDeque<(Timestamp, Up)>,
    /// On its way to the device.
    pub down: VecDeque<(Timestamp, Down)>,
    pub ends: Ends,
    /// When it breaks, because the network made something of it that no network may.
    pub breaks_at: Option<Timestamp>,
    /// How much longer each message takes down.
    pub slow: u64,
}

/// Whether the ends of a line still hear one another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ends {
    /// They do.
    Joined,
    /// What either sends vanishes, and at least one does not know.
    Deaf,
}

pub enum Up {
    Message(Vec<u8>),
    Closed,
}

pub enum Down {
    Connected,
    Message(Vec<u8>),
    Closed,
}

/// What the network did to a message, to be counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mishap {
    Lost,
    Doubled,
    Overtaken,
}

impl Network {
    /// A line for a tab that dials.
    pub fn dial(&mut self, tab: usize, connected_at: Timestamp) -> ConnId {
        let conn = ConnId(self.next);
        self.next += 1;
        let line = Line {
            tab,
            up: VecDeque::new(),
            down: [(connected_at, Down::Connected)].into(),
            ends: Ends::Joined,
            breaks_at: None,
            slow: 0,
        };
        self.lines.insert(conn, line);
        conn
    }

    /// A line that nobody of the world dialled.
    pub fn number(&mut self) -> ConnId {
        self.next += 1;
        ConnId(self.next - 1)
    }

    /// Puts a message on its way to the relay.
    pub fn send_up(&mut self, dice: &mut Dice, now: Timestamp, conn: ConnId, bytes: Vec<u8>) -> Vec<Mishap> {
        let weather = self.weather;
        let Some(line) = self.lines.get_mut(&conn) else { return Vec::new() };
        if line.ends == Ends::Deaf {
            return Vec::new();
        }
        let (copies, mishaps) = weather.strike(dice, now, &mut line.breaks_at, line.up.len());
        for _ in 0..copies {
            let due = due(&line.up, now, weather.delay(dice));
            line.up.push_back((due, Up::Message(bytes.clone())));
        }
        if mishaps.contains(&Mishap::Overtaken) {
            overtake(&mut line.up);
        }
        mishaps
    }

    /// Puts a message on its way to a device.
    pub fn send_down(
        &mut self,
        dice: &mut Dice,
        now: Timestamp,
        conn: ConnId,
        bytes: Vec<u8>,
    ) -> Vec<Mishap> {
        let weather = self.weather;
        let Some(line) = self.lines.get_mut(&conn) else { return Vec::new() };
        if line.ends == Ends::Deaf {
            return Vec::new();
        }
        let (copies, mishaps) = weather.strike(dice, now, &mut line.breaks_at, line.down.len());
        for _ in 0..copies {
            let due = due(&line.down, now, weather.delay(dice) + line.slow);
            line.down.push_back((due, Down::Message(bytes.clone())));
        }
        if mishaps.contains(&Mishap::Overtaken) {
            overtake(&mut line.down);
        }
        mishaps
    }

    /// The relay ends a line: what it sent before still arrives.
    pub fn close_down(&mut self, now: Timestamp, conn: ConnId) {
        if let Some(line) = self.lines.get_mut(&conn) {
            let due = due(&line.down, now, 0);
            line.down.push_back((due, Down::Closed));
            line.up.clear();
        }
    }

    /// The device ends a line: what it sent before may still arrive.
    pub fn close_up(&mut self, now: Timestamp, conn: ConnId) {
        if let Some(line) = self.lines.get_mut(&conn) {
            let due = due(&line.up, now, 0);
            line.up.push_back((due, Up::Closed));
            line.down.clear();
        }
    }

    /// The lines of a tab.
    pub fn of(&self, tab: usize) -> Vec<ConnId> {
        self.lines.iter().filter(|(_, line)| line.tab == tab).map(|(conn, _)| *conn).collect()
    }

    /// When something is due next.
    pub fn next_due(&self) -> Option<Timestamp> {
        let fronts = self.lines.values().flat_map(|line| {
            [line.up.front().map(|(at, _)| *at), line.down.front().map(|(at, _)| *at), line.breaks_at]
        });
        fronts.flatten().min()
    }
}

impl Weather {
    fn delay(self, dice: &mut Dice) -> u64 {
        if self.delay == 0 { 0 } else { dice.between(0, self.delay) }
    }

    /// How many copies of a message arrive, and what went wrong. A line that did what a network must not breaks soon.
    fn strike(
        self,
        dice: &mut Dice,
        now: Timestamp,
        breaks_at: &mut Option<Timestamp>,
        ahead: usize,
    ) -> (usize, Vec<Mishap>) {
        let mut mishaps = Vec::new();
        let mut copies = 1;
        if dice.permille(self.lost) {
            copies = 0;
            mishaps.push(Mishap::Lost);
        } else if dice.permille(self.doubled) {
            copies = 2;
            mishaps.push(Mishap::Doubled);
        } else if ahead > 0 && dice.permille(self.overtaken) {
            mishaps.push(Mishap::Overtaken);
        }
        if !mishaps.is_empty() {
            let at = now.after(dice.between(0, 5_000));
            *breaks_at = Some(breaks_at.map_or(at, |earlier| earlier.min(at)));
        }
        (copies, mishaps)
    }
}

/// When something that takes so long arrives on a line that keeps the order.
fn due<T>(queue: &VecDeque<(Timestamp, T)>, now: Timestamp, delay: u64) -> Timestamp {
    let last = queue.back().map_or(now, |(at, _)| *at);
    last.max(now.after(delay))
}

/// Lets the last message overtake the one before it.
fn overtake<T>(queue: &mut VecDeque<(Timestamp, T)>) {
    let count = queue.len();
    if count >= 2 {
        let (first, second) = (queue[count - 2].0, queue[count - 1].0);
        queue.swap(count - 2, count - 1);
        (queue[count - 2].0, queue[count - 1].0) = (first, second);
    }
}
