//! The pages.

mod checklist;
mod checklists;
mod cited;
mod compare;
mod empty;
mod finding;
mod findings;
mod found;
mod home;
mod invitations;
mod join;
mod kit;
mod list;
mod lock;
mod matter;
mod matter_form;
mod matters;
mod me;
mod people;
mod record;
mod records;
mod starting;
mod units;
mod unsent;
mod visit;
mod visits;

use crate::app::Ui;
use crate::app::markup::AnyView;
use crate::app::route::Route;
pub use empty::empty;
pub use found::Drafts;
pub use lock::lock;
pub use starting::{elsewhere, failed, starting};

/// The page at a place of the open app.
pub fn page(ui: Ui, route: Route) -> AnyView {
    match route {
        Route::Home => home::home(ui),
        Route::Records => records::records(ui),
        Route::Record(visit) => record::record(ui, visit),
        Route::Finding(visit, finding) => finding::finding(ui, visit, finding),
        Route::Visits => visits::visits(ui),
        Route::Visit(visit) => visit::visit(ui, visit),
        Route::Findings => findings::findings(ui),
        Route::Compare(visit, finding) => compare::compare(ui, visit, finding),
        Route::Matters => matters::matters(ui),
        Route::Matter(matter) => matter::matter(ui, matter),
        Route::Cited(matter, citation) => cited::cited(ui, matter, citation),
        Route::Units => units::units(ui),
        Route::Checklists => checklists::checklists(ui),
        Route::Checklist(checklist) => checklist::checklist(ui, checklist),
        Route::People => people::people(ui),
        Route::Me => me::me(ui),
        Route::Unsent => unsent::unsent(ui),
    }
}
