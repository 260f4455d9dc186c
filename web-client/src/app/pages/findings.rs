//! Findings of submitted visits, as a table.

use super::list::{List, lines, list};
use crate::app::components::export::{Sheet, moment, unit};
use crate::app::components::filters::Kind;
use crate::app::components::marks;
use crate::app::components::table::{Cell, Column, Line};
use crate::app::i18n::common::aside;
use crate::app::i18n::{Text, desk as w, record, review};
use crate::app::markup::AnyView;
use crate::app::route::Route;
use crate::app::{Ui, shown, terms, when};
use mingcha_core::domain::ReviewState;
use mingcha_core::sheet::export::Value;
use mingcha_core::view::{FindingRow, Merged, Query, Since, SortKey};

const COLUMNS: [Column; 8] = [
    Column { name: w::TIME, class: "c-time", sort: Some(SortKey::Time) },
    Column { name: w::UNIT, class: "c-unit", sort: Some(SortKey::Unit) },
    Column { name: w::CATEGORY, class: "c-category", sort: Some(SortKey::Category) },
    Column { name: w::SEVERITY, class: "c-severity", sort: Some(SortKey::Severity) },
    Column { name: w::SUMMARY, class: "c-rest", sort: None },
    Column { name: w::TEAM, class: "c-word", sort: None },
    Column { name: review::REVIEW, class: "c-review", sort: Some(SortKey::State) },
    Column { name: w::MATTERS, class: "c-state", sort: None },
];

const SHEET: [Text; 13] = [
    w::TIME,
    review::UNIT_CODE,
    w::UNIT,
    review::UNIT_PATH,
    w::CATEGORY,
    w::SEVERITY,
    record::PLACE,
    record::PERSON,
    review::WORDS,
    w::TEAM,
    review::AUTHORS,
    review::REVIEW,
    w::MATTERS,
];

/// The page.
pub fn findings(ui: Ui) -> AnyView {
    list(
        ui,
        List {
            name: "findings",
            title: w::FINDINGS,
            columns: &COLUMNS,
            none: w::NO_FINDINGS,
            kind: Kind::Findings,
            query: |filter, today, window| Query::Findings(filter.findings(today), window),
            lines: |ui, answer| shown::findings(answer).map(|rows| lines(rows, |row| line(ui, row))),
            sheet: Sheet {
                columns: &SHEET,
                rows: |ui, answer| {
                    shown::findings(answer).map(|rows| {
                        Sheet::rows(rows, |row| ((row.visit, Some(row.finding)), values(ui, row)))
                    })
                },
                in_full: Some(8),
            },
        },
    )
}

/// What a finding's category is called.
pub fn category(ui: Ui, code: &str) -> String {
    if code.is_empty() { ui.t(record::NO_CATEGORY).to_owned() } else { terms::category(code, ui.language) }
}

/// How a state of review looks.
pub fn review_class(state: ReviewState) -> &'static str {
    match state {
        ReviewState::Waiting | ReviewState::Struck | ReviewState::Rejected => "tag",
        ReviewState::Confirmed => "tag done",
        ReviewState::Disputed => "tag serious",
    }
}

fn line(ui: Ui, row: &FindingRow) -> Line {
    let severity = row.severity.map_or(Cell::Plain(String::new()), |severity| {
        Cell::Tag(marks::severity_class(severity), terms::severity(severity, ui.language).to_owned())
    });
    let summary = [row.excerpt.as_str(), row.place.as_str(), row.person.as_str()]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(" · ");
    let review = match row.since {
        Since::Changed => Cell::Tag("tag serious", terms::since_review(row.since, ui.language).to_owned()),
        Since::Unchanged => {
            Cell::Tag(review_class(row.review), terms::review_state(row.review, ui.language).to_owned())
        }
    };
    let matter = if row.matters.is_empty() {
        Cell::Plain(ui.t(w::TO_JOIN).to_owned())
    } else {
        Cell::Tag("tag done", ui.t(w::IN_MATTER).to_owned())
    };
    Line {
        key: (row.visit, Some(row.finding)),
        route: Route::Review(Some((row.visit, row.finding))),
        cells: vec![
            Cell::Plain(when::short(row.started)),
            Cell::Named(marks::unit_name(ui, row.unit.as_ref()), marks::unit_path(row.unit.as_ref())),
            Cell::Plain(category(ui, &row.category)),
            severity,
            Cell::Plain(summary),
            Cell::Plain(row.team_name.clone()),
            review,
            matter,
        ],
    }
}

fn values(ui: Ui, row: &FindingRow) -> Vec<Value> {
    let [code, name, path] = unit(ui, row.unit.as_ref());
    let severity = row.severity.map_or("", |severity| terms::severity(severity, ui.language));
    let authors: Vec<&str> = row.authors.iter().map(|(_, name)| name.as_str()).collect();
    let mut review = terms::review_state(row.review, ui.language).to_owned();
    if row.since == Since::Changed {
        review.push_str(&aside(ui.language, terms::since_review(row.since, ui.language)));
    }
    let merged = if row.matters.is_empty() { Merged::Not } else { Merged::Yes };
    vec![
        moment(row.started),
        code,
        name,
        path,
        Value::Text(category(ui, &row.category)),
        Value::Text(severity.to_owned()),
        Value::Text(row.place.clone()),
        Value::Text(row.person.clone()),
        Value::Text(row.excerpt.clone()),
        Value::Text(row.team_name.clone()),
        Value::Text(w::joined(ui.language, &authors)),
        Value::Text(review),
        Value::Text(terms::merged(merged, ui.language).to_owned()),
    ]
}
