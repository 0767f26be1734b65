//! The feeds that can be ordered, under headings, and how they are called.

use crate::app::App;
use crate::calendar::Kind;
use crate::error::Error;
use crate::feeds::Selection;
use crate::plan;

/// Feeds under one heading: names and words.
pub(super) struct Shelf {
    pub label: &'static str,
    pub choices: Vec<(String, String)>,
}

/// What a feed is called; nothing where there is no such feed.
pub(super) async fn title(app: &App, feed: &str) -> Result<Option<String>, Error> {
    match Selection::parse(feed) {
        Some(selection) => Ok(selection.title(app).await?),
        None => Ok(None),
    }
}

/// Every feed that is offered, and the one that a page led here for, whatever it is.
pub(super) async fn shelves(app: &App, chosen: &str) -> Result<Vec<Shelf>, Error> {
    let city = app.city();
    let choice = |selection: Selection, label: &str| (selection.name(), label.to_owned());
    let mut shelves = vec![
        Shelf { label: "全体", choices: vec![choice(Selection::All, "すべての予定")] },
        Shelf {
            label: "町",
            choices: city.towns.iter().map(|town| choice(Selection::Town(town.key.clone()), &town.name)).collect(),
        },
        Shelf {
            label: "種類",
            choices: Kind::ALL.into_iter().map(|kind| choice(Selection::Kind(kind), kind.label())).collect(),
        },
        Shelf {
            label: "分類",
            choices: city
                .categories
                .iter()
                .map(|term| choice(Selection::Category(term.key.clone()), &term.name))
                .collect(),
        },
    ];
    shelves.extend(items(app).await?);
    let is_offered = shelves.iter().flat_map(|shelf| &shelf.choices).any(|(name, _)| name == chosen);
    if let (false, Some(title)) = (is_offered, title(app, chosen).await?) {
        shelves.insert(0, Shelf { label: "選んだ予定", choices: vec![(chosen.to_owned(), title)] });
    }
    Ok(shelves)
}

/// The items of the current plan.
async fn items(app: &App) -> Result<Option<Shelf>, Error> {
    let Some(plan) = plan::current(app).await? else { return Ok(None) };
    let items = plan.items.iter();
    let items = items.map(|item| (Selection::Item(item.code.clone()).name(), format!("{} {}", item.code, item.title)));
    Ok(Some(Shelf { label: "計画の項目", choices: items.collect() }))
}
