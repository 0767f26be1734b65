//! What bulk letters are about; everyone chooses topic by topic what to get.

/// A topic of letters that go to many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Topic {
    /// 更新確認: the yearly question whether a profile is right.
    Renewal,
    /// 連絡調整会議: polls, invitations and minutes.
    Meetings,
    /// お知らせ: notices of the office.
    Notices,
}

impl Topic {
    /// All topics in the order in which they are offered.
    pub const ALL: [Self; 3] = [Self::Renewal, Self::Meetings, Self::Notices];

    /// Key in the database and in forms.
    pub fn key(self) -> &'static str {
        match self {
            Self::Renewal => "renewal",
            Self::Meetings => "meetings",
            Self::Notices => "notices",
        }
    }

    /// The topic under a key.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|topic| topic.key() == key)
    }

    /// The words people read.
    pub fn label(self) -> &'static str {
        match self {
            Self::Renewal => "年1回の更新確認のお願い",
            Self::Meetings => "連絡調整会議のご案内",
            Self::Notices => "事務局からのお知らせ",
        }
    }

    /// What somebody who does not get them should know.
    pub fn without(self) -> &'static str {
        match self {
            Self::Renewal => "受け取らない場合は、事務局から郵送などでお尋ねします。",
            Self::Meetings => "受け取らない場合も、会議のご案内は「予定」のページで見られます。",
            Self::Notices => "受け取らない場合も、登録や申請についての個別のご連絡は届きます。",
        }
    }
}
