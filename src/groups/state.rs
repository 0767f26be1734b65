//! Where a group stands between its application and its end.

/// The life of a group in the register.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// 申請中: not yet approved.
    Applied,
    /// 公開: in the directory.
    #[default]
    Listed,
    /// 更新待ち: in the directory, and asked to confirm its profile.
    Renewal,
    /// 休止: resting, not in the directory.
    Dormant,
    /// 解散: ended.
    Dissolved,
}

impl State {
    /// All states in the order of a group's life.
    pub const ALL: [Self; 5] = [Self::Applied, Self::Listed, Self::Renewal, Self::Dormant, Self::Dissolved];

    /// Key in the database.
    pub fn key(self) -> &'static str {
        match self {
            Self::Applied => "applied",
            Self::Listed => "listed",
            Self::Renewal => "renewal",
            Self::Dormant => "dormant",
            Self::Dissolved => "dissolved",
        }
    }

    /// The state under a key.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.key() == key)
    }

    /// The word people read.
    pub fn label(self) -> &'static str {
        match self {
            Self::Applied => "申請中",
            Self::Listed => "公開",
            Self::Renewal => "更新待ち",
            Self::Dormant => "休止",
            Self::Dissolved => "解散",
        }
    }

    /// The state that a typed word means.
    pub fn meant_by(word: &str) -> Option<Self> {
        match word {
            "申請中" | "申請" | "審査中" => Some(Self::Applied),
            "公開" | "登録" | "登録済" | "登録済み" | "活動中" => Some(Self::Listed),
            "更新待ち" | "更新待" | "更新中" | "要更新" => Some(Self::Renewal),
            "休止" | "休止中" | "休会" | "休会中" | "活動休止" => Some(Self::Dormant),
            "解散" | "解散済" | "解散済み" | "廃止" | "抹消" => Some(Self::Dissolved),
            _ => None,
        }
    }

    /// Whether the group stands in the directory.
    pub fn is_listed(self) -> bool {
        matches!(self, Self::Listed | Self::Renewal)
    }
}
