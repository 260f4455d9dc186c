//! Findings of submitted visits, as a table.

use super::list::{List, lines, list};
use crate::app::components::filters::Kind;
use crate::app::components::marks;
use crate::app::components::table::{Cell, Line};
use crate::app::i18n::{desk as w, record};
use crate::app::markup::AnyView;
use crate::app::route::Route;
use crate::app::{Ui, shown, terms, when};
use mingcha_core::view::{FindingRow, Query};

/// The page.
pub fn findings(ui: Ui) -> AnyView {
    list(
        ui,
        List {
            title: w::FINDINGS,
            class: "findings",
            columns: [w::TIME, w::UNIT, w::CATEGORY, w::SEVERITY, w::SUMMARY, w::TEAM, w::STATE],
            none: w::NO_FINDINGS,
            filters: Some(Kind::Findings),
            query: |filter, today, window| Query::Findings(filter.findings(today), window),
            lines: |ui, answer| shown::findings(answer).map(|rows| lines(rows, |row| line(ui, row))),
        },
    )
}

fn line(ui: Ui, row: &FindingRow) -> Line {
    let category = match row.category.as_str() {
        "" => ui.t(record::NO_CATEGORY).to_owned(),
        code => terms::category(code, ui.language),
    };
    let severity = row.severity.map_or(Cell::Plain(String::new()), |severity| {
        Cell::Tag(marks::severity_class(severity), terms::severity(severity, ui.language).to_owned())
    });
    let summary = [row.place.as_str(), row.person.as_str(), row.excerpt.as_str()]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(" · ");
    let state = if row.matters.is_empty() {
        Cell::Plain(ui.t(w::TO_JOIN).to_owned())
    } else {
        Cell::Tag("tag done", ui.t(w::IN_MATTER).to_owned())
    };
    Line {
        key: (row.visit, Some(row.finding)),
        route: Route::Compare(row.visit, Some(row.finding)),
        cells: vec![
            Cell::Plain(when::short(row.started)),
            Cell::Named(marks::unit_name(ui, row.unit.as_ref()), marks::unit_path(row.unit.as_ref())),
            Cell::Plain(category),
            severity,
            Cell::Plain(summary),
            Cell::Plain(row.team_name.clone()),
            state,
        ],
    }
}
