//! Unsent work as a file, from one device to another: sealed and signed already, so that any device can carry it.

use super::Engine;
use super::access::{Opening, Phase};
use super::ledger::After;
use super::office::Office;
use super::works::Works;
use crate::command::RequestId;
use crate::entry::Entry;
use crate::entry::parcel::{MAX_PARCEL_ENTRIES, ParcelError, pack, unpack};
use crate::ids::EntryId;
use crate::problem::Problem;
use crate::sorted::SortedSet;
use crate::view::View;

impl Engine {
    /// Packs what is saved, and hands the file over once that is durable.
    pub(super) fn export(&mut self, request: RequestId) {
        match &mut self.phase {
            Phase::Open(office, Opening::Done) => office.freeze(&mut self.works),
            Phase::Locked(..) => {}
            _ => return self.works.answer(request, Err(Problem::NotAllowed)),
        }
        self.works.ledger.after(After::Export(request));
    }

    /// Hands over what is durable, which may be all or what was before the storage failed.
    pub(super) fn hand_over(&mut self, request: RequestId, stored: Result<(), Problem>) {
        let (bytes, count) = pack(self.works.carrier.unsent());
        let fits = count == self.works.carrier.unsent().count();
        let too_many = Err(Problem::TooMany { limit: MAX_PARCEL_ENTRIES as u32 });
        self.works.outputs.push(super::io::Output::Show(View::File { request, bytes }));
        self.works.answer(request, stored.and(if fits { Ok(()) } else { too_many }));
    }
}

impl Office {
    /// Takes a file of unsent work into the outbox: all of it or nothing.
    pub fn take_parcel(&mut self, works: &mut Works, request: RequestId, file: &[u8]) {
        match self.open_parcel(works, file) {
            Ok(entries) => {
                entries.iter().for_each(|entry| works.carry(entry));
                works.ledger.after(After::Answer(request));
                works.stale();
            }
            Err(problem) => works.answer(request, Err(problem)),
        }
    }

    /// The entries of a file that are not in the outbox already.
    fn open_parcel(&self, works: &Works, file: &[u8]) -> Result<Vec<Entry>, Problem> {
        let too_many = Problem::TooMany { limit: MAX_PARCEL_ENTRIES as u32 };
        let entries = unpack(file).map_err(|why| match why {
            ParcelError::Foreign => Problem::FileForeignKind,
            ParcelError::Damaged => Problem::FileDamaged,
            ParcelError::TooLarge => too_many.clone(),
        })?;
        let mut known: SortedSet<EntryId> = works.carrier.outbox().map(|(_, outgoing)| outgoing.id).collect();
        let mut taken = Vec::new();
        for bytes in entries {
            let entry = Entry::check(bytes.to_vec()).map_err(|_| Problem::FileDamaged)?;
            // Statements are made again by those who want them: only work is carried.
            if !entry.clear().is_empty() || self.roster.space(&entry.header().space).is_none() {
                return Err(Problem::FileForeign);
            }
            if known.insert(entry.id()) {
                taken.push(entry);
            }
        }
        if works.carrier.carried() as usize + taken.len() > MAX_PARCEL_ENTRIES {
            Err(too_many)
        } else {
            Ok(taken)
        }
    }
}
