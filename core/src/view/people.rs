//! The people of the office and their devices.

use crate::domain::Role;
use crate::ids::{DeviceKey, MemberId, SpaceId};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// A person of the office, with everything they use it with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PersonView {
    /// Who.
    pub member: MemberId,
    /// Their name; empty when it is not known here (yet).
    pub name: String,
    /// Their roles.
    pub roles: Vec<Role>,
    /// The teams they inspect with.
    pub teams: Vec<(SpaceId, String)>,
    /// Their devices, in the order in which they joined.
    pub devices: Vec<DeviceView>,
}

/// A device of a person.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DeviceView {
    /// Which.
    pub device: DeviceKey,
    /// The short name by which people call it: the how manieth device of the office it is, from 1.
    pub number: u32,
    /// When it joined, by the relay's time; none for the one that founded the office.
    pub joined: Option<Timestamp>,
    /// Whether it is this one.
    pub whose: Whose,
    /// How it stands.
    pub standing: DeviceStanding,
}

/// Whether a device is the one in front of the person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Whose {
    /// It is this one.
    This,
    /// It is another one.
    Another,
}

/// How a device stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum DeviceStanding {
    /// It has every key that its member's roles entitle it to.
    Admitted,
    /// It waits to be let in: [`crate::command::Command::LetIn`] does, after the code was compared with what it shows.
    Waiting {
        /// Its short code, in groups of digits.
        code: String,
    },
    /// It was blocked.
    Blocked {
        /// When, by the relay's time.
        at: Timestamp,
    },
}
