//! A world's disks as one file, to be taken up by later versions of the program.
//!
//! ```text
//! snapshot = time 8 B, seeds used 8 B, ids used 8 B, relay's disk, number of devices 8 B, device …
//! device   = name, number of records 8 B, [ table 1 B, key, value ] …
//! ```
//!
//! Numbers are big-endian; the relay's disk, names, keys and values have their length before them, 8 B.

use crate::device::Records;
use mingcha_core::engine::io::Table;

/// What a world leaves when nothing runs in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Snapshot {
    /// The time.
    pub now: u64,
    /// How many seeds and ids were used.
    pub used: [u64; 2],
    /// The relay's disk.
    pub relay: Vec<u8>,
    /// The devices' names and stores.
    pub devices: Vec<(String, Records)>,
}

impl Snapshot {
    /// Its bytes.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Vec::new();
        for number in [self.now, self.used[0], self.used[1]] {
            out.extend(number.to_be_bytes());
        }
        put(&mut out, &self.relay);
        out.extend((self.devices.len() as u64).to_be_bytes());
        for (name, records) in &self.devices {
            put(&mut out, name.as_bytes());
            out.extend((records.len() as u64).to_be_bytes());
            for ((table, key), value) in records {
                out.push(*table as u8);
                put(&mut out, key);
                put(&mut out, value);
            }
        }
        out
    }

    /// Reads it back; `None` for what is none.
    #[must_use]
    pub fn decode(mut bytes: &[u8]) -> Option<Self> {
        let from = &mut bytes;
        let (now, used, relay) = (number(from)?, [number(from)?, number(from)?], take(from)?);
        let mut devices = Vec::new();
        for _ in 0..number(from)? {
            let name = String::from_utf8(take(from)?).ok()?;
            let mut records = Records::new();
            for _ in 0..number(from)? {
                let (table, rest) = from.split_first()?;
                *from = rest;
                let table = *Table::ALL.get(usize::from(*table))?;
                records.insert((table, take(from)?), take(from)?);
            }
            devices.push((name, records));
        }
        bytes.is_empty().then_some(Self { now, used, relay, devices })
    }
}

fn put(out: &mut Vec<u8>, bytes: &[u8]) {
    out.extend((bytes.len() as u64).to_be_bytes());
    out.extend(bytes);
}

fn number(from: &mut &[u8]) -> Option<u64> {
    let (number, rest) = from.split_first_chunk()?;
    *from = rest;
    Some(u64::from_be_bytes(*number))
}

fn take(from: &mut &[u8]) -> Option<Vec<u8>> {
    let length = usize::try_from(number(from)?).ok()?;
    let (bytes, rest) = from.split_at_checked(length)?;
    *from = rest;
    Some(bytes.to_vec())
}
