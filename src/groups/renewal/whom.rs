//! Whom a round asks.

use chrono::{Months, NaiveDate};
use sea_orm::{ConnectionTrait, DbErr};
use uuid::Uuid;

use crate::db::statement;

/// Which groups a round asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whom {
    /// Every group of the directory.
    All,
    /// Those that have not confirmed for a year.
    Stale,
    /// Those that are 更新待ち.
    Renewal,
}

impl Whom {
    /// All choices in the order in which they are offered.
    pub const ALL: [Self; 3] = [Self::All, Self::Stale, Self::Renewal];

    /// Key in forms.
    pub fn key(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Stale => "stale",
            Self::Renewal => "renewal",
        }
    }

    /// The choice under a key.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|whom| whom.key() == key)
    }

    /// The words people read.
    pub fn label(self) -> &'static str {
        match self {
            Self::All => "名簿のすべての団体（公開・更新待ち）",
            Self::Stale => "この1年、確認していない団体",
            Self::Renewal => "更新待ちの団体だけ",
        }
    }
}

/// The groups that a round would ask, in 五十音 order.
pub async fn groups(db: &impl ConnectionTrait, whom: Whom, today: NaiveDate) -> Result<Vec<Uuid>, DbErr> {
    let year_ago = today.checked_sub_months(Months::new(12)).unwrap_or(today);
    let (rest, values) = match whom {
        Whom::All => ("", vec![]),
        Whom::Stale => (" AND (confirmed_on IS NULL OR confirmed_on <= ?)", vec![year_ago.into()]),
        Whom::Renewal => (" AND state = 'renewal'", vec![]),
    };
    let sql = format!("SELECT id FROM groups WHERE listed = TRUE{rest} ORDER BY kana_key, id");
    let rows = db.query_all_raw(statement(db.get_database_backend(), &sql, values)).await?;
    rows.iter().map(|row| row.try_get("", "id")).collect()
}
