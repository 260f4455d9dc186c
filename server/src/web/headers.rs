//! The headers of every answer: nothing from elsewhere, in nothing from elsewhere, telling nobody.

use axum::extract::Request;
use axum::http::header::{
    CONTENT_SECURITY_POLICY, HOST, HeaderName, HeaderValue, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use axum::middleware::Next;
use axum::response::Response;

/// What pages may do: camera, microphone and place are what visits need.
const PERMISSIONS: &str = "camera=(self), microphone=(self), geolocation=(self), accelerometer=(), \
     autoplay=(), browsing-topics=(), display-capture=(), encrypted-media=(), fullscreen=(self), \
     gyroscope=(), hid=(), identity-credentials-get=(), idle-detection=(), magnetometer=(), midi=(), payment=(), \
     picture-in-picture=(), publickey-credentials-get=(), serial=(), usb=(), xr-spatial-tracking=()";

/// Adds them.
pub async fn add(request: Request, next: Next) -> Response {
    let policy = policy(request.headers().get(HOST));
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.insert(CONTENT_SECURITY_POLICY, policy);
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

/// The content security policy. Not every browser takes `'self'` to cover the socket of the same host, so it
/// is named as well.
fn policy(host: Option<&HeaderValue>) -> HeaderValue {
    let socket = host
        .and_then(|host| host.to_str().ok())
        .filter(|host| is_host(host))
        .map(|host| format!(" ws://{host} wss://{host}"))
        .unwrap_or_default();
    let policy = format!(
        "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
         img-src 'self' blob: data:; connect-src 'self'{socket}; frame-ancestors 'none'; base-uri 'none'; \
         form-action 'none'; object-src 'none'"
    );
    HeaderValue::from_str(&policy).unwrap_or_else(|_| unreachable!("the host was checked to be plain"))
}

/// Whether a host can stand in a policy: no space or separator could smuggle another directive in.
fn is_host(host: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':' | '[' | ']');
    !host.is_empty() && host.chars().all(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(host: &'static str) -> String {
        policy(Some(&HeaderValue::from_static(host))).to_str().unwrap().to_owned()
    }

    #[test]
    fn the_socket_of_the_same_host_is_allowed_and_no_other() {
        assert!(
            of("relay.example:8443")
                .contains("connect-src 'self' ws://relay.example:8443 wss://relay.example:8443;")
        );
        assert!(of("[::1]:8080").contains("connect-src 'self' ws://[::1]:8080 wss://[::1]:8080;"));
    }

    #[test]
    fn a_host_cannot_write_into_the_policy() {
        for host in ["a; script-src *", "a b", "*", "", "a,b"] {
            assert!(of(host).contains("connect-src 'self';"), "{host}");
        }
    }
}
