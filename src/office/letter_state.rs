//! The words for where a letter stands.

/// What people read for the key of a letter's state.
pub(super) fn label(key: &str) -> &str {
    match key {
        "held" => "保留中",
        "queued" => "送信待ち",
        "sending" => "送信中",
        "sent" => "送信済み",
        "failed" => "送れませんでした",
        "cancelled" => "取りやめ",
        "declined" => "受け取らない設定",
        other => other,
    }
}
