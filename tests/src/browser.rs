//! Real browsers before the real relay: starting, cutting off, killing and restarting them, finding things as people
//! do, and looking at what they leave behind.

mod axe;
mod backroom;
mod build;
mod device;
mod engine;
mod find;
mod frames;
mod log;
mod network;
mod office;
mod relay;
mod report;
mod search;
mod sheets;
mod stored;

pub mod steps;
pub mod words;

pub use backroom::Backroom;
pub use build::{Kind, root, target};
pub use device::{Device, Size};
pub use engine::Engine;
pub use find::{PATIENCE, Role};
pub use network::Network;
pub use office::Office;
pub use relay::RelayProcess;
pub use report::Report;
pub use search::{Found, search, search_folder};
pub use sheets::{GeneratedUnits, Order};
pub use stored::StoredRecord;
pub use words::Word;
