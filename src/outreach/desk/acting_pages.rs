//! What staff do about a request: hold time for it, decide, offer another day, correct it, take its withdrawal in.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use chrono::{Days, Duration, NaiveTime};
use uuid::Uuid;

use super::request_page::{found, page, starts};
use crate::app::App;
use crate::audit::Channel;
use crate::city::facility;
use crate::clock::new_id;
use crate::db;
use crate::error::Error;
use crate::meetings::Desk;
use crate::outreach::decision::{self, Hand, Refused, Saying, Visit};
use crate::outreach::dispatch;
use crate::outreach::request::asking::{self, Whose};
use crate::outreach::request::{Draft, Request, form as typed, keeping, trail, wish};
use crate::outreach::rules::Rules;
use crate::web::{Form, Member, Staff, html, see, unfit};

/// The sentence for whoever was not the first.
pub(super) const CHANGED: &str = "開いているあいだに、ほかの人がこの申込を進めました。いまの様子は下のとおりです。";
/// The sentence for whoever would send somebody to two places.
pub(super) const ELSEWHERE: &str = "選んだ職員に、同じ時間の別の説明会が入りました。別の職員か日時を選んでください。";

/// Leads back from the address of an act.
pub async fn back(Path(id): Path<Uuid>) -> Response {
    Redirect::to(&crate::outreach::desk_path(id)).into_response()
}

/// Shows the request again with what stood in the way, and everything typed.
async fn again(
    app: &App,
    member: &Member,
    (id, form): (Uuid, &Form),
    (status, trouble): (StatusCode, Vec<String>),
) -> Result<Response, Error> {
    let request = found(app, id).await?;
    let mut shown = page(app, member, &request, form).await?;
    shown.trouble = trouble;
    Ok((status, html(&shown)?).into_response())
}

/// The people who are ticked in a form.
pub(super) fn people(form: &Form) -> Vec<Uuid> {
    form.all("person").iter().filter_map(|id| Uuid::parse_str(id).ok()).collect()
}

/// What stands against a visit: nothing where it may be done, or where staff said that they know.
pub(super) async fn trouble(
    app: &App,
    request: &Request,
    (visit, leaving_out): (&Visit, &[Uuid]),
    form: &Form,
) -> Result<Vec<String>, Error> {
    let city = app.city();
    let rules = Rules::load(&app.db, &city).await?;
    let need = dispatch::Need {
        town_key: visit.place.town_key.clone(),
        facility_id: visit.place.facility_id,
        ..dispatch::need_of(request)
    };
    let at = (visit.starts, visit.people.as_slice());
    let judged = dispatch::judge(&app.db, (&city, rules), &need, at, leaving_out).await?;
    let mut trouble = judged.impossible;
    if visit.starts <= app.clock.now() {
        trouble.push("すぎた日時です。これからの日時を選んでください。".to_owned());
    }
    if visit.people.is_empty() {
        trouble.push("行く職員を選んでください。".to_owned());
    }
    if trouble.is_empty() && !form.has("anyway", "1") {
        trouble = judged.unusual;
    }
    Ok(trouble)
}

/// `POST …/holding`: holds people's time at a day.
pub async fn hold(
    State(app): State<App>,
    Path(id): Path<Uuid>,
    Staff(member): Staff,
    form: Form,
) -> Result<Response, Error> {
    let request = found(&app, id).await?;
    if form.get("go") == "look" {
        return again(&app, &member, (id, &form), (StatusCode::OK, Vec::new())).await;
    }
    let Some(starts) = starts(&form, app.city().profile.zone) else {
        let sentence = "日にちと始める時刻を書いてください。".to_owned();
        return again(&app, &member, (id, &form), (StatusCode::UNPROCESSABLE_ENTITY, vec![sentence])).await;
    };
    let ends = starts + Duration::minutes(request.length_minutes.into());
    let visit = Visit { starts, ends, place: request.venue(), people: people(&form) };
    let trouble = trouble(&app, &request, (&visit, &[]), &form).await?;
    if !trouble.is_empty() {
        return again(&app, &member, (id, &form), (StatusCode::UNPROCESSABLE_ENTITY, trouble)).await;
    }
    let (city, host) = (app.city(), app.config.host());
    let desk = Desk::open(&app, &city, &host);
    let transaction = db::begin(&app.db).await?;
    let held = decision::hold(&transaction, &desk, (&request, new_id()), &visit, member.account.shown_name()).await;
    match held {
        Ok(()) => transaction.commit().await?,
        Err(refused) => {
            transaction.rollback().await?;
            return again(&app, &member, (id, &form), (StatusCode::CONFLICT, vec![told(refused)?])).await;
        }
    }
    Ok(see(&format!("{}?done=held", request.desk_path())))
}

/// What a person reads where time could not be held.
pub(super) fn told(refused: Refused) -> Result<String, Error> {
    match refused {
        Refused::Elsewhere => Ok(ELSEWHERE.to_owned()),
        Refused::Impossible(why) => Ok(why.concat()),
        Refused::Changed => Ok(CHANGED.to_owned()),
        Refused::Fault(fault) => Err(fault.into()),
    }
}

/// `POST …/approval`: decides for what is held.
pub async fn approve(
    State(app): State<App>,
    Path(id): Path<Uuid>,
    Staff(member): Staff,
    mut form: Form,
) -> Result<Response, Error> {
    let words = form.block("words", "条件・その他", 1_000);
    let which = (id, number(&form, "version"));
    let session = (Uuid::parse_str(form.get("session")).unwrap_or_default(), number(&form, "session_version"));
    let (city, host) = (app.city(), app.config.host());
    let desk = Desk::open(&app, &city, &host);
    let (actor, sender) = (member.actor(), crate::mail::answers_to(&app.config));
    let saying = Saying { by: &actor.name, ground: "", words: &words, sender: &sender };
    let hand = Hand { actor: &actor, channel: Channel::Screen };
    let transaction = db::begin(&app.db).await?;
    if !form.is_fine() || !decision::approve(&transaction, &desk, (which, session), hand, saying).await? {
        transaction.rollback().await?;
        return again(&app, &member, (id, &form), stopped(&form)).await;
    }
    transaction.commit().await?;
    Ok(see(&format!("{}?done=approved", crate::outreach::desk_path(id))))
}

/// What to say where nothing was decided: a fault of the form, or that somebody was quicker.
fn stopped(form: &Form) -> (StatusCode, Vec<String>) {
    let faults: Vec<String> = form.faults().iter().map(|(_, sentence)| sentence.clone()).collect();
    match faults.is_empty() {
        true => (StatusCode::CONFLICT, vec![CHANGED.to_owned()]),
        false => (StatusCode::UNPROCESSABLE_ENTITY, faults),
    }
}

/// `POST …/refusal`: refuses with the ground.
pub async fn refuse(
    State(app): State<App>,
    Path(id): Path<Uuid>,
    Staff(member): Staff,
    mut form: Form,
) -> Result<Response, Error> {
    let own = form.block("own_ground", "理由", 500);
    let listed = form.get("ground").to_owned();
    let ground = [listed.trim(), own.trim()].into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join("\n");
    if ground.is_empty() {
        form.fault("ground", "お受けできない理由を選ぶか、書いてください。");
    }
    let words = form.block("words", "その他", 1_000);
    let which = (id, number(&form, "version"));
    let (city, host) = (app.city(), app.config.host());
    let desk = Desk::open(&app, &city, &host);
    let (actor, sender) = (member.actor(), crate::mail::answers_to(&app.config));
    let saying = Saying { by: &actor.name, ground: &ground, words: &words, sender: &sender };
    let hand = Hand { actor: &actor, channel: Channel::Screen };
    let transaction = db::begin(&app.db).await?;
    if !form.is_fine() || !decision::refuse(&transaction, &desk, which, hand, saying).await? {
        transaction.rollback().await?;
        return again(&app, &member, (id, &form), stopped(&form)).await;
    }
    transaction.commit().await?;
    Ok(see(&format!("{}?done=refused", crate::outreach::desk_path(id))))
}

/// `POST …/offer`: offers everything that is held in place of what was wished for.
pub async fn offer(
    State(app): State<App>,
    Path(id): Path<Uuid>,
    Staff(member): Staff,
    mut form: Form,
) -> Result<Response, Error> {
    let ground = form.block("ground", "伺えない理由", 500);
    let words = form.block("words", "その他", 1_000);
    let (city, host) = (app.city(), app.config.host());
    let days = Rules::of(&city).offer_days;
    let end = NaiveTime::from_hms_opt(23, 59, 0).unwrap_or_default();
    let until = wish::moment(app.today() + Days::new(days.into()), end, city.profile.zone);
    let desk = Desk::open(&app, &city, &host);
    let (actor, sender) = (member.actor(), crate::mail::answers_to(&app.config));
    let saying = Saying { by: &actor.name, ground: &ground, words: &words, sender: &sender };
    let hand = Hand { actor: &actor, channel: Channel::Screen };
    let which = (id, number(&form, "version"));
    let transaction = db::begin(&app.db).await?;
    if !form.is_fine() || !decision::offer(&transaction, &desk, which, until, hand, saying).await? {
        transaction.rollback().await?;
        return again(&app, &member, (id, &form), stopped(&form)).await;
    }
    transaction.commit().await?;
    Ok(see(&format!("{}?done=offered", crate::outreach::desk_path(id))))
}

/// `POST …/withdrawal`: takes in that the applicant withdraws, as they said by telephone or on paper.
pub async fn withdraw(
    State(app): State<App>,
    Path(id): Path<Uuid>,
    Staff(member): Staff,
    mut form: Form,
) -> Result<Response, Error> {
    let reason = form.line("reason", "取り下げる理由", 300);
    let channel = form.choice("channel", "連絡のあった方法", |key| {
        Channel::ON_BEHALF.into_iter().find(|channel| channel.key() == key)
    });
    let (Some(channel), true) = (channel, form.is_fine()) else {
        return again(&app, &member, (id, &form), stopped(&form)).await;
    };
    let request = found(&app, id).await?;
    let (city, host) = (app.city(), app.config.host());
    let desk = Desk::open(&app, &city, &host);
    let (actor, sender) = (member.actor(), crate::mail::answers_to(&app.config));
    let saying = Saying { by: &actor.name, ground: &reason, words: "", sender: &sender };
    let transaction = db::begin(&app.db).await?;
    if !decision::withdraw(&transaction, &desk, &request, Hand { actor: &actor, channel }, saying).await? {
        transaction.rollback().await?;
        return again(&app, &member, (id, &form), (StatusCode::CONFLICT, vec![CHANGED.to_owned()])).await;
    }
    transaction.commit().await?;
    Ok(see(&format!("{}?done=withdrawn", request.desk_path())))
}

pub(super) fn number(form: &Form, name: &str) -> i32 {
    form.get(name).parse().unwrap_or_default()
}

/// `GET …/edit`: corrects what is asked for, as the applicant said.
pub async fn edit(State(app): State<App>, Path(id): Path<Uuid>, staff: Staff) -> Result<Response, Error> {
    let request = found(&app, id).await?;
    let room = asking::Room::open(&app).await?.with(&app, &request).await?;
    let draft = Draft::of(&request, wish::of_request(&app.db, id).await?);
    let mut form = typed::filled(&draft, &facility::all(&app.db).await?, &app.city());
    form.set("version", request.version.to_string());
    html(&asking::page(&app, &form, &room, Whose::Correcting(&staff, &request)))
}

/// `POST …/edit`.
pub async fn change(
    State(app): State<App>,
    Path(id): Path<Uuid>,
    staff: Staff,
    mut form: Form,
) -> Result<Response, Error> {
    let request = found(&app, id).await?;
    let room = asking::Room::open(&app).await?.with(&app, &request).await?;
    if form.get("go") == "slots" {
        return asking::slots(&app, form, &room, Whose::Correcting(&staff, &request)).await;
    }
    let Some(draft) = asking::checked(&app, &mut form, &room, true).await? else {
        return unfit(&asking::page(&app, &form, &room, Whose::Correcting(&staff, &request)));
    };
    let before = Draft::of(&request, wish::of_request(&app.db, id).await?);
    let (now, version) = (app.clock.now(), number(&form, "version"));
    let transaction = db::begin(&app.db).await?;
    if !keeping::update(&transaction, (id, version), &draft, now).await? {
        form.set("version", request.version.to_string());
        let mut shown = asking::page(&app, &form, &room, Whose::Correcting(&staff, &request));
        shown.stale = true;
        return unfit(&shown);
    }
    let said = (trail::words(&before, &app.city()), trail::words(&draft, &app.city()));
    let who = (&staff.actor(), Channel::Screen, "出前説明会の申込の訂正", "");
    trail::tell(&transaction, &request, who, said, now).await?;
    transaction.commit().await?;
    Ok(see(&format!("{}?done=changed", request.desk_path())))
}
