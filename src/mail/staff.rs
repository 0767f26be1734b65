//! The outbox in the back office: what waits, what failed, every letter as it leaves, and what to do about it.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State as From};
use axum::response::Response;
use chrono::{DateTime, Duration, Utc};
use uuid::Uuid;

use super::OUTBOX;
use super::compose::{self, MASK, Sheet};
use super::deciding::{self, Decision, StoredBatch};
use super::letter::{self, StoredLetter};
use super::letters;
use super::listing::{self, Filter, Line, PAGE, Progress};
use super::outbox::{Letter, Recipient};
use super::state::State;
use super::transport::sender;
use crate::app::App;
use crate::city::City;
use crate::db;
use crate::error::Error;
use crate::text::day;
use crate::web::query::link;
use crate::web::{Frame, Query, Staff, html, see};

/// What is said after a decision.
const SAID: [(&str, &str); 7] = [
    (
        "test",
        "試しの手紙を、あなたのアドレスあてに送ります。1分ほどで届かないときは、下の一覧で状態をお確かめください。",
    ),
    ("release", "送信待ちにしました。まもなく送られます。"),
    ("retry", "もう一度送信します。"),
    ("hold", "保留にしました。「送信する」を押すまで送られません。"),
    ("cancel", "送信を取りやめました。"),
    ("late", "その前に状態が変わったため、何も変えませんでした。いまの状態をお確かめください。"),
    ("none", "あてはまる手紙がなかったため、何も変えませんでした。"),
];

/// Batches shown above the list.
const BATCHES: u64 = 5;
/// A letter that is due for longer than this is late, in minutes.
const LATE_MINUTES: i64 = 3;

/// A state in the row of states, with the number of its letters.
struct Tab {
    label: &'static str,
    count: i64,
    url: String,
    current: bool,
}

#[derive(Template)]
#[template(path = "mail/outbox.html")]
struct OutboxPage {
    page: Frame,
    city: Arc<City>,
    filter: Filter,
    tabs: Vec<Tab>,
    has_server: bool,
    late: Option<(DateTime<Utc>, String)>,
    failed: Vec<Line>,
    batches: Vec<Progress>,
    lines: Vec<Line>,
    next: Option<String>,
}

/// `GET /staff/mail`: failed letters first, then batches, then all letters from the newest on.
pub(super) async fn outbox(From(app): From<App>, staff: Staff, mut query: Query) -> Result<Response, Error> {
    let id = |typed: &str| typed.parse::<Uuid>().ok();
    let filter = Filter {
        state: query.choice("state", "状態", State::from_key),
        words: query.text("q", "探す言葉"),
        group_id: query.choice("group", "団体", id),
        batch_id: query.choice("batch", "まとまり", id),
    };
    let after = query.choice("after", "続き", id);
    let (db, first) = (&app.db, filter.is_empty() && after.is_none());
    let failed = Filter { state: Some(State::Failed), ..Filter::default() };
    let mut lines = listing::letters(db, &filter, after).await?;
    let page = OutboxPage {
        tabs: tabs(&listing::counts(db, None).await?, filter.state),
        has_server: app.config.smtp_url.is_some(),
        late: listing::overdue(db, app.clock.now() - Duration::minutes(LATE_MINUTES)).await?,
        failed: if first { listing::letters(db, &failed, None).await? } else { Vec::new() },
        batches: if first { listing::batches(db, BATCHES).await? } else { Vec::new() },
        next: next(&mut lines, &filter),
        lines,
        filter,
        city: app.city(),
        page: Frame::own(&app, OUTBOX, &staff.0).saying(&mut query, &SAID).ignoring(query.into_ignored()),
    };
    html(&page)
}

fn tabs(counts: &[(State, i64)], current: Option<State>) -> Vec<Tab> {
    let all = Tab {
        label: "すべて",
        count: counts.iter().map(|(_, count)| count).sum(),
        url: OUTBOX.to_owned(),
        current: current.is_none(),
    };
    let of_state = counts.iter().map(|(state, count)| Tab {
        label: state.label(),
        count: *count,
        url: link(OUTBOX, &[("state", state.key())]),
        current: current == Some(*state),
    });
    std::iter::once(all).chain(of_state).collect()
}

/// Cuts a list to one page; the address of the following one, if there is any.
fn next(lines: &mut Vec<Line>, filter: &Filter) -> Option<String> {
    if lines.len() <= PAGE {
        return None;
    }
    lines.truncate(PAGE);
    let text = |id: Option<Uuid>| id.map(|id| id.to_string()).unwrap_or_default();
    let pairs = [
        ("state", filter.state.map_or("", State::key)),
        ("q", &filter.words),
        ("group", &text(filter.group_id)),
        ("batch", &text(filter.batch_id)),
        ("after", &text(lines.last().map(|line| line.id))),
    ];
    Some(link(OUTBOX, &pairs))
}

#[derive(Template)]
#[template(path = "mail/letter.html")]
struct LetterPage {
    page: Frame,
    city: Arc<City>,
    letter: StoredLetter,
    sheet: Sheet,
    from: String,
    to: String,
    head: Vec<(&'static str, String)>,
    has_server: bool,
    shows_secrets: bool,
    has_secrets: bool,
    decisions: Vec<Decision>,
}

/// `GET /staff/mail/{id}`: a letter as it leaves.
pub(super) async fn letter(
    From(app): From<App>,
    staff: Staff,
    Path(id): Path<Uuid>,
    mut query: Query,
) -> Result<Response, Error> {
    let letter = letter::find(&app.db, id).await?.ok_or(Error::NotFound)?;
    let shows_secrets = may_pass_on(&app, &letter).await?;
    let secrets = letter.secrets();
    let secret = |name: &str| {
        let value = secrets.get(name).filter(|_| shows_secrets).cloned();
        Some(value.unwrap_or_else(|| MASK.to_owned()))
    };
    let sheet =
        compose::sheet(&letter, &app.config.base_url, secret).map_err(|fault| Error::Template(fault.to_string()))?;
    let from = app.config.mail_from.as_deref().and_then(|from| sender(from).ok());
    let page = Frame::own(&app, OUTBOX, &staff.0).saying(&mut query, &SAID).ignoring(query.into_ignored());
    html(&LetterPage {
        page,
        city: app.city(),
        head: from.as_ref().map(|from| compose::headers(&sheet, from)).unwrap_or_default(),
        from: from.map_or_else(
            || "(未設定: KYODO_MAIL_FROM)".to_owned(),
            |from| shown(from.name.as_deref(), from.email.as_ref()),
        ),
        to: shown(Some(&letter.to_name), &letter.to_mail),
        has_server: app.config.smtp_url.is_some(),
        shows_secrets,
        has_secrets: letter.body.contains("{{secret:") || letter.subject.contains("{{secret:"),
        decisions: decisions(&letter),
        sheet,
        letter,
    })
}

/// Without a mail server staff pass letters on, links included; those to their own kind they never see.
async fn may_pass_on(app: &App, letter: &StoredLetter) -> Result<bool, Error> {
    if app.config.smtp_url.is_some() {
        return Ok(false);
    }
    let accounts = letter.addressee(&app.db).await?;
    Ok(accounts.iter().all(|account| !account.role().is_staff()))
}

fn shown(name: Option<&str>, address: &str) -> String {
    match name.unwrap_or_default() {
        "" => address.to_owned(),
        name => format!("{name} <{address}>"),
    }
}

fn decisions(letter: &StoredLetter) -> Vec<Decision> {
    let fits = |decision: &Decision| {
        decision.applies_to().contains(&letter.state()) && !(*decision == Decision::Retry && letter.is_spent())
    };
    Decision::ALL.into_iter().filter(fits).collect()
}

/// `POST /staff/mail/{id}/{decision}`: hold, release, retry or cancel one letter.
pub(super) async fn decide(
    From(app): From<App>,
    staff: Staff,
    Path((id, decision)): Path<(Uuid, String)>,
) -> Result<Response, Error> {
    let decision = Decision::from_key(&decision).ok_or(Error::NotFound)?;
    let transaction = db::begin(&app.db).await?;
    let letter = letter::find(&transaction, id).await?.ok_or(Error::NotFound)?;
    let is_done = decisions(&letter).contains(&decision)
        && deciding::decide(&transaction, &letter, decision, &staff.actor(), app.clock.now()).await?;
    transaction.commit().await?;
    Ok(see(&link(&letter.path(), &[("done", if is_done { decision.key() } else { "late" })])))
}

/// `POST /staff/mail/test`: a letter to oneself, to see whether mail works.
pub(super) async fn test(From(app): From<App>, staff: Staff) -> Result<Response, Error> {
    let account = &staff.0.account;
    let to = Recipient { mail: account.mail.clone(), name: account.name.clone() };
    let filled = letters::TEST.fill(&app.city().settings, &[("名前", account.shown_name())])?;
    super::post(&app.db, &Letter::new(letters::TEST.key, to, filled), &app.config.host(), app.clock.now()).await?;
    Ok(see(&link(OUTBOX, &[("done", "test")])))
}

#[derive(Template)]
#[template(path = "mail/batch.html")]
struct BatchPage {
    page: Frame,
    city: Arc<City>,
    batch: StoredBatch,
    counts: Vec<(State, i64)>,
    lines: Vec<Line>,
    next: Option<String>,
    has_server: bool,
}

impl BatchPage {
    fn count(&self, states: &[State]) -> i64 {
        self.counts.iter().filter(|(state, _)| states.contains(state)).map(|(_, count)| count).sum()
    }

    fn held(&self) -> i64 {
        self.count(Decision::Release.applies_to())
    }

    fn failed(&self) -> i64 {
        self.count(Decision::Retry.applies_to())
    }

    fn open(&self) -> i64 {
        self.count(Decision::Cancel.applies_to())
    }

    fn total(&self) -> i64 {
        self.counts.iter().map(|(_, count)| count).sum()
    }
}

/// `GET /staff/mail/batches/{id}`: the letters of a batch, how far they are, and the release of all.
pub(super) async fn batch(
    From(app): From<App>,
    staff: Staff,
    Path(id): Path<Uuid>,
    mut query: Query,
) -> Result<Response, Error> {
    let batch = deciding::find_batch(&app.db, id).await?.ok_or(Error::NotFound)?;
    let filter = Filter { batch_id: Some(id), ..Filter::default() };
    let mut lines = listing::letters(&app.db, &filter, None).await?;
    html(&BatchPage {
        counts: listing::counts(&app.db, Some(id)).await?,
        next: next(&mut lines, &filter),
        lines,
        batch,
        city: app.city(),
        has_server: app.config.smtp_url.is_some(),
        page: Frame::own(&app, OUTBOX, &staff.0).saying(&mut query, &SAID).ignoring(query.into_ignored()),
    })
}

/// `POST /staff/mail/batches/{id}/{decision}`: release, retry, hold or cancel all letters of a batch that it fits.
pub(super) async fn decide_all(
    From(app): From<App>,
    staff: Staff,
    Path((id, decision)): Path<(Uuid, String)>,
) -> Result<Response, Error> {
    let decision = Decision::from_key(&decision).ok_or(Error::NotFound)?;
    let transaction = db::begin(&app.db).await?;
    let batch = deciding::find_batch(&transaction, id).await?.ok_or(Error::NotFound)?;
    let count = deciding::decide_all(&transaction, &batch, decision, &staff.actor(), app.clock.now()).await?;
    transaction.commit().await?;
    Ok(see(&link(&batch.path(), &[("done", if count > 0 { decision.key() } else { "none" })])))
}

/// A moment as staff read it, such as 令和8年11月23日(月・勤労感謝の日) 9:00.
pub(super) fn moment(at: &DateTime<Utc>, city: &City) -> String {
    let local = at.with_timezone(&city.profile.zone);
    format!("{} {}", day::long(local.date_naive()), local.format("%-H:%M"))
}
