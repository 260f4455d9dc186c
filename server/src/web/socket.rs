//! One client's socket: binary messages in, checked; frames out, as many as are ready with one flush.

use crate::metrics::Metrics;
use crate::node::{Frame, HubHandle};
use axum::body::Bytes;
use axum::extract::WebSocketUpgrade;
use axum::extract::ws::{CloseFrame, Message, WebSocket, close_code};
use axum::response::Response;
use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{SinkExt, StreamExt};
use mingcha_core::relay::{CloseReason, ConnId, Incoming, check};
use mingcha_core::wire::MAX_MESSAGE_BYTES;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;
use tokio::sync::OwnedSemaphorePermit;
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::time::{interval_at, timeout};

/// Buffers of a socket: small, since most sockets are idle.
const BUFFER_BYTES: usize = 4 << 10;
/// Messages above this are checked on a thread of their own.
const CHECK_ASIDE_BYTES: usize = 4 << 10;
/// Frames that are handed to the socket before one flush.
const FRAMES_AT_ONCE: usize = 64;
/// How often a client that says nothing is asked whether it is there.
const PING: Duration = Duration::from_secs(25);
/// How long a client may say nothing at all.
const SILENCE: Duration = Duration::from_secs(70);
/// How long the network may take to accept what is sent.
const FLUSH: Duration = Duration::from_secs(30);

/// Turns a request into a socket. `place` is given back when it ends.
pub fn upgrade(
    upgrade: WebSocketUpgrade,
    hub: HubHandle,
    metrics: Arc<Metrics>,
    place: OwnedSemaphorePermit,
) -> Response {
    upgrade
        .read_buffer_size(BUFFER_BYTES)
        .write_buffer_size(BUFFER_BYTES)
        .max_message_size(MAX_MESSAGE_BYTES)
        .max_frame_size(MAX_MESSAGE_BYTES)
        .on_upgrade(async move |socket| {
            metrics.connections.fetch_add(1, Relaxed);
            run(socket, &hub).await;
            metrics.connections.fetch_sub(1, Relaxed);
            drop(place);
        })
}

async fn run(socket: WebSocket, hub: &HubHandle) {
    let Ok((conn, frames)) = hub.open().await else { return };
    let (sink, stream) = socket.split();
    // Both at once in one task: a client whose messages wait still gets its answers.
    tokio::select! {
        () = receive(stream, hub, conn) => {}
        () = send(sink, frames, hub, conn) => {}
    }
    hub.closed(conn).await;
}

async fn receive(mut stream: SplitStream<WebSocket>, hub: &HubHandle, conn: ConnId) {
    while let Ok(Some(Ok(message))) = timeout(SILENCE, stream.next()).await {
        let bytes = match message {
            Message::Binary(bytes) => bytes,
            Message::Ping(_) | Message::Pong(_) => continue,
            Message::Text(_) | Message::Close(_) => return,
        };
        let told = match checked(bytes).await {
            Some(message) => hub.received(conn, message).await,
            None => hub.invalid(conn).await,
        };
        if told.is_err() {
            // The relay is stopping: what still goes out ends this.
            std::future::pending::<()>().await;
        }
    }
}

async fn checked(bytes: Bytes) -> Option<Incoming> {
    let result = if bytes.len() <= CHECK_ASIDE_BYTES {
        check(&bytes)
    } else {
        tokio::task::spawn_blocking(move || check(&bytes)).await.ok()?
    };
    result.inspect_err(|error| tracing::debug!(%error, "a message was refused")).ok()
}

async fn send(
    mut sink: SplitSink<WebSocket, Message>,
    mut frames: UnboundedReceiver<Frame>,
    hub: &HubHandle,
    conn: ConnId,
) {
    let mut ping = interval_at(tokio::time::Instant::now() + PING, PING);
    loop {
        tokio::select! {
            frame = frames.recv() => {
                let result = timeout(FLUSH, send_ready(&mut sink, frame, &mut frames)).await;
                match result {
                    Ok(Ok(Sent::Bytes(bytes))) => hub.sent(conn, bytes),
                    Ok(Ok(Sent::Goodbye) | Err(_)) | Err(_) => return,
                }
            }
            _ = ping.tick() => {
                let asked = timeout(FLUSH, sink.send(Message::Ping(Bytes::new()))).await;
                if !matches!(asked, Ok(Ok(()))) {
                    return;
                }
            }
        }
    }
}

/// What left.
enum Sent {
    Bytes(usize),
    /// The last frame.
    Goodbye,
}

/// Sends a frame and those that are ready after it, and flushes once.
async fn send_ready(
    sink: &mut SplitSink<WebSocket, Message>,
    first: Option<Frame>,
    frames: &mut UnboundedReceiver<Frame>,
) -> Result<Sent, axum::Error> {
    let mut next = first;
    let mut bytes = 0;
    for more in (0..FRAMES_AT_ONCE).rev() {
        match next {
            Some(Frame::Message(message)) => {
                bytes += message.len();
                sink.feed(Message::Binary(Bytes::from_owner(message))).await?;
            }
            Some(Frame::Close(why)) => return say_goodbye(sink, close_code_of(why)).await,
            // The relay is stopping.
            None => return say_goodbye(sink, close_code::AWAY).await,
        }
        if more == 0 {
            break;
        }
        match frames.try_recv() {
            Ok(frame) => next = Some(frame),
            Err(_) => break,
        }
    }
    sink.flush().await?;
    Ok(Sent::Bytes(bytes))
}

async fn say_goodbye(sink: &mut SplitSink<WebSocket, Message>, code: u16) -> Result<Sent, axum::Error> {
    sink.send(Message::Close(Some(CloseFrame { code, reason: "".into() }))).await?;
    Ok(Sent::Goodbye)
}

fn close_code_of(why: CloseReason) -> u16 {
    match why {
        CloseReason::Protocol | CloseReason::Version | CloseReason::Expelled => close_code::POLICY,
        CloseReason::Slow | CloseReason::Silent | CloseReason::Failing => close_code::AGAIN,
    }
}
