//! The row of filters above a list.

use crate::app::components::category::category_select;
use crate::app::components::form::select;
use crate::app::components::unit_picker::unit_picker;
use crate::app::filter::Filter;
use crate::app::i18n::{Text, desk as w, review};
use crate::app::markup::{AnyView, Show as _, view};
use crate::app::{Ui, shown, terms};
use crate::dom;
use crate::reactive::*;
use mingcha_core::domain::{Mode, ReviewState, Severity, VisitState};
use mingcha_core::view::{Merged, Query, Stage};

/// How long after the last keystroke a search begins.
const SEARCH_MILLIS: i32 = 150;

/// Which filters a list has.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Visits: by stage, state and mode.
    Visits,
    /// Findings: by category, severity, review, and whether a matter cites them.
    Findings,
    /// Matters: by category and severity; they have no team, and are begun at no visit.
    Matters,
}

/// The filters; `search` is the id of the search field.
pub fn filters(ui: Ui, kind: Kind, filter: RwSignal<Filter>, search: String, count: AnyView) -> AnyView {
    let own: AnyView = match kind {
        Kind::Visits => view! { {stage(ui, filter)}{state(ui, filter)}{mode(ui, filter)} }.show(),
        Kind::Findings => view! {
            {category(ui, filter)}{severity(ui, filter)}{reviewed(ui, filter)}{merged(ui, filter)}
        }
        .show(),
        Kind::Matters => view! { {category(ui, filter)}{severity(ui, filter)} }.show(),
    };
    let of_visits = (kind != Kind::Matters).then(|| view! { {team(ui, filter)}{period(ui, filter)} }.show());
    let clear = move || {
        (!filter.with(Filter::is_open)).then(|| {
            let all = move |_| filter.update(Filter::clear);
            view! { <button type="button" class="quiet" on:click=all>{ui.t(w::CLEAR)}</button> }
        })
    };
    view! {
        <div class="filters" role="group" aria-label=ui.t(w::FILTERS)>
            {unit(ui, filter)}
            {own}
            {of_visits}
            {search_field(ui, filter, search)}
            {clear}
            <span class="count" role="status" aria-live="polite">{count}</span>
        </div>
    }
    .show()
}

fn search_field(ui: Ui, filter: RwSignal<Filter>, id: String) -> AnyView {
    let timer = StoredValue::new_local(None::<dom::Timer>);
    let input = move |event: web_sys::Event| {
        let text = dom::typed(&event);
        let later = dom::later(SEARCH_MILLIS, move || {
            filter.try_update(|filter| filter.text = text);
        });
        timer.set_value(Some(later));
    };
    view! {
        <div class="field search">
            <label for=id.clone()>{ui.t(w::SEARCH)}</label>
            <input
                id=id
                type="search"
                autocomplete="off"
                placeholder=ui.t(w::SEARCH_HINT)
                prop:value=move || filter.with(|filter| filter.text.clone())
                on:input=input
            />
        </div>
    }
    .show()
}

fn unit(ui: Ui, filter: RwSignal<Filter>) -> AnyView {
    let open = RwSignal::new(false);
    let pick = callback(move |unit| filter.update(|filter| filter.unit = Some(unit)));
    let name = move || {
        filter.with(|filter| match &filter.unit {
            Some(unit) => unit.name.clone(),
            None => ui.t(w::ANY_UNIT).to_owned(),
        })
    };
    let clear = move || {
        filter.with(|filter| filter.unit.is_some()).then(|| {
            let label = ui.t(w::ANY_UNIT);
            view! {
                <button
                    type="button"
                    class="quiet"
                    aria-label=label
                    on:click=move |_| filter.update(|filter| filter.unit = None)
                >
                    "×"
                </button>
            }
        })
    };
    view! {
        <div class="field">
            <span class="label" id="filter-unit">{ui.t(w::UNIT)}</span>
            <button
                type="button"
                class="chip"
                class:on=move || filter.with(|filter| filter.unit.is_some())
                aria-describedby="filter-unit"
                on:click=move |_| open.set(true)
            >
                {name}
            </button>
            {clear}
        </div>
        {unit_picker(ui, open, pick)}
    }
    .show()
}

fn stage(ui: Ui, filter: RwSignal<Filter>) -> AnyView {
    let options = vec![
        (String::new(), ui.t(w::STAGE_ALL).to_owned()),
        ("s".to_owned(), ui.t(w::STAGE_SUBMITTED).to_owned()),
    ];
    let value = derived(move || match filter.with(|filter| filter.stage) {
        Stage::All => String::new(),
        Stage::Submitted => "s".to_owned(),
    });
    let choose = callback(move |code: String| {
        let stage = if code.is_empty() { Stage::All } else { Stage::Submitted };
        filter.update(|filter| filter.stage = stage);
    });
    plain(ui.t(w::STAGE), options, value, choose)
}

fn mode(ui: Ui, filter: RwSignal<Filter>) -> AnyView {
    let mut options = vec![(String::new(), ui.t(w::ANY_MODE).to_owned())];
    options.extend(terms::modes(ui.language));
    let value = derived(move || {
        filter.with(|filter| filter.mode.map(|mode| mode.code().to_owned()).unwrap_or_default())
    });
    let choose = callback(move |code: String| filter.update(|filter| filter.mode = Mode::from_code(&code)));
    plain(ui.t(w::MODE), options, value, choose)
}

/// What can be chosen: a value with its word; none stands for any.
fn one_of<T: Copy + PartialEq + Send + Sync + 'static>(
    ui: Ui,
    label: Text,
    any: Text,
    all: Vec<(T, &'static str)>,
    value: Signal<Option<T>>,
    choose: Callback<Option<T>>,
) -> AnyView {
    let mut options = vec![(String::new(), ui.t(any).to_owned())];
    options.extend(all.iter().enumerate().map(|(at, (_, word))| (at.to_string(), (*word).to_owned())));
    let values: Vec<T> = all.into_iter().map(|(value, _)| value).collect();
    let known = values.clone();
    let value = derived(move || {
        let at = value.get().and_then(|value| known.iter().position(|one| *one == value));
        at.map(|at| at.to_string()).unwrap_or_default()
    });
    let choose = callback(move |code: String| {
        choose.run(code.parse::<usize>().ok().and_then(|at| values.get(at).copied()));
    });
    plain(ui.t(label), options, value, choose)
}

fn state(ui: Ui, filter: RwSignal<Filter>) -> AnyView {
    use VisitState::{Disputed, Draft, SentBack, Submitted, Voided};
    let all = [Submitted, SentBack, Disputed, Draft, Voided];
    let all = all.map(|state| (state, terms::visit_state(state, ui.language))).to_vec();
    let value = derived(move || filter.with(|filter| filter.state));
    let choose = callback(move |state| filter.update(|filter| filter.state = state));
    one_of(ui, w::STATE, review::ANY_STATE, all, value, choose)
}

fn reviewed(ui: Ui, filter: RwSignal<Filter>) -> AnyView {
    use ReviewState::{Confirmed, Disputed, Rejected, Struck, Waiting};
    let all = [Waiting, Confirmed, Rejected, Disputed, Struck];
    let all = all.map(|state| (state, terms::review_state(state, ui.language))).to_vec();
    let value = derived(move || filter.with(|filter| filter.review));
    let choose = callback(move |state| filter.update(|filter| filter.review = state));
    one_of(ui, review::REVIEW, review::ANY_REVIEW, all, value, choose)
}

fn merged(ui: Ui, filter: RwSignal<Filter>) -> AnyView {
    let all = [Merged::Not, Merged::Yes].map(|merged| (merged, terms::merged(merged, ui.language))).to_vec();
    let value =
        derived(move || Some(filter.with(|filter| filter.merged)).filter(|merged| *merged != Merged::Any));
    let choose = callback(move |merged: Option<Merged>| {
        filter.update(|filter| filter.merged = merged.unwrap_or_default())
    });
    one_of(ui, w::MATTERS, review::ANY_MERGED, all, value, choose)
}

fn category(ui: Ui, filter: RwSignal<Filter>) -> AnyView {
    let value = derived(move || filter.with(|filter| filter.category.clone().unwrap_or_default()));
    let choose = callback(move |code: String| {
        filter.update(|filter| filter.category = (!code.is_empty()).then_some(code));
    });
    category_select(ui, ui.t(w::CATEGORY), ui.t(w::ANY_CATEGORY), value, choose)
}

fn severity(ui: Ui, filter: RwSignal<Filter>) -> AnyView {
    let mut options = vec![(String::new(), ui.t(w::ANY_SEVERITY).to_owned())];
    options.extend(terms::severities(ui.language).into_iter().enumerate().map(|(at, (code, name))| {
        let graver = at > 0 && at + 1 < Severity::ALL.len();
        (code, if graver { w::or_graver(ui.language, &name) } else { name })
    }));
    let value = derived(move || {
        let severity = filter.with(|filter| filter.severity);
        severity.map(|severity| severity.code().to_owned()).unwrap_or_default()
    });
    let choose =
        callback(move |code: String| filter.update(|filter| filter.severity = Severity::from_code(&code)));
    plain(ui.t(w::SEVERITY), options, value, choose)
}

fn team(ui: Ui, filter: RwSignal<Filter>) -> AnyView {
    let answer = ui.client.watch(Query::Teams);
    let teams = memo(move || {
        answer.with(|answer| {
            let teams = shown::teams(answer).map(Vec::as_slice).unwrap_or_default();
            teams.iter().map(|team| (team.team.to_string(), team.name.clone())).collect::<Vec<_>>()
        })
    });
    let value =
        derived(move || filter.with(|filter| filter.team.map(|team| team.to_string()).unwrap_or_default()));
    let choose = callback(move |code: String| filter.update(|filter| filter.team = code.parse().ok()));
    let shown = move || {
        let mut options = vec![(String::new(), ui.t(w::ANY_TEAM).to_owned())];
        options.extend(teams.get());
        plain(ui.t(w::TEAM), options, value, choose)
    };
    shown.show()
}

fn period(ui: Ui, filter: RwSignal<Filter>) -> AnyView {
    let options = [("", w::ANY_TIME), ("7", w::THIS_WEEK), ("30", w::THIS_MONTH), ("365", w::THIS_YEAR)]
        .into_iter()
        .map(|(code, name)| (code.to_owned(), ui.t(name).to_owned()))
        .collect();
    let value =
        derived(move || filter.with(|filter| filter.days.map(|days| days.to_string()).unwrap_or_default()));
    let choose = callback(move |code: String| filter.update(|filter| filter.days = code.parse().ok()));
    plain(ui.t(w::PERIOD), options, value, choose)
}

fn plain(
    label: &'static str,
    options: Vec<(String, String)>,
    value: Signal<String>,
    choose: Callback<String>,
) -> AnyView {
    select(label, vec![(String::new(), options)], value, choose)
}
