//! One choice of a few, side by side.

use crate::app::markup::{AnyView, Show as _, view};
use crate::dom;
use crate::reactive::*;

/// How wide the words of a choice may be to stand beside others, in widths of a Latin letter.
const WIDEST: usize = 14;

/// One of the choices.
pub struct Segment {
    /// What is chosen.
    pub code: String,
    /// How it is called.
    pub label: String,
    /// How it looks when it is chosen.
    pub tone: &'static str,
}

impl Segment {
    /// A choice that looks like any other.
    pub fn plain(code: impl Into<String>, label: impl Into<String>) -> Self {
        Self { code: code.into(), label: label.into(), tone: "" }
    }
}

/// Shows the choices as radio buttons under a legend. Choosing what is chosen already takes it back where
/// `choose` allows `None`.
pub fn segmented(
    legend: AnyView,
    segments: Vec<Segment>,
    value: Signal<String>,
    choose: Callback<Option<String>>,
) -> AnyView {
    let name = dom::fresh_id();
    // Words that do not fit side by side stand one below the other.
    let is_long = segments.iter().any(|segment| width(&segment.label) > WIDEST);
    let class = if is_long { "segments stacked" } else { "segments" };
    let inputs: Vec<AnyView> =
        segments.into_iter().map(|segment| radio(name.clone(), segment, value, choose)).collect();
    view! {
        <fieldset class="segmented">
            <legend>{legend}</legend>
            <div class=class>{inputs}</div>
        </fieldset>
    }
    .show()
}

fn radio(name: String, segment: Segment, value: Signal<String>, choose: Callback<Option<String>>) -> AnyView {
    let Segment { code, label, tone } = segment;
    let (shown, clicked) = (code.clone(), code.clone());
    let is_chosen = move || value.with(|value| *value == shown);
    let click = move |_| {
        let again = value.with_untracked(|value| *value == clicked);
        choose.run(if again { None } else { Some(clicked.clone()) });
    };
    view! {
        <label class=tone>
            <input type="radio" name=name value=code prop:checked=is_chosen on:click=click/>
            <span>{label}</span>
        </label>
    }
    .show()
}

fn width(text: &str) -> usize {
    text.chars().map(|character| if character.is_ascii() { 1 } else { 2 }).sum()
}
