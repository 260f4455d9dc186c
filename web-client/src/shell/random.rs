//! Random names, drawn from the browser.

use mingcha_core::ids::{DatasetId, DocumentId, ItemId};

/// An id that a page may choose.
pub trait RandomId {
    /// The id with these bytes.
    fn from_random(bytes: [u8; 16]) -> Self;
}

macro_rules! random_ids {
    ($($name:ident),*) => {
        $(impl RandomId for $name {
            fn from_random(bytes: [u8; 16]) -> Self {
                Self(bytes)
            }
        })*
    };
}

random_ids!(DatasetId, DocumentId, ItemId);

/// A new id: `random::<DocumentId>()`.
#[must_use]
pub fn random<T: RandomId>() -> T {
    T::from_random(random_bytes())
}

/// Bytes from `crypto.getRandomValues`, in a page or a worker.
#[must_use]
pub fn random_bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    crypto(&js_sys::global()).fill(&mut bytes);
    bytes
}

#[wasm_bindgen::prelude::wasm_bindgen]
extern "C" {
    type Crypto;
    #[wasm_bindgen(method, js_name = getRandomValues)]
    fn fill(this: &Crypto, bytes: &mut [u8]);
    type Global;
    #[wasm_bindgen(method, getter)]
    fn crypto(this: &Global) -> Crypto;
}

fn crypto(global: &js_sys::Object) -> Crypto {
    use wasm_bindgen::JsCast;
    global.unchecked_ref::<Global>().crypto()
}
