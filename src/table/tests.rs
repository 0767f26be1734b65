//! Whole files in and out.

use proptest::prelude::*;
use rust_xlsxwriter::{ExcelDateTime, Format as CellFormat, Formula, Workbook};

use super::*;
use crate::text::cp932::{self, Encoding};

const EXPECTED: [&str; 3] = ["団体名", "電話番号", "設立年月日"];

fn table(bytes: &[u8]) -> Table {
    read("名簿", bytes, &EXPECTED, &Limits::default()).unwrap()
}

fn fault(bytes: &[u8]) -> TableFault {
    read("名簿", bytes, &EXPECTED, &Limits::default()).unwrap_err()
}

fn cells(table: &Table) -> Vec<Vec<&str>> {
    table.rows.iter().map(|row| row.cells.iter().map(String::as_str).collect()).collect()
}

fn saved(book: &mut Workbook) -> Vec<u8> {
    book.save_to_buffer().unwrap()
}

const PLAIN: &str = "団体名 必須,電話番号,設立年月日\r\n見本 鶏知の会,0920-53-6111,平成3年4月\r\n";

#[test]
fn one_table_reads_the_same_in_every_encoding() {
    let utf16: Vec<u8> =
        format!("\u{FEFF}{}", PLAIN.replace(',', "\t")).encode_utf16().flat_map(u16::to_le_bytes).collect();
    let sources = [
        (PLAIN.as_bytes().to_vec(), Some(Encoding::Utf8), "CSV UTF-8"),
        (format!("\u{FEFF}{PLAIN}").into_bytes(), Some(Encoding::Utf8Bom), "CSV UTF-8（BOM付き）"),
        (cp932::encode(PLAIN).bytes, Some(Encoding::Cp932), "CSV シフトJIS（CP932）"),
        (utf16, Some(Encoding::Utf16), "タブ区切りテキスト UTF-16"),
    ];
    for (bytes, encoding, source) in sources {
        let table = table(&bytes);
        assert_eq!((table.encoding, table.source().as_str()), (encoding, source));
        assert_eq!(cells(&table), [["見本 鶏知の会", "0920-53-6111", "平成3年4月"]]);
        assert_eq!(table.notes, Vec::<String>::new());
    }
}

#[test]
fn titles_above_the_headings_are_skipped_and_said() {
    let table = table("団体名簿,,\n令和8年\n\n団体名,電話番号\n見本の会,1\n".as_bytes());
    assert_eq!(table.notes, ["4行目を見出しとし、それより上は表題とみなして読みませんでした。"]);
    assert_eq!((table.rows[0].line, cells(&table)), (5, vec![vec!["見本の会", "1"]]));
}

#[test]
fn short_rows_are_filled_and_extra_cells_get_a_heading_of_their_own() {
    let table = table("団体名,,電話番号,電話番号\n甲\n乙,,,,はみ出し\n".as_bytes());
    let typed: Vec<&str> = table.headings.iter().map(|heading| heading.typed.as_str()).collect();
    assert_eq!(typed, ["団体名", "列2", "電話番号", "電話番号", "列5"]);
    assert_eq!(cells(&table), [["甲", "", "", "", ""], ["乙", "", "", "", "はみ出し"]]);
    assert_eq!(
        table.notes,
        ["見出し「電話番号」が2つ以上あります。D列は使いません。", "見出しのない列があります（B、E列）。"]
    );
    assert_eq!((table.column("電話番号（任意）"), table.column("住所")), (Some(2), None));
    assert_eq!((table.rows[1].get(Some(4)), table.rows[1].get(None)), ("はみ出し", ""));
}

#[test]
fn files_of_another_kind_are_refused_by_what_they_are() {
    assert_eq!(fault(b""), TableFault::Empty);
    assert_eq!(fault(b" \r\n\r\n"), TableFault::Empty);
    assert_eq!(fault(b"%PDF-1.7"), TableFault::OtherKind("PDFファイル"));
    assert_eq!(fault(b"\n<html><table>"), TableFault::OtherKind("HTMLやXMLのファイル"));
    let mut ole = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".to_vec();
    assert_eq!(fault(&ole), TableFault::OldExcel);
    ole.extend("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes));
    assert_eq!(fault(&ole), TableFault::Locked);
    assert_eq!(fault(b"PK\x03\x04 and no more"), TableFault::Damaged);
    assert_eq!(
        fault(b"BEGIN:VCALENDAR\r\n").to_string(),
        "見出しの行が見つかりません。「団体名」「電話番号」「設立年月日」などの見出しを1行目に書いてください。"
    );
}

#[test]
fn unreadable_text_is_refused_with_its_place() {
    assert_eq!(fault(b"\xEF\xBB\xBFa\n\xE5\x9B\xA3\xFF"), TableFault::Unreadable { line: 2, character: 2 });
    let gaiji = table("団体名\n見本の\u{E000}会\n".as_bytes());
    assert_eq!(
        gaiji.notes,
        ["外字（この端末だけの文字）を含む行が1行あります（最初は2行目）。ほかの文字に直してください。"]
    );
}

#[test]
fn sizes_are_limited() {
    let limits = Limits { bytes: 60, cells: 6, ..Limits::default() };
    let read = |text: &str| read("a.csv", text.as_bytes(), &[], &limits);
    assert_eq!(read(&"a".repeat(61)), Err(TableFault::TooLarge(60)));
    // Few bytes, but every row is filled up to the widest.
    assert_eq!(read("a,b,c\n1\n2\n"), Err(TableFault::TooManyCells(6)));
    assert!(read("a,b,c\n1\n").is_ok());
}

#[test]
fn a_misleading_file_name_is_said() {
    let table = read("名簿.XLSX", PLAIN.as_bytes(), &EXPECTED, &Limits::default()).unwrap();
    assert_eq!(table.notes, ["ファイル名の末尾は「.xlsx」ですが、中身はCSVでした。"]);
}

#[test]
fn excel_cells_read_as_their_author_saw_them() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let date = |year, month, day| ExcelDateTime::from_ymd(year, month, day).unwrap();
    let moment = date(2009, 4, 1).and_hms(9, 30, 0).unwrap();
    let numbers = [
        ("General", 0.1 + 0.2, "0.3"),
        ("General", 66.0, "66"),
        ("General", 1_234_567_890_123.0, "1234567890123"),
        ("0%", 0.07, "7%"),
        ("0.0%", 0.125, "12.5%"),
        ("0000", 920.0, "0920"),
        ("#,##0", -1200.0, "-1200"),
        ("\"第\"0\"回%\"", 3.0, "3"),
        ("[h]:mm", 1.0625, "25:30"),
        ("h:mm", 0.395_833_333_333_333_3, "09:30"),
    ];
    sheet.write(0, 0, "団体名").unwrap();
    for (row, (format, number, _)) in numbers.iter().enumerate() {
        sheet.write_with_format(row as u32 + 1, 0, *number, &CellFormat::new().set_num_format(*format)).unwrap();
    }
    let dates = [
        ("yyyy/m/d", date(2009, 4, 1), "2009-04-01"),
        ("[$-411]ggge\"年\"m\"月\"d\"日\"", date(2009, 4, 1), "2009-04-01"),
        ("yyyy\"年\"m\"月\"", date(1991, 4, 1), "1991-04"),
        ("yyyy/m/d h:mm", moment.clone(), "2009-04-01 09:30"),
        ("m\"月\"d\"日\"(aaa)", moment, "2009-04-01"),
        ("yyyy/m/d", date(1900, 3, 1), "1900-03-01"),
    ];
    for (row, (format, date, _)) in dates.iter().enumerate() {
        sheet.write_with_format(row as u32 + 11, 0, date, &CellFormat::new().set_num_format(*format)).unwrap();
    }
    sheet.write(17, 0, true).unwrap();
    sheet.write_formula(18, 0, Formula::new("=1+1").set_result("2")).unwrap();
    sheet.write_formula(19, 0, Formula::new("=1/0").set_result("#DIV/0!")).unwrap();
    let bytes = saved(&mut book);
    let table = table(&bytes);
    let shown: Vec<&str> = table.rows.iter().map(|row| row.get(Some(0))).collect();
    let mut expected: Vec<&str> = numbers.iter().map(|(.., text)| *text).collect();
    expected.extend(dates.iter().map(|(.., text)| *text));
    expected.extend(["TRUE", "2", "#DIV/0!"]);
    assert_eq!(shown, expected);
    assert_eq!(table.notes, ["計算式の結果が誤りのセルが1個あります（最初はA20）。"]);
    assert_eq!((table.format, table.encoding), (SourceFormat::Xlsx, None));
}

#[test]
fn the_visible_sheet_with_the_headings_is_read_and_the_others_named() {
    let mut book = Workbook::new();
    book.add_worksheet().set_name("白紙").unwrap();
    book.add_worksheet().set_name("記入要領").unwrap().write(0, 0, "団体名を書いてください").unwrap();
    let hidden = book.add_worksheet().set_name("隠し").unwrap();
    hidden.set_hidden(true).write_row(0, 0, EXPECTED).unwrap();
    let sheet = book.add_worksheet().set_name("名簿").unwrap();
    sheet.merge_range(0, 0, 0, 2, "団体名簿", &CellFormat::new()).unwrap();
    sheet.write_row(2, 0, EXPECTED).unwrap();
    sheet.merge_range(4, 0, 5, 0, "見本の会", &CellFormat::new()).unwrap();
    sheet.write(5, 1, "0920-53-6111").unwrap();
    let table = table(&saved(&mut book));
    assert_eq!(cells(&table), [["見本の会", "", ""], ["", "0920-53-6111", ""]]);
    assert_eq!(table.rows.iter().map(|row| row.line).collect::<Vec<_>>(), [5, 6]);
    assert_eq!(
        table.notes,
        [
            "シート「名簿」を読みました。ほかのシート（「記入要領」）は読んでいません。",
            "結合されたセルが1か所あります（最初はA5:A6）。値は左上のセルだけのものとして読みました。",
            "3行目を見出しとし、それより上は表題とみなして読みませんでした。",
        ]
    );
}

#[test]
fn a_sheet_beside_the_table_may_be_unreadable() {
    let mut book = Workbook::new();
    book.add_worksheet().set_name("集計").unwrap().write(0, 400, "端").unwrap();
    book.add_worksheet().set_name("名簿").unwrap().write_column(0, 0, ["団体名", "見本の会"]).unwrap();
    book.add_worksheet().set_name("控え").unwrap().write_column(0, 0, ["団体名", "写し"]).unwrap();
    let table = table(&saved(&mut book));
    assert_eq!(cells(&table), [["見本の会"]]);
    assert_eq!(table.notes, ["シート「名簿」を読みました。ほかのシート（「集計」など2枚）は読んでいません。"]);
}

#[test]
fn an_empty_workbook_and_a_wide_one_are_refused() {
    let mut book = Workbook::new();
    book.add_worksheet();
    assert_eq!(fault(&saved(&mut book)), TableFault::Empty);
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.write(0, 0, "団体名").unwrap().write(6, 16_383, "端").unwrap();
    assert_eq!(fault(&saved(&mut book)), TableFault::TooManyColumns { line: 7, limit: 300 });
    let mut book = Workbook::new();
    book.add_worksheet().write(2, 1, "島".repeat(20_001)).unwrap();
    assert_eq!(fault(&saved(&mut book)), TableFault::CellTooLong { line: 3, column: 2, limit: 20_000 });
}

fn written(format: Format, rows: &[Vec<Cell>]) -> Written {
    write(format, "団体", &["団体名", "電話番号"], rows.iter().cloned()).unwrap()
}

fn text(words: &str) -> Cell {
    Cell::Text(words.to_owned())
}

#[test]
fn csv_is_written_as_excel_and_rfc_4180_want_it() {
    let rows = [
        vec![text("見本,\"海\"の会"), text("0920-53-6111")],
        vec![text("二\r\n行"), Cell::Whole(-5)],
        vec![text("=HYPERLINK(\"http://example.jp\")"), Cell::Decimal(12.5)],
        vec![Cell::Empty, Cell::Decimal(f64::NAN)],
    ];
    let expected = "\u{FEFF}団体名,電話番号\r\n\"見本,\"\"海\"\"の会\",0920-53-6111\r\n\"二\r\n行\",-5\r\n\
                    \"'=HYPERLINK(\"\"http://example.jp\"\")\",12.5\r\n,\r\n";
    assert_eq!(String::from_utf8(written(Format::CsvUtf8Bom, &rows).bytes).unwrap(), expected);
}

#[test]
fn what_cp932_lacks_is_reported_by_row_and_heading() {
    let rows = [vec![text("雞知〜"), text("♡")], vec![text("♡♡😀"), Cell::Empty]];
    let written = written(Format::CsvCp932, &rows);
    assert_eq!(cp932::decode(&written.bytes).text, "団体名,電話番号\r\n鶏知～,〓\r\n〓〓〓,\r\n");
    assert_eq!(written.substituted, [('雞', "鶏".to_owned()), ('〜', "～".to_owned())]);
    let name = "団体名".to_owned();
    assert_eq!(written.unwritable, [(2, "電話番号".to_owned(), '♡'), (3, name.clone(), '♡'), (3, name, '😀')]);
}

#[test]
fn a_formula_hidden_behind_characters_cp932_lacks_is_still_guarded() {
    let rows = ["\u{200B}=1+1", "﹦1+1", "\u{E0100}@A1", "⁼1"].map(|cell| vec![text(cell), Cell::Empty]);
    let written = written(Format::CsvCp932, &rows);
    let lines: Vec<String> = cp932::decode(&written.bytes).text.lines().skip(1).map(str::to_owned).collect();
    assert_eq!(lines, ["'=1+1,", "'=1+1,", "'@A1,", "'=1,"]);
}

#[test]
fn a_workbook_holds_text_as_text_and_the_same_table_gives_the_same_bytes() {
    let rows = [vec![text("=1+1"), text("0920536111")], vec![text(" 前後の空白 "), Cell::Whole(8_420_096_000_000_001)]];
    let first = written(Format::Xlsx, &rows);
    assert_eq!(first, written(Format::Xlsx, &rows));
    let parts = package::repack(&first.bytes, &Limits::default()).unwrap();
    assert!(parts.windows(10).any(|window| window == b"2000-01-01"), "the clock must not be in the file");
    let table = table(&first.bytes);
    assert_eq!(cells(&table), [["=1+1", "0920536111"], [" 前後の空白 ", "8420096000000001"]]);
    assert_eq!(table.notes, Vec::<String>::new());
}

#[test]
fn what_excel_cannot_hold_is_refused_and_sheet_names_are_made_to_fit() {
    let long = [vec![text("a"), text(&"島".repeat(32_768))]];
    let fault = write(Format::Xlsx, "団体", &["団体名", "電話番号"], long.into_iter()).unwrap_err();
    assert_eq!(fault, WriteFault::CellTooLong { row: 2, heading: "電話番号".to_owned() });
    for name in ["", "'", "a/b:c*d?[e]", "history", &"𠮷".repeat(40), "\u{0}\n"] {
        write(Format::Xlsx, name, &["団体名"], std::iter::empty()).unwrap();
    }
}

/// Cells with the characters that matter to CSV, formulas and XML, and a few of every script.
fn cell() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("'".to_owned()),
        Just("=".to_owned()),
        Just("-1".to_owned()),
        Just("\"".to_owned()),
        Just(",".to_owned()),
        Just("\r\n".to_owned()),
        Just("\n".to_owned()),
        Just("\r".to_owned()),
        Just("\t".to_owned()),
        Just("\u{3000}".to_owned()),
        Just(" ".to_owned()),
        Just("_x0041_".to_owned()),
        Just("&lt;<".to_owned()),
        "[ -~]{1,4}",
        "[ぁ-んァ-ヶ一-鿿、-〜ｦ-ﾟ𠮷😀]{1,4}",
        "[\u{1}-\u{1F}\u{7F}-\u{A0}]",
    ];
    prop::collection::vec(piece, 0..6).prop_map(|pieces| pieces.concat())
}

/// A table whose rows are never blank; white space alone reads back as nothing.
fn grid() -> impl Strategy<Value = Vec<Vec<String>>> {
    let blank_if_unseen = |cell: String| if cell.trim().is_empty() { String::new() } else { cell };
    let row = prop::collection::vec(cell().prop_map(blank_if_unseen), 2);
    prop::collection::vec(row.prop_map(|row| [vec!["x".to_owned()], row, vec!["y".to_owned()]].concat()), 1..6)
}

fn round_trip(format: Format, grid: &[Vec<String>]) -> (Vec<Vec<String>>, Written) {
    let rows = grid.iter().map(|row| row.iter().map(|cell| text(cell)).collect());
    let written = write(format, "団体", &["団体名", "a", "b", "c"], rows).unwrap();
    let table = read("", &written.bytes, &EXPECTED, &Limits::default()).unwrap();
    assert_eq!(table.notes.iter().filter(|note| !note.contains("外字")).count(), 0, "{:?}", table.notes);
    (table.rows.into_iter().map(|row| row.cells).collect(), written)
}

proptest! {
    #[test]
    fn what_is_written_as_csv_reads_back_as_it_was(grid in grid()) {
        prop_assert_eq!(round_trip(Format::CsvUtf8Bom, &grid).0, grid);
    }

    #[test]
    fn what_is_written_as_a_workbook_reads_back_as_it_was(grid in grid()) {
        prop_assert_eq!(round_trip(Format::Xlsx, &grid).0, grid);
    }

    #[test]
    fn what_is_written_as_cp932_reads_back_as_what_it_was_fitted_to(grid in grid()) {
        let seen = |cell: String| if cell.trim().is_empty() { String::new() } else { cell };
        let fitted: Vec<Vec<String>> =
            grid.iter().map(|row| row.iter().map(|cell| seen(cp932::fit(cell).text)).collect()).collect();
        prop_assert_eq!(round_trip(Format::CsvCp932, &grid).0, fitted);
    }

    #[test]
    fn no_bytes_make_the_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = read("a.csv", &bytes, &EXPECTED, &Limits::default());
        let _ = read("a.csv", &bytes, &[], &Limits::default());
    }
}
