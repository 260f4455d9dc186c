//! What an inspection is, how copies agree, and who may read them.
//!
//! Nothing here does I/O, reads a clock or draws random numbers: time and randomness are arguments, and the
//! same inputs give the same bytes on every target.

pub mod cbor;
pub mod code;
pub mod crypto;
pub mod defect;
pub mod entry;

pub mod ids;
pub mod log;
pub mod problem;
pub mod relay;
pub mod role;
pub mod roster;
pub mod sorted;
pub mod time;
pub mod wire;

#[cfg(feature = "documents")]
pub mod command;
#[cfg(feature = "documents")]
pub mod document;
#[cfg(feature = "documents")]
pub mod domain;
#[cfg(feature = "documents")]
pub mod engine;
#[cfg(feature = "sheets")]
pub mod sheet;
#[cfg(feature = "documents")]
pub mod units;
#[cfg(feature = "documents")]
pub mod view;
#[cfg(feature = "documents")]
pub mod words;

#[cfg(all(any(feature = "unsealed", feature = "unauthorised", feature = "sim"), not(debug_assertions)))]
compile_error!(
    "the switches `unsealed`, `unauthorised` and `sim` exist for tests only and cannot be part of a release build"
);
