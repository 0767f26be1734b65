//! The form of a submission, for anybody and for staff who type it in: `/events/submit`, `/staff/events/submit`.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use super::super::super::draft::{Draft, LINE, Span};
use super::super::super::family::OWN;
use super::super::super::review;
use super::super::fields::Vocabulary;
use super::super::form::{self, Scope};
use super::super::form_page::Room;
use super::super::{staff_path, when, write};
use super::record::{self, Person, RELATIONS, Submission};
use super::{ENTER, SUBMIT, letters, link, own_path};
use crate::accounts::checked_address;
use crate::accounts::limit::{self, SUBMISSIONS, SUBMISSIONS_FROM_NETWORK, SUBMISSIONS_TO_ADDRESS};
use crate::app::App;
use crate::audit::{Actor, Channel};
use crate::clock::new_id;
use crate::db;
use crate::error::Error;
use crate::web::{Form, Frame, Network, Query, Staff, html, see, unfit};

/// What a redirect to the form may say.
const DONE: [(&str, &str); 1] =
    [("twice", "この申込みは、すでに受け取っています。届いたメールのリンクを開いて、先へ進んでください。")];

#[derive(Template)]
#[template(path = "calendar/submission/form.html")]
struct SubmitPage<'a> {
    page: Frame,
    room: &'a Room,
    form: &'a Form,
    by_staff: bool,
}

impl<'a> SubmitPage<'a> {
    fn of(app: &App, room: &'a Room, form: &'a Form, staff: Option<&Staff>) -> Self {
        let page = match staff {
            Some(staff) => Frame::own(app, ENTER, &staff.0),
            None => Frame::new(app, SUBMIT),
        };
        Self { page, room, form, by_staff: staff.is_some() }
    }

    fn action(&self) -> &'static str {
        if self.by_staff { ENTER } else { SUBMIT }
    }

    fn categories(&self) -> Vec<(String, &str)> {
        self.room.categories()
    }

    fn halls(&self) -> Vec<(String, &str)> {
        self.room.halls()
    }

    fn towns(&self) -> Vec<(String, &str)> {
        self.room.towns()
    }

    fn has_repeat(&self) -> bool {
        true
    }

    fn repeats(&self) -> Vec<(String, &str)> {
        self.room.repeats("")
    }

    fn relations(&self) -> Vec<(String, &str)> {
        RELATIONS.into_iter().map(|(key, words)| (key.to_owned(), words)).collect()
    }

    fn channels(&self) -> Vec<(String, &str)> {
        Channel::ON_BEHALF.into_iter().map(|channel| (channel.key().to_owned(), channel.label())).collect()
    }
}

/// `GET /events/submit`: the empty form.
pub async fn new(State(app): State<App>, mut query: Query) -> Result<Response, Error> {
    let room = Room::open(&app).await?;
    let form = Form::filled([("id", new_id().to_string())]);
    let page = SubmitPage::of(&app, &room, &form, None);
    let frame = page.page.saying(&mut query, &DONE);
    html(&SubmitPage { page: frame.ignoring(query.into_ignored()), ..page })
}

/// The form with what somebody typed before.
pub(super) async fn again(app: &App, submission: &Submission, is_theirs: bool) -> Result<Response, Error> {
    let room = Room::open(app).await?;
    let mut form = submission.form();
    form.set("id", new_id().to_string());
    if is_theirs {
        let person = submission.person();
        for (name, value) in
            [("name", person.name), ("mail", person.mail), ("phone", person.phone), ("relation", person.relation)]
        {
            form.set(name, value);
        }
    }
    html(&SubmitPage::of(app, &room, &form, None))
}

/// `POST /events/submit`: keeps what was typed and sends the letter by which it is confirmed.
pub async fn send(State(app): State<App>, Network(network): Network, mut form: Form) -> Result<Response, Error> {
    let room = Room::open(&app).await?;
    let id = own_id(&form);
    let Some((person, draft)) = read(&mut form, id, &room.vocabulary(), false) else {
        return unfit(&SubmitPage::of(&app, &room, &form, None));
    };
    let now = app.clock.now();
    if !may_be_sent(&app, &person.mail, &network).await? {
        form.fault(
            "mail",
            "短いあいだに多くの申込みがありました。まだ送っていません。1時間ほどたってから、もう一度押してください。",
        );
        let page = SubmitPage::of(&app, &room, &form, None);
        return Ok((StatusCode::TOO_MANY_REQUESTS, html(&page)?).into_response());
    }
    let transaction = db::begin(&app.db).await?;
    let named = (id, draft.title.as_str(), &form);
    if !record::insert(&transaction, named, &person, (Channel::Screen, ""), now).await? {
        return Ok(see(&format!("{SUBMIT}?done=twice")));
    }
    let submission = record::find(&transaction, id).await?.ok_or(Error::NotFound)?;
    letters::post_link(&transaction, &app, &submission).await?;
    let token = link::make(&transaction, id, false).await?;
    transaction.commit().await?;
    Ok(see(&format!("{}?done=sent", own_path(&token))))
}

/// Whether another letter may go to this address, asked for from this network.
pub(super) async fn may_be_sent(app: &App, mail: &str, network: &str) -> Result<bool, Error> {
    let now = app.clock.now();
    Ok(limit::count(&app.db, SUBMISSIONS_FROM_NETWORK, network, now).await?
        && limit::count(&app.db, SUBMISSIONS_TO_ADDRESS, mail, now).await?
        && limit::count(&app.db, SUBMISSIONS, "", now).await?)
}

/// `GET /staff/events/submit`.
pub async fn new_by_staff(State(app): State<App>, staff: Staff, query: Query) -> Result<Response, Error> {
    let room = Room::open(&app).await?;
    let form = Form::filled([("id", new_id().to_string())]);
    let page = SubmitPage::of(&app, &room, &form, Some(&staff));
    html(&SubmitPage { page: page.page.clone().ignoring(query.into_ignored()), ..page })
}

/// `POST /staff/events/submit`: what came by telephone, by FAX, by post or at the counter goes before the office at once.
pub async fn enter(State(app): State<App>, staff: Staff, mut form: Form) -> Result<Response, Error> {
    let room = Room::open(&app).await?;
    let vocabulary = room.vocabulary();
    let channel = form.choice("channel", "受け付けた方法", |key| {
        Channel::ON_BEHALF.into_iter().find(|channel| channel.key() == key)
    });
    let id = own_id(&form);
    let read = read(&mut form, id, &vocabulary, true);
    let (Some((person, draft)), Some(channel)) = (read, channel) else {
        return unfit(&SubmitPage::of(&app, &room, &form, Some(&staff)));
    };
    let now = vocabulary.desk.now;
    let transaction = db::begin(&app.db).await?;
    let named = (id, draft.title.as_str(), &form);
    if record::insert(&transaction, named, &person, (channel, staff.0.account.shown_name()), now).await? {
        take(&transaction, &vocabulary, (id, &person.name), &draft, (&staff.actor(), channel)).await?;
        transaction.commit().await?;
    }
    let made = record::find(&app.db, id).await?.and_then(|made| made.entry_id).ok_or(Error::NotFound)?;
    Ok(see(&format!("{}?done=entered", staff_path(made))))
}

/// Puts a submission before the office, as an entry that nobody else sees; says whether it did.
pub(super) async fn take(
    db: &impl ConnectionTrait,
    vocabulary: &Vocabulary<'_>,
    (id, name): (Uuid, &str),
    draft: &Draft,
    hand: (&Actor, Channel),
) -> Result<bool, Error> {
    let now = vocabulary.desk.now;
    if !record::confirm(db, id, now).await? {
        return Ok(false);
    }
    let entry = write::add(db, vocabulary, hand, draft).await?;
    review::ask(db, (entry, None), (None, name), now).await?;
    record::made(db, id, entry).await?;
    Ok(true)
}

/// The name that a form was given when it was opened, so that sent twice it is one.
fn own_id(form: &Form) -> Uuid {
    Uuid::parse_str(form.get("id")).unwrap_or_else(|_| new_id())
}

/// Reads the form; nothing while something is wrong.
fn read(form: &mut Form, id: Uuid, vocabulary: &Vocabulary<'_>, by_staff: bool) -> Option<(Person, Draft)> {
    let person = read_person(form, by_staff);
    // Only what is said about the event is read as one: neither its kind nor its items are for strangers to say.
    let mut event = record::of_event(form);
    let draft = read_event(&mut event, id, vocabulary);
    for (name, sentence) in event.faults() {
        form.fault(name, sentence.clone());
    }
    draft.filter(|_| form.is_fine()).map(|draft| (person, draft))
}

/// Reads what is said about the event; nothing while something is wrong.
pub(super) fn read_event(form: &mut Form, id: Uuid, vocabulary: &Vocabulary<'_>) -> Option<Draft> {
    let (zone, today) = (vocabulary.city().profile.zone, vocabulary.desk.today);
    // No form of a member can name an entry like this, and a stranger names none of theirs.
    let name = format!("submission-{id}");
    let mut base = Draft::new(OWN, &name, "", Span::Days { first: today, last: today }, zone);
    base.organiser = form.needed_line("organiser", "主催", LINE);
    base.public = false;
    let draft = form::read(form, &base, &Scope::Whole, vocabulary)?;
    if draft.rrule.is_empty() && when::stretch(&draft.span, zone).last_day < today {
        form.fault("from", "終わった催しは載せられません。今日からあとの日を書いてください。");
    }
    form.is_fine().then_some(draft)
}

fn read_person(form: &mut Form, by_staff: bool) -> Person {
    let name = form.needed_line("name", "お名前", 60);
    let phone = form.line("phone", "電話番号", 40);
    let find = |typed: &str| RELATIONS.iter().find(|(key, _)| *key == typed).map(|(key, _)| (*key).to_owned());
    let relation = form.choice("relation", "催しとの関わり", find).unwrap_or_default();
    let typed = form.get("mail").trim().to_owned();
    let mail = checked_address(&typed);
    if mail.is_none() && !(by_staff && typed.is_empty()) {
        form.fault("mail", "メールアドレスを、「mihon@example.jp」のように書いてください。");
    }
    Person { name, mail: mail.unwrap_or_default(), phone, relation }
}
