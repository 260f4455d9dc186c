//! The engine and the relay's pure half against each other, with cuts and crashes between them.

mod main_path;
