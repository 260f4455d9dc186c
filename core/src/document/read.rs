//! Reading a document, now or as it was, whatever others have put into it.

use super::Document;
use super::clock::Clock;
use super::history::{History, Node, Object};
use super::raw::OperationId;
use crate::ids::StreamId;
use crate::time::Timestamp;
use crate::view::Heads;
use automerge::{ActorId, ChangeHash, ObjId, ReadDoc, ScalarValue, Value};

/// A map or text of a document: its position in the history, so that nobody can put another in its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Handle(pub(super) u32);

/// A version of a document that can be read.
#[derive(Clone, Debug)]
pub struct Version {
    heads: Option<Vec<ChangeHash>>,
    clock: Clock,
}

/// A fact as it was inserted.
#[derive(Clone, Copy, Debug)]
pub struct Fact<'a> {
    /// The key under which it was inserted.
    pub key: &'a str,
    /// Its bytes.
    pub value: &'a [u8],
    /// Who inserted it.
    pub actor: StreamId,
    /// When, by their clock.
    pub at: Timestamp,
    /// Whether somebody tried to overwrite or delete it.
    pub attacked: bool,
    /// The change that inserted it.
    pub node: NodeId,
    /// Orders facts in a way that fits who knew what, the same everywhere.
    pub order: (u64, StreamId),
}

/// A change of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct NodeId(pub(super) Node);

/// A change, for those who ask who did what.
#[derive(Clone, Copy, Debug)]
pub struct Made {
    /// Which.
    pub node: NodeId,
    /// Who made it.
    pub actor: StreamId,
    /// Whether it only inserts facts.
    pub only_facts: bool,
    /// Orders changes in a way that fits who knew what, the same everywhere.
    pub order: (u64, StreamId),
}

/// A map that was put into another.
#[derive(Clone, Copy, Debug)]
pub struct Child<'a> {
    /// The map.
    pub handle: Handle,
    /// Its key.
    pub key: &'a str,
    /// Orders children in a way that fits who knew what, the same everywhere.
    pub order: (u64, StreamId),
}

impl Document {
    /// The document as it is now.
    #[must_use]
    pub fn now(&self) -> Version {
        let heads: Vec<_> = self.heads_now();
        Version { heads: None, clock: self.history.clock_at(&heads).unwrap_or_default() }
    }

    /// The document as it was at `heads`; `None` if this copy does not know them.
    #[must_use]
    pub fn version(&self, heads: &Heads) -> Option<Version> {
        let clock = self.history.clock_at(&heads.0)?;
        if heads.0.is_empty() {
            return None;
        }
        Some(Version { heads: Some(change_hashes(&heads.0)), clock })
    }

    /// A part of the skeleton, by its name.
    #[must_use]
    pub fn part(&self, name: &str) -> Option<Handle> {
        let parts = super::skeleton::parts(self.kind);
        parts.iter().position(|&(other, _)| other == name).map(|position| Handle(position as u32 + 1))
    }

    /// Every fact in a version, in an order that fits who knew what.
    #[must_use]
    pub fn facts_in(&self, version: &Version) -> Vec<Fact<'_>> {
        let within = |node: &Node| self.history.within(*node, &version.clock);
        let mut facts: Vec<Fact<'_>> = (self.history.facts().iter())
            .filter(|fact| within(&fact.node))
            .map(|fact| Fact {
                key: self.history.key_text(fact.key),
                value: &fact.value,
                actor: fact.id.actor,
                at: self.history.node(fact.node).at,
                attacked: fact.attacks.iter().any(within),
                node: NodeId(fact.node),
                order: (fact.id.counter, fact.id.actor),
            })
            .collect();
        facts.sort_by_key(|fact| fact.order);
        facts
    }

    /// Every fact that was ever inserted, in an order that fits who knew what.
    #[must_use]
    pub fn facts(&self) -> Vec<Fact<'_>> {
        self.facts_in(&self.now())
    }

    /// Whether the author of `later` knew `earlier`.
    #[must_use]
    pub fn precedes(&self, earlier: NodeId, later: NodeId) -> bool {
        self.history.precedes(earlier.0, later.0)
    }

    /// The changes of a version, the skeleton excepted.
    pub fn made<'a>(&'a self, version: &'a Version) -> impl Iterator<Item = Made> + 'a {
        (1..self.history.len()).filter(|&node| self.history.within(node, &version.clock)).map(|node| Made {
            node: NodeId(node),
            actor: self.history.actor_of(node),
            only_facts: self.history.node(node).only_facts,
            order: (self.history.node(node).start, self.history.actor_of(node)),
        })
    }

    /// Whether a change belongs to a version.
    #[must_use]
    pub fn is_in(&self, node: NodeId, version: &Version) -> bool {
        self.history.within(node.0, &version.clock)
    }

    /// The maps that were ever inserted into a map, whatever was done to their keys later; of several under one key,
    /// the first.
    #[must_use]
    pub fn children(&self, parent: Handle, version: &Version) -> Vec<Child<'_>> {
        let mut children: Vec<Child<'_>> = self
            .objects_in(parent, version)
            .filter(|(_, object)| !object.text)
            .map(|(handle, object)| Child {
                handle,
                key: self.history.key_text(object.key),
                order: (object.id.counter, object.id.actor),
            })
            .collect();
        children.sort_by_key(|child| child.order);
        let mut keys = crate::sorted::SortedSet::new();
        children.retain(|child| keys.insert(child.key));
        children
    }

    /// The first text that was inserted into a map under a key.
    #[must_use]
    pub fn child_text(&self, parent: Handle, key: &str, version: &Version) -> Option<Handle> {
        self.objects_in(parent, version)
            .filter(|(_, object)| object.text && self.history.key_text(object.key) == key)
            .min_by_key(|(_, object)| (object.id.counter, object.id.actor))
            .map(|(handle, _)| handle)
    }

    fn objects_in<'a>(
        &'a self,
        parent: Handle,
        version: &'a Version,
    ) -> impl Iterator<Item = (Handle, &'a Object)> + 'a {
        (0..).map(Handle).zip(self.history.objects()).skip(1).filter(move |(_, object)| {
            object.parent == parent.0 && object.inserted && self.history.within(object.node, &version.clock)
        })
    }

    /// The strings under a key, the winning one first, each with who wrote it.
    #[must_use]
    pub fn strings(&self, map: Handle, key: &str, version: &Version) -> Vec<(String, StreamId)> {
        let object = object_id(&self.history, map);
        let values = match &version.heads {
            None => self.automerge.get_all(&object, key),
            Some(heads) => self.automerge.get_all_at(&object, key, heads),
        };
        let values = values.unwrap_or_default().into_iter().rev();
        values.filter_map(|(value, id)| Some((string(&value)?, operation_of(&id)?.actor))).collect()
    }

    /// The keys of a map.
    #[must_use]
    pub fn keys(&self, map: Handle, version: &Version) -> Vec<String> {
        let object = object_id(&self.history, map);
        match &version.heads {
            None => self.automerge.keys(&object).collect(),
            Some(heads) => self.automerge.keys_at(&object, heads).collect(),
        }
    }

    /// A text.
    #[must_use]
    pub fn text(&self, text: Handle, version: &Version) -> String {
        let object = object_id(&self.history, text);
        let text = match &version.heads {
            None => self.automerge.text(&object),
            Some(heads) => self.automerge.text_at(&object, heads),
        };
        text.unwrap_or_default()
    }
}

/// A value, if it is a string.
pub(super) fn string(value: &Value<'_>) -> Option<String> {
    match value {
        Value::Scalar(value) => match value.as_ref() {
            ScalarValue::Str(text) => Some(text.to_string()),
            _ => None,
        },
        Value::Object(_) => None,
    }
}

/// What Automerge calls an object.
pub(super) fn object_id(history: &History, handle: Handle) -> ObjId {
    exid(operation_id(history, handle))
}

/// The operation that made an object; `None` for the root.
pub(super) fn operation_id(history: &History, handle: Handle) -> Option<OperationId> {
    let object = history.objects().get(handle.0 as usize)?;
    (handle.0 != super::history::ROOT).then_some(object.id)
}

/// What Automerge calls what an operation made.
pub(super) fn exid(id: Option<OperationId>) -> ObjId {
    id.map_or(ObjId::Root, |OperationId { counter, actor }| ObjId::Id(counter, ActorId::from(actor.0), 0))
}

/// The operation that Automerge means; `None` for the root.
pub(super) fn operation_of(id: &ObjId) -> Option<OperationId> {
    match id {
        ObjId::Id(counter, actor, _) => {
            Some(OperationId { counter: *counter, actor: StreamId(actor.to_bytes().try_into().ok()?) })
        }
        ObjId::Root => None,
    }
}

/// What Automerge calls heads.
pub(super) fn change_hashes(heads: &[[u8; 32]]) -> Vec<ChangeHash> {
    heads.iter().copied().map(ChangeHash).collect()
}
