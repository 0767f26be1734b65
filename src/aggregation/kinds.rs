//! The few words that a source is described with, each with its key in the database and what people read.

/// How a source comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// From an address, again and again.
    Address,
    /// As a file that somebody sends in.
    Upload,
}

impl Way {
    /// Key in the database and in forms.
    pub fn key(self) -> &'static str {
        match self {
            Self::Address => "address",
            Self::Upload => "upload",
        }
    }

    /// The way under a key.
    pub fn from_key(key: &str) -> Self {
        if key == "upload" { Self::Upload } else { Self::Address }
    }
}

/// Where a source stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// お試し: only whoever typed it sees it.
    Trial,
    /// 承認待ち.
    Asked,
    /// 取り込み中.
    Active,
    /// 休止: it could not be read many times, or somebody paused it.
    Paused,
    /// 見送り.
    Refused,
    /// 終了.
    Ended,
}

impl State {
    const ALL: [Self; 6] = [Self::Trial, Self::Asked, Self::Active, Self::Paused, Self::Refused, Self::Ended];

    /// Key in the database.
    pub fn key(self) -> &'static str {
        match self {
            Self::Trial => "trial",
            Self::Asked => "asked",
            Self::Active => "active",
            Self::Paused => "paused",
            Self::Refused => "refused",
            Self::Ended => "ended",
        }
    }

    /// The state under a key; an unknown key means that nothing is read any more.
    pub fn from_key(key: &str) -> Self {
        Self::ALL.into_iter().find(|state| state.key() == key).unwrap_or(Self::Ended)
    }

    /// The word people read.
    pub fn label(self) -> &'static str {
        match self {
            Self::Trial => "申し込み前",
            Self::Asked => "承認待ち",
            Self::Active => "取り込み中",
            Self::Paused => "休止",
            Self::Refused => "見送り",
            Self::Ended => "終了",
        }
    }
}

/// Whether entries show at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shows {
    /// すぐに公開.
    Public,
    /// 1件ずつ確認してから公開.
    Review,
}

impl Shows {
    /// Both, the careful one first.
    pub const ALL: [Self; 2] = [Self::Review, Self::Public];

    /// Key in the database and in forms.
    pub fn key(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Review => "review",
        }
    }

    /// The choice under a key; an unknown key is the careful one.
    pub fn from_key(key: &str) -> Self {
        if key == "public" { Self::Public } else { Self::Review }
    }

    /// The words people read.
    pub fn label(self) -> &'static str {
        match self {
            Self::Public => "すぐに公開する",
            Self::Review => "職員が1件ずつ確かめてから公開する",
        }
    }
}

/// How far a source is believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Trust {
    /// 参考: what others say of an event counts for more.
    Hint,
    /// ふつう.
    Usual,
    /// 公式: of those who hold the events; it may name items of the plan and groups of the register.
    Official,
}

impl Trust {
    /// All levels.
    pub const ALL: [Self; 3] = [Self::Hint, Self::Usual, Self::Official];

    /// Number in the database.
    pub fn level(self) -> i32 {
        match self {
            Self::Hint => 1,
            Self::Usual => 2,
            Self::Official => 3,
        }
    }

    /// The level of a number.
    pub fn from_level(level: i32) -> Self {
        Self::ALL.into_iter().find(|trust| trust.level() == level).unwrap_or(Self::Hint)
    }

    /// The words people read.
    pub fn label(self) -> &'static str {
        match self {
            Self::Hint => "参考",
            Self::Usual => "ふつう",
            Self::Official => "公式",
        }
    }

    /// What it means.
    pub fn hint(self) -> &'static str {
        match self {
            Self::Hint => "同じ予定がほかにもあるときは、ほかの情報を優先します。",
            Self::Usual => "団体が自分で付けているカレンダーなど。",
            Self::Official => "主催者の正式な情報。計画の項目や主催団体の名前も、そのまま結び付けます。",
        }
    }
}

/// What becomes of a coming entry that is no longer in its source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Vanished {
    /// It shows as cancelled.
    Cancel,
    /// It leaves at once.
    Withdraw,
}

impl Vanished {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Cancel, Self::Withdraw];

    /// Key in the database and in forms.
    pub fn key(self) -> &'static str {
        match self {
            Self::Cancel => "cancel",
            Self::Withdraw => "withdraw",
        }
    }

    /// The choice under a key.
    pub fn from_key(key: &str) -> Self {
        if key == "withdraw" { Self::Withdraw } else { Self::Cancel }
    }

    /// The words people read.
    pub fn label(self) -> &'static str {
        match self {
            Self::Cancel => "【中止】として示す",
            Self::Withdraw => "すぐに載せるのをやめる",
        }
    }
}
