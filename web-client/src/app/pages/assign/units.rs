//! Choosing the units: by area or by search, and the list of those chosen.

use super::{Form, areas};
use crate::app::components::segmented::{Segment, segmented};
use crate::app::components::unit_picker::unit_search;
use crate::app::i18n::assign as w;
use crate::app::markup::{AnyView, Show as _, view};
use crate::reactive::*;
use mingcha_core::domain::limits::MAX_ASSIGNED_UNITS;
use mingcha_core::units::UnitSummary;
use serde::{Deserialize, Serialize};

/// A unit chosen.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Chosen {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Where it belongs.
    path: String,
}

impl Chosen {
    /// A unit of the register.
    pub fn of(unit: &UnitSummary) -> Self {
        let path = unit.path.last().cloned().unwrap_or_default();
        Self { code: unit.code.clone(), name: unit.name.clone(), path }
    }

    /// A unit that is not in the register any more.
    pub fn unknown(code: &str) -> Self {
        Self { code: code.to_owned(), name: code.to_owned(), path: String::new() }
    }
}

impl Form {
    /// Chooses units that are not chosen yet, as many as an assignment can have.
    pub fn choose(self, units: impl IntoIterator<Item = Chosen>) {
        self.units.update(|all| {
            for unit in units {
                if all.len() < MAX_ASSIGNED_UNITS as usize && !all.iter().any(|one| one.code == unit.code) {
                    all.push(unit);
                }
            }
        });
    }

    /// Chooses a unit no longer.
    pub fn leave(self, code: &str) {
        self.units.update(|all| all.retain(|one| one.code != code));
    }
}

/// The section.
pub fn units(form: Form) -> AnyView {
    let ui = form.ui;
    let how = RwSignal::new("area".to_owned());
    let segments =
        vec![Segment::plain("area", ui.t(w::BY_AREA)), Segment::plain("search", ui.t(w::BY_SEARCH))];
    let switch = callback(move |code: Option<String>| {
        if let Some(code) = code {
            how.set(code);
        }
    });
    let pick = callback(move |unit: UnitSummary| form.choose([Chosen::of(&unit)]));
    let by_area = memo(move || how.with(|how| how == "area"));
    let chooser = move || if by_area.get() { areas::areas(form) } else { unit_search(ui, Some(pick)) };
    view! {
        <fieldset class="part">
            <legend>{ui.t(w::UNITS)}</legend>
            <div class="pick">
                <div class="from">
                    {segmented(ui.t(w::HOW).show(), segments, how.into(), switch)}
                    {chooser}
                </div>
                {chosen(form)}
            </div>
        </fieldset>
    }
    .show()
}

fn chosen(form: Form) -> AnyView {
    let ui = form.ui;
    let count = memo(move || form.units.with(Vec::len));
    let list = move || {
        let units = form.units.get();
        if units.is_empty() {
            return view! { <p class="hint">{ui.t(w::NONE_CHOSEN)}</p> }.show();
        }
        let items: Vec<AnyView> = units.into_iter().map(|unit| item(form, unit)).collect();
        view! { <ul class="picked">{items}</ul> }.show()
    };
    let all = move || {
        (count.get() > 1).then(|| {
            view! {
                <button type="button" class="quiet" on:click=move |_| form.units.set(Vec::new())>
                    {ui.t(w::REMOVE_ALL)}
                </button>
            }
        })
    };
    view! {
        <section class="chosen" aria-label=ui.t(w::CHOSEN)>
            <div class="row">
                <span role="status">{move || w::chosen(ui.language, count.get(), MAX_ASSIGNED_UNITS)}</span>
                {all}
            </div>
            {list}
        </section>
    }
    .show()
}

fn item(form: Form, unit: Chosen) -> AnyView {
    let ui = form.ui;
    let Chosen { code, name, path } = unit;
    let label = format!("{} · {name}", ui.t(w::REMOVE));
    view! {
        <li>
            <span>{name}" "<small>{path}</small></span>
            <button type="button" class="quiet" aria-label=label on:click=move |_| form.leave(&code)>
                {ui.t(w::REMOVE)}
            </button>
        </li>
    }
    .show()
}
