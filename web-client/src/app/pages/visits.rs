//! All visits, as a table.

use super::list::{List, lines, list};
use crate::app::components::filters::Kind;
use crate::app::components::marks;
use crate::app::components::table::{Cell, Line};
use crate::app::i18n::{common, desk as w};
use crate::app::markup::AnyView;
use crate::app::route::Route;
use crate::app::{Ui, shown, terms, when};
use mingcha_core::view::{Query, VisitRow};

/// The page.
pub fn visits(ui: Ui) -> AnyView {
    list(
        ui,
        List {
            title: w::VISITS,
            class: "visits",
            columns: [w::TIME, w::UNIT, w::MODE, w::TEAM, w::SUMMARY, w::SEVERITY, w::STATE],
            none: w::NO_VISITS,
            filters: Some(Kind::Visits),
            query: |filter, today, window| Query::Visits(filter.visits(today), window),
            lines: |ui, answer| shown::visits(answer).map(|rows| lines(rows, |row| line(ui, row))),
        },
    )
}

fn line(ui: Ui, row: &VisitRow) -> Line {
    let summary = if row.excerpt.is_empty() {
        common::findings(ui.language, row.findings)
    } else {
        format!("{} · {}", common::findings(ui.language, row.findings), row.excerpt)
    };
    let severity = row.gravest.map_or(Cell::Plain(String::new()), |severity| {
        Cell::Tag(marks::severity_class(severity), terms::severity(severity, ui.language).to_owned())
    });
    let state = if row.conflicts > 0 {
        Cell::Tag("tag serious", common::conflicts(ui.language, row.conflicts))
    } else {
        Cell::Tag(marks::state_class(row.state), terms::visit_state(row.state, ui.language).to_owned())
    };
    Line {
        key: (row.visit, None),
        route: Route::Visit(row.visit),
        cells: vec![
            Cell::Plain(when::short(row.started)),
            Cell::Named(marks::unit_name(ui, row.unit.as_ref()), marks::unit_path(row.unit.as_ref())),
            Cell::Plain(terms::mode(row.mode, ui.language).to_owned()),
            Cell::Plain(row.team_name.clone()),
            Cell::Plain(summary),
            severity,
            state,
        ],
    }
}
