//! The letters about tasks.

use crate::mail::{Place, Wording};
use crate::meetings::poll::letters::{GROUP, MEETING, NAME};

const TASK: Place = Place { name: "宿題", example: "清掃の日の案を、3団体で作る。" };
const DUE: Place = Place { name: "期限", example: "令和9年1月15日(金)" };
const ADDRESS: Place = Place { name: "ページ", example: "https://kyodo.example.jp/me/groups/0/tasks/0" };

/// 宿題の期限が近いお知らせ.
pub const DUE_SOON: Wording = Wording {
    key: "meetings.task_due",
    title: "会議の宿題の期限が近いお知らせ",
    text: include_str!("../../../templates/meetings/mail/task_due.txt"),
    places: &[GROUP, NAME, MEETING, TASK, DUE, ADDRESS],
};

/// 宿題の期限を過ぎたお知らせ.
pub const LATE: Wording = Wording {
    key: "meetings.task_late",
    title: "会議の宿題の期限を過ぎたお知らせ",
    text: include_str!("../../../templates/meetings/mail/task_late.txt"),
    places: &[GROUP, NAME, MEETING, TASK, DUE, ADDRESS],
};

/// The wordings that the office may change.
pub const WORDINGS: &[&Wording] = &[&DUE_SOON, &LATE];
