//! What a person sees, and the browser's storage, socket and clock.
//!
//! Four modules are built of this package, one binary each: the page as it is loaded first, the page with all that the
//! office does, the engine's worker, and the worker for what is heavy and rare. They speak in the messages of [`shell::wire`].

pub mod app;
mod dom;
mod reactive;
pub mod shell;
