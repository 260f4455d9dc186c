//! The engine and the relay's pure half against each other, with cuts and crashes between them.

mod clocks;
mod deeds;
mod flood;
mod hostile_member;
mod hostile_relay;
mod invitations;
mod kills;
mod main_path;
mod order;
mod people;
mod planning;
mod review;
mod secrecy;
mod storage;
mod upgrade;
