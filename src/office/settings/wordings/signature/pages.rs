//! `/staff/settings/signature`.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use serde_json::json;

use crate::app::App;
use crate::city::settings::SIGNATURE;
use crate::db;
use crate::error::Error;
use crate::office::settings::kept::{self, Change};
use crate::office::settings::{SETTINGS, pages::done};
use crate::web::{Admin, Form, Frame, html, unfit};

const PATH: &str = "/staff/settings/signature";
/// Longest signature, in characters.
const LONGEST: usize = 600;

#[derive(Template)]
#[template(path = "office/signature.html")]
struct SignaturePage {
    page: Frame,
    form: Form,
    shipped: String,
    is_own: bool,
}

fn page(app: &App, admin: &Admin, form: Form) -> SignaturePage {
    let city = app.city();
    SignaturePage {
        page: Frame::own(app, PATH, &admin.0),
        shipped: city.settings.shipped_signature().to_owned(),
        is_own: city.settings.own(SIGNATURE).is_some(),
        form,
    }
}

/// `GET /staff/settings/signature`.
pub(in crate::office::settings) async fn show(State(app): State<App>, admin: Admin) -> Result<Response, Error> {
    let form = Form::filled([("text", app.city().settings.signature())]);
    html(&page(&app, &admin, form))
}

/// `POST /staff/settings/signature`: keeps the lines, or brings back those made from the names.
pub(in crate::office::settings) async fn change(
    State(app): State<App>,
    admin: Admin,
    mut form: Form,
) -> Result<Response, Error> {
    let city = app.city();
    let shipped = city.settings.shipped_signature();
    let is_reset = form.get("do") == "reset";
    let text = if is_reset { shipped.to_owned() } else { form.needed_block("text", "署名", LONGEST) };
    if text.contains("{{") {
        form.fault("text", "署名には「{{ }}」を使えません。");
    }
    if !form.is_fine() && !is_reset {
        return unfit(&page(&app, &admin, form));
    }
    let now = city.settings.signature();
    let is_changed = now != text || is_reset && city.settings.own(SIGNATURE).is_some();
    if is_changed {
        let own = (text != shipped).then(|| text.clone());
        let change =
            Change {
                key: SIGNATURE.to_owned(), label: "署名".to_owned(), before: json!(now), after: json!(text), own
            };
        let transaction = db::begin(&app.db).await?;
        let title = ("設定の変更", "手紙の署名");
        kept::keep(&transaction, &admin.0.actor(), title, &[change], app.clock.now()).await?;
        transaction.commit().await?;
    }
    Ok(done(SETTINGS, is_changed))
}
