//! Letting devices in, and blocking lost ones.

use super::name_of;
use crate::app::components::desk::wrong;
use crate::app::components::dialog::dialog;
use crate::app::i18n::desk::joined;
use crate::app::i18n::{Text, common, office, people as w};
use crate::app::markup::{AnyView, Show as _, view};
use crate::app::{Ui, shown, terms};
use crate::reactive::*;
use mingcha_core::command::Command;
use mingcha_core::ids::DeviceKey;
use mingcha_core::problem::Problem;
use mingcha_core::view::{Answer, DeviceStanding, DeviceView, PersonView};

/// The device that is to be blocked.
#[derive(Clone, PartialEq)]
pub struct Chosen {
    device: DeviceKey,
    /// Whose it is, and its number.
    pub name: String,
}

impl Chosen {
    /// A device of a person.
    pub fn of(ui: Ui, person: &PersonView, device: &DeviceView) -> Self {
        let name = format!("{} · {}", name_of(ui, person), w::device(ui.language, device.number));
        Self { device: device.device, name }
    }
}

/// Whether somebody is about to block a device, and which.
#[derive(Clone, Copy)]
pub struct Blocking {
    open: RwSignal<bool>,
    chosen: RwSignal<Option<Chosen>>,
}

impl Blocking {
    /// Nobody is.
    pub fn new() -> Self {
        Self { open: RwSignal::new(false), chosen: RwSignal::new(None) }
    }

    /// Asks whether a device is to be blocked.
    pub fn begin(self, chosen: &Chosen) {
        self.chosen.set(Some(chosen.clone()));
        self.open.set(true);
    }
}

/// The devices that wait, each with the code to compare.
pub fn waiting(ui: Ui, answer: ReadSignal<Option<Answer>>, block: Blocking) -> AnyView {
    let waiting = memo(move || {
        answer.with(|answer| {
            let people = shown::people(answer).map(Vec::as_slice).unwrap_or_default();
            let mut waiting = Vec::new();
            for person in people {
                for device in &person.devices {
                    if let DeviceStanding::Waiting { code } = &device.standing {
                        waiting.push((person.clone(), device.clone(), code.clone()));
                    }
                }
            }
            waiting
        })
    });
    let list = move || {
        let waiting = waiting.get();
        (!waiting.is_empty()).then(|| {
            let items: Vec<AnyView> =
                waiting.iter().map(|(person, device, code)| one(ui, person, device, code, block)).collect();
            view! {
                <section class="waiting">
                    <h2>{ui.t(w::WAITING)}</h2>
                    <p class="hint">{ui.t(w::COMPARE_HELP)}</p>
                    <ul class="teams">{items}</ul>
                </section>
            }
        })
    };
    list.show()
}

fn one(ui: Ui, person: &PersonView, device: &DeviceView, code: &str, block: Blocking) -> AnyView {
    let busy = RwSignal::new(false);
    let problem = RwSignal::new(None::<Problem>);
    let roles: Vec<&str> = person.roles.iter().map(|role| terms::role(*role, ui.language)).collect();
    let chosen = Chosen::of(ui, person, device);
    let key = device.device;
    let let_in = move |_| {
        busy.set(true);
        ui.ask(Command::LetIn { device: key }, move |result| {
            busy.try_set(false);
            problem.try_set(result.err());
        });
    };
    let label = format!("{} · {}", ui.t(w::LET_IN), chosen.name);
    let name = chosen.name.clone();
    view! {
        <li class="team">
            <h3>{name}</h3>
            <span class="hint">{joined(ui.language, &roles)}</span>
            <p class="label">{ui.t(w::COMPARE)}</p>
            <p><code class="compare">{code.to_owned()}</code></p>
            {wrong(ui, problem)}
            <div class="row">
                <button
                    type="button"
                    class="primary"
                    aria-label=label
                    disabled=move || busy.get()
                    on:click=let_in
                >
                    {move || ui.t(if busy.get() { office::WORKING } else { w::LET_IN })}
                </button>
                <button type="button" on:click=move |_| block.begin(&chosen)>{ui.t(w::DIFFERENT)}</button>
            </div>
        </li>
    }
    .show()
}

/// Asks whether a device is to be blocked: says what comes of it, and what does not.
pub fn blocking(ui: Ui, block: Blocking) -> AnyView {
    dialog(ui, block.open, ui.t(w::BLOCK_ASK), "ask", move || {
        let Some(chosen) = block.chosen.get() else { return AnyView::default() };
        let busy = RwSignal::new(false);
        let problem = RwSignal::new(None::<Problem>);
        let device = chosen.device;
        let act = move |_| {
            busy.set(true);
            ui.ask(Command::BlockDevice { device }, move |result| {
                busy.try_set(false);
                if result.is_ok() {
                    block.open.try_set(false);
                }
                problem.try_set(result.err());
            });
        };
        view! {
            <p><b>{chosen.name}</b></p>
            {points(ui, w::WILL, &[w::WILL_1, w::WILL_2, w::WILL_3])}
            {points(ui, w::WILL_NOT, &[w::WILL_NOT_1, w::WILL_NOT_2, w::WILL_NOT_3])}
            {wrong(ui, problem)}
            <div class="row end">
                <button type="button" on:click=move |_| block.open.set(false)>{ui.t(common::CANCEL)}</button>
                <button type="button" class="primary" disabled=move || busy.get() on:click=act>
                    {move || ui.t(if busy.get() { office::WORKING } else { w::BLOCK })}
                </button>
            </div>
        }
        .show()
    })
}

fn points(ui: Ui, title: Text, points: &[Text]) -> AnyView {
    let points: Vec<AnyView> = points.iter().map(|point| view! { <li>{ui.t(*point)}</li> }.show()).collect();
    view! { <h3>{ui.t(title)}</h3><ul class="points">{points}</ul> }.show()
}
