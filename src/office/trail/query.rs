//! What the trail is narrowed to, as an address says it.

use chrono::{Days, NaiveDate, TimeZone};
use chrono_tz::Tz;
use uuid::Uuid;

use crate::audit::Channel;
use crate::audit::trail::Filter;
use crate::web::Query;

/// The filter as it was asked for.
#[derive(Clone, Debug, Default)]
pub(super) struct Asked {
    pub words: String,
    pub account: Option<Uuid>,
    pub noun: Option<String>,
    pub channel: Option<Channel>,
    pub group: Option<Uuid>,
    pub from: Option<NaiveDate>,
    pub to: Option<NaiveDate>,
}

impl Asked {
    /// Reads the filter of an address.
    pub fn read(query: &mut Query) -> Self {
        let is_key = |key: &str| key.len() <= 40 && key.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
        Self {
            words: query.text("q", "ことば"),
            account: query.choice("account", "人", |typed| typed.parse().ok()),
            noun: query.choice("noun", "種類", |typed| is_key(typed).then(|| typed.to_owned())),
            channel: query.choice("channel", "方法", Channel::from_key),
            group: query.choice("group", "団体", |typed| typed.parse().ok()),
            from: query.day("from", "開始日"),
            to: query.day("to", "終了日"),
        }
    }

    /// The parameters that make this filter again.
    pub fn pairs(&self) -> Vec<(&'static str, String)> {
        let mut pairs = vec![
            ("q", self.words.clone()),
            ("account", self.account.map(|id| id.to_string()).unwrap_or_default()),
            ("noun", self.noun.clone().unwrap_or_default()),
            ("channel", self.channel.map_or("", Channel::key).to_owned()),
            ("group", self.group.map(|id| id.to_string()).unwrap_or_default()),
            ("from", self.from.map(|day| day.to_string()).unwrap_or_default()),
            ("to", self.to.map(|day| day.to_string()).unwrap_or_default()),
        ];
        pairs.retain(|(_, value)| !value.is_empty());
        pairs
    }

    /// Whether one of the choices beyond the words is made.
    pub fn is_narrowed(&self) -> bool {
        self.pairs().iter().any(|(name, _)| *name != "q")
    }

    /// The filter for the trail; days are meant where the city is.
    pub fn filter(&self, zone: Tz) -> Filter {
        let start = |day: NaiveDate| {
            let local = zone.from_local_datetime(&day.and_hms_opt(0, 0, 0)?).earliest()?;
            Some(local.to_utc())
        };
        Filter {
            words: self.words.split_whitespace().take(8).map(str::to_owned).collect(),
            account_id: self.account,
            noun: self.noun.clone(),
            channel: self.channel,
            group_id: self.group,
            from: self.from.and_then(start),
            until: self.to.and_then(|day| day.checked_add_days(Days::new(1))).and_then(start),
        }
    }
}
