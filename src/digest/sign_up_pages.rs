//! Ordering the calendar by mail, and asking for the link of one's own page.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use chrono::{DateTime, Days, Utc};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use super::cadence::{self, Cadence};
use super::choices::{self, Shelf};
use super::letters::Desk;
use super::order::{self, Wanted};
use super::star::View;
use super::way::Subject;
use super::{INDEX, reader, sending, way};
use crate::accounts::checked_address;
use crate::accounts::limit::{self, DIGESTS_FROM_NETWORK, DIGESTS_TO_ADDRESS};
use crate::app::App;
use crate::calendar::{self, Entry};
use crate::city::settings::DIGEST_ORDER_DAYS;
use crate::error::Error;
use crate::text::day;
use crate::web::query::link as address;
use crate::web::{Form, Frame, Network, Query, html, see, unfit};
use crate::{db, mail};

/// What a redirect to the page may say.
const DONE: [(&str, &str); 2] = [
    (
        "link",
        "設定のページを開くリンクを、メールで送りました。登録がないときは、そのことをお知らせするメールが届きます。",
    ),
    ("forgotten", "お知らせメールをすべてやめ、アドレスを消しました。"),
];

/// An entry that can be starred.
pub(super) struct Starred {
    pub id: Uuid,
    pub title: String,
    pub path: String,
    pub when: String,
}

#[derive(Template)]
#[template(path = "digest/sign_up.html")]
struct SignUpPage<'a> {
    page: Frame,
    form: &'a Form,
    shelves: Vec<Shelf>,
    entry: Option<Starred>,
    hour: u32,
    days: i32,
    /// Whether an order was just sent, and only the letter is to be opened.
    sent: bool,
}

impl SignUpPage<'_> {
    fn cadence_hint(&self) -> String {
        format!("その日の{}時ごろに届きます。週末の予定を知るには、木曜日が便利です。", self.hour)
    }

    fn cadences(&self) -> Vec<(String, String)> {
        Cadence::all().map(|cadence| (cadence.key(), cadence.label())).collect()
    }
}

async fn page<'a>(app: &App, page: Frame, form: &'a Form) -> Result<SignUpPage<'a>, Error> {
    Ok(SignUpPage {
        page,
        shelves: choices::shelves(app, form.get("feed")).await?,
        entry: match coming(app, form.get("entry")).await? {
            Some((entry, when)) => {
                Some(Starred { id: entry.id, path: calendar::path(entry.id), title: entry.title, when })
            }
            None => None,
        },
        hour: sending::hour(app),
        days: app.city().settings.number(DIGEST_ORDER_DAYS),
        sent: false,
        form,
    })
}

/// The public entry under this identifier and its next day, unless it is over.
async fn coming(app: &App, id: &str) -> Result<Option<(Entry, String)>, Error> {
    let Ok(id) = Uuid::parse_str(id) else { return Ok(None) };
    let Some(entry) = calendar::find_public(&app.db, id).await? else { return Ok(None) };
    let view = View::of(&app.db, &entry.uid, app.today()).await?;
    let next = view.standing.iter().find(|one| one.id == entry.id).or(view.standing.first());
    Ok(next.map(|next| (entry.clone(), day::span(next.first_day, next.last_day))))
}

/// `GET /subscribe/mail?feed=town/izuhara` or `?entry=…`: what is ordered, how often, and for which address.
pub async fn form(State(app): State<App>, mut query: Query) -> Result<Response, Error> {
    let (feed, entry) = (query.text("feed", "配信"), query.text("entry", "予定"));
    let mut form = Form::filled([("feed", feed.clone()), ("entry", entry.clone()), ("cadence", Cadence::FIRST.key())]);
    if feed.is_empty() || choices::title(&app, &feed).await?.is_none() {
        form.set("feed", "all");
        if !feed.is_empty() {
            query.ignore("選ばれた配信がありません。すべての予定を選んでいます。".to_owned());
        }
    }
    let sent = query.choice("sent", "状態", |key| (key == "1").then_some(())).is_some();
    let frame = Frame::new(&app, INDEX).saying(&mut query, &DONE);
    let mut page = SignUpPage { sent, ..page(&app, frame, &form).await? };
    if page.entry.is_none() && !entry.is_empty() {
        query.ignore("この予定は、終わったか、掲載がなくなりました。ほかの予定を選べます。".to_owned());
    }
    page.page = page.page.ignoring(query.into_ignored());
    html(&page)
}

/// `POST /subscribe/mail`: keeps the order and asks the owner of the address by mail, whoever it is.
pub async fn send(State(app): State<App>, network: Network, mut form: Form) -> Result<Response, Error> {
    let wanted = wanted(&app, &mut form).await?;
    let mail = address_of(&mut form);
    let (Some((wanted, what)), Some(mail), true) = (wanted, mail, form.is_fine()) else {
        return unfit(&page(&app, Frame::new(&app, INDEX), &form).await?);
    };
    let (now, city) = (app.clock.now(), app.city());
    let days = city.settings.number(DIGEST_ORDER_DAYS);
    let last = cadence::local(now, city.profile.zone).date() + Days::new(u64::try_from(days).unwrap_or_default());
    let transaction = db::begin(&app.db).await?;
    within_limits(&transaction, (&mail, &network.0), now).await?;
    let token = order::insert(&transaction, &mail, &wanted, now).await?;
    let desk = Desk { city: &city, base_url: &app.config.base_url };
    let letter = desk.confirm(&mail, &token, &what, last)?;
    mail::post(&transaction, &letter, &app.config.host(), now).await?;
    transaction.commit().await?;
    Ok(see(&address(INDEX, &[("sent", "1")])))
}

/// `POST /subscribe/mail/link`: sends the link of the reader's own page, or says that there is none; only the mailbox learns which.
pub async fn link(State(app): State<App>, network: Network, mut form: Form) -> Result<Response, Error> {
    let typed = form.get("own").to_owned();
    let Some(mail) = checked_address(&typed) else {
        form.fault("own", "メールアドレスを「namae@example.jp」のように、半角で書いてください。");
        form.set("feed", "all");
        form.set("cadence", Cadence::FIRST.key());
        return unfit(&page(&app, Frame::new(&app, INDEX), &form).await?);
    };
    let (now, city) = (app.clock.now(), app.city());
    let desk = Desk { city: &city, base_url: &app.config.base_url };
    let transaction = db::begin(&app.db).await?;
    within_limits(&transaction, (&mail, &network.0), now).await?;
    let letter = match reader::find_by_mail(&transaction, &mail).await? {
        Some(reader) => {
            let tokens = way::make(&transaction, &[(reader.id, Subject::Page)], now).await?;
            desk.link(&mail, tokens.first().map(String::as_str).unwrap_or_default())?
        }
        None => desk.unknown(&mail)?,
    };
    mail::post(&transaction, &letter, &app.config.host(), now).await?;
    transaction.commit().await?;
    Ok(see(&address(INDEX, &[("done", "link")])))
}

/// Leads back to the page from the address of its second form.
pub async fn back() -> Response {
    see(INDEX)
}

async fn within_limits(
    db: &impl ConnectionTrait,
    (mail, network): (&str, &str),
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let is_within = limit::count(db, DIGESTS_TO_ADDRESS, mail, now).await?
        && limit::count(db, DIGESTS_FROM_NETWORK, network, now).await?;
    if is_within { Ok(()) } else { Err(Error::TooMany) }
}

fn address_of(form: &mut Form) -> Option<String> {
    let mail = checked_address(form.get("mail"));
    if mail.is_none() {
        form.fault("mail", "メールアドレスを「namae@example.jp」のように、半角で書いてください。");
    }
    mail
}

/// What is ordered, and the same in words; faults stand beside the fields.
async fn wanted(app: &App, form: &mut Form) -> Result<Option<(Wanted, String)>, Error> {
    let entry = form.get("entry").to_owned();
    if !entry.is_empty() {
        let Some((entry, _)) = coming(app, &entry).await? else {
            form.fault("feed", "この予定は、終わったか、掲載がなくなりました。受け取る予定を選び直してください。");
            form.set("entry", "");
            return Ok(None);
        };
        return Ok(Some((Wanted::Entry(entry.id), of_entry(&entry.title))));
    }
    let feed = form.get("feed").to_owned();
    let title = choices::title(app, &feed).await?;
    if title.is_none() {
        form.fault("feed", "受け取る予定を選んでください。");
    }
    let cadence = form.choice("cadence", "届く日", Cadence::from_key);
    Ok(title.zip(cadence).map(|(title, cadence)| {
        let what = of_feed(&title, cadence, sending::hour(app));
        (Wanted::Feed(feed, cadence), what)
    }))
}

/// An order of a feed in words.
pub(super) fn of_feed(title: &str, cadence: Cadence, hour: u32) -> String {
    format!("「{title}」を、{}の{hour}時ごろにお送りします。新しいことがないときは、お送りしません。", cadence.label())
}

/// An order to hear of an entry in words.
pub(super) fn of_entry(title: &str) -> String {
    format!("「{title}」が中止になったとき、日時や場所が変わったときに、すぐにお知らせします。")
}
