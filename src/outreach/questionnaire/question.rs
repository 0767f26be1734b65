//! The fixed questions: short enough for the last five minutes of a session.

/// A question with a few answers to choose from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scale {
    /// わかりやすかったか.
    Clear,
    /// 役に立つか.
    Useful,
    /// 市民協働を知っていたか.
    Known,
    /// 活動に参加してみたいか.
    Joining,
}

impl Scale {
    /// All of them in the order in which they are asked.
    pub const ALL: [Self; 4] = [Self::Clear, Self::Useful, Self::Known, Self::Joining];

    /// Key in forms.
    pub fn key(self) -> &'static str {
        match self {
            Self::Clear => "clear",
            Self::Useful => "useful",
            Self::Known => "known",
            Self::Joining => "joining",
        }
    }

    /// The question as it is asked.
    pub fn label(self) -> &'static str {
        match self {
            Self::Clear => "説明は、わかりやすかったですか",
            Self::Useful => "これからの活動や暮らしに、役に立ちそうですか",
            Self::Known => "「市民協働」を、今日より前に知っていましたか",
            Self::Joining => "地域の活動に、参加してみたいですか",
        }
    }

    /// A few words for headings of tables.
    pub fn short(self) -> &'static str {
        match self {
            Self::Clear => "わかりやすさ",
            Self::Useful => "役に立つか",
            Self::Known => "知っていたか",
            Self::Joining => "参加してみたいか",
        }
    }

    /// The answers with their numbers, the best first.
    pub fn options(self) -> &'static [(i32, &'static str)] {
        match self {
            Self::Clear => &[
                (4, "とてもわかりやすかった"),
                (3, "わかりやすかった"),
                (2, "少しわかりにくかった"),
                (1, "わかりにくかった"),
            ],
            Self::Useful => &[(4, "とても役に立つ"), (3, "役に立つ"), (2, "あまり役に立たない"), (1, "役に立たない")],
            Self::Known => &[(3, "よく知っていた"), (2, "聞いたことはあった"), (1, "知らなかった")],
            Self::Joining => &[(3, "参加してみたい"), (2, "内容によっては参加してみたい"), (1, "いまは考えていない")],
        }
    }

    /// The highest number of an answer.
    pub fn most(self) -> i32 {
        self.options()[0].0
    }

    /// Whether an average of the answers means something.
    pub fn is_graded(self) -> bool {
        matches!(self, Self::Clear | Self::Useful)
    }

    /// The number of an answer as it was sent; nothing for one that does not exist.
    pub fn from_typed(self, typed: &str) -> Option<i32> {
        let known = |number: &i32| self.options().iter().any(|(one, _)| one == number);
        typed.parse().ok().filter(known)
    }
}

/// Ages by their keys, the youngest first.
pub const AGES: [(&str, &str); 8] = [
    ("under20", "20歳未満"),
    ("20s", "20代"),
    ("30s", "30代"),
    ("40s", "40代"),
    ("50s", "50代"),
    ("60s", "60代"),
    ("70s", "70代"),
    ("over80", "80歳以上"),
];
