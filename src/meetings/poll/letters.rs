//! The letters of a poll.

use crate::mail::{Place, Wording};

/// The name of the group.
pub(in crate::meetings) const GROUP: Place = Place { name: "団体名", example: "見本 海の会" };
/// Who reads it.
pub(in crate::meetings) const NAME: Place = Place { name: "宛名", example: "見本 花子" };
/// The meeting.
pub(in crate::meetings) const MEETING: Place = Place { name: "会議名", example: "第3回 見本連絡調整会議" };
/// Who convenes it.
pub(in crate::meetings) const CONVENER: Place = Place { name: "招集者", example: "見本市 見本課" };
const UNTIL: Place = Place { name: "期限", example: "令和8年12月10日(木) 17:00" };
const DATES: Place = Place { name: "候補日", example: "・令和8年12月16日(水) 10:00〜11:30 見本会館" };
const WORDS: Place =
    Place { name: "ひとこと", example: "年度末の行事が重ならないよう、早めに決めます。" };

/// 日程のお尋ね.
pub const ASK: Wording = Wording {
    key: "meetings.poll",
    title: "会議の日程のお尋ね",
    text: include_str!("../../../templates/meetings/mail/poll.txt"),
    places: &[GROUP, NAME, MEETING, CONVENER, UNTIL, DATES, WORDS],
};

/// 日程のお尋ねの再度のお願い.
pub const REMIND: Wording = Wording {
    key: "meetings.poll_reminder",
    title: "会議の日程のお尋ね(再度のお願い)",
    text: include_str!("../../../templates/meetings/mail/poll_reminder.txt"),
    places: &[GROUP, NAME, MEETING, CONVENER, UNTIL, DATES, WORDS],
};

/// The wordings that the office may change.
pub const WORDINGS: &[&Wording] = &[&ASK, &REMIND];
