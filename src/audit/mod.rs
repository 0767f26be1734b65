//! The audit trail (操作の記録): who changed what when, as it was and as it became.

mod record;
pub mod trail;

pub use record::{Actor, Channel, Event, record};
