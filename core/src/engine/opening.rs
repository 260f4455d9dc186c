//! Opening a store: its own small machine, so that there is no half-open office.

use super::carrier::Cargo;
use super::io::{Record, Selection, Table};
use super::office::{Office, Opened, Row};
use super::records::{
    Family, HeldEntry, IDENTITY, Identity, InvitationRecord, JOINING, Joining, PendingRecord, RowRecord,
    SpaceRecord, StreamRecord, id_of,
};
use super::vault::Vault;
use super::works::Works;
use crate::cbor;
use crate::document::{Document, Kind};
use crate::domain::Summary;
use crate::entry::{Entry, Payload};
use crate::ids::{DatasetId, DocumentId, EntryId, SpaceId, StreamId};
use crate::log::Tree;
use crate::problem::{Problem, Refusal};
use crate::roster::Roster;
use crate::sorted::SortedMap;

/// What is read before anything else.
pub fn first_selections() -> Vec<Selection> {
    [Table::State, Table::Rows, Table::Pending, Table::Datasets].map(Selection::Table).into()
}

/// Makes an office of what the store holds; the documents that are always open are still to be read.
///
/// A record that cannot be opened is passed over and noted, unless the office cannot be without it.
///
/// # Errors
///
/// [`Problem::StoreDamaged`] if who this device is, or the roster, cannot be read.
pub fn build(works: &mut Works, vault: Vault, records: &[Record]) -> Result<Office, Problem> {
    let plain: Vec<_> = records
        .iter()
        .map(|record| (record, vault.open(record.table, &record.key, &record.value).ok()))
        .collect();
    let damaged = plain.iter().any(|(_, plain)| plain.is_none());
    let state: SortedMap<&[u8], &[u8]> = plain
        .iter()
        .filter(|(record, _)| record.table == Table::State)
        .filter_map(|(record, plain)| Some((&record.key[..], plain.as_deref()?)))
        .collect();
    let me: Identity =
        state.get(IDENTITY).and_then(|bytes| cbor::decode(bytes).ok()).ok_or(Problem::StoreDamaged)?;
    let roster = read_roster(&state)?;
    let mut office = Office::new(vault, me, roster);
    if damaged {
        office.ignored.insert(Refusal::Malformed);
    }
    office.joining = state.get(JOINING).and_then(|bytes| cbor::decode::<Joining>(bytes).ok());
    for (key, bytes) in state {
        read_state(&mut office, key, bytes);
    }
    for (record, plain) in plain {
        if let Some(plain) = plain {
            read_record(&mut office, record, plain);
        }
    }
    if let Some(joining) = office.joining
        && let Some(entry) = office.last.get(&office.roster.roster_space()).copied()
    {
        let space = office.roster.roster_space();
        let writer = super::office::Writer { nonce: joining.nonce, sequence: 1, previous: Some(entry) };
        office.writers.insert(space, writer);
    }
    office.freeze_at = (!office.pending.is_empty()).then_some(works.now);
    find_unsent(works, &mut office);
    Ok(office)
}

fn read_roster(state: &SortedMap<&[u8], &[u8]>) -> Result<Roster, Problem> {
    let statements = state.iter().filter(|(key, _)| Family::Roster.rest(key).is_some());
    let mut roster: Option<Roster> = None;
    for (_, bytes) in statements {
        let held: HeldEntry = cbor::decode(bytes).map_err(|_| Problem::StoreDamaged)?;
        let entry = Entry::check(held.entry).map_err(|_| Problem::StoreDamaged)?;
        match &mut roster {
            None => roster = Some(Roster::found(&entry).map_err(|_| Problem::StoreDamaged)?),
            Some(roster) => roster.apply(&entry, held.time).map_err(|_| Problem::StoreDamaged)?,
        }
    }
    roster.ok_or(Problem::StoreDamaged)
}

fn read_state(office: &mut Office, key: &[u8], bytes: &[u8]) {
    if let Some(space) = Family::Space.rest(key).and_then(id_of).map(SpaceId) {
        if let Ok(record) = cbor::decode::<SpaceRecord>(bytes)
            && record.sound.iter().chain([&record.tree]).all(Tree::is_sound)
        {
            office.spaces.insert(space, record);
        }
    } else if let Some(stream) = Family::Stream.rest(key).and_then(id_of).map(StreamId) {
        if let Ok(record) = cbor::decode::<StreamRecord>(bytes) {
            office.streams.insert(stream, record);
        }
    } else if let Some(space) = Family::Last.rest(key).and_then(id_of).map(SpaceId) {
        if let Some(entry) = id_of(bytes) {
            office.last.insert(space, EntryId(entry));
        }
    } else if let Some(sign) = Family::Invitation.rest(key).and_then(id_of::<32>)
        && let Ok(record) = cbor::decode::<InvitationRecord>(bytes)
    {
        office.invitations.insert(sign, record);
    } else if let Some(name) = Family::Kept.rest(key) {
        office.kept.insert(String::from_utf8_lossy(name).into_owned(), bytes.to_vec());
    }
}

fn read_record(office: &mut Office, record: &Record, plain: Vec<u8>) {
    match record.table {
        Table::Rows => {
            let row = cbor::decode::<RowRecord>(&plain).ok();
            if let (Some(id), Some(row)) = (id_of(&record.key).map(DocumentId), row)
                && let Some(kind) = Kind::from_number(row.kind)
            {
                office.rows.insert(id, Row { space: row.space, kind });
                match row.summary.as_deref().map(Summary::decode) {
                    Some(Some(summary)) => drop(office.summaries.insert(id, summary)),
                    Some(None) => office.stale_rows.push(id),
                    None => {}
                }
            }
        }
        Table::Pending => {
            if let (Some(number), Ok(pending)) = (id_of(&record.key), cbor::decode::<PendingRecord>(&plain)) {
                let number = u64::from_be_bytes(number);
                office.pending.insert(number, pending);
                office.next_pending = office.next_pending.max(number + 1);
            }
        }
        Table::Datasets => {
            let split = record.key.split_at_checked(DatasetId::LEN);
            if let Some((dataset, index)) = split
                && let (Some(dataset), Some(index)) = (id_of(dataset), id_of(index))
            {
                let index = u32::from_be_bytes(index);
                office.datasets.entry(DatasetId(dataset)).or_default().insert(index, plain);
            }
        }
        Table::Clear | Table::Outbox | Table::State | Table::Entries | Table::Documents => {}
    }
}

/// Learns which documents the entries of the outbox are about.
pub fn find_unsent(works: &Works, office: &mut Office) {
    let own = works.carrier.outbox().filter(|(_, outgoing)| outgoing.cargo != Cargo::Carried);
    for (number, outgoing) in own {
        let Ok(entry) = Entry::check(outgoing.bytes.clone()) else { continue };
        let header = entry.header();
        let key = office.keys.get(&(header.space, header.epoch));
        let document = match key.map(|key| entry.open(key)) {
            Some(Ok(Payload::Changes { document, .. })) => document,
            Some(Ok(Payload::DatasetPart { dataset, .. })) => DocumentId(dataset.0),
            _ => continue,
        };
        office.unsent.insert(number, (document, outgoing.bytes.len() as u64));
    }
}

/// The selections of the documents that are always open.
pub fn second_selections(office: &Office) -> Vec<Selection> {
    office.always_open().iter().map(|id| Selection::Key(Table::Documents, id.0.to_vec())).collect()
}

/// Reads them, and everything that is gathered from them.
pub fn finish(works: &mut Works, office: &mut Office, records: &[Record]) {
    for record in records {
        let Some(id) = id_of(&record.key).map(DocumentId) else { continue };
        let Some(Row { space, kind }) = office.rows.get(&id).copied() else { continue };
        let actor = office.actor(works, space);
        let plain = office.vault.open(Table::Documents, &record.key, &record.value).ok();
        match plain.and_then(|plain| Document::load(kind, &plain, actor).ok()) {
            Some(document) => {
                office.documents.insert(id, Opened { space, document });
            }
            None => {
                office.ignored.insert(Refusal::Malformed);
            }
        }
    }
    office.gather_names();
    office.refresh_register(works);
    works.stale();
}
