//! What a person sees. Pages hold no rules: they show the engine's views and send its commands.

mod components;
mod draft;
mod filter;
mod frame;
mod hide;
mod i18n;
mod kept;
mod markup;
mod nav;
mod pages;
mod prefs;
mod report;
mod route;
mod shown;
mod terms;
mod when;

use crate::app::markup::{Show, view};
use crate::reactive::*;
use crate::shell::client::{Client, Tab};
use crate::shell::sheet::SheetImport;
use crate::shell::views::Read;
use i18n::Text;
use mingcha_core::command::Command;
use mingcha_core::domain::{Language, Role};
use mingcha_core::problem::Problem;
use mingcha_core::view::{Access, Answer, Myself, Query};
use nav::Nav;
use prefs::Prefs;

use std::future::Future;

/// What every page needs. The language is fixed for as long as a page is shown: another choice shows all anew.
#[derive(Clone, Copy)]
pub struct Ui {
    client: Client,
    language: Language,
    prefs: Prefs,
    nav: Nav,
    access: ReadSignal<Option<Answer>>,
    /// How many fields hold something that was typed and not yet sent to the engine.
    typing: RwSignal<usize>,
    /// Drafts of the first pages, kept when the language changes.
    drafts: pages::Drafts,
    /// Whether standing advice was read.
    /// The import that runs or ran last.
    import: RwSignal<Option<ReadSignal<SheetImport>>>,
    /// What lives as long as the app is open.
    root: StoredValue<Owner>,
    pages: Pages,
}

/// What a module of the app has.
#[derive(Clone, Copy)]
pub struct Pages {
    /// What stands at a place of the open app, if this module has it.
    pub page: fn(Ui, Route) -> Option<AnyView>,
    /// Founding an office with a set-up code.
    pub found: fn(Ui, String) -> AnyView,
    /// How it reads what the engine shows.
    pub read: Read,
}

pub use markup::AnyView;
pub use pages::{ALL, FIRST};
pub use route::Route;

impl Ui {
    fn t(self, text: Text) -> &'static str {
        text.say(self.language)
    }

    fn go(self, route: Route) {
        self.nav.go(route);
    }

    fn send(self, command: Command) {
        self.client.send(command);
    }

    /// Asks for something, then does `then` with the answer.
    fn ask(self, command: Command, then: impl FnOnce(Result<(), Problem>) + 'static) {
        spawn(async move { then(self.client.ask(command).await) });
    }

    /// A sentence about a problem.
    fn problem(self, problem: &Problem) -> String {
        mingcha_core::words::problem(problem, self.language)
    }

    /// Who uses the open device.
    fn me(self) -> Memo<Option<Myself>> {
        memo(move || {
            self.access.with(|answer| match shown::access(answer)?.access {
                Access::Open(ref me) => Some(me.clone()),
                Access::Opening | Access::Empty { .. } | Access::Busy | Access::Locked { .. } => None,
            })
        })
    }

    /// Whether the person has a role.
    fn has(self, role: Role) -> bool {
        self.me().get_untracked().is_some_and(|me| me.roles.contains(&role))
    }
}

fn spawn(future: impl Future<Output = ()> + 'static) {
    wasm_bindgen_futures::spawn_local(future);
}

/// Which of the app's faces is shown.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Face {
    Starting,
    Elsewhere,
    Failed,
    Empty,
    Locked,
    Open,
}

/// Shows the whole page, as long as the current owner lives.
pub fn open(client: Client, pages: Pages) {
    let prefs = Prefs::load();
    let nav = Nav::start();
    let access = client.watch(Query::Access);
    let ui = Ui {
        client,
        language: Language::default(),
        prefs,
        nav,
        access,
        typing: RwSignal::new(0),
        drafts: pages::Drafts::new(),
        import: RwSignal::new(None),
        root: StoredValue::new(Owner::current().unwrap_or_default()),
        pages,
    };
    let face = Memo::new(move |before| face(client, access, before));
    let recording = memo(move || {
        face.get() == Face::Open && matches!(nav.route(), Route::Record(_) | Route::Finding(..))
    });
    prefs.apply(recording);
    hide::listen(ui, face);
    let shown = move || {
        let ui = Ui { language: prefs.language.get(), ..ui };
        let shown = match face.get() {
            Face::Starting => pages::starting(ui),
            Face::Elsewhere => pages::elsewhere(ui),
            Face::Failed => pages::failed(ui),
            Face::Empty => pages::empty(ui),
            Face::Locked => pages::lock(ui),
            Face::Open => frame::open(ui),
        };
        view! { {shown}{hide::decoy(ui)} }
    };
    markup::mount(Show::show(shown));
}

/// While a passphrase is being stretched the face stays as it was, so that what was typed stays too.
fn face(client: Client, access: ReadSignal<Option<Answer>>, before: Option<&Face>) -> Face {
    match client.tab().get() {
        Tab::Starting => Face::Starting,
        Tab::Elsewhere => Face::Elsewhere,
        Tab::Failed => Face::Failed,
        Tab::Live => access.with(|answer| match shown::access(answer).map(|view| &view.access) {
            None | Some(Access::Opening) => Face::Starting,
            Some(Access::Busy) => before.copied().unwrap_or(Face::Starting),
            Some(Access::Empty { .. }) => Face::Empty,
            Some(Access::Locked { .. }) => Face::Locked,
            Some(Access::Open(_)) => Face::Open,
        }),
    }
}
