//! How far an item of an agenda is.

/// How far an item is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// 議題: it stands on the agenda.
    Listed,
    /// 提案中: a group proposed it, and nobody has decided yet.
    Proposed,
    /// 見送り: it was declined.
    Declined,
    /// 取り下げ: the group took it back.
    Withdrawn,
    /// 外した議題: those who convene took it out.
    Removed,
}

impl Stage {
    const ALL: [Self; 5] = [Self::Listed, Self::Proposed, Self::Declined, Self::Withdrawn, Self::Removed];

    /// Key in the database.
    pub fn key(self) -> &'static str {
        match self {
            Self::Listed => "listed",
            Self::Proposed => "proposed",
            Self::Declined => "declined",
            Self::Withdrawn => "withdrawn",
            Self::Removed => "removed",
        }
    }

    /// The stage under a key; any other key means that the item stands on the agenda.
    pub fn from_key(key: &str) -> Self {
        Self::ALL.into_iter().find(|stage| stage.key() == key).unwrap_or(Self::Listed)
    }

    /// What the group that proposed it reads.
    pub fn label(self) -> &'static str {
        match self {
            Self::Listed => "採用",
            Self::Proposed => "検討中",
            Self::Declined | Self::Removed => "見送り",
            Self::Withdrawn => "取り下げ",
        }
    }
}
