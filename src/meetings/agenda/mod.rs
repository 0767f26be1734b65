//! The agenda of a meeting (議題と次第): written by those who convene, proposed by the groups until a deadline, and carried over from
//! earlier meetings by itself.

mod carried;
mod changing_pages;
mod deciding_pages;
mod form;
pub mod item;
pub mod letters;
mod outline;
mod pages;
mod paper;
mod proposing;
mod proposing_pages;
mod shown;
mod stage;

use axum::Router;
use axum::routing::{get, post};
use uuid::Uuid;

use crate::app::App;
pub use carried::{Carried, keep as keep_carried, of_meeting as carried};
pub use item::{Draft, Item, Origin};
pub use proposing::{Outcome, propose, waiting};
pub use shown::{Agenda, Eye, Line, read};
pub use stage::Stage;

/// Address of a personal link to the agenda.
pub fn path(token: &str) -> String {
    format!("/agenda/{token}")
}

/// Address of the page on which those who convene write the agenda.
pub fn work_path(meeting_id: Uuid) -> String {
    format!("{}/agenda", crate::meetings::path(meeting_id))
}

/// Address of the agenda for the members of a group that is invited.
pub fn own_path(group_id: Uuid, meeting_id: Uuid) -> String {
    format!("{}/{meeting_id}/agenda", crate::meetings::group_path(group_id))
}

/// Address of a proposal for those who decide about it.
pub fn proposal_path(meeting_id: Uuid, item_id: Uuid) -> String {
    format!("{}/proposals/{item_id}", work_path(meeting_id))
}

/// The pages of the agenda; all of them are somebody's own.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/meetings/{id}/agenda", get(pages::show).post(pages::add))
        .route("/meetings/{id}/agenda/print", get(paper::print))
        .route("/meetings/{id}/agenda/until", post(deciding_pages::set_until))
        .route("/meetings/{id}/agenda/items/{item}", get(changing_pages::edit).post(changing_pages::change))
        .route("/meetings/{id}/agenda/items/{item}/move", post(changing_pages::shift))
        .route("/meetings/{id}/agenda/items/{item}/removal", post(changing_pages::remove))
        .route("/meetings/{id}/agenda/items/{item}/return", post(changing_pages::put_back))
        .route("/meetings/{id}/agenda/carried/{decision}", post(changing_pages::take_up))
        .route("/meetings/{id}/agenda/proposals/{item}", get(deciding_pages::proposal).post(deciding_pages::decide))
        .route("/agenda/{token}", get(proposing_pages::show).post(proposing_pages::propose))
        .route("/agenda/{token}/items/{item}", get(proposing_pages::edit).post(proposing_pages::change))
        .route("/me/groups/{group}/meetings/{id}/agenda", get(proposing_pages::show).post(proposing_pages::propose))
        .route(
            "/me/groups/{group}/meetings/{id}/agenda/items/{item}",
            get(proposing_pages::edit).post(proposing_pages::change),
        )
}
