//! All matters, as a table.

use super::list::{List, lines, list};
use crate::app::components::marks;
use crate::app::components::table::{Cell, Line};
use crate::app::i18n::desk as w;
use crate::app::markup::AnyView;
use crate::app::route::Route;
use crate::app::{Ui, shown, terms, when};
use mingcha_core::view::{MatterFilter, MatterRow, Query};

/// The page.
pub fn matters(ui: Ui) -> AnyView {
    list(
        ui,
        List {
            title: w::MATTERS,
            class: "matters",
            columns: [w::TIME, w::UNIT, w::PROBLEM, w::CATEGORY, w::SEVERITY, w::CITES, w::STATE],
            none: w::NO_MATTERS,
            filters: None,
            query: |_, _, window| Query::Matters(MatterFilter::default(), window),
            lines: |ui, answer| shown::matters(answer).map(|rows| lines(rows, |row| line(ui, row))),
        },
    )
}

fn line(ui: Ui, row: &MatterRow) -> Line {
    Line {
        key: (row.matter, None),
        route: Route::Matter(row.matter),
        cells: vec![
            Cell::Plain(when::short(row.opened)),
            Cell::Named(marks::unit_name(ui, row.unit.as_ref()), marks::unit_path(row.unit.as_ref())),
            Cell::Plain(row.title.clone()),
            Cell::Plain(terms::category(&row.category, ui.language)),
            Cell::Tag(
                marks::severity_class(row.severity),
                terms::severity(row.severity, ui.language).to_owned(),
            ),
            Cell::Plain(w::citations(ui.language, row.citations)),
            Cell::Tag(marks::tick_class(row.tick), terms::tick(row.tick, ui.language).to_owned()),
        ],
    }
}
