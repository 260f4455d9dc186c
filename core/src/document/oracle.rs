//! What Automerge's own transactions would have written: every local change is that, byte by byte.

use super::history::{FACTS, Index};
use super::read::{Handle, object_id};
use super::{Document, DocumentError, Edit, Kind, RawChange};
use crate::command::TextEdit;
use crate::ids::{ItemId, StreamId};
use crate::time::Timestamp;
use crate::view::Heads;
use automerge::transaction::{CommitOptions, Transactable, Transaction};
use automerge::{ActorId, Automerge, AutomergeError, ObjType, ReadDoc};
use proptest::prelude::*;

const ACTORS: [StreamId; 3] = [StreamId([0xa; 16]), StreamId([1; 16]), StreamId([0xe; 16])];
const AT: Timestamp = Timestamp(1_700_000_000_123);

/// One thing that an edit does. Maps and keys are few, so that people meet at them.
#[derive(Clone, Debug)]
enum Deed {
    Put {
        map: usize,
        key: u8,
        value: u8,
    },
    State(u8),
    Create {
        key: u8,
        strings: Vec<(u8, u8)>,
        texts: Vec<u8>,
    },
    /// What a text becomes: at a place some characters go and others come; of which base says how long ago.
    Write {
        text: usize,
        at: usize,
        cut: usize,
        new: String,
        ago: usize,
    },
}

#[derive(Clone, Debug)]
enum Step {
    Edit(usize, Vec<Deed>),
    /// One gets what another has made.
    Send(usize, usize),
}

fn any_deed() -> impl Strategy<Value = Deed> {
    let few = || prop::collection::vec((0..3_u8, 0..3_u8), 0..3);
    prop_oneof![
        4 => (0..4_usize, 0..3_u8, 0..3_u8).prop_map(|(map, key, value)| Deed::Put { map, key, value }),
        1 => (0..20_u8).prop_map(Deed::State),
        1 => (0..3_u8, few(), prop::collection::vec(0..4_u8, 0..2))
            .prop_map(|(key, strings, texts)| Deed::Create { key, strings, texts }),
        4 => (0..3_usize, 0..12_usize, 0..6_usize, "[a-z窗😀]{0,5}", 0..4_usize)
            .prop_map(|(text, at, cut, new, ago)| Deed::Write { text, at, cut, new, ago }),
    ]
}

fn any_step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => (0..3_usize, prop::collection::vec(any_deed(), 1..4)).prop_map(|(who, deeds)| Step::Edit(who, deeds)),
        1 => (0..3_usize, 0..3_usize).prop_map(|(from, to)| Step::Send(from, to)),
    ]
}

/// A document, what it has made, and the versions that its owner has seen.
struct Person {
    document: Document,
    made: Vec<RawChange>,
    seen: Vec<Heads>,
}

impl Person {
    fn new(actor: StreamId) -> Self {
        Self { document: Document::new(Kind::Visit, actor), made: Vec::new(), seen: Vec::new() }
    }

    fn maps(&self) -> Vec<Handle> {
        let version = self.document.now();
        let findings = self.document.part("findings").unwrap();
        let parts = ["answers", "fields"].map(|part| self.document.part(part).unwrap());
        let children = self.document.children(findings, &version).into_iter().map(|child| child.handle);
        parts.into_iter().chain([findings]).chain(children).collect()
    }

    fn texts(&self) -> Vec<Handle> {
        let objects = self.document.history.objects().iter();
        (0..).map(Handle).zip(objects).filter(|(_, object)| object.text).map(|(handle, _)| handle).collect()
    }

    /// The deeds as edits of this document: of a text only one, as nobody does more at a time.
    fn edits(&self, deeds: &[Deed]) -> Vec<Asked> {
        let (maps, texts) = (self.maps(), self.texts());
        let mut written = Vec::new();
        let asked = deeds.iter().filter_map(|deed| match deed {
            Deed::Put { map, key, value } => {
                Some(Asked::Put(maps[map % maps.len()], key.to_string(), value.to_string()))
            }
            Deed::State(key) => Some(Asked::State(ItemId([*key; 16]), vec![*key; usize::from(*key)])),
            Deed::Create { key, strings, texts } => Some(Asked::Create(
                key.to_string(),
                strings.iter().map(|(key, value)| (key.to_string(), value.to_string())).collect(),
                texts.iter().map(u8::to_string).collect(),
            )),
            Deed::Write { text, at, cut, new, ago } => {
                let text = texts[text % texts.len()];
                if written.contains(&text) {
                    return None;
                }
                written.push(text);
                let base = self.seen.iter().rev().nth(*ago).filter(|base| self.is_in_order(text, base));
                let base = base.cloned().unwrap_or_else(|| self.document.heads());
                let version = self.document.version(&base).unwrap();
                let mut wanted: Vec<char> = self.document.text(text, &version).chars().collect();
                let at = (*at).min(wanted.len());
                wanted.splice(at..(at + cut).min(wanted.len()), new.chars());
                Some(Asked::Write(text, TextEdit { base, text: wanted.into_iter().collect() }))
            }
        });
        asked.collect()
    }

    /// Whether what the person sees, with that base, is in the order of the text. It is not where they wrote after what
    /// others wrote since the base; then positions mean other elements than the ones they were worked out from.
    fn is_in_order(&self, text: Handle, base: &Heads) -> bool {
        let edit = TextEdit { base: base.clone(), text: String::new() };
        let now = self.document.elements(text, None);
        let place = |(seen, _): &(Index, char)| now.iter().position(|(element, _)| element == seen);
        self.document.seen_elements(text, &edit).iter().filter_map(place).is_sorted()
    }

    fn edit(&mut self, deeds: &[Deed]) {
        let asked = self.edits(deeds);
        let (before, hydrated) = (self.document.heads(), self.document.automerge.hydrate(None));
        let expected = by_transaction(&self.document, &asked);
        let splices: Vec<_> = asked.iter().map(|asked| asked.splice(&self.document)).collect();
        let written = self.document.edit(AT, |edit| {
            asked.iter().zip(&splices).try_for_each(|(asked, splice)| asked.write(edit, splice.as_ref()))
        });
        let made = self.document.take_changes();
        match expected {
            Ok((automerge, bytes)) => {
                assert_eq!(written, Ok(()));
                assert_eq!(
                    made.iter().map(RawChange::bytes).collect::<Vec<_>>(),
                    bytes.iter().collect::<Vec<_>>()
                );
                assert_eq!(self.document.automerge.hydrate(None), automerge.hydrate(None));
                assert_eq!(self.document.automerge.get_heads(), automerge.get_heads());
                assert_eq!(self.document.automerge.save(), automerge.save());
            }
            Err(_) => {
                assert_eq!(written, Err(DocumentError::Refused));
                assert_eq!((made.len(), self.document.heads()), (0, before));
                assert_eq!(self.document.automerge.hydrate(None), hydrated);
            }
        }
        self.made.extend(made);
        self.seen.push(self.document.heads());
    }
}

enum Asked {
    Put(Handle, String, String),
    State(ItemId, Vec<u8>),
    Create(String, Vec<(String, String)>, Vec<String>),
    Write(Handle, TextEdit),
}

impl Asked {
    fn splice(&self, document: &Document) -> Option<super::text::Splice> {
        let Self::Write(text, edit) = self else { return None };
        Some(document.splice(*text, edit))
    }

    fn write(&self, edit: &mut Edit<'_>, splice: Option<&super::text::Splice>) -> Result<(), DocumentError> {
        match self {
            Self::Put(map, key, value) => edit.put(*map, key, value),
            Self::State(key, fact) => edit.state(*key, fact.clone()),
            Self::Create(key, strings, texts) => {
                let strings: Vec<_> =
                    strings.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
                let texts: Vec<_> = texts.iter().map(String::as_str).collect();
                edit.create(Handle(4), key, &strings, &texts)
            }
            Self::Write(text, _) => splice.unwrap().apply(edit, *text),
        }
    }

    fn write_by_transaction(
        &self,
        document: &Document,
        transaction: &mut Transaction<'_>,
    ) -> Result<(), AutomergeError> {
        let object = |handle| object_id(&document.history, handle);
        match self {
            Self::Put(map, key, value) => {
                if transaction.get_all(object(*map), key.as_str())?.len() > 1 {
                    transaction.delete(object(*map), key.as_str())?;
                }
                transaction.put(object(*map), key.as_str(), value.as_str())
            }
            Self::State(key, fact) => {
                let key = key.to_string();
                if transaction.get(object(Handle(FACTS)), &key)?.is_some() {
                    return Err(AutomergeError::Fail);
                }
                transaction.put(object(Handle(FACTS)), key, fact.clone())
            }
            Self::Create(key, strings, texts) => {
                let made = transaction.put_object(object(Handle(4)), key.as_str(), ObjType::Map)?;
                for text in texts {
                    transaction.put_object(&made, text.as_str(), ObjType::Text)?;
                }
                strings
                    .iter()
                    .try_for_each(|(key, value)| transaction.put(&made, key.as_str(), value.as_str()))
            }
            Self::Write(text, edit) => {
                let (stretches, at, insertion) = positions(document, *text, edit);
                for (at, len) in stretches {
                    transaction.splice_text(object(*text), at, len as isize, "")?;
                }
                transaction.splice_text(object(*text), at, 0, &insertion)
            }
        }
    }
}

/// What the transaction makes of a copy of the document, and the change's bytes if there is one.
fn by_transaction(
    document: &Document,
    asked: &[Asked],
) -> Result<(Automerge, Option<Vec<u8>>), AutomergeError> {
    let mut automerge = document.automerge.fork();
    automerge.set_actor(ActorId::from(document.actor.0));
    let mut transaction = automerge.transaction();
    asked.iter().try_for_each(|asked| asked.write_by_transaction(document, &mut transaction))?;
    let (hash, _) = transaction.commit_with(CommitOptions::default().with_time(AT.0 as i64));
    let bytes = hash.map(|hash| automerge.get_change_by_hash(&hash).unwrap().raw_bytes().to_vec());
    Ok((automerge, bytes))
}

/// A text edit in positions of UTF-16 units: stretches to delete, the last first, and where what is inserted.
fn positions(document: &Document, text: Handle, edit: &TextEdit) -> (Vec<(usize, usize)>, usize, String) {
    let now = document.elements(text, None);
    let seen = document.seen_elements(text, edit);
    let wanted: Vec<char> = edit.text.chars().collect();
    let prefix = seen.iter().zip(&wanted).take_while(|((_, a), b)| a == *b).count();
    let (seen_rest, wanted_rest) = (seen[prefix..].iter().rev(), wanted[prefix..].iter().rev());
    let suffix = seen_rest.zip(wanted_rest).take_while(|((_, a), b)| a == *b).count();
    let place = |&(element, _): &(Index, char)| {
        let position = now.iter().position(|&(other, _)| other == element)?;
        let before = now[..position].iter().map(|(_, char)| char.len_utf16()).sum();
        Some((before, now[position].1.len_utf16()))
    };
    let at = seen[..prefix].iter().rev().find_map(place).map_or(0, |(at, width)| at + width);
    let mut gone: Vec<(usize, usize)> = seen[prefix..seen.len() - suffix].iter().filter_map(place).collect();
    gone.sort_unstable();
    let mut stretches: Vec<(usize, usize)> = Vec::new();
    for &(at, width) in gone.iter().rev() {
        match stretches.last_mut() {
            Some((first, len)) if at + width == *first => (*first, *len) = (at, *len + width),
            _ => stretches.push((at, width)),
        }
    }
    (stretches, at, wanted[prefix..wanted.len() - suffix].iter().collect())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn local_changes_are_what_transactions_write(steps in prop::collection::vec(any_step(), 1..30)) {
        let mut people = ACTORS.map(Person::new);
        for step in &steps {
            match step {
                Step::Edit(who, deeds) => people[*who].edit(deeds),
                Step::Send(from, to) => {
                    let made = people[*from].made.clone();
                    people[*to].document.apply(made).unwrap();
                }
            }
        }
        let all: Vec<_> = people.iter().flat_map(|person| person.made.clone()).collect();
        for person in &mut people {
            prop_assert_eq!(person.document.apply(all.clone()).unwrap().refused, 0);
            prop_assert_eq!(person.document.waiting.len(), 0);
        }
        let [ana, others @ ..] = &people;
        for other in others {
            prop_assert_eq!(other.document.heads(), ana.document.heads());
            prop_assert_eq!(other.document.automerge.hydrate(None), ana.document.automerge.hydrate(None));
        }
    }
}
