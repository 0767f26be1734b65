//! Rules about the same event from several sources.

use super::rules::Rule;

/// From which likeness on staff are asked whether two entries are one event.
pub const DUPLICATE_SCORE: Rule = Rule {
    key: "duplicates.score",
    label: "同じ予定かもしれないと知らせる点数",
    hint: "日時・名前・場所・主催・案内のページの近さを100点満点で数えます。下げると多く、上げると少なく知らせます。",
    unit: "点",
    default: 60,
    least: 51,
    most: 100,
};

/// From which likeness on two entries are shown as one without anybody being asked; 0 for never.
pub const MERGE_SCORE: Rule = Rule {
    key: "duplicates.merge_score",
    label: "同じ予定として自動でまとめる点数",
    hint: "この点数以上で、違うところが1つも見つからない予定を、確かめずに1つにまとめます。あとで分けられます。0で自動ではまとめません。",
    unit: "点",
    default: 0,
    least: 0,
    most: 100,
};
