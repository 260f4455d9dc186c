//! The engine's clock and its alarm.

use mingcha_core::time::Timestamp;
use wasm_bindgen::prelude::*;

/// Browsers take longer waits for none at all.
const LONGEST_WAIT: u64 = 1 << 30;

/// What the device's clock says.
#[must_use]
pub fn now() -> Timestamp {
    Timestamp(js_sys::Date::now() as u64)
}

/// Rings once at a time; a new time replaces the old one.
pub struct Alarm {
    ring: Closure<dyn FnMut()>,
    set: Option<i32>,
}

impl Alarm {
    /// An alarm that is not set.
    pub fn new(ring: impl FnMut() + 'static) -> Self {
        Self { ring: Closure::new(ring), set: None }
    }

    /// Rings at that time, or in twelve days when that is sooner.
    pub fn at(&mut self, at: Timestamp) {
        self.off();
        let wait = at.since(now()).min(LONGEST_WAIT);
        self.set = Some(set_timeout(&self.ring, wait as i32));
    }

    fn off(&mut self) {
        self.set.take().into_iter().for_each(clear_timeout);
    }
}

impl Drop for Alarm {
    fn drop(&mut self) {
        self.off();
    }
}

/// Waits that many milliseconds.
pub async fn pause(millis: i32) {
    let (ring, rung) = futures::channel::oneshot::channel();
    let ring = Closure::once(move || {
        let _ = ring.send(());
    });
    set_timeout_once(&ring, millis);
    let _ = rung.await;
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = setTimeout)]
    fn set_timeout(ring: &Closure<dyn FnMut()>, millis: i32) -> i32;
    #[wasm_bindgen(js_name = setTimeout)]
    fn set_timeout_once(ring: &Closure<dyn FnMut()>, millis: i32) -> i32;
    #[wasm_bindgen(js_name = clearTimeout)]
    fn clear_timeout(id: i32);
}
