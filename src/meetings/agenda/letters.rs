//! The letter about a proposal: whether it stands on the agenda.

use sea_orm::ConnectionTrait;

use super::item::Draft;
use super::stage::Stage;
use crate::groups;
use crate::mail::{self, Letter, Place, Recipient, Topic, Wording};
use crate::meetings::desk::{Desk, Fault};
use crate::meetings::link;
use crate::meetings::meeting::Meeting;
use crate::meetings::poll::letters::{CONVENER, GROUP, MEETING, NAME};
use crate::meetings::seat::Seat;

const TITLE: Place = Place { name: "議題", example: "来年度の清掃活動の日程" };
const FROM: Place = Place { name: "提案した団体", example: "見本 海の会" };
const PAGE: Place = Place { name: "ページ", example: "https://kyodo.example.jp/meetings/…/agenda" };
const NOTE: Place =
    Place { name: "ひとこと", example: "20分の時間をとります。説明をお願いします。" };

/// 議題の採用.
pub const ACCEPTED: Wording = Wording {
    key: "meetings.agenda_accepted",
    title: "提案された議題を採用したお知らせ",
    text: include_str!("../../../templates/meetings/mail/agenda_accepted.txt"),
    places: &[GROUP, NAME, MEETING, CONVENER, TITLE, NOTE],
};

/// 議題の見送り.
pub const DECLINED: Wording = Wording {
    key: "meetings.agenda_declined",
    title: "提案された議題を見送ったお知らせ",
    text: include_str!("../../../templates/meetings/mail/agenda_declined.txt"),
    places: &[GROUP, NAME, MEETING, CONVENER, TITLE, NOTE],
};

/// 議題の提案, to a group that convenes.
pub const PROPOSED: Wording = Wording {
    key: "meetings.agenda_proposed",
    title: "議題の提案が届いたお知らせ(招集した団体へ)",
    text: include_str!("../../../templates/meetings/mail/agenda_proposed.txt"),
    places: &[GROUP, NAME, MEETING, TITLE, FROM, PAGE],
};

/// The wordings that the office may change.
pub const WORDINGS: &[&Wording] = &[&ACCEPTED, &DECLINED, &PROPOSED];

/// Tells the people of the group that convenes a meeting of a proposal; for the city it waits on the office's own page.
pub(super) async fn ask(
    db: &impl ConnectionTrait,
    desk: &Desk<'_>,
    (meeting, seat): (&Meeting, &Seat),
    draft: &Draft,
) -> Result<usize, Fault> {
    let Some(convener) = meeting.convener_group else { return Ok(0) };
    let mut people = groups::addressees(db, &[convener], Topic::Meetings).await?;
    let page = desk.url(&super::work_path(meeting.id));
    let mut letters = Vec::new();
    for person in people.remove(&convener).unwrap_or_default() {
        let values = [
            ("団体名", meeting.convener.as_str()),
            ("宛名", if person.name.is_empty() { "ご担当者" } else { &person.name }),
            ("会議名", &meeting.title),
            ("議題", &draft.title),
            ("提案した団体", &seat.name),
            ("ページ", &page),
        ];
        let text = PROPOSED.fill(&desk.city.settings, &values)?;
        let mut letter = Letter::new(PROPOSED.key, Recipient { mail: person.mail, name: person.name.clone() }, text);
        letter.account_id = person.account_id;
        letters.push(letter.about(convener));
    }
    Ok(mail::post_all(db, &letters, desk.host, desk.now).await?)
}

/// Writes to the people of a group what became of its proposal, each with a personal link, and tells how many letters there are.
pub(super) async fn tell(
    db: &impl ConnectionTrait,
    desk: &Desk<'_>,
    (meeting, seat): (&Meeting, &Seat),
    (stage, draft, note): (Stage, &Draft, &str),
) -> Result<usize, Fault> {
    let wording = if stage == Stage::Listed { &ACCEPTED } else { &DECLINED };
    let mut people = groups::addressees(db, &[seat.group_id], Topic::Meetings).await?;
    let people = people.remove(&seat.group_id).unwrap_or_default();
    let lines: Vec<_> = people.iter().map(|person| (seat.id, person)).collect();
    let tokens = link::make(db, meeting.id, &lines, desk.now).await?;
    let mut letters = Vec::with_capacity(people.len());
    for (person, token) in people.iter().zip(tokens) {
        let values = [
            ("団体名", seat.name.as_str()),
            ("宛名", if person.name.is_empty() { "ご担当者" } else { &person.name }),
            ("会議名", &meeting.title),
            ("招集者", &meeting.convener),
            ("議題", &draft.title),
            ("ひとこと", note),
        ];
        let text = wording.fill(&desk.city.settings, &values)?;
        let to = Recipient { mail: person.mail.clone(), name: person.name.clone() };
        let mut letter = Letter::new(wording.key, to, text).about(seat.group_id);
        letter.account_id = person.account_id;
        letters.push(letter.with_secret("リンク", desk.url(&super::path(&token))));
    }
    Ok(mail::post_all(db, &letters, desk.host, desk.now).await?)
}
