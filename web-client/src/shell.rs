//! The browser around the engine: everything with an effect happens here, nothing is decided here.
//!
//! On the page: [`client`], what the pages are built against; [`page`], [`handover`], [`worker`], [`sheet`],
//! [`table_file`], [`link`], [`file`], [`views`], and the service worker. In the
//! engine's worker: [`host`], with its [`store`], [`socket`], [`clock`] and [`tab`]. In the heavy worker:
//! [`heavy`]. Between them: [`wire`].

pub mod client;
pub mod clock;
pub mod file;
pub mod handover;
pub mod heavy;
pub mod host;
mod idb;
pub mod link;
mod offline;
pub mod page;
pub mod random;
mod scope;
pub mod sheet;
pub mod socket;
pub mod store;
pub mod tab;
pub mod table_file;
pub mod views;
pub mod wire;
pub mod worker;
