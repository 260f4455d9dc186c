//! Founding an office: names and passphrase, then the recovery kit.

use crate::app::Ui;
use crate::app::components::form::text_input;
use crate::app::components::passphrase::{Passphrases, passphrase_fields};
use crate::app::i18n::access as w;
use crate::app::markup::{AnyView, Show as _, view};
use crate::app::pages::{empty, kit};
use crate::reactive::*;
use crate::shell::random::random_bytes;
use mingcha_core::command::{Command, Passphrase};
use mingcha_core::engine::vault::MIN_PASSPHRASE;
use mingcha_core::problem::Problem;

/// What was typed before there is an engine to keep it; it survives a change of the language.
#[derive(Clone, Copy)]
pub struct Drafts {
    /// The office's name.
    pub office: RwSignal<String>,
    /// The founder's name.
    pub name: RwSignal<String>,
    /// The passphrase, for founding and for joining.
    pub passphrases: Passphrases,
    /// The invitation's code as typed.
    pub code: RwSignal<String>,
    /// Whether the kit's step is reached.
    at_kit: RwSignal<bool>,
    /// The two words asked for, counted from 0.
    asked: RwSignal<[u8; 2]>,
}

impl Drafts {
    /// Nothing typed yet.
    pub fn new() -> Self {
        let empty = || RwSignal::new(String::new());
        Self {
            office: empty(),
            name: empty(),
            passphrases: Passphrases::new(),
            code: empty(),
            at_kit: RwSignal::new(false),
            asked: RwSignal::new([0, 1]),
        }
    }
}

/// The two steps of founding with a set-up code.
pub fn found(ui: Ui, setup: String) -> AnyView {
    let drafts = ui.drafts;
    let shown = move || {
        if drafts.at_kit.get() { kit_step(ui, setup.clone()) } else { names(ui) }
    };
    view! { <h1>{ui.t(w::FOUND)}</h1>{shown} }.show()
}

fn names(ui: Ui) -> AnyView {
    let Drafts { office, name, passphrases, at_kit, asked, .. } = ui.drafts;
    let problem = RwSignal::new(None::<Problem>);
    let is_ready = move || {
        office.with(|office| !office.trim().is_empty())
            && name.with(|name| !name.trim().is_empty())
            && passphrases.agree()
    };
    let next = move |event: web_sys::Event| {
        event.prevent_default();
        if !untrack(is_ready) {
            return;
        }
        if passphrases.first.with_untracked(|first| first.chars().count() < MIN_PASSPHRASE) {
            problem.set(Some(Problem::WeakPassphrase));
            return;
        }
        asked.set(two_positions(random_bytes::<2>()));
        at_kit.set(true);
        ui.send(Command::MakeKit { language: ui.language });
    };
    view! {
        <p class="step">{ui.t(w::FOUND_STEP_1)}</p>
        <form on:submit=next>
            {text_input(ui.t(w::OFFICE_NAME), "text", office)}
            {text_input(ui.t(w::YOUR_NAME), "text", name)}
            {passphrase_fields(ui, ui.t(w::PASSPHRASE), passphrases)}
            <p class="wrong" role="alert">{move || problem.get().map(|problem| ui.problem(&problem))}</p>
            <button class="primary big" disabled=move || !is_ready()>{ui.t(w::NEXT)}</button>
        </form>
    }
    .show()
}

fn kit_step(ui: Ui, setup: String) -> AnyView {
    let Drafts { office, name, passphrases, at_kit, asked, .. } = ui.drafts;
    let words = empty::kit(ui);
    let busy = RwSignal::new(false);
    let problem = RwSignal::new(None::<Problem>);
    let found = callback(move |proof: Vec<(u8, String)>| {
        busy.set(true);
        let command = Command::Found {
            setup: setup.clone(),
            office: office.get_untracked().trim().to_owned(),
            name: name.get_untracked().trim().to_owned(),
            passphrase: Passphrase(passphrases.first.get_untracked()),
            proof,
        };
        ui.ask(command, move |result| {
            busy.try_set(false);
            if result.is_ok() {
                passphrases.clear();
                ui.client.forget_link();
            }
            problem.try_set(result.err());
        });
    });
    let shown = move || match words.get() {
        None => view! { <p class="slow" role="status">{ui.t(w::KIT_MAKING)}</p> }.show(),
        Some(words) => kit::kit(ui, words, asked.get(), busy, found),
    };
    view! {
        <p class="step">{ui.t(w::FOUND_STEP_2)}</p>
        {shown}
        <p class="wrong" role="alert">{move || problem.get().map(|problem| ui.problem(&problem))}</p>
        <button type="button" class="quiet" on:click=move |_| at_kit.set(false)>{ui.t(w::BACK)}</button>
    }
    .show()
}

/// Two different positions of the kit's twelve words, in order.
fn two_positions([first, second]: [u8; 2]) -> [u8; 2] {
    let first = first % 12;
    let second = (first + 1 + second % 11) % 12;
    [first.min(second), first.max(second)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_asked_for_are_two_different_ones_of_twelve() {
        for first in 0..=255 {
            for second in 0..=255 {
                let [low, high] = two_positions([first, second]);
                assert!(low < high && high < 12);
            }
        }
    }
}
