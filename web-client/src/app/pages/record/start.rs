//! Beginning a visit.

use crate::app::Ui;
use crate::app::route::Route;
use crate::shell::random::random;
use mingcha_core::command::Command;
use mingcha_core::domain::Mode;
use mingcha_core::ids::{DocumentId, ItemId, SpaceId};

/// What a visit is begun with, as far as it is known.
#[derive(Clone, Default)]
pub struct Begin {
    /// The mode.
    pub mode: Mode,
    /// The unit's code.
    pub unit: Option<String>,
    /// The checklist.
    pub checklist: Option<ItemId>,
    /// The assignment that it is begun from.
    pub assignment: Option<DocumentId>,
}

/// Begins a visit of a team and goes to it.
pub fn start(ui: Ui, team: SpaceId, begin: Begin) {
    let visit = random::<DocumentId>();
    let Begin { mode, unit, checklist, assignment } = begin;
    ui.send(Command::StartVisit { visit, team, mode, unit, checklist, assignment });
    ui.go(Route::Record(visit));
}
