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
    timer: Option<i32>,
    due: Option<Timestamp>,
}

impl Alarm {
    /// An alarm that is not set.
    pub fn new(ring: impl FnMut() + 'static) -> Self {
        Self { ring: Closure::new(ring), timer: None, due: None }
    }

    /// Rings at that time. It may ring earlier; whoever hears it asks [`Alarm::is_due`].
    pub fn set(&mut self, at: Timestamp) {
        self.off();
        let wait = at.since(now()).min(LONGEST_WAIT);
        self.timer = Some(set_timeout(&self.ring, wait as i32));
        self.due = Some(at);
    }

    /// Whether the time has come, once; rings again when it has not.
    pub fn is_due(&mut self) -> bool {
        match self.due {
            Some(at) if at <= now() => {
                self.due = None;
                true
            }
            Some(at) => {
                self.set(at);
                false
            }
            None => false,
        }
    }

    fn off(&mut self) {
        self.timer.take().into_iter().for_each(clear_timeout);
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
