//! The frozen first change of each kind of document.
//!
//! All copies of a document begin with the same bytes, so that parts that two people create at the same time never
//! hide one another. The bytes are frozen: a document whose skeleton differs is another document.

use super::Kind;
use crate::ids::StreamId;

/// Who made the skeletons: nobody.
pub const ACTOR: StreamId = StreamId(*b"mingcha-skeleton");

/// The parts of each kind, in the order in which the skeleton creates them: position is the operation's counter
/// from 1, `schema` comes after all of them.
pub const fn parts(kind: Kind) -> &'static [(&'static str, Part)] {
    match kind {
        Kind::Office | Kind::Directory => &[("facts", Part::Map)],
        Kind::Visit => &[
            ("facts", Part::Map),
            ("fields", Part::Map),
            ("answers", Part::Map),
            ("findings", Part::Map),
            ("notes", Part::Text),
        ],
        Kind::Matter | Kind::Assignment => {
            &[("facts", Part::Map), ("fields", Part::Map), ("notes", Part::Text)]
        }
    }
}

/// What a part is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// A map.
    Map,
    /// A text.
    Text,
}

/// The skeleton's bytes.
pub const fn bytes(kind: Kind) -> &'static [u8] {
    match kind {
        Kind::Office => include_bytes!("skeleton/office.change"),
        Kind::Directory => include_bytes!("skeleton/directory.change"),
        Kind::Visit => include_bytes!("skeleton/visit.change"),
        Kind::Matter => include_bytes!("skeleton/matter.change"),
        Kind::Assignment => include_bytes!("skeleton/assignment.change"),
    }
}

/// Whether these bytes are a skeleton.
pub fn is_skeleton(change: &[u8]) -> bool {
    Kind::ALL.into_iter().any(|kind| bytes(kind) == change)
}

#[cfg(test)]
mod tests {
    use super::*;
    use automerge::transaction::{CommitOptions, Transactable};
    use automerge::{ActorId, Automerge, ObjType, ROOT, TextEncoding};

    /// The version of the documents' shape, as their skeletons state it.
    const SCHEMA: u64 = 1;

    /// What the frozen bytes say, said anew.
    fn build(kind: Kind) -> Vec<u8> {
        let mut doc = Automerge::new_with_encoding(TextEncoding::Utf16CodeUnit);
        doc.set_actor(ActorId::from(ACTOR.0));
        let mut transaction = doc.transaction();
        for &(name, part) in parts(kind) {
            let object = match part {
                Part::Map => ObjType::Map,
                Part::Text => ObjType::Text,
            };
            transaction.put_object(ROOT, name, object).unwrap();
        }
        transaction.put(ROOT, "kind", kind as u64).unwrap();
        transaction.put(ROOT, "schema", SCHEMA).unwrap();
        transaction.commit_with(CommitOptions::default().with_time(0));
        doc.get_last_local_change().unwrap().raw_bytes().to_vec()
    }

    #[test]
    fn skeletons_are_frozen() {
        for kind in Kind::ALL {
            assert_eq!(build(kind), bytes(kind), "{kind:?}");
        }
    }
}
