//! Who asks for a session: a group of the register, an administrative district (自治会・行政区), or another circle.

use crate::city::City;

/// What kind of body asks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum BodyKind {
    /// 自治会・行政区 (item 1-01).
    #[default]
    District,
    /// 名簿の団体 (item 1-02).
    Group,
    /// そのほかのサークル・集まり (item 1-02).
    Circle,
}

impl BodyKind {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 3] = [Self::District, Self::Group, Self::Circle];

    /// Key in the database and in forms.
    pub fn key(self) -> &'static str {
        match self {
            Self::District => "district",
            Self::Group => "group",
            Self::Circle => "circle",
        }
    }

    /// The kind under a key.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.key() == key)
    }

    /// The words people read.
    pub fn label(self) -> &'static str {
        match self {
            Self::District => "自治会・行政区",
            Self::Group => "名簿に登録している団体",
            Self::Circle => "そのほかの団体・サークル・集まり",
        }
    }

    /// Codes of the plan's items that a session for such a body fulfils.
    pub fn items(self, city: &City) -> &[String] {
        match self {
            Self::District => &city.profile.district_items,
            Self::Group | Self::Circle => &city.profile.circle_items,
        }
    }
}
