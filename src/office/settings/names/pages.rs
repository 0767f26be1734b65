//! `/staff/settings/names`.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use serde_json::json;

use crate::app::App;
use crate::city::Profile;
use crate::city::settings::{NAMES, Name};
use crate::db;
use crate::error::Error;
use crate::office::settings::kept::{self, Change};
use crate::office::settings::{SETTINGS, pages::done};
use crate::text::{kana, phone, postal};
use crate::web::{Admin, Form, Frame, html, unfit};

const PATH: &str = "/staff/settings/names";
/// Longest name, in characters.
const LONGEST: usize = 100;

#[derive(Template)]
#[template(path = "office/names.html")]
struct NamesPage {
    page: Frame,
    form: Form,
}

impl NamesPage {
    fn names(&self) -> &'static [Name] {
        &NAMES
    }
}

/// `GET /staff/settings/names`.
pub(in crate::office::settings) async fn names(State(app): State<App>, admin: Admin) -> Result<Response, Error> {
    let city = app.city();
    let form = Form::filled(NAMES.iter().map(|name| (name.key, shown(name.key, city.profile.text(name.key)))));
    html(&NamesPage { page: Frame::own(&app, PATH, &admin.0), form })
}

fn shown(key: &str, text: String) -> String {
    if key == "office.postal" { postal::display(&text).trim_start_matches('〒').to_owned() } else { text }
}

/// `POST /staff/settings/names`: keeps the names; they show at once on every page and in every letter.
pub(in crate::office::settings) async fn change(
    State(app): State<App>,
    admin: Admin,
    mut form: Form,
) -> Result<Response, Error> {
    let (city, shipped) = (app.city(), Profile::from_seed());
    let mut changes = Vec::new();
    for name in NAMES {
        let wanted = read(&mut form, &name);
        let now = city.profile.text(name.key);
        if now != wanted {
            changes.push(Change {
                key: name.key.to_owned(),
                label: name.label.to_owned(),
                own: (wanted != shipped.text(name.key)).then(|| wanted.clone()),
                before: json!(now),
                after: json!(wanted),
            });
        }
    }
    if !form.is_fine() {
        return unfit(&NamesPage { page: Frame::own(&app, PATH, &admin.0), form });
    }
    let transaction = db::begin(&app.db).await?;
    kept::keep(&transaction, &admin.0.actor(), ("設定の変更", "名前と連絡先"), &changes, app.clock.now()).await?;
    transaction.commit().await?;
    Ok(done(SETTINGS, !changes.is_empty()))
}

/// The text of a name in the form in which it is kept, or a fault beside it.
fn read(form: &mut Form, name: &Name) -> String {
    let text = if name.needed {
        form.needed_line(name.key, name.label, LONGEST)
    } else {
        form.line(name.key, name.label, LONGEST)
    };
    if text.is_empty() {
        return text;
    }
    let read = match name.key {
        "office.postal" => postal::postal(&text).map_err(|fault| fault.to_string()),
        "office.phone" | "office.fax" => {
            phone::phone(&text).map(|phone| phone.to_string()).map_err(|fault| fault.to_string())
        }
        "city.kana" if !kana::is_reading(&text) => Err("市の名前のよみは、ひらがなで書いてください。".to_owned()),
        "city.kana" => Ok(kana::hiragana(&text)),
        _ => Ok(text.clone()),
    };
    read.unwrap_or_else(|sentence| {
        form.fault(name.key, sentence);
        text
    })
}
