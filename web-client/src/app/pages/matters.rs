//! All matters, as a table.

use crate::app::components::marks;
use crate::app::components::table::{self, Cell, Line, Lines, Place, table};
use crate::app::filter::ListState;
use crate::app::i18n::desk as w;
use crate::app::markup::{AnyView, Show as _, view};
use crate::app::route::Route;
use crate::app::{Ui, frame, shown, terms, when};
use crate::dom;
use crate::reactive::*;
use mingcha_core::view::{MatterRow, Query};

/// The page.
pub fn matters(ui: Ui) -> AnyView {
    let kept = ui.nav.kept();
    let place = Place::new(kept.top, kept.selected);
    let answer = ui.client.watch_with(move || Query::Matters(place.window()));
    let lines = memo(move || {
        answer.with(|answer| {
            let rows = shown::matters(answer)?;
            let lines = rows.rows.iter().map(|row| line(ui, row)).collect();
            Some(Lines { total: rows.total, first: rows.first, rows: lines })
        })
    });
    let help = RwSignal::new(false);
    table::keys(ui, lines, place, dom::fresh_id(), help);
    effect(move || {
        let (top, selected) = (place.top.get(), place.selected.get());
        ui.nav.keep(&ListState { top, selected, ..ListState::default() });
    });
    let columns = [w::TIME, w::UNIT, w::PROBLEM, w::CATEGORY, w::SEVERITY, w::CITES, w::STATE]
        .map(|text| ui.t(text))
        .to_vec();
    let count = view! { <span class="count">{move || table::range(lines, place)}</span> }.show();
    view! {
        {frame::head(ui, ui.t(w::MATTERS), count)}
        {table(ui, "matters", ui.t(w::MATTERS), columns, lines, place, ui.t(w::NO_MATTERS))}
        {table::key_help(ui, help)}
    }
    .show()
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
