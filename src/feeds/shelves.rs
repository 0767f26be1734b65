//! The feeds that can be chosen by name, group by group.

use super::Selection;
use crate::app::App;
use crate::calendar::Kind;
use crate::error::Error;
use crate::plan;

/// A group of choices under one heading.
pub(super) struct Shelf {
    pub label: &'static str,
    pub choices: Vec<Choice>,
}

/// One feed.
pub(super) struct Choice {
    pub name: String,
    pub label: String,
}

/// Every feed that can be chosen by name; the chosen one as well, if it is none of them.
pub(super) async fn with(app: &App, chosen: &Selection, title: &str) -> Result<Vec<Shelf>, Error> {
    let mut shelves = shelves(app).await?;
    let name = chosen.name();
    if !shelves.iter().flat_map(|shelf| &shelf.choices).any(|choice| choice.name == name) {
        let label = if matches!(chosen, Selection::Combined(_)) { "組み合わせ" } else { "団体" };
        shelves.push(Shelf { label, choices: vec![Choice { name, label: title.to_owned() }] });
    }
    Ok(shelves)
}

async fn shelves(app: &App) -> Result<Vec<Shelf>, Error> {
    let city = app.city();
    let choice = |selection: Selection, label: String| Choice { name: selection.name(), label };
    let towns = city.towns.iter().map(|town| choice(Selection::Town(town.key.clone()), town.name.clone()));
    let kinds = Kind::ALL.into_iter().map(|kind| choice(Selection::Kind(kind), kind.label().to_owned()));
    let categories =
        city.categories.iter().map(|term| choice(Selection::Category(term.key.clone()), term.name.clone()));
    let mut shelves = vec![
        Shelf { label: "全体", choices: vec![choice(Selection::All, "すべての予定".to_owned())] },
        Shelf { label: "町", choices: towns.collect() },
        Shelf { label: "種類", choices: kinds.collect() },
        Shelf { label: "分類", choices: categories.collect() },
    ];
    if let Some(plan) = plan::current(app).await? {
        let policies = plan.policies.iter();
        let policies = policies.map(|p| choice(Selection::Policy(p.number), format!("施策{} {}", p.number, p.title)));
        shelves.push(Shelf { label: "計画の施策", choices: policies.collect() });
        let items = plan.items.iter();
        let items = items.map(|i| choice(Selection::Item(i.code.clone()), format!("{} {}", i.code, i.title)));
        shelves.push(Shelf { label: "計画の項目", choices: items.collect() });
    }
    Ok(shelves)
}
