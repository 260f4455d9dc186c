//! A table as a file for a spreadsheet: written in the heavy worker, saved where the person's files go.

use crate::dom::{self, document};
use crate::shell::wire::{FromHeavy, ToHeavy};
use crate::shell::worker::Heavy;
use js_sys::{Array, Uint8Array};
use mingcha_core::problem::Problem;
use mingcha_core::sheet::export::{Form, Table};
use mingcha_core::time::Timestamp;
use wasm_bindgen::prelude::*;
use web_sys::{Blob, BlobPropertyBag, HtmlElement, Url};

/// How long a file that is being saved is kept for the browser.
const KEPT_MILLIS: i32 = 60_000;

/// Writes a table; `now` is the person's local time.
///
/// # Errors
///
/// [`Problem::TooMany`] if no file of this form takes as many rows, or the browser's memory does not.
pub async fn write(table: Table, form: Form, now: Timestamp) -> Result<Vec<u8>, Problem> {
    let rows = u32::try_from(table.rows.len()).unwrap_or(u32::MAX);
    let too_many = Problem::TooMany { limit: rows };
    let Ok(mut heavy) = Heavy::start(ToHeavy::Table { table, form, now }) else { return Err(too_many) };
    match heavy.next().await {
        Some(FromHeavy::Table(written)) => written,
        _ => Err(too_many),
    }
}

/// Gives a file to the browser, which saves it as it saves whatever a person downloads.
pub fn save(bytes: &[u8], name: &str, kind: &str) {
    let options = BlobPropertyBag::new();
    options.set_type(kind);
    let parts = Array::of1(&Uint8Array::from(bytes));
    let Ok(blob) = Blob::new_with_u8_array_sequence_and_options(&parts, &options) else { return };
    let (Ok(url), Ok(link)) = (Url::create_object_url_with_blob(&blob), document().create_element("a"))
    else {
        return;
    };
    let _ = link.set_attribute("href", &url);
    let _ = link.set_attribute("download", name);
    if let Some(link) = link.dyn_ref::<HtmlElement>() {
        link.click();
    }
    dom::after(KEPT_MILLIS, move || {
        let _ = Url::revoke_object_url(&url);
    });
}
