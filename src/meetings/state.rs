//! How far a meeting is, read from what has happened to it.

/// How far a meeting is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// 準備中: nobody has been asked for a day yet.
    Planned,
    /// 日程調整中: the poll takes answers.
    Polling,
    /// 日程調整の締切後: the poll is closed and no day is fixed.
    Polled,
    /// 開催予定: the day is fixed.
    Fixed,
    /// 開催済み.
    Held,
    /// 議事録公開.
    Published,
    /// 中止.
    Cancelled,
}

impl State {
    /// All states in the order in which a meeting goes through them.
    pub const ALL: [Self; 7] =
        [Self::Planned, Self::Polling, Self::Polled, Self::Fixed, Self::Held, Self::Published, Self::Cancelled];

    /// Key in addresses.
    pub fn key(self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::Polling => "polling",
            Self::Polled => "polled",
            Self::Fixed => "fixed",
            Self::Held => "held",
            Self::Published => "published",
            Self::Cancelled => "cancelled",
        }
    }

    /// The state under a key.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.key() == key)
    }

    /// The words people read.
    pub fn label(self) -> &'static str {
        match self {
            Self::Planned => "準備中",
            Self::Polling => "日程調整中",
            Self::Polled => "日程調整の締切後",
            Self::Fixed => "開催予定",
            Self::Held => "開催済み",
            Self::Published => "議事録公開",
            Self::Cancelled => "中止",
        }
    }

    /// Whether the day is known to everybody: it stands in the calendar.
    pub fn has_day(self) -> bool {
        matches!(self, Self::Fixed | Self::Held | Self::Published)
    }

    /// Whether anything about it may still be prepared.
    pub fn is_open(self) -> bool {
        !matches!(self, Self::Published | Self::Cancelled)
    }
}
