//! What people asked for, and what they were shown of it: kept outside of the devices, to hold them to it.

use mingcha_core::command::RequestId;
use mingcha_core::ids::{DatasetId, DocumentId, ItemId};
use mingcha_core::problem::Problem;
use mingcha_core::view::{Tick, VisitRow};
use std::collections::{BTreeMap, BTreeSet};

/// See the module.
#[derive(Default)]
pub struct Ledger {
    pub deeds: Vec<Noted>,
    requests: BTreeMap<(usize, RequestId), std::ops::Range<usize>>,
}

/// Something that somebody asked for.
pub struct Noted {
    /// Whose it is.
    pub who: usize,
    /// In which of their tabs.
    pub tab: usize,
    pub effect: Effect,
    pub fate: Fate,
}

/// How far something was shown to have come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// Not answered: it may or may not be there.
    Asked,
    /// Answered: it is durable on the device.
    Saved,
    /// Shown as held by the relay.
    Held,
    /// Refused: it must not be there for this reason alone, and nobody waits for it.
    Refused,
    /// It was saved, and the store in which it was is gone.
    Excused,
}

impl Fate {
    /// Whether it must be there at the end.
    pub fn binds(self) -> bool {
        matches!(self, Self::Saved | Self::Held)
    }

    /// Whether it may be there at the end.
    pub fn is_possible(self) -> bool {
        self != Self::Refused
    }
}

/// What must be seen of it at the end.
#[derive(Clone, Debug)]
pub enum Effect {
    Visit(DocumentId),
    /// A value of a field. It may be replaced only by those who saw it.
    Value {
        visit: DocumentId,
        path: String,
        value: String,
        over: Over,
    },
    /// A sign that occurs nowhere else, in the notes or in what was seen of a finding.
    Sign {
        visit: DocumentId,
        finding: Option<ItemId>,
        sign: char,
    },
    Finding {
        visit: DocumentId,
        finding: ItemId,
    },
    Struck {
        visit: DocumentId,
        finding: ItemId,
    },
    /// A fact that a timeline shows.
    Fact {
        visit: DocumentId,
        what: &'static str,
    },
    /// So many facts of reviews and matters, wherever they are.
    Stated {
        what: &'static str,
        count: usize,
        batch: Option<ItemId>,
    },
    /// Nothing of a batch of reviews stands.
    Undone {
        batch: ItemId,
    },
    Matter {
        matter: DocumentId,
        title: String,
    },
    Checklist {
        id: ItemId,
    },
    /// A fact of an assignment, by what occurs nowhere else in its timeline.
    Assignment {
        assignment: DocumentId,
        detail: String,
    },
    Import {
        dataset: DatasetId,
    },
    Withdrawn {
        dataset: DatasetId,
    },
    Team {
        name: String,
    },
    Invited {
        name: String,
    },
    /// On this device only.
    Kept {
        name: String,
    },
}

/// What a value was written over.
#[derive(Clone, Debug)]
pub enum Over {
    /// These.
    Values(BTreeSet<String>),
    /// Whatever there was: the document was not at hand.
    Anything,
}

impl Effect {
    /// The visit that it is part of.
    pub fn visit(&self) -> Option<DocumentId> {
        match self {
            Self::Visit(visit)
            | Self::Value { visit, .. }
            | Self::Sign { visit, .. }
            | Self::Finding { visit, .. }
            | Self::Struck { visit, .. }
            | Self::Fact { visit, .. } => Some(*visit),
            _ => None,
        }
    }
}

impl Ledger {
    /// Notes what was asked for in a tab.
    pub fn asked(&mut self, who: usize, tab: usize, request: RequestId, effects: Vec<Effect>) {
        let first = self.deeds.len();
        let noted = effects.into_iter().map(|effect| Noted { who, tab, effect, fate: Fate::Asked });
        self.deeds.extend(noted);
        self.requests.insert((tab, request), first..self.deeds.len());
    }

    /// Notes an answer.
    pub fn answered(&mut self, tab: usize, request: RequestId, result: &Result<(), Problem>) {
        let Some(noted) = self.requests.remove(&(tab, request)) else { return };
        let fate = match result {
            Ok(()) => Fate::Saved,
            // What failed to be stored is kept in memory, and stored later.
            Err(Problem::DeviceFull { .. } | Problem::StorageFailed | Problem::TakenOver) => Fate::Asked,
            // A statement of which nobody heard may have been taken.
            Err(Problem::NeedsRelay | Problem::RosterBusy | Problem::EntryRefused { .. }) => Fate::Asked,
            Err(_) => Fate::Refused,
        };
        self.deeds[noted].iter_mut().for_each(|noted| noted.fate = fate);
    }

    /// Notes what a tab showed as held: it knows of nothing that was done in a later one.
    pub fn shown(&mut self, who: usize, tab: usize, rows: &[VisitRow]) {
        let held: BTreeSet<_> =
            rows.iter().filter(|row| row.tick >= Tick::Held).map(|row| row.visit).collect();
        let own = self
            .deeds
            .iter_mut()
            .filter(|noted| noted.who == who && noted.tab <= tab && noted.fate == Fate::Saved);
        for noted in own {
            if noted.effect.visit().is_some_and(|visit| held.contains(&visit)) {
                noted.fate = Fate::Held;
            }
        }
    }

    /// Somebody's device goes on from a copy made when so many deeds were noted: what was saved since is gone from it.
    pub fn restored(&mut self, who: usize, answered: &BTreeSet<usize>) {
        for (at, noted) in self.deeds.iter_mut().enumerate() {
            if noted.who == who && noted.fate == Fate::Saved && !answered.contains(&at) {
                noted.fate = Fate::Excused;
            }
        }
    }

    /// What was saved or held of somebody's until now.
    pub fn saved(&self, who: usize) -> BTreeSet<usize> {
        let own = self.deeds.iter().enumerate().filter(|(_, noted)| noted.who == who);
        own.filter(|(_, noted)| noted.fate.binds()).map(|(at, _)| at).collect()
    }

    /// How many deeds were shown as saved at least.
    pub fn binding(&self) -> usize {
        self.deeds.iter().filter(|noted| noted.fate.binds()).count()
    }
}
