//! Which file this is: told by its headings, never by its name.

use std::collections::HashMap;

use super::cells::Cells;
use crate::city::City;
use crate::groups::contact::ContactKind::{Address, Postal, Representative};
use crate::groups::sheet::{COLUMNS, Column};
use crate::table::{Row, Table, key};

/// Headings of the national NPO portal's file (内閣府NPOポータル 行政入力情報, 60 columns) that mean a column of the register.
const PORTAL: [(&str, Column); 10] = [
    ("法人名称", Column::Name),
    ("法人名称カナ", Column::Kana),
    (MAIN_OFFICE, Column::Value(Address)),
    ("主たる事業所の郵便番号", Column::Value(Postal)),
    ("代表者氏名", Column::Value(Representative)),
    ("設立年月日", Column::Founded),
    ("定款に記載された目的", Column::Purpose),
    ("特定非営利活動に係る事業", Column::Activities),
    ("法人番号", Column::CorporateNumber),
    ("主たる事務所の郵便番号", Column::Value(Postal)),
];
const MAIN_OFFICE: &str = "主たる事務所の所在地";
const OTHER_OFFICES: &str = "従たる事務所の所在地";
const DISSOLVED: &str = "解散情報";
const FIELD: &str = "活動分野";

/// Headings of row numbers, which mean nothing once the rows are sorted otherwise.
const ROW_NUMBERS: [&str; 7] = ["_id", "no", "no.", "番号", "連番", "項番", "通番"];

/// How the columns of a file are understood.
pub(super) struct Layout {
    columns: Vec<(usize, Column)>,
    /// Columns that the register does not know, with their headings.
    extra: Vec<(usize, String)>,
    portal: Option<Portal>,
}

/// What only the portal's file has.
struct Portal {
    main_office: usize,
    other_offices: Option<usize>,
    dissolved: Option<usize>,
    /// The columns 活動分野１ to ２０, in this order.
    fields: Vec<usize>,
}

/// Every heading that a register may have.
pub(super) fn expected() -> Vec<&'static str> {
    let own =
        COLUMNS.iter().flat_map(|(_, heading, others)| std::iter::once(*heading).chain(others.split_whitespace()));
    own.chain(PORTAL.iter().map(|(heading, _)| *heading)).collect()
}

impl Layout {
    /// The layout of a table, if it is a register at all.
    pub fn of(table: &Table) -> Option<Self> {
        let at = |heading: &str| table.column(heading);
        let portal = at("法人名称").and(at(MAIN_OFFICE)).map(|main_office| Portal {
            main_office,
            other_offices: at(OTHER_OFFICES),
            dissolved: at(DISSOLVED),
            fields: (1..=20).map_while(|number| at(&format!("{FIELD}{number}"))).collect(),
        });
        let columns = if portal.is_some() {
            PORTAL.iter().filter_map(|(heading, column)| Some((at(heading)?, *column))).collect()
        } else {
            own_columns(table)
        };
        let used: Vec<usize> = columns.iter().map(|(index, _)| *index).collect();
        let fields = portal.iter().flat_map(|portal| &portal.fields);
        let used: Vec<usize> = used.into_iter().chain(fields.copied()).collect();
        let others = table
            .headings
            .iter()
            .enumerate()
            .filter(|(index, heading)| !used.contains(index) && !ROW_NUMBERS.contains(&heading.key.as_str()));
        let extra = others.map(|(index, heading)| (index, heading.typed.clone())).collect();
        let layout = Self { columns, extra, portal };
        layout.columns.iter().any(|(_, column)| *column == Column::Name).then_some(layout)
    }

    /// What the person who brought the file should know about its columns.
    pub fn notes(&self) -> Vec<String> {
        if self.portal.is_some() {
            return vec![
                "NPOポータルのファイルとして読みました。代表者氏名と所在地は、同意の記録がないため公開しません。"
                    .to_owned(),
            ];
        }
        if self.extra.is_empty() {
            return Vec::new();
        }
        let headings: Vec<&str> = self.extra.iter().map(|(_, heading)| heading.as_str()).collect();
        vec![format!("名簿に欄がない見出し「{}」は、事務局用の控えとして残します。", headings.join("」「"))]
    }

    /// Whether a row is about a group of this city; in our own layout every row is.
    pub fn concerns(&self, row: &Row, city: &City) -> bool {
        let Some(portal) = &self.portal else { return true };
        [Some(portal.main_office), portal.other_offices].into_iter().any(|office| lies_in(city, row.get(office)))
    }

    /// The cells of a row under the register's columns.
    pub fn cells<'a>(&'a self, row: &'a Row, city: &City) -> Cells<'a> {
        let mut cells = Cells::default();
        for (index, column) in &self.columns {
            cells.put(*column, row.get(Some(*index)));
        }
        cells.extra = self.extra.iter().map(|(index, heading)| (heading.as_str(), row.get(Some(*index)))).collect();
        if let Some(portal) = &self.portal {
            cells.put(Column::Kind, "NPO法人");
            cells.put(Column::Fields, portal.fields(row, city));
            if !row.get(portal.dissolved).is_empty() {
                cells.put(Column::State, "解散");
            }
            cells.extra.retain(|(_, text)| !text.is_empty());
        }
        cells
    }
}

impl Portal {
    /// The fields of activity: a mark under the number of the field, or its name.
    fn fields(&self, row: &Row, city: &City) -> String {
        let named =
            self.fields.iter().zip(1..).filter_map(|(index, number)| match key(row.get(Some(*index))).as_str() {
                "" | "0" | "×" | "-" => None,
                "1" | "○" | "〇" | "◯" | "●" | "◎" | "レ" | "✓" => {
                    city.fields.iter().find(|field| field.position == number).map(|field| field.name.clone())
                }
                _ => Some(row.get(Some(*index)).to_owned()),
            });
        named.collect::<Vec<_>>().join(";")
    }
}

fn own_columns(table: &Table) -> Vec<(usize, Column)> {
    let mut meant: HashMap<usize, Column> = HashMap::new();
    let mut taken: Vec<Column> = Vec::new();
    let mut claim = |column: Column, heading: &str| {
        if let Some(index) = table.column(heading)
            && !taken.contains(&column)
            && !meant.contains_key(&index)
        {
            meant.insert(index, column);
            taken.push(column);
        }
    };
    // The register's own headings first, so that 名称 beside 団体名 does not take its place.
    COLUMNS.iter().for_each(|(column, heading, _)| claim(*column, heading));
    COLUMNS.iter().for_each(|(column, _, others)| others.split_whitespace().for_each(|other| claim(*column, other)));
    let mut columns: Vec<(usize, Column)> = meant.into_iter().collect();
    columns.sort_unstable_by_key(|(index, _)| *index);
    columns
}

/// Whether an address lies in the city: 府中市 of another prefecture does not count.
fn lies_in(city: &City, addresses: &str) -> bool {
    let (name, prefecture) = (city.profile.name.as_str(), city.profile.prefecture.as_str());
    addresses.match_indices(name).any(|(at, _)| {
        let before = addresses[..at].trim_end();
        before.ends_with(prefecture) || !before.ends_with(char::is_alphabetic)
    })
}
