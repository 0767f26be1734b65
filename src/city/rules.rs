//! The rules that the city may change, each with what it means and where its default comes from.

pub use super::digest_rules::*;
pub use super::duplicate_rules::*;
pub use super::feed_rules::*;
pub use super::meeting_rules::*;
pub use super::outreach_rules::{self as outreach, OUTREACH};
pub use super::source_rules::{self as sources, SOURCES};

/// A setting with a number for its value.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// Key, such as `groups.min_members`.
    pub key: &'static str,
    /// What people read.
    pub label: &'static str,
    /// What it means, and where the default comes from.
    pub hint: &'static str,
    /// Unit, such as 人 or か月.
    pub unit: &'static str,
    /// Used until the city sets its own.
    pub default: i32,
    /// Smallest value.
    pub least: i32,
    /// Largest value.
    pub most: i32,
}

/// Fewest members of a group that registers (下妻市・高山市 5人, 宗像市・山陽小野田市・犬山市 3人).
pub const MIN_MEMBERS: Rule = Rule {
    key: "groups.min_members",
    label: "登録に必要な会員数",
    hint: "他市の例: 5人以上(下妻市・高山市)、3人以上(宗像市・山陽小野田市・犬山市)。",
    unit: "人",
    default: 5,
    least: 1,
    most: 1000,
};

/// Months after which an unconfirmed profile is 更新待ち.
pub const RENEWAL_MONTHS: Rule = Rule {
    key: "groups.renewal_months",
    label: "更新待ちになるまでの月数",
    hint: "最終確認日からこの月数がすぎると、団体のページに「更新待ち」と出ます。",
    unit: "か月",
    default: 15,
    least: 1,
    most: 120,
};

/// Months after which an unconfirmed profile rests.
pub const DORMANT_MONTHS: Rule = Rule {
    key: "groups.dormant_months",
    label: "休止になるまでの月数",
    hint: "最終確認日からこの月数がすぎると「休止」になり、名簿の一覧から外れます。記録は消えません。",
    unit: "か月",
    default: 24,
    least: 2,
    most: 240,
};

/// Months of the calendar in which the yearly round starts by itself; 0 for never.
pub const ROUND_MONTH: Rule = Rule {
    key: "rounds.month",
    label: "更新確認を始める月",
    hint: "毎年この月の1日に、更新確認が自動で始まります。手紙は職員が確かめて送り出すまで保留されます。0で自動では始まりません。",
    unit: "月",
    default: 5,
    least: 0,
    most: 12,
};

/// Days until answers of a round are due.
pub const ROUND_DAYS: Rule = Rule {
    key: "rounds.days",
    label: "更新確認の回答期限までの日数",
    hint: "始めた日からの日数です。",
    unit: "日",
    default: 30,
    least: 7,
    most: 180,
};

/// Days for which the link of an invitation or a hand-over is good.
pub const INVITATION_DAYS: Rule = Rule {
    key: "people.invitation_days",
    label: "招待と引継ぎの手紙が使える日数",
    hint: "送った日からの日数です。すぎたときは、もう一度送れます。",
    unit: "日",
    default: 14,
    least: 1,
    most: 90,
};

/// Days after which an unconfirmed hand-over is shown to the office.
pub const HANDOVER_LATE_DAYS: Rule = Rule {
    key: "people.handover_late_days",
    label: "確認されない引継ぎを事務局に知らせるまでの日数",
    hint: "新しい代表者がこの日数のうちに確認しないと、事務局の「待ちごと」に出ます。",
    unit: "日",
    default: 7,
    least: 1,
    most: 90,
};

/// Days for which the code of a claim letter is good.
pub const CLAIM_DAYS: Rule = Rule {
    key: "people.claim_days",
    label: "受取りの手紙の番号が使える日数",
    hint: "手紙を作った日からの日数です。郵便が届き、団体で相談する時間を見込んでください。",
    unit: "日",
    default: 60,
    least: 7,
    most: 365,
};

/// Days before the due date of a round on which the first reminder is written; 0 for none.
pub const FIRST_REMINDER_DAYS: Rule = Rule {
    key: "rounds.first_reminder_days",
    label: "更新確認の1回目のお知らせ",
    hint: "回答期限のこの日数前に、まだ答えていない団体への手紙が作られます。職員が確かめて送り出すまで保留されます。0で作りません。",
    unit: "日前",
    default: 10,
    least: 0,
    most: 180,
};

/// Days before the due date of a round on which the second reminder is written; 0 for none.
pub const SECOND_REMINDER_DAYS: Rule = Rule {
    key: "rounds.second_reminder_days",
    label: "更新確認の2回目のお知らせ",
    hint: "1回目と同じように、回答期限のこの日数前に作られます。0で作りません。",
    unit: "日前",
    default: 3,
    least: 0,
    most: 180,
};

/// Days between the warning that a group will rest and the day it does.
pub const REST_NOTICE_DAYS: Rule = Rule {
    key: "groups.rest_notice_days",
    label: "休止の予告から休止までの日数",
    hint: "休止にする前に、団体へ手紙で、職員へ「待ちごと」で知らせます。それから少なくともこの日数は待ちます。",
    unit: "日",
    default: 30,
    least: 7,
    most: 365,
};

/// Sign-in letters that one network may ask for in an hour; a city hall is often one network.
pub const SIGN_INS_OF_NETWORK: Rule = Rule {
    key: "accounts.sign_ins_of_network",
    label: "1時間に送るサインインのメールの数(同じ回線から)",
    hint: "いたずらを防ぐための上限です。庁舎の全員が同じ回線を使うときは、職員の数より多くしてください。",
    unit: "通",
    default: 60,
    least: 10,
    most: 10000,
};

/// From which capacity an event counts as a big one.
pub const BIG_CAPACITY: Rule = Rule {
    key: "calendar.big_capacity",
    label: "大きな行事とみなす定員",
    hint: "予定を載せるとき、同じ日にこの定員以上の行事があると知らせます。連絡調整会議と、市全体の行事も知らせます。",
    unit: "人",
    default: 200,
    least: 10,
    most: 100_000,
};

/// Days for which an unfinished application and its personal link are kept after the last touch.
pub const APPLICATION_DAYS: Rule = Rule {
    key: "groups.application_days",
    label: "途中の登録申請をとっておく日数",
    hint: "最後に開いて保存した日からこの日数がすぎると、出されていない申請と個人のリンクは消えます。",
    unit: "日",
    default: 90,
    least: 14,
    most: 365,
};

/// Days within which the office answers an application, as it tells applicants.
pub const ANSWER_DAYS: Rule = Rule {
    key: "groups.answer_days",
    label: "登録申請への返事の目安",
    hint: "申請した団体に「およそ何日でお返事します」と伝える日数です。",
    unit: "日",
    default: 14,
    least: 1,
    most: 90,
};

/// Every rule, in the order of the settings page.
pub const RULES: &[Rule] = &[
    MIN_MEMBERS,
    RENEWAL_MONTHS,
    DORMANT_MONTHS,
    ROUND_MONTH,
    ROUND_DAYS,
    INVITATION_DAYS,
    HANDOVER_LATE_DAYS,
    CLAIM_DAYS,
    FIRST_REMINDER_DAYS,
    SECOND_REMINDER_DAYS,
    REST_NOTICE_DAYS,
    SIGN_INS_OF_NETWORK,
    BIG_CAPACITY,
    APPLICATION_DAYS,
    ANSWER_DAYS,
    OBON_FIRST,
    OBON_LAST,
    YEAR_END_FIRST,
    NEW_YEAR_LAST,
    LEAVE_HOUR,
    HOME_HOUR,
    MINUTES_DAYS,
    TASK_DAYS,
    FEED_PAST_DAYS,
    FEED_FUTURE_DAYS,
    FEED_CANCELLED_DAYS,
    KOHO_COLUMNS,
    KOHO_LINES,
    CATV_COLUMNS,
    CATV_LINES,
    DIGEST_HOUR,
    DIGEST_ORDER_DAYS,
    DUPLICATE_SCORE,
    MERGE_SCORE,
];

/// A setting with a line of text for its value.
#[derive(Clone, Copy, Debug)]
pub struct Phrase {
    /// Key, such as `groups.number`.
    pub key: &'static str,
    /// What people read.
    pub label: &'static str,
    /// What it means.
    pub hint: &'static str,
    /// Used until the city sets its own.
    pub default: &'static str,
    /// Longest text, in characters.
    pub most: usize,
}

/// How the 登録番号 of a newly approved group is written.
pub const NUMBER_PATTERN: Phrase = Phrase {
    key: "groups.number",
    label: "登録番号の付け方",
    hint: "{年度}は西暦の年度、{和暦}はR8のような年度、{番号}は001から始まる通し番号です。例: {年度}-{番号} は 2026-001。",
    default: "{年度}-{番号}",
    most: 30,
};

/// Every phrase, in the order of the settings page.
pub const PHRASES: [Phrase; 1] = [NUMBER_PATTERN];
