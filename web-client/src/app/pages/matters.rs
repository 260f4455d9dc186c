//! All matters, as a table.

use super::list::{List, lines, list};
use crate::app::components::export::{Sheet, count, moment, unit};
use crate::app::components::filters::Kind;
use crate::app::components::marks;
use crate::app::components::table::{Cell, Column, Line};
use crate::app::i18n::{Text, assign, desk as w, review};
use crate::app::markup::AnyView;
use crate::app::route::Route;
use crate::app::{Ui, shown, terms, when};
use mingcha_core::sheet::export::Value;
use mingcha_core::view::{MatterRow, Query, SortKey};

const COLUMNS: [Column; 7] = [
    Column { name: w::OPENED, class: "c-time", sort: Some(SortKey::Time) },
    Column { name: w::UNIT, class: "c-unit", sort: Some(SortKey::Unit) },
    Column { name: w::PROBLEM, class: "c-rest", sort: None },
    Column { name: w::CATEGORY, class: "c-category", sort: Some(SortKey::Category) },
    Column { name: w::SEVERITY, class: "c-severity", sort: Some(SortKey::Severity) },
    Column { name: w::CITES, class: "c-word", sort: None },
    Column { name: assign::DELIVERED, class: "c-tick", sort: None },
];

const SHEET: [Text; 8] = [
    w::OPENED,
    review::UNIT_CODE,
    w::UNIT,
    review::UNIT_PATH,
    w::PROBLEM,
    w::CATEGORY,
    w::SEVERITY,
    review::COUNT_CITED,
];

/// The page.
pub fn matters(ui: Ui) -> AnyView {
    list(
        ui,
        List {
            name: "matters",
            title: w::MATTERS,
            columns: &COLUMNS,
            none: w::NO_MATTERS,
            kind: Kind::Matters,
            query: |filter, _, window| Query::Matters(filter.matters(), window),
            lines: |ui, answer| shown::matters(answer).map(|rows| lines(rows, |row| line(ui, row))),
            sheet: Sheet {
                columns: &SHEET,
                rows: |ui, answer| {
                    shown::matters(answer)
                        .map(|rows| Sheet::rows(rows, |row| ((row.matter, None), values(ui, row))))
                },
                in_full: None,
            },
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
            Cell::Plain(w::cited(ui.language, row.citations)),
            Cell::Tag(marks::tick_class(row.tick), terms::tick(row.tick, ui.language).to_owned()),
        ],
    }
}

fn values(ui: Ui, row: &MatterRow) -> Vec<Value> {
    let [code, name, path] = unit(ui, row.unit.as_ref());
    vec![
        moment(row.opened),
        code,
        name,
        path,
        Value::Text(row.title.clone()),
        Value::Text(terms::category(&row.category, ui.language)),
        Value::Text(terms::severity(row.severity, ui.language).to_owned()),
        count(row.citations),
    ]
}
