//! The port for those who run the gateway: is it alive, is it ready, what does it count.

use crate::health::Health;
use crate::metrics::{MEDIA_TYPE, Metrics};
use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{Method, Request, Response, StatusCode};
use std::future::Future;
use std::time::Duration;
use tokio::net::TcpListener;
use web::{Body, Limits, Refusal};

/// Few ask, and briefly.
const LIMITS: Limits = Limits {
    body_bytes: 4096,
    header_bytes: 16 * 1024,
    header_read: Duration::from_secs(5),
    body_read: Duration::from_secs(5),
    keep_alive: Duration::from_secs(60),
    connections: 64,
    drain: Duration::from_secs(1),
};

/// Serves `/livez`, `/readyz` and `/metrics` until `stop`.
pub async fn serve(listener: TcpListener, health: Health, metrics: Metrics, stop: impl Future<Output = ()>) {
    let answer = move |request: Request<Bytes>, _| std::future::ready(answer(&request, &health, &metrics));
    web::serve(listener, LIMITS, stop, refuse, answer).await;
}

fn answer(request: &Request<Bytes>, health: &Health, metrics: &Metrics) -> Response<Body> {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return reply(StatusCode::METHOD_NOT_ALLOWED, "text/plain", "only GET\n");
    }
    match request.uri().path() {
        "/livez" => reply(StatusCode::OK, "text/plain", "alive\n"),
        "/readyz" => readiness(health),
        "/metrics" => match metrics.text() {
            Ok(text) => reply(StatusCode::OK, MEDIA_TYPE, text),
            Err(_) => {
                reply(StatusCode::INTERNAL_SERVER_ERROR, "text/plain", "a metric could not be written\n")
            }
        },
        _ => reply(StatusCode::NOT_FOUND, "text/plain", "/livez /readyz /metrics\n"),
    }
}

fn readiness(health: &Health) -> Response<Body> {
    let report = health.report();
    let status = if report.ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    match serde_json::to_string_pretty(&report) {
        Ok(json) => reply(status, "application/json", json + "\n"),
        Err(_) => reply(StatusCode::INTERNAL_SERVER_ERROR, "text/plain", "the report could not be written\n"),
    }
}

fn refuse(refusal: Refusal) -> Response<Body> {
    reply(refusal.status(), "text/plain", "refused\n")
}

fn reply(status: StatusCode, media_type: &'static str, body: impl Into<Body>) -> Response<Body> {
    let mut response = Response::new(body.into());
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, http::HeaderValue::from_static(media_type));
    response
}
