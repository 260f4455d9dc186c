//! The page's way to the engine: commands go in, views come out as signals.

use crate::reactive::*;
use crate::shell::handover::{self, Left};
use crate::shell::link::LinkSecret;
use crate::shell::offline;
use crate::shell::page;
use crate::shell::sheet::{self, SheetImport};
use crate::shell::views::Read;
use crate::shell::wire::{Claim, FromEngine, ToEngine};
use crate::shell::worker::{self, Worker};
use futures::channel::oneshot;
use mingcha_core::command::{Command, RequestId};
use mingcha_core::problem::Problem;
use mingcha_core::sheet::{Mapping, Preview};
use mingcha_core::view::{Answer, Query, View, WatchId};
use std::collections::BTreeMap;

/// Which tab of this browser is at work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tab {
    /// Not known yet.
    Starting,
    /// This one.
    Live,
    /// Another one; [`Client::take_over`] brings it here.
    Elsewhere,
    /// None: the browser gives no storage or no worker.
    Failed,
}

/// The page's way to the engine. Cheap to copy; lives as long as the page.
#[derive(Clone, Copy)]
pub struct Client {
    state: StoredValue<State, LocalStorage>,
    tab: RwSignal<Tab>,
    unanswered: RwSignal<usize>,
    link: RwSignal<Option<LinkSecret>>,
    new_version: RwSignal<bool>,
    read: Read,
}

struct State {
    engine: Option<Worker>,
    next_request: RequestId,
    next_watch: WatchId,
    /// Who waits for an answer; `None` for a command that nobody waits for.
    requests: BTreeMap<RequestId, Option<oneshot::Sender<Result<(), Problem>>>>,
    /// Files that came before the answers to the commands that asked for them.
    files: BTreeMap<RequestId, Vec<u8>>,
    watches: BTreeMap<WatchId, (Query, WriteSignal<Option<Answer>>)>,
    /// Commands given before this tab was live.
    early: Vec<(RequestId, Command)>,
}

impl Client {
    /// Starts the engine, or goes on with the one of the module before. Call once, under the owner that lives as
    /// long as the page.
    #[must_use]
    pub fn start(read: Read) -> Self {
        let before = handover::take_over();
        let (next_request, next_watch) =
            before.as_ref().map_or((1, 1), |left| (left.next_request, left.next_watch));
        let link = before.as_ref().and_then(|left| left.link.clone());
        let link = link.or_else(LinkSecret::take_from_address);
        let unanswered = before.iter().flat_map(|left| &left.unanswered);
        let client = Self {
            state: StoredValue::new_local(State {
                engine: None,
                next_request,
                next_watch,
                requests: unanswered.map(|request| (*request, None)).collect(),
                files: BTreeMap::new(),
                watches: BTreeMap::new(),
                early: Vec::new(),
            }),
            tab: RwSignal::new(Tab::Starting),
            unanswered: RwSignal::new(0),
            link: RwSignal::new(link),
            new_version: RwSignal::new(false),
            read,
        };
        match before {
            Some(left) => {
                let engine = worker::running_engine(client, left.engine);
                client.state.update_value(|state| state.engine = Some(engine));
                client.tab.set(Tab::Live);
                client.count();
            }
            None => client.start_engine(Claim::Wait),
        }
        client
    }

    /// Leaves the engine to another module of the page; `None` when it is not this tab's.
    pub(super) fn leave(self) -> Option<Left> {
        if self.tab.get_untracked() != Tab::Live {
            return None;
        }
        let left = self.state.try_update_value(|state| {
            for (id, _) in state.running() {
                state.tell(Command::Unwatch { id });
            }
            Some(Left {
                engine: state.engine.take()?.release(),
                next_request: state.next_request,
                next_watch: state.next_watch,
                unanswered: state.requests.keys().copied().collect(),
                link: self.link.get_untracked(),
            })
        });
        left.flatten()
    }

    /// Asks for something without waiting; [`Client::unanswered`] counts it until it is durable or refused.
    pub fn send(self, command: Command) -> RequestId {
        self.submit(command, None)
    }

    /// Asks for something and waits until it is durable.
    ///
    /// # Errors
    ///
    /// Why it was refused. [`Problem::TakenOver`] or [`Problem::StorageFailed`] when this tab is no longer at work;
    /// whether the command was carried out is then not known here.
    pub async fn ask(self, command: Command) -> Result<(), Problem> {
        let (answered, answer) = oneshot::channel();
        self.submit(command, Some(answered));
        self.wait(answer).await
    }

    /// Asks for a file. It may come although not all went well.
    pub async fn ask_for_file(self, command: Command) -> (Option<Vec<u8>>, Result<(), Problem>) {
        let (answered, answer) = oneshot::channel();
        let request = self.submit(command, Some(answered));
        let result = self.wait(answer).await;
        let file = self.state.try_update_value(|state| state.files.remove(&request));
        (file.flatten(), result)
    }

    async fn wait(self, answer: oneshot::Receiver<Result<(), Problem>>) -> Result<(), Problem> {
        answer.await.unwrap_or_else(|_| match self.tab.get_untracked() {
            Tab::Failed => Err(Problem::StorageFailed),
            Tab::Starting | Tab::Live | Tab::Elsewhere => Err(Problem::TakenOver),
        })
    }

    /// Shows a query as long as the current owner lives; `None` until the first answer.
    #[must_use]
    pub fn watch(self, query: Query) -> ReadSignal<Option<Answer>> {
        let (answer, shown) = signal(None);
        let id = self.begin_watch(query, shown);
        on_cleanup(move || self.end_watch(id));
        answer
    }

    /// Shows a query that changes. While a new query is not answered yet, the answer to the one before stays.
    #[must_use]
    pub fn watch_with(self, query: impl Fn() -> Query + Send + Sync + 'static) -> ReadSignal<Option<Answer>> {
        let (answer, shown) = signal(None);
        let query = Memo::new(move |_| query());
        let running = StoredValue::new(None::<WatchId>);
        Effect::new(move |_| {
            let begun = self.begin_watch(query.get(), shown);
            let ended = running.try_update_value(|running| running.replace(begun)).flatten();
            ended.into_iter().for_each(|id| self.end_watch(id));
        });
        on_cleanup(move || {
            let ended = running.try_update_value(Option::take).flatten();
            ended.into_iter().for_each(|id| self.end_watch(id));
        });
        answer
    }

    /// Asks for the answer to a query once; `None` when this tab is no longer at work.
    pub async fn read(self, query: Query) -> Option<Answer> {
        let owner = Owner::new();
        let (answered, answer) = oneshot::channel();
        owner.with(|| {
            let shown = self.watch(query);
            let tab = self.tab;
            let mut answered = Some(answered);
            effect(move || {
                let is_at_work = matches!(tab.get(), Tab::Starting | Tab::Live);
                let here = shown.get();
                if (here.is_some() || !is_at_work)
                    && let Some(answered) = answered.take()
                {
                    // Whoever asked may have gone; then nobody is to be told.
                    let _ = answered.send(here);
                }
            });
        });
        let answer = answer.await.ok().flatten();
        owner.cleanup();
        answer
    }

    /// How many of this page's commands are neither durable nor refused yet: only at 0 is everything saved.
    #[must_use]
    pub fn unanswered(self) -> Signal<usize> {
        self.unanswered.into()
    }

    /// Whether everything this page asked for is answered.
    #[must_use]
    pub fn saved(self) -> Signal<bool> {
        Signal::derive(move || self.unanswered.get() == 0)
    }

    /// Which tab is at work.
    #[must_use]
    pub fn tab(self) -> Signal<Tab> {
        self.tab.into()
    }

    /// Makes this tab the live one; the other is told, freezes its work, and stops.
    pub fn take_over(self) {
        self.start_engine(Claim::TakeOver);
    }

    /// The secret of the link that opened the app, or was opened while it ran.
    #[must_use]
    pub fn link(self) -> Signal<Option<LinkSecret>> {
        self.link.into()
    }

    /// Forgets the secret of the link, once it was used.
    pub fn forget_link(self) {
        self.link.set(None);
    }

    /// Looks at a spreadsheet in the heavy worker before it is imported, as its headers say or as a person does; none
    /// until it was read.
    #[must_use]
    pub fn preview_sheet(
        self,
        file: web_sys::File,
        mapping: Option<Mapping>,
    ) -> ReadSignal<Option<Result<Preview, Problem>>> {
        sheet::look(file, mapping)
    }

    /// Reads a spreadsheet in the heavy worker and imports its units, showing how far it has come.
    #[must_use]
    pub fn read_sheet(self, file: web_sys::File, mapping: Option<Mapping>) -> ReadSignal<SheetImport> {
        sheet::import(self, file, mapping)
    }

    /// Whether a newer version of the app is here, waiting for this one to be closed.
    #[must_use]
    pub fn new_version(self) -> Signal<bool> {
        self.new_version.into()
    }

    /// Loads the newer version now.
    pub fn use_new_version(self) {
        offline::use_new_version();
    }

    /// Ends the engine's worker; what was not durable is lost.
    pub(super) fn end(self) {
        self.state.update_value(|state| state.engine = None);
        self.stop(Tab::Elsewhere);
    }

    pub(super) fn tell_new_version(self) {
        self.new_version.try_set(true);
    }

    /// Takes what the address bar holds, when it is a secret.
    pub(super) fn open_link(self) {
        if let Some(secret) = LinkSecret::take_from_address() {
            self.link.set(Some(secret));
        }
    }

    /// Tells the engine's worker something; without effect before there is one.
    pub(super) fn post(self, message: &ToEngine) {
        self.state.try_with_value(|state| {
            if let Some(engine) = &state.engine {
                engine.post(message);
            }
        });
    }

    /// Takes in what the engine's worker said.
    pub(super) fn receive(self, message: FromEngine) {
        match message {
            // Settled where the worker is heard.
            FromEngine::Ready | FromEngine::Job(..) => {}
            FromEngine::Live => self.go_live(),
            FromEngine::Elsewhere => self.stop(Tab::Elsewhere),
            FromEngine::TakenOver => self.end(),
            FromEngine::Failed => self.stop(Tab::Failed),
        }
    }

    /// Takes in what the engine shows.
    pub(super) fn show(self, view: &[u8]) {
        match (self.read)(view) {
            Some(View::Answer { request, result }) => self.answered(request, result),
            Some(View::Shown { watch, answer }) => self.shown(watch, answer),
            Some(View::File { request, bytes }) => {
                self.state.update_value(|state| {
                    // A file that a module before this one asked for has nobody to take it.
                    if state.requests.get(&request).is_some_and(Option::is_some) {
                        state.files.insert(request, bytes);
                    }
                });
            }
            None => self.stop(Tab::Failed),
        }
    }

    fn start_engine(self, claim: Claim) {
        self.tab.set(Tab::Starting);
        match worker::engine(self, claim) {
            Ok(engine) => self.state.update_value(|state| state.engine = Some(engine)),
            Err(_) => self.stop(Tab::Failed),
        }
    }

    fn submit(self, command: Command, waiting: Option<oneshot::Sender<Result<(), Problem>>>) -> RequestId {
        if matches!(command, Command::Found { .. } | Command::Join { .. } | Command::Unlock { .. }) {
            page::ask_to_keep(self);
        }
        let tab = self.tab.get_untracked();
        let request = self.state.try_update_value(|state| {
            let request = state.next_request;
            state.next_request += 1;
            match tab {
                Tab::Live => state.post(&ToEngine::Command(request, command)),
                Tab::Starting => state.early.push((request, command)),
                // Dropping the sender answers whoever waits.
                Tab::Elsewhere | Tab::Failed => return request,
            }
            state.requests.insert(request, waiting);
            request
        });
        self.count();
        request.unwrap_or_default()
    }

    fn begin_watch(self, query: Query, shown: WriteSignal<Option<Answer>>) -> WatchId {
        let tab = self.tab.get_untracked();
        let begun = self.state.try_update_value(|state| {
            let id = state.next_watch;
            state.next_watch += 1;
            if tab == Tab::Live {
                state.tell(Command::Watch { id, query: query.clone() });
            }
            state.watches.insert(id, (query, shown));
            id
        });
        begun.unwrap_or_default()
    }

    fn end_watch(self, id: WatchId) {
        self.state.try_update_value(|state| {
            if state.watches.remove(&id).is_some() {
                state.tell(Command::Unwatch { id });
            }
        });
    }

    fn go_live(self) {
        self.state.update_value(|state| {
            for (id, query) in state.running() {
                state.tell(Command::Watch { id, query });
            }
            for (request, command) in std::mem::take(&mut state.early) {
                state.post(&ToEngine::Command(request, command));
            }
        });
        self.tab.set(Tab::Live);
    }

    fn stop(self, tab: Tab) {
        let lost = self.state.try_update_value(|state| {
            state.early.clear();
            std::mem::take(&mut state.requests)
        });
        drop(lost);
        self.tab.set(tab);
        self.count();
    }

    fn answered(self, request: RequestId, result: Result<(), Problem>) {
        let waiting = self.state.try_update_value(|state| state.requests.remove(&request));
        if let Some(waiting) = waiting.flatten().flatten() {
            // Whoever asked may have gone; then nobody is to be told.
            let _ = waiting.send(result);
        }
        self.count();
    }

    fn shown(self, watch: WatchId, answer: Answer) {
        let shown = self.state.with_value(|state| state.watches.get(&watch).map(|(_, shown)| *shown));
        if let Some(shown) = shown {
            shown.set(Some(answer));
        }
    }

    fn count(self) {
        let count = self.state.try_with_value(|state| state.requests.len()).unwrap_or_default();
        if self.unanswered.get_untracked() != count {
            self.unanswered.set(count);
        }
    }
}

impl State {
    fn post(&self, message: &ToEngine) {
        if let Some(engine) = &self.engine {
            engine.post(message);
        }
    }

    /// Sends a command whose answer nobody wants to know.
    fn tell(&mut self, command: Command) {
        let request = self.next_request;
        self.next_request += 1;
        self.post(&ToEngine::Command(request, command));
    }

    fn running(&self) -> Vec<(WatchId, Query)> {
        self.watches.iter().map(|(&id, (query, _))| (id, query.clone())).collect()
    }
}
