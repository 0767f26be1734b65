//! The tasks of a group and of all meetings, the most urgent first.

use sea_orm::{ConnectionTrait, DbErr};
use uuid::Uuid;

use super::decision::{Told, select};

/// What a group has been given to do by meetings whose minutes are out, the most urgent first; what is done comes last.
pub async fn of_group(db: &impl ConnectionTrait, group_id: Uuid, most: u64) -> Result<Vec<Told>, DbErr> {
    let rest =
        "WHERE d.owner_group = ? AND m.published_at IS NOT NULL ORDER BY CASE WHEN d.state = 'open' THEN 0 ELSE 1 END,
        d.due_on, d.id LIMIT ?";
    select(db, rest, vec![group_id.into(), i64::try_from(most).unwrap_or(i64::MAX).into()]).await
}

/// Which tasks staff look at.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Those of one group.
    pub group: Option<Uuid>,
    /// Those for one item.
    pub item: Option<Uuid>,
    /// Also those that are done.
    pub all: bool,
}

/// The tasks and what was carried over of all meetings, the most urgent first.
pub async fn all(db: &impl ConnectionTrait, filter: &Filter, most: u64) -> Result<Vec<Told>, DbErr> {
    let mut rest = "WHERE d.kind <> 'decision'".to_owned();
    let mut values = Vec::new();
    if !filter.all {
        rest.push_str(" AND d.state = 'open'");
    }
    if let Some(group) = filter.group {
        rest.push_str(" AND d.owner_group = ?");
        values.push(group.into());
    }
    if let Some(item) = filter.item {
        rest.push_str(
            " AND d.id IN (SELECT l.decision_id FROM decision_items l JOIN items i ON i.id = l.item_id
            WHERE i.activity_id = (SELECT activity_id FROM items WHERE id = ?))",
        );
        values.push(item.into());
    }
    rest.push_str(" ORDER BY CASE WHEN d.due_on IS NULL THEN 1 ELSE 0 END, d.due_on, d.id LIMIT ?");
    values.push(i64::try_from(most).unwrap_or(i64::MAX).into());
    select(db, &rest, values).await
}
