//! The ceiling: a handler that only reads the body and awaits a confirmed publish.

use broker::{Message, Publisher, Settings};
use bytes::Bytes;
use http::{Request, Response, StatusCode};
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use web::{Body, Limits};

/// Serves on `GATEWAY_LISTEN` until killed; publishes to a queue that nobody consumes yet.
pub(crate) async fn serve() -> io::Result<()> {
    let variable = |name: &str| std::env::vars().find(|(known, _)| known == name).map(|(_, value)| value);
    let url = variable("GATEWAY_AMQP_URL").ok_or_else(|| io::Error::other("GATEWAY_AMQP_URL is not set"))?;
    let listen = variable("GATEWAY_LISTEN").ok_or_else(|| io::Error::other("GATEWAY_LISTEN is not set"))?;
    let settings = Settings { lanes: crate::accept::CONNECTIONS, ..Settings::new(url, "bench-bare") };
    let publisher = Publisher::start(&settings).map_err(|trouble| io::Error::other(trouble.to_string()))?;
    let _ = publisher.ready(Duration::from_secs(20)).await;
    let listener = tokio::net::TcpListener::bind(listen).await?;
    let next = Arc::new(AtomicU64::new(0));
    let answer = move |request: Request<Bytes>, _| {
        let (publisher, id) = (publisher.clone(), next.fetch_add(1, Ordering::Relaxed).to_string());
        async move {
            let message = Message::durable("cmd", "restore.bench", id, request.into_body());
            match publisher.publish(message, Duration::from_secs(5)).await {
                Ok(()) => Response::new(Body::from(r#"{"result":"success"}"#)),
                Err(_) => status(StatusCode::SERVICE_UNAVAILABLE),
            }
        }
    };
    web::serve(
        listener,
        Limits::default(),
        std::future::pending(),
        |_| status(StatusCode::BAD_REQUEST),
        answer,
    )
    .await;
    Ok(())
}

fn status(status: StatusCode) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response
}
