//! The form of a request, for anybody and for staff who type it in: `/outreach/request`, `/staff/outreach/new`.

use axum::extract::State;
use axum::response::Response;
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use super::body::BodyKind;
use super::draft::Draft;
use super::form;
use super::form_page::{Room, Whose, page};
use super::request;
use super::{keeping, letters, link, trail};
use crate::app::App;
use crate::audit::{Actor, Channel};
use crate::clock::new_id;
use crate::db;
use crate::error::Error;
use crate::meetings::Desk;
use crate::outreach::dispatch;
use crate::outreach::rules::Rules;
use crate::web::{Form, Network, Query, Staff, html, see, unfit};

/// Where staff type a request in.
pub const NEW: &str = "/staff/outreach/new";

/// `GET /outreach/request`: the form, with what the address names already filled in.
pub async fn new(State(app): State<App>, mut query: Query) -> Result<Response, Error> {
    let room = Room::open(&app).await?;
    let form = prefilled(&mut query, &room);
    let mut page = page(&app, &form, &room, Whose::Applicant);
    page.page = page.page.ignoring(query.into_ignored());
    html(&page)
}

/// What may stand in the address of the form, as the code on a paper form has it.
fn prefilled(query: &mut Query, room: &Room) -> Form {
    let mut form = Form::filled([("id", new_id().to_string()), ("public", "1".to_owned())]);
    let topics = &room.topics;
    let topic =
        query.choice("topic", "内容", |key| topics.iter().find(|one| one.id.to_string() == key).map(|one| one.id));
    let only = topics.first().filter(|_| topics.len() == 1).map(|one| one.id);
    if let Some(topic) = topic.or(only) {
        form.set("topic", topic.to_string());
    }
    let group = query.choice("group", "団体", |key| room.groups.iter().find(|one| one.id.to_string() == key));
    if let Some(group) = group {
        form.set("body", BodyKind::Group.key());
        form.set("group", group.id.to_string());
    }
    let town = query.choice("town", "町", |key| room.city.town(key).map(|town| town.key.clone()));
    if let Some(town) = town {
        form.set("town", town);
    }
    form
}

/// `POST /outreach/request`: shows the free times, or takes the request and sends the letter that confirms it.
pub async fn send(State(app): State<App>, Network(network): Network, mut form: Form) -> Result<Response, Error> {
    let room = Room::open(&app).await?;
    if form.get("go") == "slots" {
        return slots(&app, form, &room, Whose::Applicant).await;
    }
    let Some(draft) = checked(&app, &mut form, &room, false).await? else {
        return unfit(&page(&app, &form, &room, Whose::Applicant));
    };
    let id = Uuid::parse_str(form.get("id")).unwrap_or_else(|_| new_id());
    let (city, host) = (app.city(), app.config.host());
    let desk = Desk::open(&app, &city, &host);
    let transaction = db::begin(&app.db).await?;
    if !link::may_be_sent(&transaction, (&draft.mail, &network), desk.now).await? {
        return Err(Error::TooMany);
    }
    if !keeping::insert(&transaction, id, &draft, (Channel::Screen, ""), (desk.today, desk.now)).await? {
        // Sent twice: the letter is on its way, and the link of the first answer is good.
        return Ok(see(&format!("{}?done=twice", crate::outreach::INDEX)));
    }
    let request = request::find(&transaction, id).await?.ok_or(Error::NotFound)?;
    letters::post_link(&transaction, &desk, &request, &network).await?;
    let token = link::make(&transaction, id, ("", &network), desk.now).await?;
    transaction.commit().await?;
    Ok(see(&format!("{}?done=sent", crate::outreach::request_path(&token))))
}

/// Shows the free times beside what was typed.
pub(in crate::outreach) async fn slots(
    app: &App,
    mut form: Form,
    room: &Room,
    hand: Whose<'_>,
) -> Result<Response, Error> {
    let by_staff = matches!(hand, Whose::Staff(_) | Whose::Correcting(..));
    let Some(draft) = form::read_where(&mut form, &room.choices(by_staff)) else {
        return unfit(&page(app, &form, room, hand));
    };
    let offer = dispatch::free_times(app, &draft, &room.rules).await?;
    let mut page = page(app, &form, room, hand);
    page.offer = Some(offer);
    html(&page)
}

/// Reads the form and looks whether staff could reach each wish; nothing while something is wrong.
pub(in crate::outreach) async fn checked(
    app: &App,
    form: &mut Form,
    room: &Room,
    by_staff: bool,
) -> Result<Option<Draft>, Error> {
    let Some(draft) = form::read(form, &room.choices(by_staff)) else { return Ok(None) };
    if draft.insists {
        return Ok(Some(draft));
    }
    let reasons = dispatch::unreachable(app, &draft, &room.rules).await?;
    for (rank, reason) in reasons {
        form.fault(&format!("day{}", rank + 1), reason);
    }
    let is_fine = form.is_fine();
    if !is_fine {
        // From now on the box that keeps to the wish is shown.
        form.set("unreached", "1");
    }
    Ok(is_fine.then_some(draft))
}

/// `GET /staff/outreach/new`.
pub async fn new_by_staff(State(app): State<App>, staff: Staff, mut query: Query) -> Result<Response, Error> {
    let room = Room::open(&app).await?;
    let mut form = prefilled(&mut query, &room);
    form.set("public", "");
    html(&page(&app, &form, &room, Whose::Staff(&staff)))
}

/// `POST /staff/outreach/new`: a request that came by telephone, by FAX, by post or at the counter is received at once.
pub async fn enter(State(app): State<App>, staff: Staff, mut form: Form) -> Result<Response, Error> {
    let room = Room::open(&app).await?;
    if form.get("go") == "slots" {
        return slots(&app, form, &room, Whose::Staff(&staff)).await;
    }
    let channel = form.choice("channel", "受け付けた方法", |key| {
        Channel::ON_BEHALF.into_iter().find(|channel| channel.key() == key)
    });
    let draft = checked(&app, &mut form, &room, true).await?;
    let (Some(draft), Some(channel)) = (draft, channel) else {
        return unfit(&page(&app, &form, &room, Whose::Staff(&staff)));
    };
    let id = Uuid::parse_str(form.get("id")).unwrap_or_else(|_| new_id());
    let (city, host) = (app.city(), app.config.host());
    let desk = Desk::open(&app, &city, &host);
    let transaction = db::begin(&app.db).await?;
    let by = staff.0.account.shown_name();
    if keeping::insert(&transaction, id, &draft, (channel, by), (desk.today, desk.now)).await? {
        received(&transaction, &desk, (id, &draft), (&staff.actor(), channel), &room.rules).await?;
        transaction.commit().await?;
    }
    Ok(see(&format!("{}?done=entered", crate::outreach::desk_path(id))))
}

/// The office receives a request: its number, its receipt, and a line of the trail.
pub(in crate::outreach) async fn received(
    db: &impl ConnectionTrait,
    desk: &Desk<'_>,
    (id, draft): (Uuid, &Draft),
    (actor, channel): (&Actor, Channel),
    rules: &Rules,
) -> Result<(), Error> {
    let by_owner = channel == Channel::Screen;
    if !keeping::receive(db, id, by_owner, (desk.today, desk.now)).await? {
        return Ok(());
    }
    let request = request::find(db, id).await?.ok_or(Error::NotFound)?;
    letters::post_receipt(db, desk, &request, rules.due(desk.today)).await?;
    let change = (serde_json::json!(null), trail::words(draft, desk.city));
    trail::tell(db, &request, (actor, channel, "出前説明会の申込", ""), change, desk.now).await?;
    Ok(())
}
