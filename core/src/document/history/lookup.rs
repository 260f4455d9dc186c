//! What a history answers.

use super::{Clock, History, Index, Inserted, Node, Note, Object, OperationId, StreamId, Taken};

impl History {
    /// How many changes were taken.
    pub fn len(&self) -> Node {
        self.nodes.len() as Node
    }

    /// Whether a change was taken.
    pub fn has(&self, hash: &[u8; 32]) -> bool {
        self.by_hash.contains_key(hash)
    }

    /// The change at a position.
    pub fn node(&self, node: Node) -> &Taken {
        &self.nodes[node as usize]
    }

    /// Who made a change.
    pub fn actor_of(&self, node: Node) -> StreamId {
        self.actors[self.node(node).actor as usize]
    }

    /// The operations of a change, with the position of the first.
    pub fn notes_of(&self, node: Node) -> (Index, &[Note]) {
        let taken = self.node(node);
        (taken.first, &self.notes[taken.first as usize..][..taken.count as usize])
    }

    /// The changes of an actor after `clock`, in sequence.
    pub fn stream_after(&self, actor: StreamId, clock: &Clock) -> &[Node] {
        let Some(&position) = self.actor_positions.get(&actor) else { return &[] };
        let stream = &self.streams[position as usize];
        &stream[(clock.of(position) as usize).min(stream.len())..]
    }

    /// Maps and texts, the root first.
    pub fn objects(&self) -> &[Object] {
        &self.objects
    }

    /// A key's text.
    pub fn key_text(&self, key: u32) -> &str {
        &self.keys[key as usize]
    }

    /// All facts that were ever inserted.
    pub fn facts(&self) -> &[Inserted] {
        &self.facts
    }

    /// What is known at these heads; `None` if one of them was not taken.
    pub fn clock_at(&self, heads: &[[u8; 32]]) -> Option<Clock> {
        let mut clock = Clock::default();
        for head in heads {
            clock.join(&self.node(*self.by_hash.get(head)?).clock);
        }
        Some(clock)
    }

    /// Whether a change belongs to what is known at `clock`.
    pub fn within(&self, node: Node, clock: &Clock) -> bool {
        let taken = self.node(node);
        clock.of(taken.actor) >= taken.sequence
    }

    /// Whether the author of `later` knew `earlier`.
    pub fn precedes(&self, earlier: Node, later: Node) -> bool {
        earlier != later && self.within(earlier, &self.node(later).clock)
    }

    /// The last change of an actor.
    pub fn last_of(&self, actor: StreamId) -> Option<&Taken> {
        self.stream_after(actor, &Clock::default()).last().map(|&node| self.node(node))
    }

    /// The largest counter of an operation known at these heads, which were all taken.
    pub fn last_counter(&self, heads: &[[u8; 32]]) -> u64 {
        heads
            .iter()
            .filter_map(|head| self.by_hash.get(head))
            .map(|&node| self.node(node).last)
            .max()
            .unwrap_or(0)
    }

    /// The id of the operation at a position; `None` if there is none.
    pub fn id_of(&self, index: Index) -> Option<OperationId> {
        self.notes.get(index as usize)?;
        let node = self.owner(index);
        let taken = self.node(node);
        let counter = taken.start + u64::from(index - taken.first);
        Some(OperationId { counter, actor: self.actor_of(node) })
    }

    /// The change that made the operation at a position.
    pub fn owner(&self, index: Index) -> Node {
        self.nodes.partition_point(|taken| taken.first <= index) as Node - 1
    }

    /// The position of an operation; `None` if it was not taken.
    pub fn index_of(&self, id: OperationId) -> Option<Index> {
        let stream = &self.streams[*self.actor_positions.get(&id.actor)? as usize];
        let after = stream.partition_point(|&n| self.nodes[n as usize].start <= id.counter);
        let taken = &self.nodes[*stream.get(after.checked_sub(1)?)? as usize];
        let offset = id.counter - taken.start;
        (offset < u64::from(taken.count)).then_some(taken.first + offset as u32)
    }
}
