//! Modal dialogues, on the browser's own element.

use crate::app::i18n::common as w;
use crate::app::markup::{AnyView, NodeRef, Show as _, view};
use crate::app::{Ui, hide};
use crate::dom;
use crate::reactive::*;
use web_sys::HtmlDialogElement;

/// Shows `body` in a dialogue as long as `open` says so.
pub fn dialog(
    ui: Ui,
    open: RwSignal<bool>,
    title: &'static str,
    class: &'static str,
    body: impl Fn() -> AnyView + 'static,
) -> AnyView {
    boxed_dialog(ui, open, title, class, Box::new(body))
}

/// Without the body's type, since there are many dialogues.
#[inline(never)]
fn boxed_dialog(
    ui: Ui,
    open: RwSignal<bool>,
    title: &'static str,
    class: &'static str,
    body: Box<dyn Fn() -> AnyView>,
) -> AnyView {
    let shown = move || {
        open.get().then(|| {
            let node = NodeRef::<HtmlDialogElement>::new();
            let id = dom::fresh_id();
            let labelled_by = id.clone();
            effect(move || {
                if let Some(element) = node.get() {
                    // A dialogue that is open already stays so.
                    let _ = element.show_modal();
                }
            });
            // A modal dialogue makes all else unreachable, the way to hide too: it has its own, in the same corner.
            let hides = ui.me().with_untracked(Option::is_some).then(|| {
                view! {
                    <button
                        type="button"
                        class="quiet hides"
                        aria-label=ui.t(w::HIDE_LONG)
                        on:click=move |_| hide::hide(ui)
                    >
                        {ui.t(w::HIDE)}
                    </button>
                }
            });
            view! {
                <dialog node_ref=node class=class aria-labelledby=labelled_by on:close=move |_| open.set(false)>
                    <header>
                        <h2 id=id>{title}</h2>
                        <button type="button" class="quiet" on:click=move |_| open.set(false)>
                            {ui.t(w::CLOSE)}
                        </button>
                        {hides}
                    </header>
                    {body()}
                </dialog>
            }
            .show()
        })
    };
    shown.show()
}

/// What a dialogue asks before something is done.
#[derive(Clone, Copy)]
pub struct Question {
    /// The question.
    pub title: &'static str,
    /// What comes of it.
    pub help: &'static str,
    /// The word on the button that does it.
    pub action: &'static str,
}

/// Asks before doing something.
pub fn confirm(ui: Ui, open: RwSignal<bool>, question: Question, then: Callback<()>) -> AnyView {
    dialog(ui, open, question.title, "ask", move || {
        let act = move |_| {
            open.set(false);
            then.run(());
        };
        view! {
            <p>{question.help}</p>
            <div class="row end">
                <button type="button" on:click=move |_| open.set(false)>{ui.t(w::CANCEL)}</button>
                <button type="button" class="primary" on:click=act>{question.action}</button>
            </div>
        }
        .show()
    })
}

/// Asks for a reason before doing something.
pub fn confirm_with_reason(
    ui: Ui,
    open: RwSignal<bool>,
    question: Question,
    label: &'static str,
    then: Callback<String>,
) -> AnyView {
    dialog(ui, open, question.title, "ask", move || {
        let reason = RwSignal::new(String::new());
        let act = move |event: web_sys::Event| {
            event.prevent_default();
            open.set(false);
            then.run(reason.get_untracked());
        };
        view! {
            <form on:submit=act>
                <p>{question.help}</p>
                {crate::app::components::form::text_input(label, "text", reason)}
                <div class="row end">
                    <button type="button" on:click=move |_| open.set(false)>{ui.t(w::CANCEL)}</button>
                    <button class="primary" disabled=move || reason.with(|reason| reason.trim().is_empty())>
                        {question.action}
                    </button>
                </div>
            </form>
        }
        .show()
    })
}
