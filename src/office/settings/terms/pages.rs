//! `/staff/settings/terms/{list}`: the words of a list, one word, a new one.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use serde_json::{Value as Json, json};

use super::list::List;
use crate::app::App;
use crate::audit::{self, Channel, Event};
use crate::city::{City, Term};
use crate::db;
use crate::error::Error;
use crate::text::kana;
use crate::web::{Admin, Form, Frame, Query, html, see, unfit};

/// Longest name, in characters.
const NAME: usize = 60;
/// Longest list of other words, in characters.
const ALIASES: usize = 400;

#[derive(Template)]
#[template(path = "office/terms.html")]
struct TermsPage<'a> {
    page: Frame,
    list: List,
    terms: &'a [Term],
}

#[derive(Template)]
#[template(path = "office/term.html")]
struct TermPage {
    page: Frame,
    list: List,
    key: Option<String>,
    form: Form,
    uses: Vec<(&'static str, i64)>,
}

fn list(key: &str) -> Result<List, Error> {
    List::from_key(key).ok_or(Error::NotFound)
}

/// `GET /staff/settings/terms/{list}`.
pub(in crate::office::settings) async fn terms(
    State(app): State<App>,
    admin: Admin,
    Path(typed): Path<String>,
    mut query: Query,
) -> Result<Response, Error> {
    let (list, city) = (list(&typed)?, app.city());
    let sentences = [("saved", "保存しました。"), ("added", "追加しました。"), ("deleted", "削除しました。")];
    let page = Frame::own(&app, &list.path(), &admin.0).saying(&mut query, &sentences);
    html(&TermsPage { page: page.ignoring(query.into_ignored()), list, terms: list.terms(&city) })
}

fn found<'a>(city: &'a City, list: List, key: &str) -> Result<&'a Term, Error> {
    list.terms(city).iter().find(|term| term.key == key).ok_or(Error::NotFound)
}

async fn page(app: &App, admin: &Admin, list: List, key: Option<String>, form: Form) -> Result<TermPage, Error> {
    let uses = match &key {
        Some(key) => list.uses(&app.db, key).await?,
        None => Vec::new(),
    };
    let path = format!("{}/{}", list.path(), key.as_deref().unwrap_or("new"));
    Ok(TermPage { page: Frame::own(app, &path, &admin.0), list, key, form, uses })
}

/// `GET /staff/settings/terms/{list}/{key}`.
pub(in crate::office::settings) async fn term(
    State(app): State<App>,
    admin: Admin,
    Path((typed, key)): Path<(String, String)>,
) -> Result<Response, Error> {
    let (list, city) = (list(&typed)?, app.city());
    let term = found(&city, list, &key)?;
    let form = Form::filled([
        ("name", term.name.clone()),
        ("kana", term.kana.clone()),
        ("short", term.short.clone()),
        ("aliases", term.aliases.replace(';', "、")),
        ("position", term.position.to_string()),
    ]);
    html(&page(&app, &admin, list, Some(key), form).await?)
}

/// `GET /staff/settings/terms/{list}/new`.
pub(in crate::office::settings) async fn new(
    State(app): State<App>,
    admin: Admin,
    Path(typed): Path<String>,
) -> Result<Response, Error> {
    let list = list(&typed)?;
    let form = Form::filled([("position", (list.terms(&app.city()).len() + 1).to_string())]);
    html(&page(&app, &admin, list, None, form).await?)
}

/// `POST /staff/settings/terms/{list}/new`: adds a word under a key of its own.
pub(in crate::office::settings) async fn add(
    State(app): State<App>,
    admin: Admin,
    Path(typed): Path<String>,
    mut form: Form,
) -> Result<Response, Error> {
    let (list, city) = (list(&typed)?, app.city());
    let key = form.needed_line("key", "英字の名前", 30).to_ascii_lowercase();
    let is_key = key.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-_".contains(&byte));
    if !key.is_empty() && (!is_key || key == "new") {
        form.fault("key", "英字の名前は、小文字の英字・数字・ハイフンだけで書いてください(例: kamitsushima)。");
    }
    if list.terms(&city).iter().any(|term| term.key == key) {
        form.fault("key", "この英字の名前は、もう使われています。別の名前にしてください。");
    }
    let term = read(&mut form, list, &city, key);
    if !form.is_fine() {
        return unfit(&page(&app, &admin, list, None, form).await?);
    }
    keep(&app, &admin, list, (None, Some(term))).await?;
    Ok(see(&format!("{}?done=added", list.path())))
}

/// `POST /staff/settings/terms/{list}/{key}`: changes a word; its key stays.
pub(in crate::office::settings) async fn change(
    State(app): State<App>,
    admin: Admin,
    Path((typed, key)): Path<(String, String)>,
    mut form: Form,
) -> Result<Response, Error> {
    let (list, city) = (list(&typed)?, app.city());
    let old = found(&city, list, &key)?.clone();
    let mut term = read(&mut form, list, &city, key.clone());
    if !form.is_fine() {
        return unfit(&page(&app, &admin, list, Some(key), form).await?);
    }
    if old.name != term.name && !term.is_meant_by(&old.name) {
        // Files with the old name are still understood.
        let words = [term.aliases.as_str(), &old.name];
        term.aliases = words.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(";");
    }
    keep(&app, &admin, list, (Some(old), Some(term))).await?;
    Ok(see(&format!("{}?done=saved", list.path())))
}

/// `POST /staff/settings/terms/{list}/{key}/delete`: takes out a word that nothing uses.
pub(in crate::office::settings) async fn delete(
    State(app): State<App>,
    admin: Admin,
    Path((typed, key)): Path<(String, String)>,
) -> Result<Response, Error> {
    let (list, city) = (list(&typed)?, app.city());
    let old = found(&city, list, &key)?.clone();
    if !list.uses(&app.db, &key).await?.is_empty() {
        let mut form = Form::filled([("name", old.name.clone()), ("position", old.position.to_string())]);
        form.fault("name", "使われているため、削除できません。先に、使っているものを別の言葉に変えてください。");
        return unfit(&page(&app, &admin, list, Some(key), form).await?);
    }
    keep(&app, &admin, list, (Some(old), None)).await?;
    Ok(see(&format!("{}?done=deleted", list.path())))
}

fn read(form: &mut Form, list: List, city: &City, key: String) -> Term {
    let name = form.needed_line("name", "名前", NAME);
    let reading = form.line("kana", "よみ", NAME);
    let short = form.line("short", "短い名前", NAME);
    let aliases = form.line("aliases", "ほかの呼び方", ALIASES);
    let most = i32::try_from(list.terms(city).len()).unwrap_or(i32::MAX - 1) + 1;
    let position = form.number("position", "順番", 1, most).unwrap_or(most);
    if !reading.is_empty() && !kana::is_reading(&reading) {
        form.fault("kana", "よみは、ひらがなで書いてください。");
    }
    if list.has_name(city, &key, &name) {
        form.fault("name", "同じ名前が、もうあります。");
    }
    let words = aliases.split(['、', ';', '；', ',']).map(str::trim).filter(|word| !word.is_empty());
    Term {
        aliases: words.collect::<Vec<_>>().join(";"),
        short: if short.is_empty() { name.clone() } else { short },
        kana: kana::hiragana(&reading),
        key,
        name,
        position,
    }
}

/// Stores a word or takes it out, with a line in the trail.
async fn keep(
    app: &App,
    admin: &Admin,
    list: List,
    (before, after): (Option<Term>, Option<Term>),
) -> Result<(), Error> {
    let now = app.clock.now();
    let action = match (&before, &after) {
        (None, _) => "言葉の追加",
        (_, None) => "言葉の削除",
        _ => "言葉の変更",
    };
    let either = after.as_ref().or(before.as_ref());
    let (key, name) = either.map(|term| (term.key.clone(), term.name.clone())).unwrap_or_default();
    let event = Event {
        actor: &admin.0.actor(),
        channel: Channel::Screen,
        action,
        noun: "setting",
        noun_id: format!("{}.{key}", list.vocabulary().key()),
        group_id: None,
        title: &format!("{} {name}", list.label()),
        before: told(before.as_ref()),
        after: told(after.as_ref()),
        reason: "",
    };
    let transaction = db::begin(&app.db).await?;
    match after {
        Some(term) => list.put(&transaction, term, now).await?,
        None if list.uses(&transaction, &key).await?.is_empty() => list.remove(&transaction, &key, now).await?,
        None => return Err(Error::NotFound),
    }
    audit::record(&transaction, event, now).await?;
    Ok(transaction.commit().await?)
}

fn told(term: Option<&Term>) -> Json {
    term.map_or(Json::Null, |term| {
        json!({
            "名前": term.name, "よみ": term.kana, "短い名前": term.short, "ほかの呼び方": term.aliases, "順番": term.position,
        })
    })
}
