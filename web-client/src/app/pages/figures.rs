//! A few honest charts over the findings that the filters let through.

use crate::app::components::chart::{Bar, Numbers, bars, columns, figure};
use crate::app::components::filters::{Kind, filters};
use crate::app::components::marks;
use crate::app::filter::{ListState, decode, encode};
use crate::app::i18n::{Text, desk, figures as w, review};
use crate::app::markup::{AnyView, Show as _, view};
use crate::app::pages::findings::category;
use crate::app::pages::{matter, unit};
use crate::app::{Ui, frame, shown, terms, when};
use crate::dom;
use crate::reactive::*;
use mingcha_core::domain::Severity;
use mingcha_core::view::{FiguresView, IsoWeek, Median, Query};

/// How many weeks the chart shows.
const WEEKS: usize = 26;

/// The page.
pub fn figures(ui: Ui) -> AnyView {
    let is_read = memo(move || ui.nav.is_read());
    (move || is_read.get().then(|| page(ui))).show()
}

fn page(ui: Ui) -> AnyView {
    let kept = ui.nav.kept().and_then(|bytes| decode::<ListState>(&bytes)).unwrap_or_default();
    let filter = RwSignal::new(kept.filter);
    effect(move || {
        let list = ListState { filter: filter.get(), ..ListState::default() };
        ui.nav.keep(ui.client, encode(&list));
    });
    let (today, offset) = (when::today(), when::offset_minutes());
    let answer = ui
        .client
        .watch_with(move || Query::Figures { filter: filter.with(|filter| filter.findings(today)), offset });
    let basis = move || {
        answer.with(|answer| {
            let figures = shown::figures(answer)?;
            Some(w::basis(ui.language, figures.findings, figures.visits))
        })
    };
    let charts = move || answer.with(|answer| shown::figures(answer).map(|figures| charts(ui, figures)));
    view! {
        {frame::head(ui, ui.t(review::FIGURES), matter::print(ui))}
        {filters(ui, Kind::Findings, filter, dom::fresh_id(), basis.show())}
        <div class="list wide charts">{charts}</div>
    }
    .show()
}

fn charts(ui: Ui, figures: &FiguresView) -> AnyView {
    if figures.findings == 0 {
        return view! { <p class="nothing">{ui.t(desk::NO_FINDINGS)}</p> }.show();
    }
    let by_category: Vec<(String, AnyView, u32)> = figures
        .by_category
        .iter()
        .map(|(code, count)| (category(ui, code), category(ui, code).show(), *count))
        .collect();
    let by_unit: Vec<(String, AnyView, u32)> = figures
        .by_unit
        .iter()
        .map(|(summary, count)| {
            let name = marks::unit_name(ui, summary.as_ref());
            let head = match summary {
                Some(summary) => unit::link(ui, summary.clone(), name.clone()),
                None => name.clone().show(),
            };
            (name, head, *count)
        })
        .collect();
    let only = (figures.by_unit.len() >= 30).then(|| view! { <p class="hint">{ui.t(w::ONLY_THIRTY)}</p> });
    let basis = w::basis(ui.language, figures.findings, figures.visits);
    view! {
        {counted(ui, w::BY_CATEGORY, desk::CATEGORY, by_category, figures.findings, &basis, AnyView::default())}
        {severities(ui, figures, &basis)}
        {weeks(ui, figures, &basis)}
        {counted(ui, w::BY_UNIT, desk::UNIT, by_unit, figures.findings, &basis, only.show())}
        {medians(ui, figures)}
    }
    .show()
}

/// Bars of counts, the most first, with their share of all.
fn counted(
    ui: Ui,
    title: Text,
    head: Text,
    counts: Vec<(String, AnyView, u32)>,
    all: u32,
    basis: &str,
    hint: AnyView,
) -> AnyView {
    let drawn: Vec<Bar> = counts
        .iter()
        .map(|(label, _, count)| Bar {
            label: label.clone(),
            value: u64::from(*count),
            number: desk::grouped(*count),
            class: "",
        })
        .collect();
    let rows = counts
        .into_iter()
        .map(|(_, head, count)| vec![head, desk::grouped(count).show(), share(count, all).show()])
        .collect();
    let heads = [head, w::NUMBER, w::SHARE].map(|text| ui.t(text)).to_vec();
    let title = ui.t(title);
    figure(ui, title, basis.to_owned(), bars(title, &drawn), hint, Numbers { heads, rows })
}

fn share(count: u32, all: u32) -> String {
    w::percent((u64::from(count) * 1_000 / u64::from(all.max(1))) as u32)
}

fn severities(ui: Ui, figures: &FiguresView, basis: &str) -> AnyView {
    let name = |severity: Option<Severity>| match severity {
        Some(severity) => terms::severity(severity, ui.language),
        None => ui.t(w::NO_SEVERITY),
    };
    let class = |severity| match severity {
        Some(Severity::Grave) => "bad",
        Some(Severity::Serious) => "warn",
        Some(Severity::Minor) => "",
        None => "none",
    };
    let drawn: Vec<Bar> = figures
        .by_severity
        .iter()
        .map(|(severity, count)| Bar {
            label: name(*severity).to_owned(),
            value: u64::from(*count),
            number: desk::grouped(*count),
            class: class(*severity),
        })
        .collect();
    let row = |(severity, count): &(Option<Severity>, u32)| {
        vec![name(*severity).show(), desk::grouped(*count).show(), share(*count, figures.findings).show()]
    };
    let rows = figures.by_severity.iter().map(row).collect();
    let heads = [desk::SEVERITY, w::NUMBER, w::SHARE].map(|text| ui.t(text)).to_vec();
    let title = ui.t(w::BY_SEVERITY);
    figure(ui, title, basis.to_owned(), bars(title, &drawn), AnyView::default(), Numbers { heads, rows })
}

fn weeks(ui: Ui, figures: &FiguresView, basis: &str) -> AnyView {
    let all = without_gaps(&figures.by_week);
    let drawn: Vec<Bar> = all[all.len().saturating_sub(WEEKS)..]
        .iter()
        .map(|(week, count)| Bar {
            label: w::week_short(ui.language, *week),
            value: u64::from(*count),
            number: desk::grouped(*count),
            class: "",
        })
        .collect();
    let row = |(week, count): &(IsoWeek, u32)| {
        vec![w::week(ui.language, *week).show(), desk::grouped(*count).show()]
    };
    let rows = all.iter().rev().map(row).collect();
    let heads = [w::WEEK, w::NUMBER].map(|text| ui.t(text)).to_vec();
    let hint = (all.len() > WEEKS).then(|| view! { <p class="hint">{ui.t(w::LAST_WEEKS)}</p> });
    let title = ui.t(w::BY_WEEK);
    figure(ui, title, basis.to_owned(), columns(title, &drawn), hint.show(), Numbers { heads, rows })
}

/// Every week from the first to the last, those without any findings too: a chart that left them out would lie.
fn without_gaps(weeks: &[(IsoWeek, u32)]) -> Vec<(IsoWeek, u32)> {
    let mut all: Vec<(IsoWeek, u32)> = Vec::new();
    for &(week, count) in weeks {
        while let Some(next) = all.last().map(|(last, _)| after(*last)).filter(|next| *next < week) {
            all.push((next, 0));
        }
        all.push((week, count));
    }
    all
}

fn after(IsoWeek { year, week }: IsoWeek) -> IsoWeek {
    if week < weeks_in(year) { IsoWeek { year, week: week + 1 } } else { IsoWeek { year: year + 1, week: 1 } }
}

/// A year has 53 weeks when it begins or ends on a Thursday.
fn weeks_in(year: u32) -> u32 {
    let last_weekday = |year: u32| (year + year / 4 - year / 100 + year / 400) % 7;
    if last_weekday(year) == 4 || last_weekday(year - 1) == 3 { 53 } else { 52 }
}

fn medians(ui: Ui, figures: &FiguresView) -> AnyView {
    let steps = [
        (w::TO_SUBMITTED, figures.to_submitted),
        (w::TO_READ, figures.to_read),
        (w::TO_CONFIRMED, figures.to_confirmed),
        (w::TO_MATTER, figures.to_matter),
    ];
    let said = |median: Median| match median.of {
        0 => ui.t(w::NO_CASE).to_owned(),
        _ => w::duration(ui.language, median.millis),
    };
    let drawn: Vec<Bar> = steps
        .iter()
        .map(|(name, median)| Bar {
            label: ui.t(*name).to_owned(),
            value: median.millis,
            number: said(*median),
            class: "",
        })
        .collect();
    let row = |(name, median): &(Text, Median)| {
        vec![ui.t(*name).show(), said(*median).show(), w::cases(ui.language, median.of).show()]
    };
    let rows = steps.iter().map(row).collect();
    let heads = [w::STEP, w::MEDIAN, w::CASES].map(|text| ui.t(text)).to_vec();
    let title = ui.t(w::MEDIANS);
    let words = ui.t(w::MEDIAN_HELP).to_owned();
    figure(ui, title, words, bars(title, &drawn), AnyView::default(), Numbers { heads, rows })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn years_have_52_or_53_weeks() {
        let long: Vec<u32> = (2015..=2032).filter(|year| weeks_in(*year) == 53).collect();
        assert_eq!(long, [2015, 2020, 2026, 2032]);
    }

    #[test]
    fn weeks_without_findings_are_shown_too() {
        let week = |year, week| IsoWeek { year, week };
        let all = without_gaps(&[(week(2026, 52), 2), (week(2027, 2), 1)]);
        assert_eq!(all, [(week(2026, 52), 2), (week(2026, 53), 0), (week(2027, 1), 0), (week(2027, 2), 1)]);
    }
}
