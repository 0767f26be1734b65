//! Letters about a group's profile.

use crate::accounts::Account;
use crate::app::App;
use crate::city::City;
use crate::mail::{Letter, Place, Recipient, Unfilled, Wording};

use super::edit::Present;
use super::{field, hub_path};
use crate::groups::proposal::{Asked, Decided, Verdict};

const PLACES: [Place; 5] = [
    Place { name: "団体名", example: "見本 海の会" },
    Place { name: "承認した項目", example: "団体名、ホームページ" },
    Place { name: "見送った項目", example: "活動の目的" },
    Place {
        name: "説明", example: "活動の目的は、次の総会で決まってからお知らせください。"
    },
    Place { name: "リンク", example: "https://kyodo.example.jp/me/groups/…" },
];

/// All changes approved.
const APPROVED: Wording = Wording {
    key: "groups.proposal_approved",
    title: "変更を承認したお知らせ",
    text: include_str!("../../../templates/groups/mail/proposal_approved.txt"),
    places: &[PLACES[0], PLACES[1], PLACES[3], PLACES[4]],
};

/// Some changes approved.
const PARTLY: Wording = Wording {
    key: "groups.proposal_partly",
    title: "変更の一部を承認したお知らせ",
    text: include_str!("../../../templates/groups/mail/proposal_partly.txt"),
    places: &PLACES,
};

/// No change approved.
const REFUSED: Wording = Wording {
    key: "groups.proposal_refused",
    title: "変更を差し戻したお知らせ",
    text: include_str!("../../../templates/groups/mail/proposal_refused.txt"),
    places: &[PLACES[0], PLACES[2], PLACES[3], PLACES[4]],
};

/// The office took a photo down.
const PHOTO_REMOVED: Wording = Wording {
    key: "groups.photo_removed",
    title: "写真の掲載をやめたお知らせ",
    text: include_str!("../../../templates/groups/mail/photo_removed.txt"),
    places: &[PLACES[0], PLACES[3], PLACES[4]],
};

/// The wordings about profiles, which the office may change.
pub const WORDINGS: &[&Wording] = &[&APPROVED, &PARTLY, &REFUSED, &PHOTO_REMOVED];

/// What the office decided on a proposal, to each of those who are to know.
pub(in crate::groups) fn decided(
    app: &App,
    city: &City,
    present: &Present,
    decided: &Decided,
    note: &str,
) -> Result<Vec<Letter>, Unfilled> {
    let wording = match decided.verdict {
        Verdict::Approved => &APPROVED,
        Verdict::Partly => &PARTLY,
        Verdict::Refused => &REFUSED,
    };
    let (accepted, refused) = (labels(&decided.accepted), labels(&decided.refused));
    let values = [
        ("団体名", present.draft.name.as_str()),
        ("承認した項目", &accepted),
        ("見送った項目", &refused),
        ("説明", if note.is_empty() { "(特にありません)" } else { note }),
        ("リンク", &format!("{}{}", app.config.base_url, hub_path(present.group_id))),
    ];
    let letter = |account: &Account| to(account, wording, city, &values).map(|letter| letter.about(present.group_id));
    decided.people.iter().map(letter).collect()
}

/// The office took the photo of a group down.
pub(in crate::groups) fn photo_removed(
    app: &App,
    city: &City,
    present: &Present,
    people: &[Account],
    reason: &str,
) -> Result<Vec<Letter>, Unfilled> {
    let link = format!("{}{}", app.config.base_url, hub_path(present.group_id));
    let values = [("団体名", present.draft.name.as_str()), ("説明", reason), ("リンク", &link)];
    let letter =
        |account: &Account| to(account, &PHOTO_REMOVED, city, &values).map(|letter| letter.about(present.group_id));
    people.iter().map(letter).collect()
}

fn to(account: &Account, wording: &'static Wording, city: &City, values: &[(&str, &str)]) -> Result<Letter, Unfilled> {
    let recipient = Recipient { mail: account.mail.clone(), name: account.name.clone() };
    let mut letter = Letter::new(wording.key, recipient, wording.fill(&city.settings, values)?);
    letter.account_id = Some(account.id);
    Ok(letter)
}

fn labels(asked: &[Asked]) -> String {
    let labels = asked.iter().filter_map(|asked| field::find(&asked.key)).map(|field| field.label);
    labels.collect::<Vec<_>>().join("、")
}
