//! What a person sees, and the browser's storage, socket and clock.
//!
//! Three modules are built of this package, one binary each: the page, the engine's worker, and the worker for
//! what is heavy and rare. They speak in the messages of [`shell::wire`].

pub mod app;
mod dom;
mod reactive;
pub mod shell;
