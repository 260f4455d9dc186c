//! What a browser keeps of the app's, read by a script as anybody at the device could.

use super::device::Device;
use anyhow::{Context, Result};
use base64ct::{Base64, Encoding};
use serde_json::Value;

/// A record of the browser's storage.
pub struct StoredRecord {
    /// Where it is kept: database and table, or the kind of storage.
    pub place: String,
    /// Its key.
    pub key: Vec<u8>,
    /// Its value.
    pub value: Vec<u8>,
}

const READ: &str = r#"
    const base64 = (bytes) => {
      let text = "";
      for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
      return btoa(text);
    };
    const plain = (value) =>
      value instanceof ArrayBuffer ? new Uint8Array(value)
      : ArrayBuffer.isView(value) ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
      : new TextEncoder().encode(typeof value === "string" ? value : JSON.stringify(value) ?? "");
    const done = (request) => new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
    const records = [];
    const add = (place, key, value) => records.push([place, base64(plain(key)), base64(plain(value))]);
    for (const { name } of await indexedDB.databases()) {
      const db = await done(indexedDB.open(name));
      for (const table of db.objectStoreNames) {
        const store = db.transaction(table).objectStore(table);
        const [keys, values] = await Promise.all([done(store.getAllKeys()), done(store.getAll())]);
        keys.forEach((key, at) => add(`${name}/${table}`, key, values[at]));
      }
      db.close();
    }
    for (const [place, storage] of [["localStorage", localStorage], ["sessionStorage", sessionStorage]]) {
      for (const key of Object.keys(storage)) add(place, key, storage.getItem(key));
    }
    for (const name of await caches.keys()) {
      for (const request of await (await caches.open(name)).keys()) add("caches", request.url, "");
    }
    add("history", location.href, history.state ?? "");
    add("cookies", document.cookie, "");
    add("title", document.title, document.body.innerText);
    return records;
"#;

impl Device {
    /// All that the browser keeps of the app's, and what the page itself shows.
    ///
    /// # Errors
    ///
    /// When it cannot be read.
    pub async fn stored(&self) -> Result<Vec<StoredRecord>> {
        let records = self.run_async(READ).await?;
        records.as_array().context("a list")?.iter().map(record).collect()
    }
}

fn record(value: &Value) -> Result<StoredRecord> {
    let text = |at: usize| value[at].as_str().context("a text");
    let decode = |at: usize| Base64::decode_vec(text(at)?).map_err(|_| anyhow::anyhow!("not base64"));
    Ok(StoredRecord { place: text(0)?.to_owned(), key: decode(1)?, value: decode(2)? })
}
