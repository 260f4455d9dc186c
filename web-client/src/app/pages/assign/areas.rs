//! Choosing units by area: the tree of areas, each with how many units it has, and the units of one.

use super::Form;
use super::units::Chosen;
use crate::app::components::desk::check;
use crate::app::components::form::text_input;
use crate::app::components::marks;
use crate::app::i18n::assign as w;
use crate::app::markup::{AnyView, Show as _, view};
use crate::app::shown;
use crate::reactive::*;
use mingcha_core::domain::limits::MAX_ASSIGNED_UNITS;
use mingcha_core::units::UnitSummary;
use mingcha_core::view::{AreaView, Query};

/// How many areas are shown at once.
const SHOWN: usize = 100;

/// The areas.
pub fn areas(form: Form) -> AnyView {
    let ui = form.ui;
    let text = RwSignal::new(String::new());
    let open = RwSignal::new(None::<String>);
    let answer = ui.client.watch(Query::Areas);
    let all = memo(move || answer.with(|answer| shown::areas(answer).map(|areas| in_order(areas))));
    let list = move || {
        let all = all.get()?;
        if all.is_empty() {
            return Some(view! { <p class="hint">{ui.t(w::NO_AREAS)}</p> }.show());
        }
        let text = text.get();
        let text = text.trim();
        let fits = |area: &&AreaView| {
            text.is_empty() || area.unit.name.contains(text) || area.unit.code.starts_with(text)
        };
        let fitting: Vec<&AreaView> = all.iter().filter(fits).collect();
        let total = fitting.len();
        let items: Vec<AnyView> =
            fitting.into_iter().take(SHOWN).map(|area| one(form, area, open, text.is_empty())).collect();
        let note = match total {
            0 => Some(ui.t(w::NO_AREA_FITS).to_owned()),
            total if total > SHOWN => Some(w::first_of(ui.language, SHOWN, total as u32)),
            _ => None,
        };
        Some(view! { <ul class="areas">{items}</ul><p class="hint" role="status">{note}</p> }.show())
    };
    view! { {text_input(ui.t(w::FIND_AREA), "search", text)}{list} }.show()
}

/// Each area below the one it belongs to.
fn in_order(areas: &[AreaView]) -> Vec<AreaView> {
    let mut areas = areas.to_vec();
    let place = |area: &AreaView| -> Vec<String> {
        area.unit.path.iter().chain([&area.unit.name]).cloned().collect()
    };
    areas.sort_by_cached_key(place);
    areas
}

fn one(form: Form, area: &AreaView, open: RwSignal<Option<String>>, is_tree: bool) -> AnyView {
    let ui = form.ui;
    let code = area.unit.code.clone();
    let depth = if is_tree { area.unit.path.len() } else { 0 };
    let is_open = memo({
        let code = code.clone();
        move || open.with(|open| open.as_ref() == Some(&code))
    });
    let toggle = {
        let code = code.clone();
        move |_| open.update(|open| *open = Some(code.clone()).filter(|code| open.as_ref() != Some(code)))
    };
    let inside = move || is_open.get().then(|| units_of(form, code.clone()));
    let path = if is_tree { String::new() } else { marks::unit_path(Some(&area.unit)) };
    view! {
        <li style:padding-left=format!("{}px", depth * 20)>
            <button
                type="button"
                class="area"
                aria-expanded=move || if is_open.get() { "true" } else { "false" }
                on:click=toggle
            >
                <span>{marks::unit_name(ui, Some(&area.unit))}" "<small>{path}</small></span>
                <small>{w::below(ui.language, area.below)}</small>
            </button>
            {inside}
        </li>
    }
    .show()
}

fn units_of(form: Form, area: String) -> AnyView {
    let ui = form.ui;
    let answer = ui.client.watch(Query::UnitsIn { area, limit: MAX_ASSIGNED_UNITS });
    let shown = move || {
        answer.with(|answer| {
            let units = shown::units(answer)?;
            let all: Vec<Chosen> = units.units.iter().map(Chosen::of).collect();
            let label = w::add_all(ui.language, all.len());
            let boxes: Vec<AnyView> = units.units.iter().map(|unit| unit_box(form, unit)).collect();
            let rest = (units.units.len() < units.total as usize)
                .then(|| w::first_of(ui.language, units.units.len(), units.total));
            Some(view! {
                <div class="inside">
                    <button type="button" on:click=move |_| form.choose(all.clone())>{label}</button>
                    <p class="hint">{rest}</p>
                    <ul>{boxes}</ul>
                </div>
            })
        })
    };
    shown.show()
}

fn unit_box(form: Form, unit: &UnitSummary) -> AnyView {
    let chosen = Chosen::of(unit);
    let code = unit.code.clone();
    let value = derived(move || form.units.with(|all| all.iter().any(|one| one.code == code)));
    let choose = callback(move |on: bool| {
        if on {
            form.choose([chosen.clone()]);
        } else {
            form.leave(&chosen.code);
        }
    });
    view! { <li>{check(marks::unit_name(form.ui, Some(unit)).show(), value, choose)}</li> }.show()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn area(name: &str, path: &[&str]) -> AreaView {
        let path = path.iter().map(|name| (*name).to_owned()).collect();
        let unit = UnitSummary { code: name.into(), name: name.into(), path, ..UnitSummary::default() };
        AreaView { unit, children: 1, below: 1 }
    }

    #[test]
    fn an_area_comes_right_after_what_it_belongs_to() {
        let areas = [area("b", &[]), area("a2", &["a"]), area("a", &[]), area("a1", &["a"])];
        let names: Vec<String> = in_order(&areas).into_iter().map(|area| area.unit.name).collect();
        assert_eq!(names, ["a", "a1", "a2", "b"]);
    }
}
