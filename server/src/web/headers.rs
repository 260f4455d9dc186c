//! The headers of every answer: nothing from elsewhere, in nothing from elsewhere, telling nobody.

use axum::extract::Request;
use axum::http::header::{
    CONTENT_SECURITY_POLICY, HeaderName, HeaderValue, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use axum::middleware::Next;
use axum::response::Response;

/// What pages may load. `'self'` covers the socket of the same host in Chromium, Firefox and WebKitGTK.
const CONTENT: &str = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
     img-src 'self' blob: data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; \
     form-action 'none'; object-src 'none'";
/// What pages may do: camera, microphone and place are what visits need.
const PERMISSIONS: &str = "camera=(self), microphone=(self), geolocation=(self), accelerometer=(), \
     autoplay=(), browsing-topics=(), display-capture=(), encrypted-media=(), fullscreen=(self), \
     gyroscope=(), hid=(), identity-credentials-get=(), idle-detection=(), magnetometer=(), midi=(), payment=(), \
     picture-in-picture=(), publickey-credentials-get=(), serial=(), usb=(), xr-spatial-tracking=()";

/// Adds them.
pub async fn add(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(CONTENT));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    for (name, value) in [
        ("permissions-policy", PERMISSIONS),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("x-frame-options", "DENY"),
    ] {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    response
}
