//! The letters of an application, each with a personal link of its own.

use crate::city::{City, settings};
use crate::mail::{Letter, Place, Recipient, Unfilled, Wording};

/// The place where the personal link stands; a secret.
const LINK: &str = "リンク";

const NAME: Place = Place { name: "団体名", example: "見本 海の会" };
const APPLICANT: Place = Place { name: "申請者", example: "見本 太郎" };
const CITY: Place = Place { name: "市", example: "見本市" };
const DAYS: Place = Place { name: "日数", example: "90" };
const ANSWER_DAYS: Place = Place { name: "返事の日数", example: "14" };
const QUESTION: Place =
    Place { name: "質問", example: "活動場所を、もう少し詳しく教えてください。" };
const REASON: Place = Place { name: "理由", example: "主な活動が市外で行われているため。" };
const NUMBER: Place = Place { name: "登録番号", example: "2026-001" };
const PAGE: Place = Place { name: "団体のページ", example: "https://kyodo.example.jp/groups/…" };
const SIGN_IN: Place = Place { name: "サインイン", example: "https://kyodo.example.jp/sign-in" };
const CORRECTED: Place = Place { name: "直したところ", example: "・電話: 0920-00-0001 → 0920-00-0002" };

/// The letter by which the owner of an address shows that it is theirs.
pub const ADDRESS: Wording = Wording {
    key: "groups.application_link",
    title: "登録申請の個人ページのお知らせ(アドレスの確認)",
    text: include_str!("../../../templates/groups/mail/application_link.txt"),
    places: &[NAME, CITY, DAYS],
};
/// The letter that says that an application has arrived.
pub const RECEIVED: Wording = Wording {
    key: "groups.application_received",
    title: "登録申請を受け付けたお知らせ",
    text: include_str!("../../../templates/groups/mail/application_received.txt"),
    places: &[NAME, APPLICANT, CITY, ANSWER_DAYS],
};
/// The letter with a question of the office.
pub const RETURNED: Wording = Wording {
    key: "groups.application_returned",
    title: "登録申請への質問(差し戻し)",
    text: include_str!("../../../templates/groups/mail/application_returned.txt"),
    places: &[NAME, APPLICANT, CITY, QUESTION, DAYS],
};
/// The letter that says that the group is in the register.
pub const APPROVED: Wording = Wording {
    key: "groups.application_approved",
    title: "登録のお知らせ(承認)",
    text: include_str!("../../../templates/groups/mail/application_approved.txt"),
    places: &[NAME, APPLICANT, CITY, NUMBER, PAGE, SIGN_IN, CORRECTED],
};
/// The letter that says that the group is not taken into the register, and why.
pub const REFUSED: Wording = Wording {
    key: "groups.application_refused",
    title: "登録できないことのお知らせ(不承認)",
    text: include_str!("../../../templates/groups/mail/application_refused.txt"),
    places: &[NAME, APPLICANT, CITY, REASON],
};

/// Every wording of this part, for the office to edit.
pub const WORDINGS: &[&Wording] = &[&ADDRESS, &RECEIVED, &RETURNED, &APPROVED, &REFUSED];

/// To whom a letter about an application goes, and the personal link it carries.
#[derive(Clone, Copy, Debug)]
pub struct About<'a> {
    /// The city.
    pub city: &'a City,
    /// Address of the applicant.
    pub mail: &'a str,
    /// Name of the applicant; may be empty.
    pub applicant: &'a str,
    /// Name of the group; may be empty.
    pub name: &'a str,
    /// The personal link.
    pub link: &'a str,
}

impl About<'_> {
    /// The letter of a wording with these values in its places.
    pub fn letter(self, wording: &Wording, more: &[(&str, &str)]) -> Result<Letter, Unfilled> {
        let number = |rule| self.city.settings.number(rule).to_string();
        let (days, answer_days) = (number(settings::APPLICATION_DAYS), number(settings::ANSWER_DAYS));
        let applicant = if self.applicant.is_empty() { "ご担当者" } else { self.applicant };
        let name = if self.name.is_empty() { "お申し込みの団体" } else { self.name };
        let mut values = vec![
            ("団体名", name),
            ("申請者", applicant),
            ("市", self.city.profile.name.as_str()),
            ("日数", days.as_str()),
            ("返事の日数", answer_days.as_str()),
        ];
        values.extend_from_slice(more);
        let to = Recipient { mail: self.mail.to_owned(), name: self.applicant.to_owned() };
        let filled = wording.fill(&self.city.settings, &values)?;
        Ok(Letter::new(wording.key, to, filled).with_secret(LINK, self.link))
    }
}
