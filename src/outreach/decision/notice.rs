//! The letters of a decision, held until staff release them: one to the applicant, one to each who goes or no longer goes.

use sea_orm::ConnectionTrait;
use uuid::Uuid;

use super::decision::{self, Kind};
use super::invitee::{self, APPLICANT, Invitee, SPEAKER};
use crate::accounts::account::address_key;
use crate::calendar::{self, Entry};
use crate::ics::{self, Invitation, Method, Party};
use crate::mail::{self, Batch, Letter, Recipient, Wording};
use crate::meetings::{Desk, Fault};
use crate::outreach::request::{Request, letters as own};
use crate::outreach::session::crew::{self, Going};
use crate::outreach::session::{self, Session};
use crate::outreach::{letters, telling};

/// Who decides, in which words, and where calendars send their answers.
#[derive(Clone, Copy, Debug)]
pub struct Saying<'a> {
    /// Who decides.
    pub by: &'a str,
    /// The ground, or the reason of a change.
    pub ground: &'a str,
    /// What is added: conditions, or a word.
    pub words: &'a str,
    /// The address that gets the answers of calendars.
    pub sender: &'a str,
}

/// What all letters of one action share.
pub(super) struct Telling<'a> {
    pub desk: &'a Desk<'a>,
    pub batch: Batch,
    pub saying: Saying<'a>,
}

impl<'a> Telling<'a> {
    /// Opens the letters of an action; they are held until staff release them, and nobody can decline them.
    pub async fn open(
        db: &impl ConnectionTrait,
        desk: &'a Desk<'a>,
        title: &str,
        saying: Saying<'a>,
    ) -> Result<Self, Fault> {
        let batch = mail::open_batch(db, None, title, saying.by, desk.now).await?;
        Ok(Self { desk, batch, saying })
    }

    /// Numbers a decision, keeps it as it is told, and writes the letter to the applicant.
    pub async fn decide(
        &self,
        db: &impl ConnectionTrait,
        (request, session): (&Request, Option<&Session>),
        kind: Kind,
    ) -> Result<(), Fault> {
        let (year, number, label) = decision::next_number(db, self.desk.today).await?;
        let mut values = telling::of_request(db, self.desk, request).await?;
        let saying = self.saying;
        values.extend([("文書番号", label), ("理由", saying.ground.to_owned()), ("ひとこと", saying.words.to_owned())]);
        if let Some(session) = session {
            let people = crew::of_session(db, session.id).await?;
            values.extend(telling::of_session(self.desk.city, session, &people));
            let place = telling::place(db, self.desk.city, &session.venue()).await?;
            replace(&mut values, "会場", place);
        }
        let told: serde_json::Map<String, serde_json::Value> =
            values.iter().map(|(name, value)| ((*name).to_owned(), value.as_str().into())).collect();
        let draft = decision::Draft {
            request_id: request.id,
            session_id: session.map(|one| one.id),
            kind,
            number: (year, number),
            ground: saying.ground,
            words: saying.words,
            told: told.into(),
            batch_id: self.batch.id,
            by: saying.by,
        };
        decision::insert(db, draft, (self.desk.today, self.desk.now)).await?;
        self.to_applicant(db, (request, session), wording(kind), &values).await
    }

    /// Writes to the applicant, with an invitation where there is a decided session.
    pub async fn to_applicant(
        &self,
        db: &impl ConnectionTrait,
        (request, session): (&Request, Option<&Session>),
        wording: &'static Wording,
        values: &telling::Values,
    ) -> Result<(), Fault> {
        if request.mail.is_empty() {
            return Ok(());
        }
        let mut letter = own::written(db, self.desk, request, wording, values).await?;
        letter.batch = Some(self.batch);
        if let Some(session) = session.filter(|one| one.confirmed_at.is_some()) {
            let party = (request.mail.as_str(), request.contact_name.as_str(), APPLICANT);
            let about = format!("{}\n\n内容の確認・取下げ: {{{{secret:リンク}}}}", session.cancel_reason);
            letter.calendar = self.invitation(db, session, party, about.trim()).await?;
        }
        Ok(mail::post(db, &letter, self.desk.host, self.desk.now).await?)
    }

    /// Writes to everybody who goes now, and to those who no longer do.
    pub async fn to_speakers(
        &self,
        db: &impl ConnectionTrait,
        request: &Request,
        session: &Session,
    ) -> Result<(), Fault> {
        let going = match session.state() {
            session::State::Confirmed => crew::of_session(db, session.id).await?,
            _ => Vec::new(),
        };
        let known = invitee::of_session(db, session.id).await?;
        let mut values = telling::of_request(db, self.desk, request).await?;
        values.extend(telling::of_session(self.desk.city, session, &going));
        let place = telling::place(db, self.desk.city, &session.venue()).await?;
        replace(&mut values, "会場", place);
        values.push(("理由", self.saying.ground.to_owned()));
        for one in &going {
            let mut own = values.clone();
            own.push(("移動", telling::driving(db, self.desk.city, session, one).await?));
            self.to_speaker(db, session, (&letters::SENT_OUT, one), own).await?;
        }
        let gone = known
            .iter()
            .filter(|one| one.side == SPEAKER && going.iter().all(|now| address_key(&now.mail) != one.mail));
        for one in gone {
            let person = Going {
                session_id: session.id,
                account_id: Uuid::nil(),
                name: one.name.clone(),
                mail: one.mail.clone(),
                phone: String::new(),
                base_town: String::new(),
            };
            self.to_speaker(db, session, (&letters::CALLED_BACK, &person), values.clone()).await?;
        }
        Ok(())
    }

    async fn to_speaker(
        &self,
        db: &impl ConnectionTrait,
        session: &Session,
        (wording, person): (&'static Wording, &Going),
        mut values: telling::Values,
    ) -> Result<(), Fault> {
        replace(&mut values, "宛名", person.name.clone());
        let filled: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let text = wording.fill(&self.desk.city.settings, &filled)?;
        let to = Recipient { mail: person.mail.clone(), name: person.name.clone() };
        let mut letter = Letter::new(wording.key, to, text);
        letter.batch = Some(self.batch);
        letter.account_id = Some(person.account_id).filter(|id| !id.is_nil());
        let drive = values.iter().find(|(name, _)| *name == "移動").map_or("", |(_, text)| text.as_str());
        let about = format!("団体: {}\n連絡先: {}\n{drive}", value(&values, "団体名"), value(&values, "連絡先"));
        let is_called_back = wording.key == letters::CALLED_BACK.key;
        let party = (person.mail.as_str(), person.name.as_str(), SPEAKER);
        letter.calendar = match is_called_back {
            true => self.invitation_as(db, session, party, (&about, Method::Cancel)).await?,
            false => self.invitation(db, session, party, &about).await?,
        };
        Ok(mail::post(db, &letter, self.desk.host, self.desk.now).await?)
    }

    async fn invitation(
        &self,
        db: &impl ConnectionTrait,
        session: &Session,
        party: (&str, &str, &str),
        about: &str,
    ) -> Result<Option<(String, &'static str)>, Fault> {
        let method = match session.state() {
            session::State::Cancelled => Method::Cancel,
            _ => Method::Request,
        };
        self.invitation_as(db, session, party, (about, method)).await
    }

    async fn invitation_as(
        &self,
        db: &impl ConnectionTrait,
        session: &Session,
        (mail, name, side): (&str, &str, &str),
        (about, method): (&str, Method),
    ) -> Result<Option<(String, &'static str)>, Fault> {
        let Some(entry) = entry(db, session).await? else { return Ok(None) };
        let (mail, side, name) = (address_key(mail), side.to_owned(), name.to_owned());
        let one = Invitee { mail, side, name, answer: String::new() };
        let is_known = invitee::of_session(db, session.id).await?.iter().any(|known| known.mail == one.mail);
        if method == Method::Cancel && !is_known {
            return Ok(None);
        }
        invitee::note(db, session.id, &one, (entry.sequence, method == Method::Cancel)).await?;
        let city = self.desk.city;
        let description = format!("{}\n{about}", entry.description);
        let invitation = Invitation {
            meeting: calendar::vevent(&entry, city.profile.zone, description, self.desk.base_url),
            organizer: Party { name: entry.organiser.clone(), mail: self.saying.sender.to_owned() },
            attendee: Party { name: one.name, mail: one.mail },
            is_required: true,
        };
        Ok(Some((ics::invitation(method, &invitation), method.name())))
    }
}

async fn entry(db: &impl ConnectionTrait, session: &Session) -> Result<Option<Entry>, Fault> {
    let ids: Vec<Uuid> = session.entry_id.into_iter().collect();
    Ok(calendar::find_all(db, &ids).await?.pop())
}

fn wording(kind: Kind) -> &'static Wording {
    match kind {
        Kind::Approval => &letters::APPROVED,
        Kind::Refusal => &letters::REFUSED,
        Kind::Change => &letters::CHANGED,
        Kind::Cancellation => &letters::CANCELLED,
    }
}

fn value<'a>(values: &'a telling::Values, name: &str) -> &'a str {
    values.iter().find(|(key, _)| *key == name).map_or("", |(_, text)| text.as_str())
}

/// Puts a value in place of what stands under its name.
pub(super) fn replace(values: &mut telling::Values, name: &'static str, value: String) {
    values.retain(|(key, _)| *key != name);
    values.push((name, value));
}
