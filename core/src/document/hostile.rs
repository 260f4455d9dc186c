//! Changes that nobody honest would make, made at random: none may crash a reader, and whatever is taken is taken
//! by all alike and can be saved.

use super::*;
use automerge::legacy::{Change as Expanded, ElementId, Key, MarkData, ObjectId, Op, OpId, OpType};
use automerge::transaction::Transaction;
use automerge::{ActorId, AutomergeError, ObjId, ObjType, ScalarValue};
use core::num::NonZeroU64;

const ANA: StreamId = StreamId([0xa; 16]);
const BEN: StreamId = StreamId([0xb; 16]);
const EVE: StreamId = StreamId([0xe; 16]);

/// A change as somebody makes it who uses Automerge as they like.
pub fn forge(
    document: &Document,
    actor: StreamId,
    write: impl FnOnce(&mut Transaction<'_>) -> Result<(), AutomergeError>,
) -> Vec<u8> {
    let mut automerge = document.automerge.fork();
    automerge.set_actor(ActorId::from(actor.0));
    let mut transaction = automerge.transaction();
    write(&mut transaction).unwrap();
    transaction.commit();
    automerge.get_last_local_change().unwrap().raw_bytes().to_vec()
}

/// What Automerge calls a part of a document.
pub fn object_of(document: &Document, part: &str) -> ObjId {
    read::object_id(&document.history, document.part(part).unwrap())
}

/// A small generator of numbers (xorshift): the same on every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % sides
    }

    fn one_of<T: Clone>(&mut self, of: &[T]) -> T {
        of[self.below(of.len() as u64) as usize].clone()
    }
}

/// A visit with something of everything in it, and the ids of all its operations.
fn visit_with_everything() -> (Document, Vec<OpId>) {
    let mut document = Document::new(Kind::Visit, ANA);
    let (notes, findings) = (document.part("notes").unwrap(), document.part("findings").unwrap());
    let answers = document.part("answers").unwrap();
    let write = |document: &mut Document, text: &str| {
        let edit = crate::command::TextEdit { base: document.heads(), text: text.to_owned() };
        let splice = document.splice(notes, &edit);
        document.edit(Timestamp(1), |edit| splice.apply(edit, notes)).unwrap();
    };
    write(&mut document, "ab😀c");
    write(&mut document, "aXc");
    document.edit(Timestamp(1), |edit| edit.create(findings, "f", &[("place", "3")], &["seen"])).unwrap();
    document.edit(Timestamp(1), |edit| edit.put(answers, "q", "yes")).unwrap();
    document.edit(Timestamp(1), |edit| edit.state(crate::ids::ItemId([1; 16]), vec![1])).unwrap();
    let mut ids = Vec::new();
    for change in document.automerge.get_changes(&[]) {
        for offset in 0..change.len() as u64 {
            ids.push(OpId(change.start_op().get() + offset, change.actor_id().clone()));
        }
    }
    (document, ids)
}

/// An operation that is well formed at least in itself.
fn likely_operation(dice: &mut Dice, ids: &[OpId]) -> Op {
    // The parts of a visit's skeleton: four maps, then the notes, whose elements come after it.
    let part = dice.below(6) as usize;
    let element = || Key::Seq(ElementId::Id(ids[7].clone()));
    let text = dice.below(2) == 0;
    let (obj, key, insert) = match part {
        4 if text => (ObjectId::Id(ids[4].clone()), Key::Seq(ElementId::Head), true),
        4 => (ObjectId::Id(ids[4].clone()), element(), true),
        5 => (ObjectId::Root, Key::Map(dice.one_of(&["facts", "notes", "new"]).into()), false),
        map => (ObjectId::Id(ids[map].clone()), Key::Map(dice.one_of(&["f", "q", "new"]).into()), false),
    };
    let action = match dice.below(6) {
        0 if !insert => OpType::Make(dice.one_of(&[ObjType::Map, ObjType::Text])),
        1 if !insert => OpType::Put(ScalarValue::Bytes(vec![7; 40])),
        2 if !insert => OpType::Put(ScalarValue::Boolean(true)),
        _ => OpType::Put(ScalarValue::Str("窗".into())),
    };
    let pred = match dice.below(4) {
        0 if part == 5 => vec![ids[0].clone()],
        _ => Vec::new(),
    };
    Op { action, obj, key, pred: pred.into(), insert }
}

fn any_operation(dice: &mut Dice, ids: &[OpId]) -> Op {
    if dice.below(3) > 0 {
        return likely_operation(dice, ids);
    }
    let object = match dice.below(8) {
        0 => ObjectId::Root,
        _ => ObjectId::Id(dice.one_of(ids)),
    };
    let key = match dice.below(4) {
        0 | 1 => Key::Map(dice.one_of(&["f", "q", "notes", "place", "new", ""]).into()),
        2 => Key::Seq(ElementId::Head),
        _ => Key::Seq(ElementId::Id(dice.one_of(ids))),
    };
    let value = match dice.below(7) {
        0 => ScalarValue::Null,
        1 => ScalarValue::Bytes(vec![1, 2]),
        2 => ScalarValue::counter(3),
        3 => ScalarValue::F64(-0.0),
        4 => ScalarValue::Str("xy".into()),
        _ => ScalarValue::Str("x".into()),
    };
    let action = match dice.below(12) {
        0 => OpType::Make(ObjType::Map),
        1 => OpType::Make(ObjType::Text),
        2 => OpType::Make(ObjType::List),
        3 => OpType::Make(ObjType::Table),
        4 => OpType::Increment(1),
        5 => OpType::MarkBegin(MarkData { name: "m".into(), value, expand: true }),
        6 => OpType::MarkEnd(false),
        7 | 8 => OpType::Delete,
        _ => OpType::Put(value),
    };
    let mut pred: Vec<OpId> = (0..dice.below(3)).map(|_| dice.one_of(ids)).collect();
    if let (Key::Seq(ElementId::Id(element)), 0) = (&key, dice.below(2)) {
        pred = vec![element.clone()];
    }
    if dice.below(3) == 0 {
        pred.clear();
    }
    let insert = dice.below(3) == 0;
    Op { action, obj: object, key, pred: pred.into(), insert }
}

fn any_change(dice: &mut Dice, document: &Document, ids: &[OpId]) -> Vec<u8> {
    let last = ids.iter().map(OpId::counter).max().unwrap_or_default();
    let start = match dice.below(10) {
        0 => 1 + dice.below(40),
        1 => u64::from(u32::MAX) - dice.below(3),
        _ => last + 1,
    };
    let actor = if dice.below(20) == 0 { ANA } else { EVE };
    let count = 1 + dice.below(3);
    // Later operations may build on earlier ones of the same change.
    let mut known = ids.to_vec();
    let mut operations = Vec::new();
    for offset in 0..count {
        operations.push(any_operation(dice, &known));
        known.push(OpId(start + offset, ActorId::from(actor.0)));
    }
    let change = Expanded {
        operations,
        actor_id: ActorId::from(actor.0),
        hash: None,
        seq: if dice.below(20) == 0 { 2 } else { 1 },
        start_op: NonZeroU64::new(start).unwrap(),
        time: -5,
        message: (dice.below(30) == 0).then(|| "m".to_owned()),
        deps: document.automerge.get_heads(),
        extra_bytes: if dice.below(30) == 0 { vec![1] } else { Vec::new() },
        author: None,
    };
    Change::from(change).raw_bytes().to_vec()
}

/// What our own writer makes of a change that Automerge wrote.
fn written_again(change: &RawChange) -> Vec<u8> {
    let draft = write::Draft {
        actor: change.actor.unwrap(),
        dependencies: &change.dependencies,
        sequence: change.sequence,
        start: change.start,
        time: change.time,
        operations: &change.operations,
        bytes: change.bytes(),
    };
    draft.encode()
}

#[test]
fn random_operations_are_refused_or_taken_by_all_alike() {
    let (mut source, ids) = visit_with_everything();
    let honest = source.take_changes();
    let (mut dice, mut taken, mut rewritten) = (Dice(0x6d69_6e67), 0, 0);
    for _ in 0..1_500 {
        let Ok(change) = RawChange::parse(any_change(&mut dice, &source, &ids)) else { continue };
        if change.operations.iter().all(|operation| operation.action != raw::Action::PutOther) {
            assert_eq!(written_again(&change), change.bytes());
            rewritten += 1;
        }
        let mut ben = Document::new(Kind::Visit, BEN);
        ben.apply(honest.clone()).unwrap();
        let applied = ben.apply(vec![change.clone()]).unwrap();
        assert_eq!(applied.new + applied.refused, 1);
        if applied.new == 0 {
            continue;
        }
        taken += 1;
        let mut late = Document::new(Kind::Visit, ANA);
        let mut all = vec![change];
        all.extend(honest.iter().rev().cloned());
        late.apply(all).unwrap();
        let loaded = Document::load(Kind::Visit, &ben.snapshot(), EVE).unwrap();
        for other in [&late, &loaded] {
            assert_eq!(other.heads(), ben.heads());
            assert_eq!(other.automerge.hydrate(None), ben.automerge.hydrate(None));
        }
        assert_eq!(ben.facts().iter().filter(|fact| fact.actor == ANA).count(), 1);
        // Everybody can go on working.
        let answers = ben.part("answers").unwrap();
        ben.edit(Timestamp(2), |edit| edit.put(answers, "q", "no")).unwrap();
    }
    assert!(taken > 100, "only {taken} were taken: the test has lost its point");
    assert!(rewritten > 100, "only {rewritten} were written again");
}
