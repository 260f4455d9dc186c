//! What a document's changes did, in the order in which they were taken: who knew what, which operation is where,
//! and every fact that was ever inserted.
//!
//! A change is taken only if everything it says fits what it depends on. That judgement uses the change and what
//! lies before it in the graph of dependencies, never what else this copy has, so that all copies judge alike;
//! of two changes that one actor made at the same place, the first to arrive is taken.

mod lookup;

use super::clock::Clock;
use super::column::Flaw;
use super::raw::{Action, Operation, OperationId, Place, RawChange};
use super::skeleton;
use crate::ids::StreamId;
use crate::sorted::SortedMap;
use crate::time::Timestamp;

/// The position of a change in the order in which changes were taken.
pub type Node = u32;
/// The position of an operation, likewise.
pub type Index = u32;

/// A change that was taken.
#[derive(Debug)]
pub struct Taken {
    pub hash: [u8; 32],
    pub actor: u32,
    pub sequence: u64,
    pub at: Timestamp,
    /// What its author knew, itself included.
    pub clock: Clock,
    /// The counter of its first operation.
    pub start: u64,
    /// The largest counter of an operation in or before it.
    last: u64,
    /// Its operations: the first, and how many.
    pub first: Index,
    pub count: u32,
    /// Whether it does nothing but insert facts.
    pub only_facts: bool,
}

/// The place of an operation in its object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spot {
    /// The key with this number.
    Key(u32),
    /// The beginning of a text.
    Head,
    /// After (for an insertion) or at an element.
    Element(Index),
}

/// What an operation did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    Make,
    Put,
    Insert(char),
    Delete,
}

/// One operation.
#[derive(Clone, Copy, Debug)]
pub struct Note {
    pub object: u32,
    pub spot: Spot,
    pub deed: Deed,
}

/// A map or text.
#[derive(Clone, Debug)]
pub struct Object {
    pub id: OperationId,
    pub text: bool,
    /// Where it was put.
    pub parent: u32,
    pub key: u32,
    pub node: Node,
    /// Whether its author saw nothing under that key.
    pub inserted: bool,
    made_by: Index,
}

/// A fact as it was inserted.
#[derive(Debug)]
pub struct Inserted {
    pub key: u32,
    pub value: Vec<u8>,
    pub node: Node,
    pub id: OperationId,
    index: Index,
    /// The changes that tried to overwrite or delete it.
    pub attacks: Vec<Node>,
}

/// The root map's position among the objects.
pub const ROOT: u32 = 0;
/// The facts' position: the first part of every skeleton.
pub const FACTS: u32 = 1;

/// The history of a document.
#[derive(Debug)]
pub struct History {
    actors: Vec<StreamId>,
    actor_positions: SortedMap<StreamId, u32>,
    /// By actor, in sequence.
    streams: Vec<Vec<Node>>,
    nodes: Vec<Taken>,
    by_hash: SortedMap<[u8; 32], Node>,
    notes: Vec<Note>,
    objects: Vec<Object>,
    object_of: SortedMap<Index, u32>,
    keys: Vec<String>,
    key_positions: SortedMap<String, u32>,
    facts: Vec<Inserted>,
}

impl History {
    /// The history before the skeleton.
    pub fn new() -> Self {
        let root = Object {
            id: OperationId { counter: 0, actor: skeleton::ACTOR },
            text: false,
            parent: ROOT,
            key: 0,
            node: 0,
            inserted: true,
            made_by: Index::MAX,
        };
        Self {
            actors: Vec::new(),
            actor_positions: SortedMap::new(),
            streams: Vec::new(),
            nodes: Vec::new(),
            by_hash: SortedMap::new(),
            notes: Vec::new(),
            objects: vec![root],
            object_of: SortedMap::new(),
            keys: Vec::new(),
            key_positions: SortedMap::new(),
            facts: Vec::new(),
        }
    }

    /// Takes a change whose dependencies have all been taken.
    ///
    /// # Errors
    ///
    /// [`Flaw`] if it does not fit what it depends on; the history is then as before.
    pub fn take(&mut self, change: &RawChange) -> Result<(), Flaw> {
        let actor = change.actor.ok_or(Flaw)?;
        let skeleton = change.is_skeleton();
        let first_of_all = self.nodes.is_empty();
        if skeleton != first_of_all || change.dependencies.is_empty() != first_of_all {
            return Err(Flaw);
        }
        if (actor == skeleton::ACTOR) != skeleton || change.operations.is_empty() {
            return Err(Flaw);
        }
        let (mut clock, mut last) = (Clock::default(), 0);
        for (position, hash) in change.dependencies.iter().enumerate() {
            let node = &self.nodes[*self.by_hash.get(hash).ok_or(Flaw)? as usize];
            if position > 0 && change.dependencies[position - 1] >= *hash {
                return Err(Flaw);
            }
            clock.join(&node.clock);
            last = last.max(node.last);
        }
        let actor = self.actor(actor);
        let known = self.streams[actor as usize].len() as u64;
        if change.start != last + 1 || change.sequence != known + 1 || clock.of(actor) != known {
            return Err(Flaw);
        }
        clock.set(actor, change.sequence);
        let taken = Taken {
            hash: change.hash(),
            actor,
            sequence: change.sequence,
            at: change.time(),
            clock,
            start: change.start,
            last: last + change.operations.len() as u64,
            first: self.notes.len() as Index,
            count: 0,
            only_facts: true,
        };
        self.append(taken, change)
    }

    fn append(&mut self, taken: Taken, change: &RawChange) -> Result<(), Flaw> {
        let node = self.len();
        self.by_hash.insert(taken.hash, node);
        self.streams[taken.actor as usize].push(node);
        self.nodes.push(taken);
        for (offset, operation) in change.operations.iter().enumerate() {
            if let Err(flaw) = self.operate(node, offset as u64, operation, change) {
                self.rewind(node);
                return Err(flaw);
            }
        }
        Ok(())
    }

    /// Checks one operation and notes it. The operations before it in the same change are noted already.
    fn operate(
        &mut self,
        node: Node,
        offset: u64,
        operation: &Operation,
        change: &RawChange,
    ) -> Result<(), Flaw> {
        let object = match operation.object {
            None => ROOT,
            Some(id) => *self.object_of.get(&self.find(id, node)?).ok_or(Flaw)?,
        };
        let note = if self.objects[object as usize].text {
            self.in_text(object, operation, change, node)?
        } else {
            self.in_map(object, operation, change, node)?
        };
        let index = self.notes.len() as Index;
        let id = OperationId { counter: change.start + offset, actor: change.actor.ok_or(Flaw)? };
        self.notes.push(note);
        let taken = &mut self.nodes[node as usize];
        taken.count += 1;
        let Spot::Key(key) = note.spot else {
            taken.only_facts = false;
            return Ok(());
        };
        let inserted = operation.predecessors.is_empty();
        if let (Action::PutBytes(range), FACTS, true) = (&operation.action, object, inserted) {
            let value = change.bytes()[range.clone()].to_vec();
            self.facts.push(Inserted { key, value, node, id, index, attacks: Vec::new() });
        } else {
            taken.only_facts = false;
        }
        if object == FACTS {
            self.note_attacks(node, operation)?;
        }
        if let Action::MakeMap | Action::MakeText = operation.action {
            let text = operation.action == Action::MakeText;
            self.object_of.insert(index, self.objects.len() as u32);
            self.objects.push(Object { id, text, parent: object, key, node, inserted, made_by: index });
        }
        Ok(())
    }

    fn note_attacks(&mut self, node: Node, operation: &Operation) -> Result<(), Flaw> {
        for &id in &operation.predecessors {
            let index = self.find(id, node)?;
            if let Ok(position) = self.facts.binary_search_by_key(&index, |fact| fact.index) {
                self.facts[position].attacks.push(node);
            }
        }
        Ok(())
    }

    fn in_map(
        &mut self,
        object: u32,
        operation: &Operation,
        change: &RawChange,
        node: Node,
    ) -> Result<Note, Flaw> {
        let Place::Key(range) = &operation.place else { return Err(Flaw) };
        let key = self.key(change.string(range)?);
        let deed = match &operation.action {
            Action::MakeMap | Action::MakeText => Deed::Make,
            Action::PutString(text) => change.string(text).map(|_| Deed::Put)?,
            Action::PutBytes(_) | Action::PutOther => Deed::Put,
            Action::Delete if operation.predecessors.is_empty() => return Err(Flaw),
            Action::Delete => Deed::Delete,
        };
        if operation.insert {
            return Err(Flaw);
        }
        let spot = Spot::Key(key);
        for &id in &operation.predecessors {
            let before = self.notes[self.find(id, node)? as usize];
            if before.object != object || before.spot != spot || before.deed == Deed::Delete {
                return Err(Flaw);
            }
        }
        Ok(Note { object, spot, deed })
    }

    fn in_text(
        &self,
        object: u32,
        operation: &Operation,
        change: &RawChange,
        node: Node,
    ) -> Result<Note, Flaw> {
        let spot = match operation.place {
            Place::Key(_) => return Err(Flaw),
            Place::Head => Spot::Head,
            Place::Element(id) => {
                let index = self.find(id, node)?;
                let element = self.notes[index as usize];
                if element.object != object || !matches!(element.deed, Deed::Insert(_)) {
                    return Err(Flaw);
                }
                Spot::Element(index)
            }
        };
        match (&operation.action, operation.insert, spot, operation.predecessors.as_slice()) {
            (Action::PutString(range), true, _, []) => {
                let mut chars = change.string(range)?.chars();
                match (chars.next(), chars.next()) {
                    (Some(char), None) => Ok(Note { object, spot, deed: Deed::Insert(char) }),
                    _ => Err(Flaw),
                }
            }
            (Action::Delete, false, Spot::Element(index), &[id]) if self.find(id, node)? == index => {
                Ok(Note { object, spot, deed: Deed::Delete })
            }
            _ => Err(Flaw),
        }
    }

    /// The operation with this id, if `node`'s author knew it.
    fn find(&self, id: OperationId, node: Node) -> Result<Index, Flaw> {
        let index = self.index_of(id).ok_or(Flaw)?;
        if self.within(self.owner(index), &self.nodes[node as usize].clock) { Ok(index) } else { Err(Flaw) }
    }

    /// Forgets `node` and whatever was taken after it.
    pub fn rewind(&mut self, node: Node) {
        let Some(first) = self.nodes.get(node as usize).map(|taken| taken.first) else { return };
        for taken in self.nodes.drain(node as usize..) {
            self.by_hash.remove(&taken.hash);
            self.streams[taken.actor as usize].pop();
        }
        self.notes.truncate(first as usize);
        self.object_of.retain(|&index, _| index < first);
        while self.objects.last().is_some_and(|last| last.made_by != Index::MAX && last.made_by >= first) {
            self.objects.pop();
        }
        self.facts.retain(|fact| fact.index < first);
        for fact in &mut self.facts {
            fact.attacks.retain(|&attack| attack < node);
        }
    }

    fn actor(&mut self, actor: StreamId) -> u32 {
        *self.actor_positions.entry(actor).or_insert_with(|| {
            self.actors.push(actor);
            self.streams.push(Vec::new());
            self.actors.len() as u32 - 1
        })
    }

    fn key(&mut self, key: &str) -> u32 {
        if let Some(&position) = self.key_positions.get(key) {
            return position;
        }
        let position = self.keys.len() as u32;
        self.keys.push(key.to_owned());
        self.key_positions.insert(key.to_owned(), position);
        position
    }
}
