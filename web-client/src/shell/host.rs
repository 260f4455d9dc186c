//! The engine's worker: feeds the engine what happens, and carries out what it answers. The only place where
//! the engine's outputs have effects.

use crate::shell::clock::{self, Alarm};
use crate::shell::random::random_bytes;
use crate::shell::scope;
use crate::shell::socket::Socket;
use crate::shell::store::{Reply, Request, Store};
use crate::shell::tab::{self, Change, Held};
use crate::shell::wire::{self, Claim, FromEngine, ToEngine};
use futures::StreamExt;
use futures::channel::mpsc::{UnboundedReceiver, UnboundedSender, unbounded};
use mingcha_core::engine::Engine;
use mingcha_core::engine::io::{Input, Output, StoreFailure, Ticket};
use wasm_bindgen_futures::spawn_local;

/// Runs the engine's worker.
pub fn run() {
    scope::report_broken_tasks(|| scope::post(&FromEngine::Failed));
    let (events, happened) = unbounded();
    let heard = events.clone();
    scope::listen(move |bytes| {
        if let Some(message) = wire::decode(bytes) {
            let _ = heard.unbounded_send(Event::Page(message));
        }
    });
    spawn_local(live(events, happened));
    scope::post(&FromEngine::Ready);
}

/// What happens to the worker.
enum Event {
    /// The page says something.
    Page(ToEngine),
    /// The time has come that the engine waits for.
    Rang,
    /// The store has answered.
    Store(Reply),
    /// The socket of that number has something for the engine.
    Socket(u32, Input),
    /// Something happens to this tab.
    Tab(Change),
}

/// Becomes the live tab, and lives until another takes over.
async fn live(events: UnboundedSender<Event>, mut happened: UnboundedReceiver<Event>) {
    let Some(claim) = first_claim(&mut happened).await else { return };
    let told = events.clone();
    let report = move |change| {
        let _ = told.unbounded_send(Event::Tab(change));
    };
    let held = tab::claim(claim, || scope::post(&FromEngine::Elsewhere), report).await;
    let (Ok(held), Ok(store)) = (held, Store::open().await) else {
        return scope::post(&FromEngine::Failed);
    };
    scope::post(&FromEngine::Live);
    let (requests, asked) = unbounded();
    let told = events.clone();
    spawn_local(store.serve(asked, move |reply| {
        let _ = told.unbounded_send(Event::Store(reply));
    }));
    let (engine, outputs) = Engine::new(random_bytes(), clock::now());
    let mut host = Host::new(engine, requests, events, held);
    host.carry_out(outputs);
    while let Some(event) = happened.next().await {
        if let Life::Over(last_word) = host.on(event) {
            drop(host);
            return scope::post(&last_word);
        }
    }
}

async fn first_claim(happened: &mut UnboundedReceiver<Event>) -> Option<Claim> {
    while let Some(event) = happened.next().await {
        if let Event::Page(ToEngine::Start(claim)) = event {
            return Some(claim);
        }
    }
    None
}

/// Whether the worker goes on.
enum Life {
    On,
    Over(FromEngine),
}

/// What the worker lives for.
#[derive(PartialEq, Eq)]
enum Purpose {
    Work,
    /// Another tab waits for this one to freeze its work.
    GiveWay,
}

struct Host {
    engine: Engine,
    store: UnboundedSender<Request>,
    /// Stores that are not reported yet.
    storing: usize,
    socket: Option<Socket>,
    /// Counts sockets, so that what an old one still says is not taken for the new one's.
    sockets: u32,
    alarm: Alarm,
    events: UnboundedSender<Event>,
    purpose: Purpose,
    _held: Held,
}

impl Host {
    fn new(
        engine: Engine,
        store: UnboundedSender<Request>,
        events: UnboundedSender<Event>,
        held: Held,
    ) -> Self {
        let rung = events.clone();
        let alarm = Alarm::new(move || {
            let _ = rung.unbounded_send(Event::Rang);
        });
        Self {
            engine,
            store,
            storing: 0,
            socket: None,
            sockets: 0,
            alarm,
            events,
            purpose: Purpose::Work,
            _held: held,
        }
    }

    fn on(&mut self, event: Event) -> Life {
        match event {
            Event::Page(ToEngine::Command(request, command)) => self.feed(Input::Command(request, command)),
            Event::Page(ToEngine::JobDone(ticket, result)) => self.feed(Input::JobDone(ticket, result)),
            Event::Page(ToEngine::Storage(facts)) => self.feed(Input::Storage(facts)),
            Event::Page(ToEngine::Hiding) => self.feed(Input::Hiding),
            Event::Page(ToEngine::Start(_)) => {}
            Event::Rang => {
                // Fed even when it is early: after the clock went back, only the engine knows what is due when.
                let _ = self.alarm.is_due();
                self.feed(Input::Woke);
            }
            Event::Store(Reply::Loaded(ticket, records)) => self.feed(Input::Loaded(ticket, records)),
            Event::Store(Reply::Unreadable) => return Life::Over(FromEngine::Failed),
            Event::Store(Reply::Stored(ticket, result)) => return self.stored(ticket, result),
            Event::Socket(number, input) if number == self.sockets => {
                if input == Input::Disconnected {
                    self.socket = None;
                }
                self.feed(input);
            }
            Event::Socket(..) => {}
            Event::Tab(Change::Lost) => return Life::Over(FromEngine::TakenOver),
            Event::Tab(Change::Asked) => {
                self.purpose = Purpose::GiveWay;
                self.feed(Input::Hiding);
            }
        }
        self.unless_given_way()
    }

    fn stored(&mut self, ticket: Ticket, result: Result<(), StoreFailure>) -> Life {
        self.storing = self.storing.saturating_sub(1);
        match result {
            Ok(()) => self.feed(Input::Stored(ticket)),
            Err(failure) => self.feed(Input::StoreFailed(ticket, failure)),
        }
        match result {
            Err(StoreFailure::Fenced) => Life::Over(FromEngine::TakenOver),
            _ => self.unless_given_way(),
        }
    }

    /// Lets go as soon as all work is durable, when another tab waits for that.
    fn unless_given_way(&self) -> Life {
        if self.purpose == Purpose::GiveWay && self.storing == 0 {
            return Life::Over(FromEngine::TakenOver);
        }
        Life::On
    }

    fn feed(&mut self, input: Input) {
        let outputs = self.engine.handle(clock::now(), input);
        self.carry_out(outputs);
    }

    fn carry_out(&mut self, outputs: Vec<Output>) {
        for output in outputs {
            match output {
                Output::Load(ticket, selections) => self.ask_store(Request::Load(ticket, selections)),
                Output::Store(ticket, writes) => self.ask_store(Request::Store(ticket, writes)),
                Output::Job(ticket, job) => scope::post(&FromEngine::Job(ticket, job)),
                Output::Connect => self.connect(),
                Output::Disconnect => self.disconnect(),
                Output::Send(message) => {
                    if let Some(socket) = &self.socket {
                        socket.send(&message);
                    }
                }
                Output::WakeAt(at) => self.alarm.set(at),
                Output::Show(view) => scope::show(&view),
            }
        }
    }

    fn ask_store(&mut self, request: Request) {
        if let Request::Store(..) = request {
            self.storing += 1;
        }
        // The store serves as long as the host lives.
        let _ = self.store.unbounded_send(request);
    }

    fn connect(&mut self) {
        self.sockets = self.sockets.wrapping_add(1);
        let (number, events) = (self.sockets, self.events.clone());
        let report = move |input| {
            let _ = events.unbounded_send(Event::Socket(number, input));
        };
        self.socket = Socket::connect(report).ok();
        if self.socket.is_none() {
            self.report_disconnected();
        }
    }

    fn disconnect(&mut self) {
        if self.socket.take().is_some() {
            self.report_disconnected();
        }
    }

    fn report_disconnected(&self) {
        let _ = self.events.unbounded_send(Event::Socket(self.sockets, Input::Disconnected));
    }
}
