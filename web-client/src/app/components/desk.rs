//! Small pieces of the desk's pages.

use crate::app::Ui;
use crate::app::markup::{AnyView, Show as _, view};
use crate::app::route::Route;
use crate::dom;
use crate::reactive::*;
use mingcha_core::problem::Problem;

/// A link to another page.
pub fn link(ui: Ui, route: Route, class: &'static str, body: AnyView) -> AnyView {
    let open = move |event: web_sys::MouseEvent| {
        event.prevent_default();
        ui.go(route);
    };
    view! { <a class=class href=route.to_string() on:click=open>{body}</a> }.show()
}

/// Why something was refused, in words.
pub fn wrong(ui: Ui, problem: RwSignal<Option<Problem>>) -> AnyView {
    view! { <p class="wrong" role="alert">{move || problem.get().map(|problem| ui.problem(&problem))}</p> }
        .show()
}

/// A box to tick with its words.
pub fn check(label: AnyView, value: Signal<bool>, choose: Callback<bool>) -> AnyView {
    let tick = move |_| choose.run(!value.get_untracked());
    view! {
        <label class="check">
            <input type="checkbox" prop:checked=move || value.get() on:change=tick/>
            <span>{label}</span>
        </label>
    }
    .show()
}

/// Help in place: a question that unfolds its answer.
pub fn help(question: &'static str, lines: &[&'static str]) -> AnyView {
    let lines: Vec<AnyView> = lines.iter().map(|line| view! { <p>{*line}</p> }.show()).collect();
    view! { <details class="help"><summary>{question}</summary>{lines}</details> }.show()
}

/// A labelled text of several lines.
pub fn text_area(label: impl Into<String>, value: RwSignal<String>) -> AnyView {
    let id = dom::fresh_id();
    view! {
        <div class="field">
            <label for=id.clone()>{label.into()}</label>
            <textarea
                id=id
                autocomplete="off"
                prop:value=move || value.get()
                on:input=move |event| value.set(dom::typed(&event))
            ></textarea>
        </div>
    }
    .show()
}

/// A bar that says how much of a whole is done; the numbers stand beside it.
pub fn bar(label: String, done: u32, begun: u32, all: u32) -> AnyView {
    let width = |part: u32| format!("{}%", u64::from(part) * 100 / u64::from(all.max(1)));
    view! {
        <span class="progress-bar" role="img" aria-label=label>
            <span class="is-done" style:width=width(done)></span>
            <span class="is-begun" style:width=width(begun)></span>
        </span>
    }
    .show()
}
