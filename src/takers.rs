//! Every slice that knows what a mail that came in is about, in one place.

use crate::inbound::Takers;
use crate::{digest, meetings, outreach};

/// Each is asked in turn until one knows the UID, or the secret.
pub const TAKERS: Takers<'static> =
    Takers { replies: &[meetings::invitation::taker, outreach::decision::taker], leavers: &[digest::leaver] };
