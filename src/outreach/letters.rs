//! The letters about requests and sessions.

use crate::mail::{Place, Wording};

const BODY: Place = Place { name: "団体名", example: "見本町 見本区" };
const NAME: Place = Place { name: "宛名", example: "見本 太郎" };
const CITY: Place = Place { name: "市", example: "見本市" };
const SECTION: Place = Place { name: "担当課", example: "市民協働課" };
const RECEIPT: Place = Place { name: "受付番号", example: "令和8年度 受付第3号" };
const NUMBER: Place = Place { name: "文書番号", example: "令和8年度 出前第12号" };
const DATED: Place = Place { name: "通知日", example: "令和8年12月2日(水)" };
const TOPIC: Place = Place { name: "内容", example: "協働についての説明会" };
const WISHES: Place = Place { name: "希望日時", example: "\n　第1希望 令和8年12月16日(水) 19:00から" };
const WHEN: Place = Place { name: "日時", example: "令和8年12月16日(水) 19:00〜20:00" };
const WHERE: Place = Place { name: "会場", example: "見本公民館 会議室" };
const TOWN: Place = Place { name: "町", example: "見本町" };
const PEOPLE: Place = Place { name: "職員", example: "見本 職員" };
const COUNT: Place = Place { name: "人数", example: "12人の予定" };
const ASKS: Place = Place { name: "用意", example: "机といす、電源" };
const BRINGS: Place = Place { name: "持ち物", example: "投影機、配る資料" };
const WORDS: Place = Place { name: "ひとこと", example: "大雨のときは、前の日にお電話します。" };
const GROUND: Place = Place { name: "理由", example: "ご希望の日に、伺える職員がいないため。" };
const OFFERS: Place = Place { name: "提案", example: "　1 令和8年12月17日(木) 19:00〜20:00" };
const UNTIL: Place = Place { name: "答えの期限", example: "令和8年12月9日(水)" };
const DUE: Place = Place { name: "返事の期限", example: "令和8年12月8日(火)" };
const DAYS: Place = Place { name: "日数", example: "7" };
const CONTACT: Place = Place { name: "連絡先", example: "見本 太郎 電話 0920-00-0000" };
const ROOM: Place = Place { name: "会場の様子", example: "駐車場 5台、スクリーンあり" };
const QUESTIONS: Place = Place { name: "質問", example: "補助金のこと" };
const DRIVE: Place = Place { name: "移動", example: "　17:30 厳原町を出る(50分)" };
const SOON: Place = Place { name: "いつ", example: "あした" };
const REPORT: Place = Place { name: "報告", example: "https://kyodo.example.jp/staff/outreach/sessions/…/report" };

macro_rules! wording {
    ($name:ident, $key:literal, $title:literal, $file:literal, [$($place:expr),+], $doc:literal) => {
        #[doc = $doc]
        pub const $name: Wording = Wording {
            key: $key,
            title: $title,
            text: include_str!(concat!("../../templates/outreach/mail/", $file)),
            places: &[$($place),+],
        };
    };
}

wording!(
    LINK,
    "outreach.link",
    "出前説明会の申込(アドレスの確認)",
    "request_link.txt",
    [CITY, DAYS],
    "The letter by which the owner of an address shows that it is theirs."
);
wording!(
    RECEIVED,
    "outreach.received",
    "出前説明会の申込の受付",
    "received.txt",
    [BODY, NAME, RECEIPT, TOPIC, WISHES, WHERE, DUE],
    "受付のお知らせ."
);
wording!(
    APPROVED,
    "outreach.approved",
    "出前説明会の決定通知",
    "approved.txt",
    [BODY, NAME, CITY, SECTION, RECEIPT, NUMBER, DATED, TOPIC, WHEN, WHERE, PEOPLE, ASKS, WORDS],
    "決定通知書."
);
wording!(
    REFUSED,
    "outreach.refused",
    "出前説明会の否決通知",
    "refused.txt",
    [BODY, NAME, CITY, SECTION, RECEIPT, NUMBER, DATED, TOPIC, GROUND, WORDS],
    "否決通知書."
);
wording!(
    OFFERED,
    "outreach.offered",
    "出前説明会の別の日時の提案",
    "offered.txt",
    [BODY, NAME, RECEIPT, TOPIC, GROUND, OFFERS, UNTIL, WORDS],
    "別の日時の提案."
);
wording!(
    CHANGED,
    "outreach.changed",
    "出前説明会の変更通知",
    "changed.txt",
    [BODY, NAME, CITY, SECTION, RECEIPT, NUMBER, DATED, TOPIC, WHEN, WHERE, PEOPLE, GROUND, WORDS],
    "変更通知."
);
wording!(
    CANCELLED,
    "outreach.cancelled",
    "出前説明会の中止通知",
    "cancelled.txt",
    [BODY, NAME, CITY, SECTION, RECEIPT, NUMBER, DATED, TOPIC, WHEN, WHERE, GROUND, WORDS],
    "中止通知."
);
wording!(
    WITHDRAWN,
    "outreach.withdrawn",
    "出前説明会の申込の取下げの受付",
    "withdrawn.txt",
    [BODY, NAME, RECEIPT, TOPIC, WHEN],
    "取下げの受付."
);
wording!(
    SENT_OUT,
    "outreach.sent_out",
    "出前説明会の派遣のお知らせ(職員)",
    "sent_out.txt",
    [NAME, BODY, COUNT, TOPIC, WHEN, WHERE, TOWN, PEOPLE, CONTACT, ROOM, QUESTIONS, BRINGS, DRIVE, GROUND],
    "派遣のお知らせ, to a speaker."
);
wording!(
    CALLED_BACK,
    "outreach.called_back",
    "出前説明会の派遣の取り消し(職員)",
    "called_back.txt",
    [NAME, BODY, TOPIC, WHEN, WHERE, TOWN, GROUND],
    "派遣の取り消し, to a speaker."
);
wording!(
    REMINDER,
    "outreach.reminder",
    "出前説明会が近づいたお知らせ(申込者)",
    "reminder.txt",
    [BODY, NAME, SOON, TOPIC, WHEN, WHERE, PEOPLE, ASKS],
    "The reminder a week and a day before, to the applicant."
);
wording!(
    SPEAKER_REMINDER,
    "outreach.speaker_reminder",
    "出前説明会が近づいたお知らせ(職員)",
    "speaker_reminder.txt",
    [NAME, BODY, COUNT, SOON, TOPIC, WHEN, WHERE, TOWN, PEOPLE, CONTACT, ROOM, QUESTIONS, BRINGS, DRIVE, REPORT],
    "The reminder a week and a day before, to a speaker."
);

/// The wordings that the office may change.
pub const WORDINGS: &[&Wording] = &[
    &LINK,
    &RECEIVED,
    &APPROVED,
    &REFUSED,
    &OFFERED,
    &CHANGED,
    &CANCELLED,
    &WITHDRAWN,
    &SENT_OUT,
    &CALLED_BACK,
    &REMINDER,
    &SPEAKER_REMINDER,
];
