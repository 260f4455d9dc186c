//! A field that two people set differently: both values, who wrote them, and a choice.

use crate::app::Ui;
use crate::app::i18n::common as w;
use crate::app::markup::{AnyView, Show as _, view};
use crate::reactive::*;
use mingcha_core::ids::MemberId;
use mingcha_core::view::Field;

/// Shows both values as long as there are two. `name` says how a value is written for people; `choose` gets
/// the field's path and the value chosen.
pub fn conflict(
    ui: Ui,
    field: Memo<Field>,
    authors: Memo<Vec<(MemberId, String)>>,
    name: impl Fn(&str) -> String + 'static,
    choose: Callback<(String, String)>,
) -> AnyView {
    boxed_conflict(ui, field, authors, Box::new(name), choose)
}

#[inline(never)]
fn boxed_conflict(
    ui: Ui,
    field: Memo<Field>,
    authors: Memo<Vec<(MemberId, String)>>,
    name: Box<dyn Fn(&str) -> String>,
    choose: Callback<(String, String)>,
) -> AnyView {
    let shown = move || {
        let Field { path, conflict, .. } = field.get();
        (conflict.len() > 1).then(|| {
            let values: Vec<AnyView> = conflict
                .into_iter()
                .map(|(value, by)| {
                    let who = author(ui, &authors.get(), by);
                    let said = if value.is_empty() { ui.t(w::NONE).to_owned() } else { name(&value) };
                    let label = format!("{} {said}", ui.t(w::CHOOSE_THIS));
                    let chosen = (path.clone(), value);
                    view! {
                        <li>
                            <span><mark>{said}</mark>" "<small>{who}</small></span>
                            <button type="button" aria-label=label on:click=move |_| choose.run(chosen.clone())>
                                {ui.t(w::CHOOSE_THIS)}
                            </button>
                        </li>
                    }
                    .show()
                })
                .collect();
            view! {
                <div class="conflict" role="group" aria-label=ui.t(w::TWO_VALUES)>
                    <p>{ui.t(w::TWO_VALUES)}</p>
                    <ul>{values}</ul>
                </div>
            }
            .show()
        })
    };
    shown.show()
}

fn author(ui: Ui, authors: &[(MemberId, String)], by: Option<MemberId>) -> String {
    by.and_then(|by| authors.iter().find(|(member, _)| *member == by))
        .map_or_else(|| ui.t(w::UNKNOWN_PERSON).to_owned(), |(_, name)| name.clone())
}
