//! Which part of the calendar a feed carries: everything, or what belongs to one item, policy, group, town, kind.

use uuid::Uuid;

use super::combination;
use crate::app::App;
use crate::calendar::{self, Filter, Kind};
use crate::error::Error;
use crate::{groups, plan};

/// One feed by what it carries; its name is the path below `/feeds/` without the ending.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Selection {
    /// Every public entry.
    All,
    /// What fulfils an action item, under whichever of its codes.
    Item(String),
    /// What fulfils any item of a policy.
    Policy(i32),
    /// What a group holds.
    Group(Uuid),
    /// What takes place in a town.
    Town(String),
    /// Events of one kind of the open-data vocabulary.
    Category(String),
    /// Meetings, sessions or events.
    Kind(Kind),
    /// A combination, by its short name.
    Combined(String),
}

impl Selection {
    /// Reads a feed's name, such as `item/3-05`; whether the thing exists is asked by [`Self::title`].
    pub fn parse(name: &str) -> Option<Self> {
        let Some((what, which)) = name.split_once('/') else {
            return (name == "all").then_some(Self::All);
        };
        if which.is_empty() || which.len() > 64 {
            return None;
        }
        Some(match what {
            "item" => Self::Item(which.to_owned()),
            "policy" => Self::Policy(which.parse().ok()?),
            "group" => Self::Group(Uuid::parse_str(which).ok()?),
            "town" => Self::Town(which.to_owned()),
            "category" => Self::Category(which.to_owned()),
            "kind" => Self::Kind(Kind::from_key(which)?),
            "c" if combination::is_short(which) => Self::Combined(which.to_owned()),
            _ => return None,
        })
    }

    /// The feed's name below `/feeds/`.
    pub fn name(&self) -> String {
        match self {
            Self::All => "all".to_owned(),
            Self::Item(code) => format!("item/{code}"),
            Self::Policy(number) => format!("policy/{number}"),
            Self::Group(id) => format!("group/{id}"),
            Self::Town(key) => format!("town/{key}"),
            Self::Category(key) => format!("category/{key}"),
            Self::Kind(kind) => format!("kind/{}", kind.key()),
            Self::Combined(short) => format!("c/{short}"),
        }
    }

    /// Path of the feed as a file with this ending.
    pub fn path(&self, ending: &str) -> String {
        format!("/feeds/{}.{ending}", self.name())
    }

    /// What a filter selects, when one name of a feed says all of it.
    pub fn of(filter: &Filter) -> Option<Self> {
        let single = |list: &[String]| list.first().cloned();
        let found = match filter.pairs().as_slice() {
            [] => Self::All,
            [("town", _)] if filter.towns.len() == 1 => Self::Town(single(&filter.towns)?),
            [("category", _)] if filter.categories.len() == 1 => Self::Category(single(&filter.categories)?),
            [("kind", _)] if filter.kinds.len() == 1 => Self::Kind(*filter.kinds.first()?),
            [("group", _)] => Self::Group(filter.group?),
            [("item", _)] => Self::Item(filter.item.clone()?),
            [("policy", _)] => Self::Policy(filter.policy?),
            _ => return None,
        };
        Some(found)
    }

    /// What the feed carries in words, or nothing when there is no such town, item, group ….
    pub async fn title(&self, app: &App) -> Result<Option<String>, Error> {
        let (db, city) = (&app.db, app.city());
        Ok(match self {
            Self::All => Some("すべての予定".to_owned()),
            Self::Item(code) => {
                let plan = plan::current(app).await?;
                let item = plan.as_ref().and_then(|plan| plan.item(code));
                item.map(|item| format!("項目{} {}の予定", item.code, item.title))
            }
            Self::Policy(number) => {
                let plan = plan::current(app).await?;
                let policy = plan.as_ref().and_then(|plan| plan.policy(*number));
                policy.map(|policy| format!("施策{} {}の予定", policy.number, policy.title))
            }
            Self::Group(id) => groups::find_listed(db, *id).await?.map(|group| format!("{}の予定", group.name)),
            Self::Town(key) => city.town(key).map(|town| format!("{}の予定", town.name)),
            Self::Category(key) => city.category(key).map(|category| format!("{}の予定", category.name)),
            Self::Kind(kind) => Some(format!("{}の予定", kind.label())),
            Self::Combined(_) => match self.filter(app).await? {
                Some(filter) => calendar::filter_words(app, &filter).await?.map(|words| format!("{words}の予定")),
                None => None,
            },
        })
    }

    /// The same selection as a filter of the calendar; nothing when there is no such combination any more.
    ///
    /// Asks the database, as a combination is a row. Nobody may take nothing for everything.
    pub async fn filter(&self, app: &App) -> Result<Option<Filter>, Error> {
        let mut filter = Filter::default();
        match self.clone() {
            Self::All => {}
            Self::Item(code) => filter.item = Some(code),
            Self::Policy(number) => filter.policy = Some(number),
            Self::Group(id) => filter.group = Some(id),
            Self::Town(key) => filter.towns = vec![key],
            Self::Category(key) => filter.categories = vec![key],
            Self::Kind(kind) => filter.kinds = vec![kind],
            Self::Combined(short) => return Ok(combination::find(&app.db, &app.city(), &short).await?),
        }
        Ok(Some(filter))
    }
}
