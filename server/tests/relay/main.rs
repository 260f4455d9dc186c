//! The relay as it is used: over real sockets, as a real process, killed and restarted.

mod client;
mod files;
#[path = "../../../core/tests/relay/office.rs"]
mod office;
mod process;
mod sockets;
