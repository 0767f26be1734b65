//! The letters of invitations.

use crate::mail::{Place, Wording};
use crate::meetings::poll::letters::{CONVENER, GROUP, MEETING, NAME};

const NUMBER: Place = Place { name: "文書番号", example: "見本第123号" };
const DATED: Place = Place { name: "通知日", example: "令和8年12月2日(水)" };
const WHEN: Place = Place { name: "日時", example: "令和8年12月16日(水) 10:00〜11:30" };
const WHERE: Place = Place { name: "場所", example: "見本会館 2階 会議室" };
const PURPOSE: Place = Place { name: "目的", example: "来年度の行事の予定を知らせ合います。" };
const AGENDA: Place = Place { name: "議題", example: "\n　(1) 来年度の行事の日程\n　(2) その他" };
const UNTIL: Place = Place { name: "返事の期限", example: "令和8年12月9日(水) 17:00" };
const REASON: Place = Place { name: "中止の理由", example: "台風の接近のため" };
const WORDS: Place = Place { name: "ひとこと", example: "資料は当日お配りします。" };

/// 開催通知.
pub const INVITE: Wording = Wording {
    key: "meetings.invitation",
    title: "会議の開催通知",
    text: include_str!("../../../templates/meetings/mail/invitation.txt"),
    places: &[GROUP, NAME, MEETING, CONVENER, NUMBER, DATED, WHEN, WHERE, PURPOSE, AGENDA, UNTIL, WORDS],
};

/// 出欠の返事の再度のお願い.
pub const REMIND: Wording = Wording {
    key: "meetings.reply_reminder",
    title: "会議の出欠の返事のお願い(再度)",
    text: include_str!("../../../templates/meetings/mail/reply_reminder.txt"),
    places: &[GROUP, NAME, MEETING, CONVENER, WHEN, WHERE, UNTIL, WORDS],
};

/// 変更のお知らせ.
pub const MOVE: Wording = Wording {
    key: "meetings.move",
    title: "会議の変更のお知らせ",
    text: include_str!("../../../templates/meetings/mail/move.txt"),
    places: &[GROUP, NAME, MEETING, CONVENER, NUMBER, DATED, WHEN, WHERE, UNTIL, WORDS],
};

/// 中止のお知らせ.
pub const CANCEL: Wording = Wording {
    key: "meetings.cancellation",
    title: "会議の中止のお知らせ",
    text: include_str!("../../../templates/meetings/mail/cancellation.txt"),
    places: &[GROUP, NAME, MEETING, CONVENER, NUMBER, DATED, WHEN, REASON, WORDS],
};

/// ご案内の取り消し.
pub const WITHDRAW: Wording = Wording {
    key: "meetings.withdrawal",
    title: "会議のご案内の取り消し",
    text: include_str!("../../../templates/meetings/mail/withdrawal.txt"),
    places: &[GROUP, NAME, MEETING, CONVENER, WHEN, WORDS],
};

/// The wordings that the office may change.
pub const WORDINGS: &[&Wording] = &[&INVITE, &REMIND, &MOVE, &CANCEL, &WITHDRAW];
