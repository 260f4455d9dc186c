//! The relay's signing key: a file that only its owner may read.

use super::{NodeError, random};
use crate::store::StoreError;
use crate::store::log::sync_parent;
use mingcha_core::crypto::SigningKey;
use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

/// The file's name: the key's seed in hexadecimal.
pub const FILE: &str = "relay.key";

/// Reads the key, or makes one. The caller holds the folder's lock.
pub fn load_or_create(folder: &Path) -> Result<SigningKey, NodeError> {
    let path = folder.join(FILE);
    match fs::read_to_string(&path) {
        Ok(text) => parse(&text).ok_or(NodeError::Key(FILE)),
        Err(error) if error.kind() == ErrorKind::NotFound => create(&path),
        Err(error) => Err(StoreError::from(error).into()),
    }
}

fn create(path: &Path) -> Result<SigningKey, NodeError> {
    let seed: [u8; 32] = random()?;
    let text: String = seed.iter().map(|byte| format!("{byte:02x}")).collect();
    let unfinished = path.with_extension("new");
    let write = || {
        let mut options = OpenOptions::new();
        let mut file = options.write(true).create(true).truncate(true).mode(0o600).open(&unfinished)?;
        writeln!(file, "{text}")?;
        file.sync_all()?;
        fs::rename(&unfinished, path)?;
        sync_parent(path)
    };
    write().map_err(StoreError::from)?;
    Ok(SigningKey::from_seed(seed))
}

fn parse(text: &str) -> Option<SigningKey> {
    let seed: mingcha_core::ids::Digest = text.trim().parse().ok()?;
    Some(SigningKey::from_seed(seed.0))
}
