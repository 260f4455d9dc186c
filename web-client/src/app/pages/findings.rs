//! Findings of submitted visits, as a table.

use super::visits::keep;
use crate::app::components::filters::{Kind, filters};
use crate::app::components::marks;
use crate::app::components::table::{self, Cell, Line, Lines, Place, table};
use crate::app::i18n::{desk as w, record};
use crate::app::markup::{AnyView, Show as _, view};
use crate::app::route::Route;
use crate::app::{Ui, frame, shown, terms, when};
use crate::dom;
use crate::reactive::*;
use mingcha_core::view::{FindingRow, Query};

/// The page.
pub fn findings(ui: Ui) -> AnyView {
    let kept = ui.nav.kept();
    let filter = RwSignal::new(kept.filter);
    let place = Place::new(kept.top, kept.selected);
    let today = when::today();
    let answer = ui
        .client
        .watch_with(move || Query::Findings(filter.with(|filter| filter.findings(today)), place.window()));
    let lines = memo(move || {
        answer.with(|answer| {
            let rows = shown::findings(answer)?;
            let lines = rows.rows.iter().map(|row| line(ui, row)).collect();
            Some(Lines { total: rows.total, first: rows.first, rows: lines })
        })
    });
    let help = RwSignal::new(false);
    let search = dom::fresh_id();
    table::keys(ui, lines, place, search.clone(), help);
    keep(ui, filter, place);
    let columns = [w::TIME, w::UNIT, w::CATEGORY, w::SEVERITY, w::SUMMARY, w::TEAM, w::STATE]
        .map(|text| ui.t(text))
        .to_vec();
    let count = (move || table::range(lines, place)).show();
    view! {
        {frame::head(ui, ui.t(w::FINDINGS), AnyView::default())}
        {filters(ui, Kind::Findings, filter, search, count)}
        {table(ui, "findings", ui.t(w::FINDINGS), columns, lines, place, ui.t(w::NO_FINDINGS))}
        {table::key_help(ui, help)}
    }
    .show()
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
