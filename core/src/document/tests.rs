use super::hostile::{forge, object_of};
use super::*;
use crate::command::TextEdit;
use crate::ids::ItemId;
use automerge::{ObjType, transaction::Transactable};
use proptest::prelude::*;

const ANA: StreamId = StreamId([0xa; 16]);
const BEN: StreamId = StreamId([0xb; 16]);
const EVE: StreamId = StreamId([0xe; 16]);

fn visit(actor: StreamId) -> Document {
    Document::new(Kind::Visit, actor)
}

fn notes(document: &Document) -> String {
    document.text(document.part("notes").unwrap(), &document.now())
}

fn write(document: &mut Document, base: &Heads, text: &str) {
    let notes = document.part("notes").unwrap();
    let splice = document.splice(notes, &TextEdit { base: base.clone(), text: text.to_owned() });
    document.edit(Timestamp(1), |edit| splice.apply(edit, notes)).unwrap();
}

fn state(document: &mut Document, key: u8, fact: &[u8]) {
    document.edit(Timestamp(1), |edit| edit.state(ItemId([key; 16]), fact.to_vec())).unwrap();
}

fn answer(document: &mut Document, key: &str, value: &str) {
    let answers = document.part("answers").unwrap();
    document.edit(Timestamp(1), |edit| edit.put(answers, key, value)).unwrap();
}

/// Sends all that each has made since the last time to all.
fn exchange(documents: &mut [&mut Document]) {
    let made: Vec<RawChange> = documents.iter_mut().flat_map(|document| document.take_changes()).collect();
    for document in documents {
        let applied = document.apply(made.clone()).unwrap();
        assert_eq!((applied.waiting, applied.refused), (0, 0));
    }
}

#[test]
fn a_document_reads_the_same_after_saving_and_loading() {
    let mut ana = visit(ANA);
    let base = ana.heads();
    write(&mut ana, &base, "窗口无人 😀");
    state(&mut ana, 1, b"fact");
    answer(&mut ana, "q", "no");
    let made = ana.take_changes();
    assert_eq!(made.len(), 3);
    assert!(made.iter().all(|change| change.actor() == Some(ANA) && !change.is_skeleton()));

    let loaded = Document::load(Kind::Visit, &ana.snapshot(), BEN).unwrap();
    assert_eq!(loaded.heads(), ana.heads());
    assert_eq!(notes(&loaded), "窗口无人 😀");
    assert_eq!(loaded.facts().len(), 1);
    assert_eq!(loaded.facts()[0].actor, ANA);
    assert!(Document::load(Kind::Matter, &ana.snapshot(), BEN).is_err());

    let mut ben = visit(BEN);
    assert_eq!(ben.apply(made.clone()).unwrap(), Applied { new: 3, waiting: 0, refused: 0 });
    assert_eq!(ben.apply(made).unwrap(), Applied { new: 0, waiting: 0, refused: 0 });
    assert_eq!(ben.heads(), ana.heads());
}

#[test]
fn a_long_history_is_kept_whole_however_often_it_is_saved() {
    let mut ana = visit(ANA);
    for round in 0..3 {
        for change in 0..200 {
            answer(&mut ana, "q", &format!("{round}/{change}"));
        }
        ana = Document::load(Kind::Visit, &ana.snapshot(), ANA).unwrap();
        assert_eq!(ana.history.len(), 1 + 200 * (round + 1));
    }
    let mut ben = visit(BEN);
    ben.apply(Kept::open(&ana.snapshot()).unwrap().taken).unwrap();
    assert_eq!(ben.heads(), ana.heads());
    let cut = &ana.snapshot()[..ana.snapshot().len() - 1];
    assert!(Document::load(Kind::Visit, cut, ANA).is_err());
}

#[test]
fn a_change_that_is_too_long_is_not_made() {
    let mut ana = visit(ANA);
    answer(&mut ana, "q", "yes");
    let before = ana.snapshot();
    let answers = ana.part("answers").unwrap();
    let long = "x".repeat(MAX_CHANGE_BYTES + 1);
    assert!(ana.edit(Timestamp(2), |edit| edit.put(answers, "q", &long)).is_err());
    assert_eq!(ana.snapshot(), before);
    answer(&mut ana, "q", "no");
    let loaded = Document::load(Kind::Visit, &ana.snapshot(), BEN).unwrap();
    assert_eq!(loaded.heads(), ana.heads());
    assert_eq!(loaded.automerge.hydrate(None), ana.automerge.hydrate(None));
}

#[test]
fn changes_wait_for_what_they_depend_on_also_in_a_snapshot() {
    let mut ana = visit(ANA);
    answer(&mut ana, "q", "yes");
    answer(&mut ana, "q", "no");
    let made = ana.take_changes();

    let mut ben = visit(BEN);
    let late = ben.apply(vec![made[1].clone()]).unwrap();
    assert_eq!(late, Applied { new: 0, waiting: 1, refused: 0 });
    let mut ben = Document::load(Kind::Visit, &ben.snapshot(), BEN).unwrap();
    let both = ben.apply(vec![made[0].clone()]).unwrap();
    assert_eq!(both, Applied { new: 2, waiting: 0, refused: 0 });
    assert_eq!(ben.heads(), ana.heads());
}

#[test]
fn both_peoples_edits_of_a_text_survive() {
    let (mut ana, mut ben) = (visit(ANA), visit(BEN));
    let base = ana.heads();
    write(&mut ana, &base, "the window was closed");
    exchange(&mut [&mut ana, &mut ben]);
    let base = ana.heads();
    write(&mut ana, &base, "the window 3 was closed");
    write(&mut ben, &base, "the window was closed at noon");
    exchange(&mut [&mut ana, &mut ben]);
    assert_eq!(notes(&ana), "the window 3 was closed at noon");
    assert_eq!(notes(&ben), notes(&ana));
}

#[test]
fn edits_from_an_older_base_keep_what_came_meanwhile() {
    let (mut ana, mut ben) = (visit(ANA), visit(BEN));
    let base = ana.heads();
    write(&mut ana, &base, "abcdef");
    exchange(&mut [&mut ana, &mut ben]);
    let seen = ana.heads();
    write(&mut ben, &seen, "abXcdef");
    exchange(&mut [&mut ana, &mut ben]);
    // Ana's page still shows "abcdef"; she deletes "bcd" and goes on typing with the same base.
    write(&mut ana, &seen, "aef");
    assert_eq!(notes(&ana), "aXef");
    write(&mut ana, &seen, "aefgh");
    write(&mut ana, &seen, "aef😀");
    assert_eq!(notes(&ana), "aXef😀");
    // An unknown base: what stands there now is the base.
    write(&mut ana, &Heads(vec![[7; 32]]), "aXef!");
    assert_eq!(notes(&ana), "aXef!");
}

#[test]
fn facts_survive_deletion_and_overwriting() {
    let mut ana = visit(ANA);
    state(&mut ana, 1, b"first");
    state(&mut ana, 2, b"second");
    let facts = object_of(&ana, "facts");
    let deletion = forge(&ana, EVE, |transaction| {
        transaction.delete(&facts, ItemId([1; 16]).to_string())?;
        transaction.put(&facts, ItemId([2; 16]).to_string(), b"forged".to_vec())
    });
    let applied = ana.apply(vec![RawChange::parse(deletion).unwrap()]).unwrap();
    assert_eq!(applied.new, 1);
    let read: Vec<_> = ana.facts().iter().map(|fact| (fact.value.to_vec(), fact.attacked)).collect();
    assert_eq!(read, [(b"first".to_vec(), true), (b"second".to_vec(), true)]);
}

#[test]
fn nobody_overwrites_a_fact_by_mistake() {
    let mut ana = visit(ANA);
    state(&mut ana, 1, b"a");
    let again = ana.edit(Timestamp(1), |edit| edit.state(ItemId([1; 16]), b"b".to_vec()));
    assert_eq!(again, Err(DocumentError::Refused));
    assert_eq!(ana.facts().len(), 1);
}

#[test]
fn two_facts_under_one_key_both_count() {
    let (mut ana, mut ben) = (visit(ANA), visit(BEN));
    state(&mut ana, 1, b"a");
    state(&mut ben, 1, b"b");
    exchange(&mut [&mut ana, &mut ben]);
    let read: Vec<_> = ana.facts().iter().map(|fact| (fact.value.to_vec(), fact.attacked)).collect();
    assert_eq!(read, [(b"a".to_vec(), false), (b"b".to_vec(), false)]);
}

#[test]
fn putting_something_else_under_the_parts_names_hides_nothing() {
    let mut ana = visit(ANA);
    let base = ana.heads();
    write(&mut ana, &base, "kept");
    state(&mut ana, 1, b"fact");
    let attack = forge(&ana, EVE, |transaction| {
        transaction.put_object(automerge::ROOT, "facts", ObjType::Map)?;
        transaction.put(automerge::ROOT, "notes", 7_u64)?;
        transaction.delete(automerge::ROOT, "answers")
    });
    assert_eq!(ana.apply(vec![RawChange::parse(attack).unwrap()]).unwrap().new, 1);
    answer(&mut ana, "q", "yes");
    assert_eq!(notes(&ana), "kept");
    assert_eq!(ana.facts().len(), 1);
    assert_eq!(ana.strings(ana.part("answers").unwrap(), "q", &ana.now()).len(), 1);
}

#[test]
fn what_our_documents_never_do_is_refused() {
    let ana = visit(ANA);
    let notes = object_of(&ana, "notes");
    let list =
        forge(&ana, EVE, |transaction| transaction.put_object(automerge::ROOT, "x", ObjType::List).map(drop));
    let counter = forge(&ana, EVE, |transaction| {
        transaction.put(automerge::ROOT, "x", automerge::ScalarValue::counter(1))
    });
    let number_in_text = forge(&ana, EVE, |transaction| transaction.insert(&notes, 0, 5_u64));
    assert_eq!(RawChange::parse(list), Err(DocumentError::Malformed));
    assert_eq!(RawChange::parse(counter), Err(DocumentError::Malformed));
    let mut ana = ana;
    let applied = ana.apply(vec![RawChange::parse(number_in_text).unwrap()]).unwrap();
    assert_eq!(applied, Applied { new: 0, waiting: 0, refused: 1 });
}

#[test]
fn of_two_changes_at_one_place_of_a_stream_the_first_counts() {
    let (mut ana, mut twin, mut ben) = (visit(ANA), visit(ANA), visit(BEN));
    answer(&mut ana, "q", "yes");
    answer(&mut twin, "q", "no");
    assert_eq!(ben.apply(ana.take_changes()).unwrap().new, 1);
    assert_eq!(ben.apply(twin.take_changes()).unwrap(), Applied { new: 0, waiting: 0, refused: 1 });
    assert_eq!(ben.heads(), ana.heads());
}

#[test]
fn which_of_two_is_first_does_not_depend_on_how_many_come_at_a_time() {
    let (mut ana, mut twin) = (visit(ANA), visit(ANA));
    answer(&mut ana, "q", "yes");
    answer(&mut twin, "q", "no");
    let [first, second] = [ana.take_changes().remove(0), twin.take_changes().remove(0)];
    answer(&mut ana, "q", "or not");
    let after_first = ana.take_changes().remove(0);
    let orders = [
        vec![&first, &second, &after_first],
        vec![&second, &first, &after_first],
        vec![&after_first, &second, &first],
        vec![&after_first, &first, &second],
    ];
    for (number, order) in orders.into_iter().enumerate() {
        let mut at_once = visit(BEN);
        at_once.apply(order.iter().copied().cloned().collect()).unwrap();
        let mut one_by_one = visit(BEN);
        for change in &order {
            one_by_one.apply(vec![RawChange::clone(change)]).unwrap();
            one_by_one = Document::load(Kind::Visit, &one_by_one.snapshot(), BEN).unwrap();
        }
        assert_eq!(at_once.heads(), one_by_one.heads(), "order {number}");
        let comes_first = order.iter().position(|change| **change == first)
            < order.iter().position(|change| **change == second);
        assert_eq!(at_once.heads() == ana.heads(), comes_first, "order {number}");
    }
}

#[test]
fn another_kinds_skeleton_is_refused() {
    let mut ana = visit(ANA);
    let skeleton = |kind| RawChange::parse(skeleton::bytes(kind).to_vec()).unwrap();
    assert!(skeleton(Kind::Matter).is_skeleton());
    let applied = ana.apply(vec![skeleton(Kind::Matter), skeleton(Kind::Visit)]).unwrap();
    assert_eq!(applied, Applied { new: 0, waiting: 0, refused: 1 });
}

/// One thing that a person does.
#[derive(Clone, Debug)]
enum Act {
    Answer(u8, u8),
    State(u8),
    Insert(usize, String),
    Cut(usize, usize),
    Exchange,
}

fn any_act() -> impl Strategy<Value = (usize, Act)> {
    let act = prop_oneof![
        (0..3u8, any::<u8>()).prop_map(|(key, value)| Act::Answer(key, value)),
        any::<u8>().prop_map(Act::State),
        (0..20usize, "[a-z窗😀]{1,4}").prop_map(|(at, text)| Act::Insert(at, text)),
        (0..20usize, 1..5usize).prop_map(|(at, len)| Act::Cut(at, len)),
        Just(Act::Exchange),
    ];
    (0..3usize, act)
}

fn act(document: &mut Document, act: &Act, stated: &mut usize) {
    let base = document.heads();
    let mut text: Vec<char> = notes(document).chars().collect();
    match act {
        Act::Answer(key, value) => answer(document, &key.to_string(), &value.to_string()),
        Act::State(value) => {
            *stated += 1;
            state(document, *stated as u8, &[*value, *stated as u8]);
        }
        Act::Insert(at, new) => {
            let at = (*at).min(text.len());
            text.splice(at..at, new.chars());
            write(document, &base, &text.iter().collect::<String>());
        }
        Act::Cut(at, len) => {
            let at = (*at).min(text.len());
            let end = (at + len).min(text.len());
            text.drain(at..end);
            write(document, &base, &text.iter().collect::<String>());
        }
        Act::Exchange => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn three_people_converge_and_lose_nothing(
        acts in prop::collection::vec(any_act(), 1..25),
        order in any::<prop::sample::Index>(),
    ) {
        let mut people = [visit(ANA), visit(BEN), visit(EVE)];
        let mut everything = Vec::new();
        let mut stated = 0;
        let mut pending = Vec::new();
        for (who, what) in &acts {
            act(&mut people[*who], what, &mut stated);
            let made = people[*who].take_changes();
            everything.extend(made.clone());
            pending.extend(made);
            if let Act::Exchange = what {
                people[*who].apply(core::mem::take(&mut pending)).unwrap();
            }
        }
        // Everybody gets everything, in another order, some of it twice.
        let len = everything.len();
        for (shift, person) in people.iter_mut().enumerate() {
            let mut mine = everything.clone();
            if len > 0 {
                mine.rotate_left((order.index(len) + shift) % len);
                mine.push(mine[0].clone());
            }
            if shift == 1 {
                mine.reverse();
            }
            for change in mine {
                prop_assert_eq!(person.apply(vec![change]).unwrap().refused, 0);
            }
        }
        let reload = Document::load(Kind::Visit, &people[0].snapshot(), ANA).unwrap();
        for other in [&people[1], &people[2], &reload] {
            prop_assert_eq!(other.heads(), people[0].heads());
            prop_assert_eq!(notes(other), notes(&people[0]));
            let facts = |d: &Document| d.facts().iter().map(|f| f.value.to_vec()).collect::<Vec<_>>();
            prop_assert_eq!(facts(other), facts(&people[0]));
            prop_assert_eq!(facts(other).len(), stated);
        }
    }

    #[test]
    fn packed_changes_unpack(texts in prop::collection::vec(".{0,40}", 0..6)) {
        let mut ana = visit(ANA);
        for text in &texts {
            let base = ana.heads();
            write(&mut ana, &base, text);
        }
        let made = ana.take_changes();
        prop_assert_eq!(unpack(&pack(&made)).unwrap(), made);
    }

    #[test]
    fn garbage_never_panics(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = RawChange::parse(bytes.clone());
        let _ = unpack(&bytes);
        let mut framed = vec![1];
        framed.extend_from_slice(&bytes);
        let _ = unpack(&framed);
    }

    /// Bytes of a real change with one of them altered and the checksum set right again.
    #[test]
    fn altered_changes_never_panic(at in 9usize..400, value in any::<u8>(), which in 0usize..4) {
        let (mut ana, mut ben) = (visit(ANA), visit(BEN));
        let base = ana.heads();
        write(&mut ana, &base, "waited 12 minutes");
        answer(&mut ana, "q", "yes");
        exchange(&mut [&mut ana, &mut ben]);
        let base = ana.heads();
        write(&mut ana, &base, "waited for 2 minutes!");
        answer(&mut ana, "q", "no");
        state(&mut ana, 1, b"fact");
        ana.edit(Timestamp(2), |edit| {
            edit.create(read::Handle(4), "f", &[("place", "3")], &["seen"])
        }).unwrap();
        let made = ana.take_changes();
        let mut bytes = made[which].bytes().to_vec();
        let at = 9 + (at - 9) % (bytes.len() - 9);
        bytes[at] = value;
        let hash = <sha2::Sha256 as sha2::Digest>::digest(&bytes[8..]);
        bytes[4..8].copy_from_slice(&hash[..4]);
        if let Ok(change) = RawChange::parse(bytes) {
            if let Ok(read) = automerge::Change::from_bytes(change.bytes().to_vec()) {
                let again = automerge::Change::from(read.decode());
                prop_assert_eq!(again.raw_bytes(), change.bytes(), "spelled as Automerge would not");
            }
            let mut changes = made[..which].to_vec();
            changes.push(change);
            ben.apply(changes).unwrap();
            let reload = Document::load(Kind::Visit, &ben.snapshot(), BEN).unwrap();
            prop_assert_eq!(reload.heads(), ben.heads());
            prop_assert_eq!(notes(&reload), notes(&ben));
        }
    }
}
