//! The sums of a year as a table for a spreadsheet: one row for each line, one column for each answer.

use super::table::{Line, Results};
use crate::outreach::questionnaire::{AGES, Scale};
use crate::table::Cell;

/// The headings of the table.
pub(super) fn headings() -> Vec<String> {
    let mut headings: Vec<String> =
        ["区分", "名前", "日", "町", "実施", "実施した回数", "人数", "回答数"].map(str::to_owned).into();
    for scale in Scale::ALL {
        headings.push(format!("{}: 回答した人", scale.short()));
        if scale.is_graded() {
            headings.push(format!("{}: 平均({}点満点)", scale.short(), scale.most()));
        }
        headings.extend(scale.options().iter().map(|(_, words)| format!("{}: {words}", scale.short())));
    }
    headings.extend(AGES.iter().map(|(_, words)| format!("年代: {words}")));
    headings
}

/// The rows: each session, each topic, each town, and the year.
pub(super) fn rows(results: &Results) -> Vec<Vec<Cell>> {
    let of = |kind: &'static str, lines: &[Line]| lines.iter().map(|line| row(kind, line)).collect::<Vec<_>>();
    [
        of("1回ごと", &results.sessions),
        of("テーマごと", &results.topics),
        of("町ごと", &results.towns),
        vec![row("年度", &results.year)],
    ]
    .concat()
}

fn row(kind: &str, line: &Line) -> Vec<Cell> {
    let text = |text: &str| if text.is_empty() { Cell::Empty } else { Cell::Text(text.to_owned()) };
    let mut cells = vec![
        text(kind),
        text(&line.name),
        text(&line.day),
        text(&line.town),
        text(line.state),
        Cell::Whole(line.sessions),
        Cell::Whole(line.people),
        Cell::Whole(line.sum.sheets),
    ];
    for scale in Scale::ALL {
        cells.push(Cell::Whole(line.sum.answered(scale)));
        if scale.is_graded() {
            // Tenths are exact to one place; what has no average has no number either.
            cells.push(line.sum.tenths(scale).map_or(Cell::Empty, |tenths| Cell::Decimal(tenths as f64 / 10.0)));
        }
        cells.extend(line.sum.shares(scale).iter().map(|share| Cell::Whole(share.count)));
    }
    cells.extend(line.sum.ages().iter().map(|share| Cell::Whole(share.count)));
    cells
}
