//! The states of a letter on its way.

/// How far a letter is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It could not be sent and is tried no more.
    Failed,
    /// It waits until staff release it.
    Held,
    /// It leaves as soon as it is due.
    Queued,
    /// It is being handed to the mail server.
    Sending,
    /// The mail server has taken it.
    Sent,
    /// It was taken back.
    Cancelled,
}

impl State {
    /// All states in the order in which staff look at them.
    pub const ALL: [Self; 6] = [Self::Failed, Self::Held, Self::Queued, Self::Sending, Self::Sent, Self::Cancelled];

    /// Key in the database and in addresses.
    pub fn key(self) -> &'static str {
        match self {
            Self::Failed => "failed",
            Self::Held => "held",
            Self::Queued => "queued",
            Self::Sending => "sending",
            Self::Sent => "sent",
            Self::Cancelled => "cancelled",
        }
    }

    /// The state under a key.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.key() == key)
    }

    /// The word people read.
    pub fn label(self) -> &'static str {
        match self {
            Self::Failed => "送れなかった",
            Self::Held => "保留",
            Self::Queued => "送信待ち",
            Self::Sending => "送信中",
            Self::Sent => "送信済み",
            Self::Cancelled => "取りやめ",
        }
    }
}
