//! The pages.

mod agreement;
mod assign;
mod assignment;
mod assignments;
mod checklist;
mod checklists;
mod cited;
mod compare;
mod coverage;
mod empty;
pub mod fetch;
mod figures;
mod finding;
mod findings;
mod found;
mod home;
mod invitations;
mod join;
mod kit;
pub mod list;
mod lock;
mod matter;
mod matter_form;
mod matters;
mod me;
mod my_assignment;
pub mod my_assignments;
mod new_passphrase;
mod parcel;
mod people;
mod proposals;
mod record;
mod records;
mod review;
mod settling;
mod starting;
mod unit;
mod units;
mod unsent;
mod visit;
mod visits;

use crate::app::markup::{AnyView, Show as _};
use crate::app::route::Route;
use crate::app::{Pages, Ui, frame};
use crate::reactive::*;
use crate::shell::views;
pub use empty::empty;
pub use found::Drafts;
pub use lock::lock;
pub use starting::{elsewhere, failed, starting};

/// The module of the first load.
pub const FIRST: Pages = Pages { page: first, found: |ui, _| fetch::fetch(ui), read: views::first };

/// The module with everything.
pub const ALL: Pages = Pages { page: all, found: found::found, read: views::all };

/// The pages of the first load: what somebody does who visits counters.
fn first(ui: Ui, route: Route) -> Option<AnyView> {
    Some(match route {
        Route::Home => first_page(ui, fetch::fetch),
        Route::Records => records::records(ui),
        Route::Record(visit) => record::record(ui, visit),
        Route::Finding(visit, finding) => finding::finding(ui, visit, finding),
        Route::Me => me::me(ui),
        Route::Unsent => unsent::unsent(ui),
        Route::MyAssignments => my_assignments::my_assignments(ui),
        Route::MyAssignment(assignment) => my_assignment::my_assignment(ui, assignment),
        _ => return None,
    })
}

/// All pages.
fn all(ui: Ui, route: Route) -> Option<AnyView> {
    Some(match route {
        Route::Home => first_page(ui, home::home),
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
        Route::Assignments => assignments::assignments(ui),
        Route::Assignment(assignment) => assignment::assignment(ui, assignment),
        Route::Assign(assignment) => assign::assign(ui, assignment),
        Route::Coverage => coverage::coverage(ui),
        Route::Review(at) => review::review(ui, at),
        Route::Unit => unit::unit(ui),
        Route::Figures => figures::figures(ui),
        Route::Records | Route::Record(_) | Route::Finding(..) => return first(ui, route),
        Route::MyAssignments | Route::MyAssignment(_) => return first(ui, route),
        Route::Me | Route::Unsent => return first(ui, route),
    })
}

/// What a person sees first: the desk, or for an inspector the list of records.
fn first_page(ui: Ui, desk: fn(Ui) -> AnyView) -> AnyView {
    let is_office = memo(move || ui.me().with(|me| me.as_ref().is_some_and(frame::is_office)));
    let shown = move || if is_office.get() { desk(ui) } else { records::records(ui) };
    shown.show()
}
