//! All visits, as a table.

use crate::app::components::filters::{Kind, filters};
use crate::app::components::marks;
use crate::app::components::table::{self, Cell, Line, Lines, Place, table};
use crate::app::filter::ListState;
use crate::app::i18n::{common, desk as w};
use crate::app::markup::{AnyView, Show as _, view};
use crate::app::route::Route;
use crate::app::{Ui, frame, shown, terms, when};
use crate::dom;
use crate::reactive::*;
use mingcha_core::view::{Query, VisitRow};

/// The page.
pub fn visits(ui: Ui) -> AnyView {
    let kept = ui.nav.kept();
    let filter = RwSignal::new(kept.filter);
    let place = Place::new(kept.top, kept.selected);
    let today = when::today();
    let answer = ui
        .client
        .watch_with(move || Query::Visits(filter.with(|filter| filter.visits(today)), place.window()));
    let lines = memo(move || {
        answer.with(|answer| {
            let rows = shown::visits(answer)?;
            let lines = rows.rows.iter().map(|row| line(ui, row)).collect();
            Some(Lines { total: rows.total, first: rows.first, rows: lines })
        })
    });
    let help = RwSignal::new(false);
    let search = dom::fresh_id();
    table::keys(ui, lines, place, search.clone(), help);
    keep(ui, filter, place);
    let columns = [w::TIME, w::UNIT, w::MODE, w::TEAM, w::SUMMARY, w::SEVERITY, w::STATE]
        .map(|text| ui.t(text))
        .to_vec();
    let count = (move || table::range(lines, place)).show();
    view! {
        {frame::head(ui, ui.t(w::VISITS), AnyView::default())}
        {filters(ui, Kind::Visits, filter, search, count)}
        {table(ui, "visits", ui.t(w::VISITS), columns, lines, place, ui.t(w::NO_VISITS))}
        {table::key_help(ui, help)}
    }
    .show()
}

/// Remembers the list in the history; another filter begins at its first row.
pub fn keep(ui: Ui, filter: RwSignal<crate::app::filter::Filter>, place: Place) {
    Effect::new(move |before: Option<crate::app::filter::Filter>| {
        let filter = filter.get();
        if before.is_some_and(|before| before != filter) {
            place.rewind();
        }
        filter
    });
    effect(move || {
        ui.nav.keep(&ListState {
            filter: filter.get(),
            top: place.top.get(),
            selected: place.selected.get(),
        });
    });
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
