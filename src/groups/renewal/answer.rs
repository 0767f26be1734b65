//! What a group answers, or what becomes of the question.

/// The answer of a group in a round.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Answer {
    /// 未回答: none yet.
    Open,
    /// 変更なし: everything is right as it stands.
    Unchanged,
    /// 変更あり: the record was put right.
    Edited,
    /// 直す連絡: the group wrote what to put right; staff do it.
    Told,
    /// 解散の連絡: the group says that it has ended; staff decide.
    Dissolved,
    /// 休止の連絡: the group says that it rests; staff decide.
    Resting,
    /// 宛先不明: the letter came back.
    Undeliverable,
}

impl Answer {
    /// All answers in the order in which a page shows them.
    pub const ALL: [Self; 7] =
        [Self::Open, Self::Unchanged, Self::Edited, Self::Told, Self::Dissolved, Self::Resting, Self::Undeliverable];

    /// Key in the database, in forms and in addresses.
    pub fn key(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Unchanged => "unchanged",
            Self::Edited => "edited",
            Self::Told => "told",
            Self::Dissolved => "dissolved",
            Self::Resting => "resting",
            Self::Undeliverable => "undeliverable",
        }
    }

    /// The answer under a key.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|answer| answer.key() == key)
    }

    /// The words people read.
    pub fn label(self) -> &'static str {
        match self {
            Self::Open => "未回答",
            Self::Unchanged => "変更なし",
            Self::Edited => "変更あり（修正済み）",
            Self::Told => "直す連絡",
            Self::Dissolved => "解散の連絡",
            Self::Resting => "休止の連絡",
            Self::Undeliverable => "宛先不明",
        }
    }

    /// Whether it says that the record is right, so that the day counts as 最終確認日.
    pub fn confirms(self) -> bool {
        matches!(self, Self::Unchanged | Self::Edited)
    }

    /// Whether staff have something to do once it is given.
    pub fn is_for_office(self) -> bool {
        matches!(self, Self::Told | Self::Dissolved | Self::Resting | Self::Undeliverable)
    }
}
