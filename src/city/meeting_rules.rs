//! Rules about the dates of liaison meetings.

use super::rules::Rule;

/// First day of お盆 in August on which no meeting is proposed; 0 for no such days.
pub const OBON_FIRST: Rule = Rule {
    key: "meetings.obon_first",
    label: "お盆の始まり",
    hint: "8月のこの日から、会議の日程の候補に出しません。0でお盆を考えません。",
    unit: "日",
    default: 13,
    least: 0,
    most: 31,
};

/// Last day of お盆 in August.
pub const OBON_LAST: Rule = Rule {
    key: "meetings.obon_last",
    label: "お盆の終わり",
    hint: "8月のこの日まで、会議の日程の候補に出しません。",
    unit: "日",
    default: 16,
    least: 1,
    most: 31,
};

/// First day of 年末年始 in December on which no meeting is proposed (出前講座の例: 12月28日または29日から).
pub const YEAR_END_FIRST: Rule = Rule {
    key: "meetings.year_end_first",
    label: "年末年始の始まり",
    hint: "12月のこの日から、会議の日程の候補に出しません。",
    unit: "日",
    default: 29,
    least: 1,
    most: 31,
};

/// Last day of 年末年始 in January.
pub const NEW_YEAR_LAST: Rule = Rule {
    key: "meetings.new_year_last",
    label: "年末年始の終わり",
    hint: "1月のこの日まで、会議の日程の候補に出しません。",
    unit: "日",
    default: 3,
    least: 1,
    most: 31,
};

/// Hour before which nobody should have to leave home for a meeting.
pub const LEAVE_HOUR: Rule = Rule {
    key: "meetings.leave_hour",
    label: "会議のために家を出る時刻のめやす",
    hint: "いちばん遠い団体がこの時刻より前に家を出ることになる候補は、あとの順番になります。",
    unit: "時",
    default: 8,
    least: 0,
    most: 23,
};

/// Hour by which everybody should be home from a meeting.
pub const HOME_HOUR: Rule = Rule {
    key: "meetings.home_hour",
    label: "会議から家に帰り着く時刻のめやす",
    hint: "いちばん遠い団体がこの時刻より後に帰り着くことになる候補は、あとの順番になります。",
    unit: "時",
    default: 20,
    least: 1,
    most: 24,
};

/// Days after a meeting within which its minutes should be out; after them those who convened it are reminded (会議録の期限の例: 概要2日、45日).
pub const MINUTES_DAYS: Rule = Rule {
    key: "meetings.minutes_days",
    label: "議事録を公開するまでの日数",
    hint: "会議からこの日数がたっても議事録が公開されていないと、招集した人にメールでお知らせします。公開されるまで、同じ日数ごとにくり返します。",
    unit: "日",
    default: 14,
    least: 1,
    most: 90,
};

/// Days before the due day on which whoever owns a task is written to.
pub const TASK_DAYS: Rule = Rule {
    key: "meetings.task_days",
    label: "宿題の期限を知らせる日",
    hint: "会議で決まった宿題の期限の、この日数前に、担当の団体へメールでお知らせします。期限を過ぎたあとも、同じ日数ごとに3回までお知らせします。",
    unit: "日",
    default: 7,
    least: 1,
    most: 60,
};
