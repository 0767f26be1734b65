//! Forms that are too large: heard out, so that their sender sees the answer.

use axum::body::HttpBody;
use axum::extract::{Request, State};
use axum::http::header;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::error::Error;

/// Most bytes of a form that is too large which are still read, so that its sender sees the answer.
const READ_IN_VAIN: usize = 64 * 1024 * 1024;

/// Hears out a form that says it is larger than this, keeping nothing of it: a browser shows no answer to what it could not send.
pub async fn patient(State(largest): State<usize>, request: Request, next: Next) -> Response {
    let length = request.headers().get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok());
    if length.and_then(|length| length.parse().ok()).is_none_or(|length: usize| length <= largest) {
        return next.run(request).await;
    }
    let (mut body, mut read) = (Box::pin(request.into_body()), 0);
    while read < READ_IN_VAIN
        && let Some(Ok(frame)) = std::future::poll_fn(|context| body.as_mut().poll_frame(context)).await
    {
        read += frame.data_ref().map_or(0, bytes::Bytes::len);
    }
    Error::TooLarge.into_response()
}
