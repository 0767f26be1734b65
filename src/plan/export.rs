//! The plan as a table for Excel: one line per item.

use super::item::Item;
use crate::table::Cell;

/// Headings and lines of the plan's table.
pub fn table(items: &[Item]) -> (Vec<&'static str>, Vec<Vec<Cell>>) {
    let headings = vec![
        "項目番号",
        "施策番号",
        "施策",
        "見出し",
        "見出しの印",
        "主体の記号",
        "主体",
        "項目",
        "アクションプランの内容",
        "頻度",
        "継続",
        "注記",
        "関係部署",
    ];
    (headings, items.iter().map(line).collect())
}

fn line(item: &Item) -> Vec<Cell> {
    let text = |text: &str| Cell::Text(text.to_owned());
    vec![
        text(&item.code),
        Cell::Whole(item.policy_number.into()),
        text(&item.policy),
        text(&item.theme),
        text(&item.theme_flag),
        text(item.mark().symbol()),
        text(item.mark().words()),
        text(&item.title),
        text(&item.content),
        text(&item.cadence),
        text(if item.continued { "継続" } else { "" }),
        text(&item.notes().join(";")),
        text(&item.departments().join(";")),
    ]
}
