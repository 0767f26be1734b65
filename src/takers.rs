//! Every slice that knows what an answer to an invitation is about, in one place.

use crate::inbound::Taker;
use crate::{meetings, outreach};

/// Each is asked in turn until one knows the UID.
pub const TAKERS: &[Taker] = &[meetings::invitation::taker, outreach::decision::taker];
