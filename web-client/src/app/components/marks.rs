//! Small signs that say how things stand, the same everywhere.

use crate::app::i18n::common as w;
use crate::app::markup::{AnyView, Show as _, view};
use crate::app::{Ui, terms};
use crate::reactive::*;
use mingcha_core::domain::{Severity, VisitState};
use mingcha_core::units::{UnitOrigin, UnitSummary};
use mingcha_core::view::{ReexaminedView, Tick};

/// One of the three ticks, with its word.
pub fn tick(ui: Ui, tick: Tick) -> AnyView {
    view! { <span class=tick_class(tick)>{terms::tick(tick, ui.language)}</span> }.show()
}

/// How a tick looks.
pub fn tick_class(tick: Tick) -> &'static str {
    match tick {
        Tick::Saving => "mark writing",
        Tick::Saved => "mark",
        Tick::Held => "mark held",
        Tick::Read => "mark read",
    }
}

/// How the visit being recorded is saved: the tick, as soon as nothing is being written any more.
pub fn saving(ui: Ui, tick: Signal<Tick>) -> AnyView {
    let unanswered = ui.client.unanswered();
    let now = memo(move || {
        let writing = ui.typing.get() > 0 || unanswered.get() > 0;
        if writing { Tick::Saving } else { tick.get() }
    });
    let class = move || tick_class(now.get());
    let word = move || terms::tick(now.get(), ui.language);
    view! { <span role="status" aria-live="polite" class=class>{word}</span> }.show()
}

/// A severity as a coloured word.
pub fn severity(ui: Ui, severity: Severity) -> AnyView {
    view! { <span class=severity_class(severity)>{terms::severity(severity, ui.language)}</span> }.show()
}

/// How a severity looks.
pub fn severity_class(severity: Severity) -> &'static str {
    match severity {
        Severity::Minor => "tag",
        Severity::Serious => "tag serious",
        Severity::Grave => "tag grave",
    }
}

/// How a state looks.
pub fn state_class(state: VisitState) -> &'static str {
    match state {
        VisitState::Draft => "tag",
        VisitState::Submitted => "tag done",
        VisitState::Voided => "tag",
        VisitState::Disputed | VisitState::SentBack => "tag serious",
    }
}

/// A unit's name, or that none is chosen yet.
pub fn unit_name(ui: Ui, unit: Option<&UnitSummary>) -> String {
    match unit {
        None => ui.t(w::UNIT_UNKNOWN).into(),
        Some(unit) if unit.origin == UnitOrigin::Placeholder => {
            format!("{}{}", unit.name, w::aside(ui.language, ui.t(w::PLACEHOLDER)))
        }
        Some(unit) => unit.name.clone(),
    }
}

/// Where a unit belongs: the names above it.
pub fn unit_path(unit: Option<&UnitSummary>) -> String {
    unit.map(|unit| unit.path.join(" · ")).unwrap_or_default()
}

/// What is to be examined again: where, how grave, and in what words.
pub fn re_examined(ui: Ui, all: &[ReexaminedView]) -> AnyView {
    let items: Vec<AnyView> = all
        .iter()
        .map(|one| {
            view! {
                <li class="item">
                    <b>{unit_name(ui, one.unit.as_ref())}</b>
                    {severity(ui, one.severity)}
                    <p class="seen whole">{one.text.clone()}</p>
                </li>
            }
            .show()
        })
        .collect();
    view! { <ul class="re-examined items">{items}</ul> }.show()
}
