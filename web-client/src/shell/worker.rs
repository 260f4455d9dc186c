//! Workers, as the page sees them.

use crate::shell::client::Client;
use crate::shell::wire::{self, Claim, FromEngine, FromHeavy, ToEngine, ToHeavy};
use futures::StreamExt;
use futures::channel::mpsc::{UnboundedReceiver, unbounded};
use js_sys::{Array, ArrayBuffer, Uint8Array};
use mingcha_core::engine::io::{Job, JobResult};
use serde::Serialize;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::{MessageEvent, WorkerOptions, WorkerType};

/// A running worker; it is ended when this is dropped, unless it was released.
pub struct Worker {
    worker: web_sys::Worker,
    released: bool,
    _heard: Closure<dyn FnMut(MessageEvent)>,
    _broken: Closure<dyn FnMut(web_sys::Event)>,
}

/// What a worker did.
pub enum Event {
    /// It sent these bytes.
    Message(Vec<u8>),
    /// It could not be loaded, or it crashed.
    Broken,
}

impl Worker {
    /// Starts the worker whose script the page's `<html>` names in `data-NAME`.
    ///
    /// # Errors
    ///
    /// When the page names none, or the browser refuses.
    pub fn spawn(name: &str) -> Result<(Self, UnboundedReceiver<Event>), JsValue> {
        let root = web_sys::window().and_then(|window| window.document()?.document_element());
        let url = root.and_then(|root| root.get_attribute(&format!("data-{name}"))).ok_or(JsValue::NULL)?;
        let options = WorkerOptions::new();
        options.set_type(WorkerType::Module);
        options.set_name(name);
        Ok(Self::hear(web_sys::Worker::new_with_options(&url, &options)?))
    }

    /// Listens to a worker that runs.
    fn hear(worker: web_sys::Worker) -> (Self, UnboundedReceiver<Event>) {
        let (events, heard_events) = unbounded();
        let broken_events = events.clone();
        // When nobody reads any more, the worker is about to be ended.
        let heard = Closure::new(move |event: MessageEvent| {
            if let Ok(buffer) = event.data().dyn_into::<ArrayBuffer>() {
                let _ = events.unbounded_send(Event::Message(Uint8Array::new(&buffer).to_vec()));
            }
        });
        let broken = Closure::new(move |_: web_sys::Event| {
            let _ = broken_events.unbounded_send(Event::Broken);
        });
        worker.set_onmessage(Some(heard.as_ref().unchecked_ref()));
        worker.set_onerror(Some(broken.as_ref().unchecked_ref()));
        (Self { worker, released: false, _heard: heard, _broken: broken }, heard_events)
    }

    /// No longer listens, and lets the worker run on.
    pub fn release(mut self) -> web_sys::Worker {
        self.released = true;
        self.worker.clone()
    }

    /// Sends a message.
    pub fn post<T: Serialize>(&self, message: &T) {
        post(&self.worker, message);
    }
}

fn post<T: Serialize>(worker: &web_sys::Worker, message: &T) {
    let buffer = Uint8Array::from(wire::encode(message).as_slice()).buffer();
    // A buffer that was just made can always be moved.
    let _ = worker.post_message_with_transfer(&buffer, &Array::of1(&buffer));
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.worker.set_onmessage(None);
        self.worker.set_onerror(None);
        if !self.released {
            self.worker.terminate();
        }
    }
}

/// Starts the engine's worker, which from then on talks to the client.
///
/// # Errors
///
/// When the browser gives no worker.
pub fn engine(client: Client, claim: Claim) -> Result<Worker, JsValue> {
    let (worker, events) = Worker::spawn("engine")?;
    talk(client, worker.worker.clone(), events, claim);
    Ok(worker)
}

/// Lets an engine's worker that runs talk to the client.
pub fn running_engine(client: Client, worker: web_sys::Worker) -> Worker {
    let (worker, events) = Worker::hear(worker);
    talk(client, worker.worker.clone(), events, Claim::Wait);
    worker
}

fn talk(client: Client, engine: web_sys::Worker, mut events: UnboundedReceiver<Event>, claim: Claim) {
    spawn_local(async move {
        while let Some(event) = events.next().await {
            let message = match event {
                Event::Message(bytes) => match bytes.split_first() {
                    Some((&wire::VIEW, view)) => {
                        client.show(view);
                        continue;
                    }
                    _ => wire::decode(&bytes),
                },
                Event::Broken => Some(FromEngine::Failed),
            };
            match message {
                Some(FromEngine::Ready) => client.post(&ToEngine::Start(claim)),
                Some(FromEngine::Job(ticket, job)) => {
                    // The engine is waiting for it, even when another client has taken this one's place.
                    let engine = engine.clone();
                    spawn_local(async move {
                        post(&engine, &ToEngine::JobDone(ticket, run_job(job).await));
                    });
                }
                Some(message) => client.receive(message),
                None => client.receive(FromEngine::Failed),
            }
        }
    });
}

/// A heavy worker that was given something to do.
pub struct Heavy {
    worker: Worker,
    events: UnboundedReceiver<Event>,
    task: Option<ToHeavy>,
}

impl Heavy {
    /// Starts a worker for one task.
    ///
    /// # Errors
    ///
    /// When the browser gives no worker.
    pub fn start(task: ToHeavy) -> Result<Self, JsValue> {
        let (worker, events) = Worker::spawn("heavy")?;
        Ok(Self { worker, events, task: Some(task) })
    }

    /// What it says next; `None` when it is broken.
    pub async fn next(&mut self) -> Option<FromHeavy> {
        while let Some(Event::Message(bytes)) = self.events.next().await {
            match wire::decode(&bytes)? {
                FromHeavy::Ready => self.task.take().iter().for_each(|task| self.worker.post(task)),
                message => return Some(message),
            }
        }
        None
    }
}

/// Runs a job in a worker of its own: memory that a job takes is given back only by ending its worker.
async fn run_job(job: Job) -> JobResult {
    let Ok(mut heavy) = Heavy::start(ToHeavy::Job(job)) else { return JobResult::Failed };
    match heavy.next().await {
        Some(FromHeavy::Job(result)) => result,
        _ => JobResult::Failed,
    }
}
