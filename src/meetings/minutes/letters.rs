//! The letters about minutes.

use crate::mail::{Place, Wording};
use crate::meetings::poll::letters::{CONVENER, GROUP, MEETING, NAME};

const WHEN: Place = Place { name: "日時", example: "令和8年12月16日(水) 10:00〜11:30" };
const WORDS: Place = Place { name: "ひとこと", example: "次の会議は3月の予定です。" };
const REMARKS: Place = Place { name: "申し出", example: "2番の要点に、日にちを加えてください。" };
const ADDRESS: Place = Place { name: "ページ", example: "https://kyodo.example.jp/meetings/0" };
const DAYS: Place = Place { name: "日数", example: "14" };

/// 議事録の確認のお願い.
pub const CHECK: Wording = Wording {
    key: "meetings.minutes_check",
    title: "会議の議事録の確認のお願い",
    text: include_str!("../../../templates/meetings/mail/minutes_check.txt"),
    places: &[GROUP, NAME, MEETING, CONVENER, WHEN],
};

/// 議事録の確認のお願い(再度).
pub const CHECK_AGAIN: Wording = Wording {
    key: "meetings.minutes_check_again",
    title: "会議の議事録の確認のお願い(再度)",
    text: include_str!("../../../templates/meetings/mail/minutes_check_again.txt"),
    places: &[GROUP, NAME, MEETING, CONVENER, WHEN],
};

/// 議事録への申し出.
pub const REMARK: Wording = Wording {
    key: "meetings.minutes_remark",
    title: "会議の議事録への申し出(招集した団体へ)",
    text: include_str!("../../../templates/meetings/mail/minutes_remark.txt"),
    places: &[NAME, MEETING, REMARKS, ADDRESS],
};

/// 議事録がまだのお知らせ.
pub const LATE: Wording = Wording {
    key: "meetings.minutes_late",
    title: "会議の議事録がまだのお知らせ(招集した方へ)",
    text: include_str!("../../../templates/meetings/mail/minutes_late.txt"),
    places: &[NAME, MEETING, WHEN, DAYS, ADDRESS],
};

/// 議事録のお知らせ.
pub const PUBLISHED: Wording = Wording {
    key: "meetings.minutes",
    title: "会議の議事録のお知らせ",
    text: include_str!("../../../templates/meetings/mail/minutes.txt"),
    places: &[GROUP, NAME, MEETING, CONVENER, WHEN, WORDS],
};

/// The wordings that the office may change.
pub const WORDINGS: &[&Wording] = &[&CHECK, &CHECK_AGAIN, &REMARK, &LATE, &PUBLISHED];
