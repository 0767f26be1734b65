//! Notices as those who convene make them, and taking a group out.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use serde_json::json;
use uuid::Uuid;

use super::inviting::{self, Due, Words};
use crate::app::App;
use crate::db;
use crate::error::Error;
use crate::mail;
use crate::meetings::convening::record;
use crate::meetings::desk::Desk;
use crate::meetings::meeting::Meeting;
use crate::meetings::notice::{self, Kind};
use crate::meetings::rights::Work;
use crate::meetings::seat::{self, Seat};
use crate::meetings::work_pages::moment;
use crate::text::times;
use crate::web::{Form, Frame, Query, html, see, unfit};

/// What was just done.
pub(super) const DONE: [(&str, &str); 5] = [
    ("made", "手紙を作りました。送り出すまで、どの団体にも届きません。"),
    ("reminded", "まだ返事のない団体への手紙を作りました。送り出すまで届きません。"),
    ("keyed", "返事を入力しました。"),
    ("late", "会議が始まったか、中止になったため、返事は入力できません。"),
    ("removed", "団体を外しました。"),
];

#[derive(Template)]
#[template(path = "meetings/invitation/notice.html")]
struct NoticePage<'a> {
    page: Frame,
    meeting: &'a Meeting,
    form: &'a Form,
    due: Option<Due>,
    seen: i32,
    /// The letter as it would stand, for one of the groups.
    preview: Option<(String, String)>,
    batches: Vec<(&'static str, String)>,
    is_staff: bool,
}

async fn notice_page<'a>(app: &App, work: &'a Work, form: &'a Form) -> Result<NoticePage<'a>, Error> {
    let meeting = &work.meeting;
    let (city, host) = (app.city(), app.config.host());
    let desk = Desk::open(app, &city, &host);
    let due = inviting::due(&app.db, meeting, app.clock.now()).await?;
    let preview = match &due {
        Some(due) => {
            let words = Words { number: form.get("number"), words: form.get("words"), ..Words::default() };
            let mut values = inviting::values(&app.db, &desk, meeting, &words).await?;
            let group = due.seats.first().map_or_else(String::new, |seat| seat.name.clone());
            values.extend([("団体名", group), ("宛名", "ご担当者".to_owned()), ("会議名", meeting.title.clone())]);
            let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
            let (subject, body) = inviting::wording(due.kind).fill(&city.settings, &values).map_err(Error::from)?;
            Some((subject, mail::masked(&body)))
        }
        None => None,
    };
    let seen = match &due {
        Some(due) => notice::turns(&app.db, meeting.id, due.kind).await?,
        None => 0,
    };
    let notices = notice::of_meeting(&app.db, meeting.id).await?;
    let told = notices.iter().rev().filter_map(|one| Some((one.kind().label(), mail::batch_path(one.batch_id?))));
    Ok(NoticePage {
        page: Frame::own(app, &format!("{}/notice", meeting.path()), &work.member),
        batches: told.collect(),
        is_staff: work.member.is_staff(),
        form,
        due,
        seen,
        preview,
        meeting,
    })
}

/// `GET /meetings/{id}/notice`: the notice that is due, as it would stand.
pub async fn notice(State(app): State<App>, mut query: Query, work: Work) -> Result<Response, Error> {
    let mut form = Form::new();
    if let Some(until) = work.meeting.reply_until.or(work.meeting.starts_at) {
        let zone = app.city().profile.zone;
        let on = until.with_timezone(&zone).date_naive();
        let asked = if work.meeting.reply_until.is_some() { on } else { on - chrono::Days::new(7) };
        form.set("until", asked.max(app.today()).to_string());
        form.set("until_time", "17:00");
    }
    let shown = notice_page(&app, &work, &form).await?;
    let page = shown.page.clone().saying(&mut query, &DONE).ignoring(query.into_ignored());
    html(&NoticePage { page, ..shown })
}

/// `POST /meetings/{id}/notice`: shows it anew, or makes its letters.
pub async fn make(State(app): State<App>, work: Work, mut form: Form) -> Result<Response, Error> {
    let number = form.line("number", "文書番号", 100);
    let words = form.block("words", "その他", 2_000);
    let zone = app.city().profile.zone;
    let clock = times::parse_time(form.get("until_time")).ok();
    let until = form.day("until", "返事の期限").zip(clock).map(|(on, clock)| moment(on, clock, zone));
    if until.zip(work.meeting.starts_at).is_some_and(|(until, starts)| until > starts) {
        form.fault("until", "返事の期限は、会議より前にしてください。");
    }
    if !form.is_fine() {
        return unfit(&notice_page(&app, &work, &form).await?);
    }
    if form.get("do") == "preview" {
        return html(&notice_page(&app, &work, &form).await?);
    }
    let (city, host, sender) = (app.city(), app.config.host(), mail::answers_to(&app.config));
    let desk = Desk::open(&app, &city, &host);
    let transaction = db::begin(&app.db).await?;
    let mut meeting = work.meeting.clone();
    meeting.reply_until = until.or(meeting.reply_until);
    inviting::ask_until(&transaction, meeting.id, meeting.reply_until, desk.now).await?;
    if let Some(due) = inviting::due(&transaction, &meeting, desk.now).await? {
        let seen = form.get("seen").parse().unwrap_or_default();
        let words = Words { seen, number: &number, words: &words, sender: &sender };
        inviting::make(&transaction, &desk, (&meeting, &due), &words, &work.member.actor()).await?;
        transaction.commit().await?;
    }
    Ok(see(&format!("{}/notice?done=made", meeting.path())))
}

#[derive(Template)]
#[template(path = "meetings/invitation/removal.html")]
struct RemovalPage<'a> {
    page: Frame,
    meeting: &'a Meeting,
    seat: &'a Seat,
    form: &'a Form,
}

/// The seat of a group that takes part.
pub(super) async fn taken_seat(app: &App, work: &Work, seat: Uuid) -> Result<Seat, Error> {
    seat::find(&app.db, work.meeting.id, seat).await?.filter(Seat::is_taken).ok_or(Error::NotFound)
}

/// `GET /meetings/{id}/seats/{seat}/removal`: asks why a group is taken out.
pub async fn ask_removal(
    State(app): State<App>,
    Path((_, seat)): Path<(String, Uuid)>,
    work: Work,
) -> Result<Response, Error> {
    let seat = taken_seat(&app, &work, seat).await?;
    let page = Frame::own(&app, &work.meeting.work_path(), &work.member);
    html(&RemovalPage { page, meeting: &work.meeting, seat: &seat, form: &Form::new() })
}

/// `POST /meetings/{id}/seats/{seat}/removal`: takes a group out, and calls its invitation off if it had one.
pub async fn remove(
    State(app): State<App>,
    Path((_, seat)): Path<(String, Uuid)>,
    work: Work,
    mut form: Form,
) -> Result<Response, Error> {
    let seat = taken_seat(&app, &work, seat).await?;
    let reason = form.needed_line("reason", "理由", 300);
    if !form.is_fine() {
        let page = Frame::own(&app, &work.meeting.work_path(), &work.member);
        return unfit(&RemovalPage { page, meeting: &work.meeting, seat: &seat, form: &form });
    }
    let (city, host, sender) = (app.city(), app.config.host(), mail::answers_to(&app.config));
    let desk = Desk::open(&app, &city, &host);
    let (actor, meeting) = (work.member.actor(), &work.meeting);
    let transaction = db::begin(&app.db).await?;
    if seat::take_out(&transaction, (meeting.id, seat.id), (&actor.name, &reason), desk.now).await? {
        let invited = super::invitees(&transaction, meeting.id).await?.iter().any(|one| one.seat_id == seat.id);
        let told = json!({ "団体": seat.name, "理由": reason });
        let about = (meeting.id, meeting.title.as_str(), Some(seat.group_id));
        record(&transaction, &actor, about, "会議から団体を外す", (json!(null), told), desk.now).await?;
        if invited {
            let seen = notice::turns(&transaction, meeting.id, Kind::Withdrawal).await?;
            let words = Words { seen, number: "", words: &reason, sender: &sender };
            let due = Due { kind: Kind::Withdrawal, seats: vec![seat] };
            inviting::make(&transaction, &desk, (meeting, &due), &words, &actor).await?;
        }
        transaction.commit().await?;
    }
    Ok(see(&format!("{}/replies?done=removed", meeting.path())))
}
