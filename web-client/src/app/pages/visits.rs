//! All visits, as a table.

use super::list::{List, lines, list};
use crate::app::components::export::{Sheet, count, moment, unit};
use crate::app::components::filters::Kind;
use crate::app::components::marks;
use crate::app::components::table::{Cell, Column, Line};
use crate::app::i18n::{Text, common, desk as w, review};
use crate::app::markup::AnyView;
use crate::app::route::Route;
use crate::app::{Ui, shown, terms, when};
use mingcha_core::sheet::export::Value;
use mingcha_core::view::{Query, Since, SortKey, VisitRow};

const COLUMNS: [Column; 7] = [
    Column { name: w::TIME, class: "c-time", sort: Some(SortKey::Time) },
    Column { name: w::UNIT, class: "c-unit", sort: Some(SortKey::Unit) },
    Column { name: w::MODE, class: "c-word", sort: None },
    Column { name: w::TEAM, class: "c-word", sort: None },
    Column { name: w::SUMMARY, class: "c-rest", sort: None },
    Column { name: w::SEVERITY, class: "c-severity", sort: Some(SortKey::Severity) },
    Column { name: w::STATE, class: "c-state", sort: Some(SortKey::State) },
];

const SHEET: [Text; 11] = [
    w::TIME,
    review::UNIT_CODE,
    w::UNIT,
    review::UNIT_PATH,
    w::MODE,
    w::TEAM,
    review::COUNT_FINDINGS,
    review::COUNT_WAITING,
    w::SEVERITY,
    w::STATE,
    review::WORDS,
];

/// The page.
pub fn visits(ui: Ui) -> AnyView {
    list(
        ui,
        List {
            name: "visits",
            title: w::VISITS,
            columns: &COLUMNS,
            none: w::NO_VISITS,
            kind: Kind::Visits,
            query: |filter, today, window| Query::Visits(filter.visits(today), window),
            lines: |ui, answer| shown::visits(answer).map(|rows| lines(rows, |row| line(ui, row))),
            sheet: Sheet {
                columns: &SHEET,
                rows: |ui, answer| {
                    shown::visits(answer)
                        .map(|rows| Sheet::rows(rows, |row| ((row.visit, None), values(ui, row))))
                },
                in_full: Some(10),
            },
        },
    )
}

fn line(ui: Ui, row: &VisitRow) -> Line {
    let mut summary = vec![row.excerpt.clone(), common::findings(ui.language, row.findings)];
    if row.waiting > 0 {
        summary.push(review::waiting(ui.language, row.waiting));
    }
    summary.retain(|part| !part.is_empty());
    let severity = row.gravest.map_or(Cell::Plain(String::new()), |severity| {
        Cell::Tag(marks::severity_class(severity), terms::severity(severity, ui.language).to_owned())
    });
    let state = if row.conflicts > 0 {
        Cell::Tag("tag serious", common::conflicts(ui.language, row.conflicts))
    } else if row.since_submitted == Since::Changed {
        Cell::Tag("tag serious", terms::since_submitted(row.since_submitted, ui.language).to_owned())
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
            Cell::Plain(summary.join(" · ")),
            severity,
            state,
        ],
    }
}

fn values(ui: Ui, row: &VisitRow) -> Vec<Value> {
    let [code, name, path] = unit(ui, row.unit.as_ref());
    let severity = row.gravest.map_or("", |severity| terms::severity(severity, ui.language));
    vec![
        moment(row.started),
        code,
        name,
        path,
        Value::Text(terms::mode(row.mode, ui.language).to_owned()),
        Value::Text(row.team_name.clone()),
        count(row.findings),
        count(row.waiting),
        Value::Text(severity.to_owned()),
        Value::Text(terms::visit_state(row.state, ui.language).to_owned()),
        Value::Text(row.excerpt.clone()),
    ]
}
