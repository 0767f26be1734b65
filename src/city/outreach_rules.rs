//! Rules about 出前説明会. Their ranges are those of thirteen cities' ordinances (`seeds/SOURCES.md`).

use super::rules::Rule;

/// Days between handing a request in and the first day that may be wished for.
pub const LEAD_DAYS: Rule = Rule {
    key: "outreach.lead_days",
    label: "出前説明会の申込期限",
    hint: "希望日のこの日数前までに申し込んでもらいます。他市の例: 14日前(和水町・柳川市・大月市・大仙市・東員町)、20日前(坂東市・柏原市)、1か月前(倉敷市・添田町)。",
    unit: "日前",
    default: 14,
    least: 0,
    most: 120,
};

/// Days ahead of today that may be wished for.
pub const AHEAD_DAYS: Rule = Rule {
    key: "outreach.ahead_days",
    label: "出前説明会を申し込める先の日数",
    hint: "今日からこの日数より先の日は、まだ申し込めません。",
    unit: "日",
    default: 180,
    least: 30,
    most: 540,
};

/// Fewest people who are expected to listen.
pub const MIN_PEOPLE: Rule = Rule {
    key: "outreach.min_people",
    label: "出前説明会の最少人数",
    hint: "他市の例: 10人(坂東市・柏原市・和水町・柳川市・大月市・大仙市・日立市・倉敷市・鹿嶋市)、5人(栄町・東員町・鶴ヶ島市・添田町)。小さな行政区が多い市では5人がめやすです。",
    unit: "人",
    default: 5,
    least: 1,
    most: 100,
};

/// Hour before which no session begins.
pub const OPENS: Rule = Rule {
    key: "outreach.opens",
    label: "出前説明会を始められる時刻",
    hint: "他市の例: 9時(ほとんどの市)、8時30分(鶴ヶ島市)。",
    unit: "時",
    default: 9,
    least: 0,
    most: 23,
};

/// Hour by which a session on a weekday ends.
pub const CLOSES: Rule = Rule {
    key: "outreach.closes",
    label: "出前説明会を終える時刻(平日)",
    hint: "他市の例: 21時(和水町・柳川市・大月市・大仙市・栄町・日立市ほか)、20時(添田町)、19時(坂東市)、17時(倉敷市)。",
    unit: "時",
    default: 21,
    least: 1,
    most: 24,
};

/// Hour by which a session on a Saturday, a Sunday or a holiday ends; 0 for none on such days.
pub const HOLIDAY_CLOSES: Rule = Rule {
    key: "outreach.holiday_closes",
    label: "出前説明会を終える時刻(土曜・日曜・祝日)",
    hint: "他市の例: 17時(坂東市・和水町、土日は日立市も)、21時(柏原市・大月市・栄町)、実施しない(柳川市・東員町・添田町)。0で、土曜・日曜・祝日には実施しません。",
    unit: "時",
    default: 17,
    least: 0,
    most: 24,
};

/// First day of 年末年始 in December without sessions.
pub const CLOSED_FROM: Rule = Rule {
    key: "outreach.closed_from",
    label: "出前説明会の年末の休みの始まり",
    hint: "12月のこの日から休みます。他市の例: 29日(柏原市・和水町)、28日(坂東市・大仙市・栄町・東員町)。",
    unit: "日",
    default: 29,
    least: 1,
    most: 31,
};

/// Last day of 年末年始 in January without sessions.
pub const CLOSED_UNTIL: Rule = Rule {
    key: "outreach.closed_until",
    label: "出前説明会の年始の休みの終わり",
    hint: "1月のこの日まで休みます。他市の例: 3日(柏原市・和水町・東員町)、4日(坂東市・大仙市・栄町)。",
    unit: "日",
    default: 3,
    least: 1,
    most: 31,
};

/// Longest session.
pub const MOST_MINUTES: Rule = Rule {
    key: "outreach.most_minutes",
    label: "出前説明会の長さの上限",
    hint: "他市の例: 2時間(ほとんどの市)、1時間程度(東員町)。",
    unit: "分",
    default: 120,
    least: 30,
    most: 360,
};

/// Working days within which a request is decided.
pub const DECISION_DAYS: Rule = Rule {
    key: "outreach.decision_days",
    label: "出前説明会の可否を決めるまでの日数",
    hint: "申込を受け付けた翌日からの、市役所が開いている日の数です。他市の例: 申込の翌日から10日以内(坂東市)。",
    unit: "開庁日",
    default: 10,
    least: 1,
    most: 60,
};

/// Days for which an offer of another day stands.
pub const OFFER_DAYS: Rule = Rule {
    key: "outreach.offer_days",
    label: "別の日時の提案に答えてもらうまでの日数",
    hint: "この日数のあいだ、職員の予定を仮に押さえておきます。",
    unit: "日",
    default: 7,
    least: 1,
    most: 30,
};

/// Minutes at the place before a session.
pub const SETUP: Rule = Rule {
    key: "outreach.setup",
    label: "出前説明会の準備の時間",
    hint: "始まる前に、職員が会場にいる時間です。",
    unit: "分",
    default: 15,
    least: 0,
    most: 120,
};

/// Minutes at the place after a session.
pub const TEARDOWN: Rule = Rule {
    key: "outreach.teardown",
    label: "出前説明会の片付けの時間",
    hint: "終わったあとに、職員が会場にいる時間です。",
    unit: "分",
    default: 15,
    least: 0,
    most: 120,
};

/// Most sessions of one person on one day.
pub const MOST_PER_DAY: Rule = Rule {
    key: "outreach.most_per_day",
    label: "1人の職員が1日に受け持つ出前説明会",
    hint: "これより多くは割り当てません。",
    unit: "件まで",
    default: 2,
    least: 1,
    most: 6,
};

/// Most sessions of one person in a week.
pub const MOST_PER_WEEK: Rule = Rule {
    key: "outreach.most_per_week",
    label: "1人の職員が1週間に受け持つ出前説明会",
    hint: "月曜から日曜までの1週間です。これより多くは割り当てません。",
    unit: "件まで",
    default: 4,
    least: 1,
    most: 20,
};

/// Hours between two working days of one person.
pub const REST_HOURS: Rule = Rule {
    key: "outreach.rest_hours",
    label: "夜の出前説明会から次の日の仕事までの間",
    hint: "戻ってからこの時間がたつまでは、次の日の出前説明会に出発しません。勤務間インターバルのめやすは9時間から11時間です。",
    unit: "時間",
    default: 9,
    least: 0,
    most: 16,
};

/// Every rule of this part, in the order of the settings page.
pub const OUTREACH: [Rule; 16] = [
    LEAD_DAYS,
    AHEAD_DAYS,
    MIN_PEOPLE,
    OPENS,
    CLOSES,
    HOLIDAY_CLOSES,
    CLOSED_FROM,
    CLOSED_UNTIL,
    MOST_MINUTES,
    DECISION_DAYS,
    OFFER_DAYS,
    SETUP,
    TEARDOWN,
    MOST_PER_DAY,
    MOST_PER_WEEK,
    REST_HOURS,
];
