//! Writes one change of a document in the format that [`super::raw`] reads, each byte as Automerge would write it.

use super::raw::{
    ACTION, Action, COLUMNS, COUNT, INSERT, KEY_ACTOR, KEY_COUNTER, KEY_STRING, MAGIC, OBJECT_ACTOR,
    OBJECT_COUNTER, Operation, OperationId, PREDECESSOR_ACTOR, PREDECESSOR_COUNTER, Place, TYPE_CHANGE,
    VALUE, VALUE_META,
};
use crate::ids::StreamId;
use sha2::{Digest as _, Sha256};

/// A change that is to be written.
#[derive(Clone, Copy, Debug)]
pub struct Draft<'a> {
    pub actor: StreamId,
    /// Sorted.
    pub dependencies: &'a [[u8; 32]],
    pub sequence: u64,
    pub start: u64,
    pub time: i64,
    pub operations: &'a [Operation],
    /// What the operations' keys and values are places in.
    pub bytes: &'a [u8],
}

impl Draft<'_> {
    /// The change's bytes.
    pub fn encode(&self) -> Vec<u8> {
        let others = self.other_actors();
        let mut body = Vec::new();
        unsigned(&mut body, self.dependencies.len() as u64);
        self.dependencies.iter().for_each(|hash| body.extend_from_slice(hash));
        length_prefixed(&mut body, &self.actor.0);
        unsigned(&mut body, self.sequence);
        unsigned(&mut body, self.start);
        signed(&mut body, self.time);
        length_prefixed(&mut body, b"");
        unsigned(&mut body, others.len() as u64);
        others.iter().for_each(|actor| length_prefixed(&mut body, &actor.0));
        let columns = self.columns(&others);
        unsigned(&mut body, columns.iter().filter(|column| !column.is_empty()).count() as u64);
        for (number, column) in COLUMNS.into_iter().zip(&columns) {
            if !column.is_empty() {
                unsigned(&mut body, number);
                unsigned(&mut body, column.len() as u64);
            }
        }
        columns.iter().for_each(|column| body.extend_from_slice(column));
        let mut hashed = vec![TYPE_CHANGE];
        length_prefixed(&mut hashed, &body);
        let hash = Sha256::digest(&hashed);
        [&MAGIC, &hash[..4], &hashed].concat()
    }

    /// The actors that the operations name, the change's own excepted, sorted.
    fn other_actors(&self) -> Vec<StreamId> {
        let mut others = Vec::new();
        let mut name = |id: &OperationId| {
            if id.actor != self.actor
                && let Err(at) = others.binary_search(&id.actor)
            {
                others.insert(at, id.actor);
            }
        };
        for operation in self.operations {
            operation.object.iter().for_each(&mut name);
            if let Place::Element(id) = &operation.place {
                name(id);
            }
            operation.predecessors.iter().for_each(&mut name);
        }
        others
    }

    fn columns(&self, others: &[StreamId]) -> [Vec<u8>; COLUMNS.len()] {
        let actor = |id: &OperationId| {
            if id.actor == self.actor {
                0
            } else {
                1 + others.partition_point(|other| *other < id.actor) as u64
            }
        };
        let mut columns: [Runs; COLUMNS.len()] = Default::default();
        let mut insert = Flags::default();
        let mut values = Vec::new();
        for operation in self.operations {
            let object = operation.object.as_ref();
            columns[OBJECT_ACTOR].number(object.map(actor));
            columns[OBJECT_COUNTER].number(object.map(|id| id.counter));
            let (element, counter, key) = match &operation.place {
                Place::Key(key) => (None, None, Some(key)),
                Place::Head => (None, Some(0), None),
                Place::Element(id) => (Some(id), Some(id.counter), None),
            };
            columns[KEY_ACTOR].number(element.map(actor));
            columns[KEY_COUNTER].difference(counter);
            columns[KEY_STRING].string(key.map(|key| &self.bytes[key.clone()]));
            insert.push(operation.insert);
            let (number, kind, value) = match &operation.action {
                Action::MakeMap => (0, 0, 0..0),
                Action::PutString(value) => (1, 6, value.clone()),
                Action::PutBytes(value) => (1, 7, value.clone()),
                Action::Delete => (3, 0, 0..0),
                Action::MakeText => (4, 0, 0..0),
                Action::PutOther => unreachable!("nobody here writes other values"),
            };
            columns[ACTION].number(Some(number));
            columns[VALUE_META].number(Some((value.len() as u64) << 4 | kind));
            values.extend_from_slice(&self.bytes[value]);
            columns[COUNT].number(Some(operation.predecessors.len() as u64));
            for id in &operation.predecessors {
                columns[PREDECESSOR_ACTOR].number(Some(actor(id)));
                columns[PREDECESSOR_COUNTER].difference(Some(id.counter));
            }
        }
        let mut columns = columns.map(Runs::finish);
        columns[INSERT] = insert.finish();
        columns[VALUE] = values;
        columns
    }
}

/// A run-length coded column being written: of numbers, of differences or of strings.
///
/// All of them are told apart by their bytes, so that one coder does for all; a null has none.
#[derive(Default)]
struct Runs {
    written: Vec<u8>,
    /// Different cells that followed one another, not yet written.
    each: Vec<u8>,
    count_each: i64,
    /// The cell at hand, and how often it came.
    cell: Vec<u8>,
    count: i64,
    next: Vec<u8>,
    /// The number before the next difference.
    last: i64,
}

impl Runs {
    fn number(&mut self, number: Option<u64>) {
        if let Some(number) = number {
            unsigned(&mut self.next, number);
        }
        self.push_next();
    }

    fn difference(&mut self, number: Option<u64>) {
        if let Some(number) = number {
            signed(&mut self.next, number as i64 - self.last);
            self.last = number as i64;
        }
        self.push_next();
    }

    fn string(&mut self, string: Option<&[u8]>) {
        if let Some(string) = string {
            length_prefixed(&mut self.next, string);
        }
        self.push_next();
    }

    fn push_next(&mut self) {
        if self.next != self.cell {
            self.end_run();
            core::mem::swap(&mut self.next, &mut self.cell);
        }
        self.next.clear();
        self.count += 1;
    }

    fn end_run(&mut self) {
        match core::mem::take(&mut self.count) {
            0 => {}
            1 if !self.cell.is_empty() => {
                self.each.extend_from_slice(&self.cell);
                self.count_each += 1;
            }
            count => {
                self.end_each();
                if self.cell.is_empty() {
                    self.written.push(0);
                    unsigned(&mut self.written, count as u64);
                } else {
                    signed(&mut self.written, count);
                    self.written.extend_from_slice(&self.cell);
                }
            }
        }
    }

    fn end_each(&mut self) {
        if self.count_each > 0 {
            signed(&mut self.written, -self.count_each);
            self.written.append(&mut self.each);
            self.count_each = 0;
        }
    }

    /// The column; nothing for nothing but nulls.
    fn finish(mut self) -> Vec<u8> {
        let only_nulls = self.cell.is_empty() && self.written.is_empty() && self.each.is_empty();
        if !only_nulls {
            self.end_run();
            self.end_each();
        }
        self.written
    }
}

/// A column of booleans being written: the lengths of its runs, of which the first is of falses.
#[derive(Default)]
struct Flags {
    written: Vec<u8>,
    flag: bool,
    count: u64,
}

impl Flags {
    fn push(&mut self, flag: bool) {
        if flag != self.flag {
            unsigned(&mut self.written, self.count);
            (self.flag, self.count) = (flag, 0);
        }
        self.count += 1;
    }

    fn finish(mut self) -> Vec<u8> {
        unsigned(&mut self.written, self.count);
        self.written
    }
}

fn length_prefixed(bytes: &mut Vec<u8>, what: &[u8]) {
    unsigned(bytes, what.len() as u64);
    bytes.extend_from_slice(what);
}

/// Appends an unsigned LEB128 number.
fn unsigned(bytes: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

/// Appends a signed LEB128 number.
fn signed(bytes: &mut Vec<u8>, mut number: i64) {
    while !(-0x40..0x40).contains(&number) {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8 & 0x7f);
}
