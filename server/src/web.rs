//! What is seen from outside: the socket, the client's files, health and metrics.

mod client;
mod headers;
mod socket;

use crate::metrics::{Metrics, Writing};
use crate::node::{HubHandle, Node};
use axum::Router;
use axum::extract::{State, WebSocketUpgrade};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;

/// The most sockets at the same time.
pub const MAX_CONNECTIONS: usize = 4_096;
/// How long sockets may take to say goodbye when the relay stops.
const GOODBYE: Duration = Duration::from_secs(5);

/// What the handlers share.
#[derive(Clone)]
pub struct AppState {
    hub: HubHandle,
    metrics: Arc<Metrics>,
    client: Option<Arc<PathBuf>>,
    places: Arc<Semaphore>,
}

impl AppState {
    /// The state of an app that serves `node`, and the client's files from a folder.
    #[must_use]
    pub fn new(node: &Node, client: Option<PathBuf>) -> Self {
        let places = Arc::new(Semaphore::new(MAX_CONNECTIONS));
        Self { hub: node.hub(), metrics: node.metrics(), client: client.map(Arc::new), places }
    }
}

/// Builds the whole HTTP surface, so tests call it without a socket.
pub fn app(state: AppState) -> Router {
    Router::new()
        .route("/socket", any(open_socket))
        .route("/healthz", get(async || "ok\n"))
        .route("/readyz", get(ready))
        .route("/metrics", get(metrics))
        .fallback(get(client::file))
        .layer(axum::middleware::from_fn(headers::add))
        .with_state(state)
}

/// Serves until `shutdown` ends; then acknowledges what arrived, says goodbye and closes the store.
///
/// # Errors
///
/// What the listener or the closing of the store says.
pub async fn serve(
    listener: TcpListener,
    node: Node,
    client: Option<PathBuf>,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> anyhow::Result<()> {
    let state = AppState::new(&node, client);
    let places = Arc::clone(&state.places);
    // Sockets are no longer the listener's once they are upgraded: it stops at once, they say goodbye after.
    let router = app(state);
    tokio::select! {
        result = axum::serve(listener, router) => result?,
        () = shutdown => {}
        () = node.ended() => anyhow::bail!("the relay's thread ended: see the log"),
    }
    node.stop().await?;
    let all_gone = places.acquire_many(MAX_CONNECTIONS as u32);
    if tokio::time::timeout(GOODBYE, all_gone).await.is_err() {
        tracing::warn!("some clients did not say goodbye");
    }
    Ok(())
}

async fn open_socket(State(state): State<AppState>, upgrade: WebSocketUpgrade) -> Response {
    match Arc::clone(&state.places).try_acquire_owned() {
        Ok(place) => socket::upgrade(upgrade, state.hub, state.metrics, place),
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "too many connections\n").into_response(),
    }
}

async fn ready(State(state): State<AppState>) -> Response {
    match state.metrics.writing() {
        Writing::Works => "ok\n".into_response(),
        Writing::Full => {
            (StatusCode::SERVICE_UNAVAILABLE, "the disk is full: reading goes on, writing is refused\n")
                .into_response()
        }
        Writing::Fails => {
            (StatusCode::SERVICE_UNAVAILABLE, "writing fails: reading goes on\n").into_response()
        }
    }
}

async fn metrics(State(state): State<AppState>) -> Response {
    let kind = [(axum::http::header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")];
    (kind, state.metrics.to_text()).into_response()
}
