//! What the relay decides, without doing any of it: who may write and read, what is a duplicate, what is
//! acknowledged when.

pub mod group;
