//! Rules about what feeds carry and how lists of the month are set for print and for the television captions.

use super::rules::Rule;

/// Days that stay in a feed after they have passed, so that calendars do not lose people's history overnight.
pub const FEED_PAST_DAYS: Rule = Rule {
    key: "feeds.past_days",
    label: "配信に残す過ぎた予定の日数",
    hint: "購読している人のカレンダーから、過ぎた予定がすぐに消えないようにします。",
    unit: "日",
    default: 180,
    least: 1,
    most: 3650,
};

/// Days ahead that a feed carries.
pub const FEED_FUTURE_DAYS: Rule = Rule {
    key: "feeds.future_days",
    label: "配信に載せる先の予定の日数",
    hint: "この日数より先に始まる予定は、近づいてから配信に載ります。くり返しの予定の開催日は、およそ2年先(731日)まで分かります。",
    unit: "日",
    default: 731,
    least: 31,
    most: 3650,
};

/// Days for which a cancelled entry stays in the feeds; subscribers tire of piles of them.
pub const FEED_CANCELLED_DAYS: Rule = Rule {
    key: "feeds.cancelled_days",
    label: "中止の予定を配信に残す日数",
    hint: "中止にした日からこの日数は【中止】と付けて配信し、そのあと配信から外します。",
    unit: "日",
    default: 14,
    least: 1,
    most: 365,
};

/// Full-width letters of a line in the city's magazine.
pub const KOHO_COLUMNS: Rule = Rule {
    key: "paper.koho_columns",
    label: "広報の原稿の1行の文字数",
    hint: "「広報に載せる文」の1行の長さです。全角の文字で数えます。",
    unit: "字",
    default: 24,
    least: 10,
    most: 60,
};

/// Lines of a column in the city's magazine; 0 for one text without columns.
pub const KOHO_LINES: Rule = Rule {
    key: "paper.koho_lines",
    label: "広報の原稿の1段の行数",
    hint: "この行数ごとに段を分けます。0で分けません。",
    unit: "行",
    default: 0,
    least: 0,
    most: 200,
};

/// Full-width letters of a line of a television caption.
pub const CATV_COLUMNS: Rule = Rule {
    key: "paper.catv_columns",
    label: "有線テレビの文字放送の1行の文字数",
    hint: "全角の文字で数えます。放送の画面に合わせてください。",
    unit: "字",
    default: 20,
    least: 8,
    most: 60,
};

/// Lines of one page of television captions.
pub const CATV_LINES: Rule = Rule {
    key: "paper.catv_lines",
    label: "有線テレビの文字放送の1画面の行数",
    hint: "この行数ごとに画面を分けます。0で分けません。",
    unit: "行",
    default: 8,
    least: 0,
    most: 60,
};
