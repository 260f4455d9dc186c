//! What pages are made of.

pub mod bulk;
pub mod category;
pub mod chart;
pub mod columns;
pub mod conflict;
pub mod desk;
pub mod dialog;
pub mod export;
pub mod filters;
pub mod form;
pub mod line_text;
pub mod long_text;
pub mod marks;
pub mod near;
pub mod passphrase;
pub mod qr;
pub mod segmented;
pub mod table;
pub mod unit_picker;
pub mod views;
