//! The yearly confirmation (更新確認): rounds that ask every group whether its record is right, on a screen or on paper.
//!
//! A round is begun by staff or by the calendar. Each group of it has one row that takes one answer, on whichever way it
//! comes. A confirmation sets 最終確認日; without one a group becomes 更新待ち and, after a warning, 休止.

mod age;
mod ageing;
mod answer;
mod answering;
mod asked;
mod confirmation;
mod desk;
mod jobs;
mod key_in;
mod letters;
mod link;
mod notice;
mod on_file;
mod pages;
mod paper;
mod question;
mod remind;
mod roll;
mod round;
mod staff;
mod start;
mod turning;
mod waiting;
mod whom;

use axum::Router;
use axum::routing::{get, post};
use uuid::Uuid;

use crate::app::App;
pub use age::{last_day, state_at};
pub use ageing::{Aged, run as age_all};
pub use answer::Answer;
pub use answering::{Said, answered_by_edit, settle, take, undo};
pub use asked::{Asked, Narrowed, find as find_asked, keyed_in, list as list_asked};
pub use confirmation::confirm;
pub use desk::{Desk, Fault};
pub use jobs::{keep_rounds, remind_due, start_yearly, title};
pub use letters::WORDINGS;
pub use on_file::{Line, lines as on_file};
pub use question::{Question, open_question};
pub use round::{Kind, NewRound, Progress, Round, all, batches, find, has_held_letters, open as open_rounds, progress};
pub use start::{Counts, begin, preview};
pub use waiting::waiting;
pub use whom::Whom;

/// Where a code from paper is typed in.
pub const CONFIRM: &str = "/confirm";
/// The rounds, for staff.
pub const ROUNDS: &str = "/staff/rounds";

/// Address of a personal link, or of a code from paper.
pub fn confirm_path(key: &str) -> String {
    format!("{CONFIRM}/{key}")
}

/// Address of a round for staff.
pub fn round_path(id: Uuid) -> String {
    format!("{ROUNDS}/{id}")
}

/// Address of one group's answer in a round, for staff.
pub fn round_group_path(round: Uuid, group: Uuid) -> String {
    format!("{ROUNDS}/{round}/groups/{group}")
}

/// Address of a group's own page for its members.
pub fn own_path(group: Uuid) -> String {
    format!("/me/groups/{group}")
}

/// Where members put the record of their group right.
pub fn own_profile_path(group: Uuid) -> String {
    format!("/me/groups/{group}/profile")
}

/// Where members say that nothing has changed.
pub fn own_confirm_path(group: Uuid) -> String {
    format!("/me/groups/{group}/confirm")
}

/// The pages of the yearly confirmation; all of them are somebody's own.
pub fn routes() -> Router<App> {
    Router::new()
        .route(CONFIRM, get(pages::enter).post(pages::entered))
        .route("/confirm/{key}", get(pages::show).post(pages::answer))
        .route("/me/groups/{id}/confirm", get(pages::own_question).post(pages::own_answer))
        .route(ROUNDS, get(staff::index).post(staff::start))
        .route("/staff/rounds/new", get(staff::new_round))
        .route("/staff/rounds/rest/{group}", post(staff::see_rest))
        .route("/staff/rounds/{id}", get(staff::round))
        .route("/staff/rounds/{id}/remind", post(staff::remind))
        .route("/staff/rounds/{id}/close", post(staff::close))
        .route("/staff/rounds/{id}/list.csv", get(staff::csv))
        .route("/staff/rounds/{id}/list.xlsx", get(staff::workbook))
        .route("/staff/rounds/{id}/groups/{group}", get(staff::asked).post(staff::settle))
        .route("/staff/rounds/{id}/sheets", get(paper::choose_sheets).post(paper::sheets))
        .route("/staff/rounds/{id}/labels", get(paper::labels))
        .route("/staff/rounds/{id}/key-in", get(key_in::desk).post(key_in::take))
        .route("/staff/rounds/{id}/key-in/undo", post(key_in::undo))
}
