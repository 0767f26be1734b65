//! The letter that answers a report.

use super::report::Report;
use crate::city::City;
use crate::mail::{Letter, Place, Recipient, Unfilled, Wording};

/// まちがいのお知らせへの返事.
pub const ANSWER: Wording = Wording {
    key: "reports.answer",
    title: "まちがいのお知らせへの返事",
    text: include_str!("../../templates/reports/mail/answer.txt"),
    places: &[
        Place { name: "ページ名", example: "見本 海の会" },
        Place { name: "ページ", example: "https://kyodo.example.jp/groups/0" },
        Place { name: "お知らせ", example: "電話番号が古いようです。" },
        Place { name: "返事", example: "ご指摘のとおり、電話番号を直しました。" },
    ],
};

/// Every wording of reports.
pub const WORDINGS: &[&Wording] = &[&ANSWER];

/// The letter to whoever left an address.
pub fn answer(city: &City, base_url: &str, report: &Report, answer: &str) -> Result<Letter, Unfilled> {
    let page = format!("{base_url}{}", report.page);
    let values = [("ページ名", report.title.as_str()), ("ページ", &page), ("お知らせ", &report.body), ("返事", answer)];
    let to = Recipient { mail: report.mail.clone(), name: String::new() };
    let letter = Letter::new(ANSWER.key, to, ANSWER.fill(&city.settings, &values)?);
    Ok(match report.group_id {
        Some(group) => letter.about(group),
        None => letter,
    })
}
