//! What the product must do, proven in real browsers before the real relay.

mod coordinator;
mod delivery;
mod desk;
mod engines;
mod founding;
mod kills;
mod large;
mod offline;
mod phone_day;
mod refusals;
mod review;
mod secrecy;
mod speed;
mod together;
mod upgrade;
