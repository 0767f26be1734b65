//! Rules about calendars of others that are read (情報源).

use super::rules::Rule;

/// Minutes between two readings of a source that sets nothing of its own.
pub const EVERY_MINUTES: Rule = Rule {
    key: "sources.every_minutes",
    label: "ほかのカレンダーを確かめる間隔",
    hint: "情報源ごとに変えることもできます。短くすると早く届きますが、相手のサーバーの負担になります。",
    unit: "分ごと",
    default: 60,
    least: 15,
    most: 1440,
};

/// Failures in a row after which a source is paused and its owner told.
pub const PAUSE_AFTER: Rule = Rule {
    key: "sources.pause_after",
    label: "読めない情報源を休ませるまでの回数",
    hint: "続けてこの回数読めないと休止し、持ち主にメールで知らせます。間をだんだん長くして試すので、8回はおよそ3日です。",
    unit: "回",
    default: 8,
    least: 2,
    most: 50,
};

/// Fewest coming entries of a source of which losing over half is held for staff to look at.
pub const HELD_FROM: Rule = Rule {
    key: "sources.held_from",
    label: "半分より多く消えたときに確かめる、予定の数",
    hint: "これからの予定がこの数以上ある情報源から、半分より多くが一度に消えたときは、取り込まずに職員の確認を待ちます。全部消えたときは、数にかかわらず待ちます。",
    unit: "件から",
    default: 2,
    least: 2,
    most: 1000,
};

/// Days after which what is over is not taken in any more.
pub const PAST_DAYS: Rule = Rule {
    key: "sources.past_days",
    label: "終わった予定を取り込む日数",
    hint: "終わってからこの日数がすぎた予定は、ほかのカレンダーから新しくは取り込みません。前に取り込んだものは残ります。",
    unit: "日",
    default: 180,
    least: 0,
    most: 3650,
};

/// Every rule of this part, in the order of the settings page.
pub const SOURCES: [Rule; 4] = [EVERY_MINUTES, PAUSE_AFTER, HELD_FROM, PAST_DAYS];
