//! What waits for somebody in the office: each part of the house lists its own, `/staff` shows all of it together.

use chrono::{DateTime, Utc};
use uuid::Uuid;

/// One thing that waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// What it is, in the office's words: 申請, 変更, 引継ぎ, 受取り, 未確認, 予定, 報告, メール, 届いたメール.
    pub kind: &'static str,
    /// What it is about, such as the name of the group.
    pub title: String,
    /// Where it is dealt with.
    pub path: String,
    /// Since when it waits.
    pub since: DateTime<Utc>,
    /// The group it concerns.
    pub group_id: Option<Uuid>,
}
