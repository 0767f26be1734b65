use chrono_tz::Tz;

use super::{Limits, Verdict, check};

fn report(text: &str) -> super::CheckReport {
    check(text.as_bytes(), &Limits::default(), Tz::Asia__Tokyo, |_, _| {}).expect("the file is a calendar")
}

#[test]
fn a_report_tells_every_event_and_why() {
    let report = report(
        "BEGIN:VCALENDAR\r\nX-WR-CALNAME:見本\r\nBEGIN:VEVENT\r\nUID:a\r\nDTSTART:20260401\r\nSUMMARY:よい\r\nEND:VEVENT\r\n\
         BEGIN:VEVENT\r\nUID:b\r\nDTSTART:2026-04-02\r\nSUMMARY:直す\r\nEND:VEVENT\r\n\
         BEGIN:VEVENT\r\nUID:c\r\nDTSTART:いつか\r\nSUMMARY:だめ\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
    );
    let verdicts: Vec<_> = report.events.iter().map(|event| (event.line, event.verdict)).collect();
    assert_eq!(verdicts, [(3, Verdict::Taken), (8, Verdict::Mended), (13, Verdict::Refused)]);
    assert_eq!(
        report.to_string(),
        "カレンダー：見本\n予定3件：取り込めるもの1件、直して取り込めるもの1件、取り込めないもの1件\n\
         3行目　取り込めます　2026-04-01　よい\n\
         8行目　直して取り込めます　2026-04-02　直す\n　・10行目：DTSTARTの「2026-04-02」は正しい形ではありませんが、日時として読みました。\n\
         13行目　取り込めません　日時不明　だめ\n　・15行目9文字目：日時（DTSTART）の「いつか」が読めないため、この予定は取り込めません。\n\
         ・取り込めない1件も、別の読み取りプログラムは予定として数えます。日時のおかしい予定として出るアプリがあるかもしれません。\n"
    );
}

#[test]
fn two_readers_that_agree_say_so() {
    let report = report(
        "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:a\nDTSTART;TZID=Asia/Tokyo:20260401T100000\nSUMMARY:一\\, 二\nEND:VEVENT\nEND:VCALENDAR\n",
    );
    assert_eq!(report.differences, [""; 0]);
}

#[test]
fn what_the_second_reader_loses_is_told() {
    let report = report(
        "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:a\nDTSTART:20260401\nSUMMARY::二つ目のコロン\nEND:VEVENT\nEND:VCALENDAR\n",
    );
    assert_eq!(
        report.differences,
        ["2行目の予定の件名（SUMMARY）が異なります（この仕組み：:二つ目のコロン、別のプログラム：二つ目のコロン）。"]
    );
}

#[test]
fn a_file_the_second_reader_gives_up_is_told() {
    let report =
        report("BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:a\nDTSTART:20260401\nただの文\nEND:VEVENT\nEND:VCALENDAR\n");
    assert_eq!(report.events.len(), 1);
    let told = "別の読み取りプログラムは、このファイルを最後まで読めません（5行目：項目名がありません）。ほかのアプリでも同じことが起こるかもしれません。";
    assert_eq!(report.differences, [told]);
    let report =
        self::report("BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:a\nDTSTART:20260401\nX:1\n 2\n\nX-A;=3:1\nEND:VEVENT\n");
    assert_eq!(report.differences[0].split(['（', '）']).nth(1), Some("8行目：パラメーターの名前がありません"));
}

#[test]
fn events_of_one_name_are_told() {
    let event = |uid: &str, more: &str| format!("BEGIN:VEVENT\nUID:{uid}\nDTSTART:20260401\n{more}END:VEVENT\n");
    let (first, change) = (event("a", ""), event("a", "RECURRENCE-ID:20260401\n"));
    let report = report(&format!("BEGIN:VCALENDAR\n{first}{change}{}{first}END:VCALENDAR\n", event("b", "")));
    let told: Vec<_> = report.events.iter().flat_map(|event| &event.findings).map(ToString::to_string).collect();
    assert_eq!(told, ["15行目：2行目の予定と識別子（UID）が同じです。片方しか残らないアプリがあります。"]);
    assert_eq!(report.count(Verdict::Taken), 4);
}

#[test]
fn nothing_of_a_file_moves_the_terminal() {
    let report = report(
        "BEGIN:VCALENDAR\nBEGIN:\u{1B}[2J\nEND:\u{7}\nBEGIN:VEVENT\nUID:a\nDTSTART;TZID=x\u{1B}y:20260401T100000\nSUMMARY:x\u{9B}31m\nEND:VEVENT\n",
    );
    assert!(report.to_string().chars().all(|letter| !letter.is_control() || letter == '\n'), "{report}");
}
