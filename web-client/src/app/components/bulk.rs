//! Deciding about exactly the findings that a list's filters show, as one act that can be taken back as one.

use crate::app::Ui;
use crate::app::components::dialog::dialog;
use crate::app::components::form::text_input;
use crate::app::filter::{Filter, decode, encode};
use crate::app::i18n::{common, review as w};
use crate::app::markup::{AnyView, Show as _, view};
use crate::reactive::*;
use crate::shell::random::random;
use mingcha_core::command::Command;
use mingcha_core::domain::Review;
use mingcha_core::ids::ItemId;
use mingcha_core::problem::Problem;
use mingcha_core::time::Timestamp;
use mingcha_core::view::{Answer, Query};
use serde::{Deserialize, Serialize};

/// Under what name the last batch is kept, so that it can be undone after a reload too.
const LAST: &str = "batch:last";

/// A batch that can be undone.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
struct Batch {
    batch: ItemId,
    count: u32,
    is_confirmed: bool,
}

/// How a batch stands.
#[derive(Clone, PartialEq)]
enum Stands {
    Idle,
    Working,
    Refused(Problem),
    Undone,
}

/// The bar above the list of findings.
pub fn bulk(ui: Ui, filter: RwSignal<Filter>, today: Timestamp, total: Memo<u32>) -> AnyView {
    let stands = RwSignal::new(Stands::Idle);
    let answer = ui.client.watch(Query::Kept { prefix: LAST.to_owned() });
    let last = memo(move || {
        answer.with(|answer| {
            let Some(Answer::Kept(all)) = answer else { return None };
            all.first().and_then(|(_, bytes)| decode::<Batch>(bytes))
        })
    });
    let act = move |(count, review): (u32, Review)| {
        let batch = Batch { batch: random(), count, is_confirmed: review == Review::Confirm };
        let command = Command::ReviewFindings {
            batch: batch.batch,
            filter: filter.with_untracked(|filter| filter.findings(today)),
            expected: batch.count,
            review,
        };
        stands.set(Stands::Working);
        // Kept first: what was done of a batch that is broken off can be undone too.
        keep(ui, Some(&batch));
        ui.ask(command, move |result| {
            if let Err(refused) = result {
                // Of a batch that was refused as a whole there is nothing to undo.
                if matches!(refused, Problem::CountDiffers { .. } | Problem::TooMany { .. }) {
                    keep(ui, None);
                }
                stands.try_set(Stands::Refused(refused));
            } else {
                stands.try_set(Stands::Idle);
            }
        });
    };
    let undo = move |_| {
        let Some(Batch { batch, .. }) = last.get_untracked() else { return };
        stands.set(Stands::Working);
        ui.ask(Command::UndoReview { batch }, move |result| {
            let now = match result {
                Ok(()) => {
                    keep(ui, None);
                    Stands::Undone
                }
                Err(refused) => Stands::Refused(refused),
            };
            stands.try_set(now);
        });
    };
    let status = move || match (stands.get(), last.get()) {
        (Stands::Working, _) => ui.t(w::WORKING).to_owned(),
        (Stands::Refused(problem), _) => ui.problem(&problem),
        (Stands::Undone, None) => ui.t(w::UNDONE).to_owned(),
        (_, Some(batch)) => w::batch_done(ui.language, batch.count, batch.is_confirmed),
        (Stands::Idle, None) => String::new(),
    };
    let is_working = move || stands.with(|stands| *stands == Stands::Working);
    let to_undo = move || {
        last.get().is_some().then(|| {
            let dismiss = move |_| {
                keep(ui, None);
                stands.set(Stands::Idle);
            };
            view! {
                <button type="button" disabled=is_working on:click=undo>{ui.t(w::UNDO)}</button>
                <button type="button" class="quiet" on:click=dismiss>{ui.t(w::DISMISS)}</button>
            }
        })
    };
    view! {
        <div class="bulk" role="group" aria-label=ui.t(w::BATCH_BAR)>
            {choices(ui, total, callback(act), derived(is_working))}
            <span class="said" role="status">{status}</span>
            {to_undo}
        </div>
    }
    .show()
}

fn keep(ui: Ui, batch: Option<&Batch>) {
    ui.send(Command::Keep { name: LAST.to_owned(), value: batch.map(encode) });
}

fn choices(ui: Ui, total: Memo<u32>, act: Callback<(u32, Review)>, is_working: Signal<bool>) -> AnyView {
    let [confirming, rejecting] = [RwSignal::new(false), RwSignal::new(false)];
    let is_none = move || is_working.get() || total.get() == 0;
    // The number that was read is the number that is meant, whatever arrives meanwhile.
    let asked_to_confirm = move || {
        let count = total.get_untracked();
        let act = move |_| {
            confirming.set(false);
            act.run((count, Review::Confirm));
        };
        view! {
            <p><strong>{w::confirm_all(ui.language, count)}</strong></p>
            <p>{ui.t(w::BATCH_HELP)}</p>
            <div class="row end">
                <button type="button" on:click=move |_| confirming.set(false)>{ui.t(common::CANCEL)}</button>
                <button type="button" class="primary" on:click=act>{w::confirm_all(ui.language, count)}</button>
            </div>
        }
        .show()
    };
    let asked_to_reject = move || {
        let count = total.get_untracked();
        let reason = RwSignal::new(String::new());
        let is_empty = move || reason.with(|reason| reason.trim().is_empty());
        let act = move |event: web_sys::Event| {
            event.prevent_default();
            rejecting.set(false);
            act.run((count, Review::Reject { reason: reason.get_untracked().trim().to_owned() }));
        };
        view! {
            <form on:submit=act>
                <p><strong>{w::reject_all(ui.language, count)}</strong></p>
                <p>{ui.t(w::BATCH_HELP)}</p>
                {text_input(ui.t(w::REASON), "text", reason)}
                <div class="row end">
                    <button type="button" on:click=move |_| rejecting.set(false)>{ui.t(common::CANCEL)}</button>
                    <button class="primary" disabled=is_empty>{w::reject_all(ui.language, count)}</button>
                </div>
            </form>
        }
        .show()
    };
    view! {
        <button type="button" disabled=is_none on:click=move |_| confirming.set(true)>
            {move || w::confirm_all(ui.language, total.get())}
        </button>
        <button type="button" disabled=is_none on:click=move |_| rejecting.set(true)>
            {move || w::reject_all(ui.language, total.get())}
        </button>
        {dialog(ui, confirming, ui.t(w::BATCH_BAR), "ask", asked_to_confirm)}
        {dialog(ui, rejecting, ui.t(w::BATCH_BAR), "ask", asked_to_reject)}
    }
    .show()
}
