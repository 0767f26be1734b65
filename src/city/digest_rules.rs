//! The rules of the calendar by mail (お知らせメール).

use super::rules::Rule;

/// Hour at which the calendar is sent by mail, on the clocks of the city.
pub const DIGEST_HOUR: Rule = Rule {
    key: "digest.hour",
    label: "お知らせメールを送る時刻",
    hint: "予定のお知らせメールを、毎朝この時刻から送ります。夜中に止まっていたときも、この時刻を待って1回だけ送ります。",
    unit: "時",
    default: 6,
    least: 0,
    most: 23,
};

/// Days for which an order of letters waits until the owner of the address confirms it.
pub const DIGEST_ORDER_DAYS: Rule = Rule {
    key: "digest.order_days",
    label: "お知らせメールの申し込みの確認を待つ日数",
    hint: "確認のメールのリンクがこの日数のうちに開かれないと、申し込みもアドレスも消えます。",
    unit: "日",
    default: 7,
    least: 1,
    most: 30,
};
