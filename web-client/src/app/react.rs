//! What is derived from signals, made from boxed functions: the library's own would be compiled anew for every
//! function that it is given.

use leptos::prelude::*;

/// A derived value, told again only when it is another one.
pub fn memo<T: PartialEq + Send + Sync + 'static>(derive: impl Fn() -> T + Send + Sync + 'static) -> Memo<T> {
    boxed_memo(Box::new(derive))
}

#[inline(never)]
fn boxed_memo<T: PartialEq + Send + Sync + 'static>(derive: Box<dyn Fn() -> T + Send + Sync>) -> Memo<T> {
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
