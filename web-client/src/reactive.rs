//! Signals and what is derived from them. The signals are Leptos' own. What is derived is made from boxed
//! functions and kept without its type: the library's would be compiled anew for every function and every type.

use core::any::Any;
use core::marker::PhantomData;
use reactive_graph::computed;
use std::sync::Arc;

pub use reactive_graph::callback::{Callable, Callback};
pub use reactive_graph::effect::{Effect, RenderEffect};
pub use reactive_graph::graph::untrack;
pub use reactive_graph::owner::{LocalStorage, Owner, StoredValue, on_cleanup};
pub use reactive_graph::signal::{ReadSignal, RwSignal, WriteSignal, signal};
pub use reactive_graph::traits::*;
pub use reactive_graph::wrappers::read::Signal;

/// Runs `show` with an owner that lives as long as the page.
pub fn for_ever(show: impl FnOnce()) {
    // It fails only when it was called before.
    let _ = any_spawner::Executor::init_wasm_bindgen();
    let owner = Owner::new();
    owner.with(show);
    core::mem::forget(owner);
}

/// A derived value, told again only when it is another one.
pub struct Memo<T> {
    /// Counts the values there have been.
    version: computed::Memo<u64>,
    value: StoredValue<Option<Kept>>,
    of: PhantomData<fn() -> T>,
}

/// A value whose type only its memo knows.
type Kept = Arc<dyn Any + Send + Sync>;

/// Derives a value, given the one before; nothing if it is the same.
type Derive = Box<dyn Fn(Option<&Kept>) -> Option<Kept> + Send + Sync>;

impl<T> Copy for Memo<T> {}

impl<T> Clone for Memo<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: PartialEq + Send + Sync + 'static> Memo<T> {
    /// Derives a value from others and from the one before.
    pub fn new(derive: impl Fn(Option<&T>) -> T + Send + Sync + 'static) -> Self {
        let (version, value) = keep(Box::new(move |before| {
            let before = before.and_then(|before| before.downcast_ref::<T>());
            let now = derive(before);
            (before != Some(&now)).then(|| Arc::new(now) as Kept)
        }));
        Self { version, value, of: PhantomData }
    }

    /// Reads it; whoever reads is told when it changes.
    pub fn with<O>(self, read: impl FnOnce(&T) -> O) -> O {
        self.version.get();
        self.read(read)
    }

    /// Reads it without being told of changes.
    pub fn with_untracked<O>(self, read: impl FnOnce(&T) -> O) -> O {
        self.version.get_untracked();
        self.read(read)
    }

    fn read<O>(self, read: impl FnOnce(&T) -> O) -> O {
        let kept = self.value.get_value();
        match kept.as_ref().and_then(|kept| kept.downcast_ref()) {
            Some(value) => read(value),
            None => unreachable!("the version was read, which derives the value"),
        }
    }

    /// Is told when it changes.
    pub fn track(self) {
        self.version.get();
    }
}

impl<T: Clone + PartialEq + Send + Sync + 'static> Memo<T> {
    /// The value; whoever reads is told when it changes.
    pub fn get(self) -> T {
        self.with(T::clone)
    }

    /// The value.
    pub fn get_untracked(self) -> T {
        self.with_untracked(T::clone)
    }
}

fn keep(derive: Derive) -> (computed::Memo<u64>, StoredValue<Option<Kept>>) {
    let value = StoredValue::new(None);
    let version = computed::Memo::new(move |before: Option<&u64>| {
        let before = before.copied().unwrap_or_default();
        match derive(value.get_value().as_ref()) {
            Some(now) => {
                value.set_value(Some(now));
                before + 1
            }
            None => before,
        }
    });
    (version, value)
}

/// A derived value, told again only when it is another one.
pub fn memo<T: PartialEq + Send + Sync + 'static>(derive: impl Fn() -> T + Send + Sync + 'static) -> Memo<T> {
    Memo::new(move |_| derive())
}

/// A derived value, derived at each reading.
pub fn derived<T: Send + Sync + 'static>(derive: impl Fn() -> T + Send + Sync + 'static) -> Signal<T> {
    boxed_signal(Box::new(derive))
}

#[inline(never)]
fn boxed_signal<T: Send + Sync + 'static>(derive: Box<dyn Fn() -> T + Send + Sync>) -> Signal<T> {
    Signal::derive(derive)
}

/// Does something soon, and again whenever something that it read has changed.
pub fn effect(act: impl FnMut() + 'static) {
    boxed_effect(Box::new(act));
}

#[inline(never)]
fn boxed_effect(mut act: Box<dyn FnMut()>) {
    Effect::new(move |_| act());
}

/// What others can call.
pub fn callback<I: 'static, O: 'static>(act: impl Fn(I) -> O + Send + Sync + 'static) -> Callback<I, O> {
    boxed_callback(Box::new(act))
}

#[inline(never)]
fn boxed_callback<I: 'static, O: 'static>(act: Box<dyn Fn(I) -> O + Send + Sync>) -> Callback<I, O> {
    Callback::new(act)
}
