//! One sheet of A4: everything on file in boxes to correct by hand. It is always one page; long texts are cut with a note.

use crate::city::City;
use crate::groups::Draft;
use crate::groups::renewal::on_file::{self, Line};
use crate::web::qr;

/// A box of the sheet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Field {
    /// What the register says, cut to the room that is there.
    pub line: Line,
    /// How many characters the whole text has, where it was cut.
    pub cut_from: Option<usize>,
    /// The room it takes: `half`, `full`, `two` or `tall`.
    pub room: &'static str,
}

/// The sheet of one group.
pub(super) struct Sheet {
    pub name: String,
    pub number: String,
    pub code: String,
    pub qr: String,
    pub fields: Vec<Field>,
}

impl Sheet {
    pub fn new(draft: &Draft, city: &City, code: &str, confirm_url: &str) -> Self {
        let lines = on_file::lines(draft, city);
        let fields = lines.into_iter().filter(|line| line.label != "登録番号").map(field).collect();
        let url = crate::web::query::link(confirm_url, &[("code", code)]);
        Self {
            name: draft.name.clone(),
            number: draft.number.clone().unwrap_or_default(),
            code: code.to_owned(),
            qr: qr(&url, "sheet-qr", "お答えのページのQRコード"),
            fields,
        }
    }
}

/// The room of a line and how many characters fit into it with space left to write.
fn room(label: &str) -> (&'static str, usize) {
    match label {
        "団体名" | "所在地" | "ホームページ" => ("full", 50),
        "活動の分野" => ("two", 100),
        "活動の目的" => ("two", 110),
        "活動の内容" => ("tall", 170),
        "入会の条件" | "助成の実績" => ("full", 50),
        _ => ("half", 24),
    }
}

fn field(mut line: Line) -> Field {
    let (room, most) = room(line.label);
    let text = line.text.replace('\n', " ");
    let count = text.chars().count();
    let cut_from = (count > most).then_some(count);
    line.text = if cut_from.is_some() { text.chars().take(most - 1).chain(['…']).collect() } else { text };
    Field { line, cut_from, room }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_is_cut_to_its_room_and_the_sheet_says_so() {
        let line = |text: &str| Line { label: "活動の内容", text: text.to_owned(), is_public: true };
        let long = field(line(&"海".repeat(4_000)));
        assert_eq!((long.line.text.chars().count(), long.cut_from), (170, Some(4_000)));
        let short = field(line("海の\n清掃"));
        assert_eq!((short.line.text.as_str(), short.cut_from), ("海の 清掃", None));
    }
}
