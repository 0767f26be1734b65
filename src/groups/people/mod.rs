//! The people of a group (担当する人): who looks after it, how they are invited, leave and hand over, and how a group that
//! nobody looks after yet is claimed with a code on paper.
//!
//! Personal links give no session. They stay good for days and get forwarded; whoever opens one can answer it, but only the
//! owner of the address can sign in afterwards, by a link of half an hour.

pub mod claim;
mod claim_letter;
pub mod code;
mod duty;
pub mod handover;
pub mod invitation;
mod leaving;
pub mod letters;
mod pages;
mod staff;
mod term;

use axum::Router;
use axum::routing::{get, post};
use uuid::Uuid;

use crate::app::App;
use crate::error::Error;
use crate::groups::member::{self, Membership};
use crate::mail::{self, Letter};
use crate::web::Member;

/// Path pattern of the people of a group.
pub const PEOPLE: &str = "/me/groups/{id}/people";
/// Path pattern of the people of a group for staff.
pub const STAFF: &str = "/staff/groups/{id}/people";
/// Path pattern of an invitation's link.
const INVITATION: &str = "/invitations/{token}";
/// What one sees after accepting an invitation.
const INVITATION_ACCEPTED: &str = "/invitations/accepted";
/// What one sees after declining an invitation.
const INVITATION_DECLINED: &str = "/invitations/declined";
/// What one sees after confirming a hand-over.
const HANDOVER_CONFIRMED: &str = "/handovers/confirmed";
/// What one sees after declining a hand-over.
const HANDOVER_DECLINED: &str = "/handovers/declined";
/// Path pattern of a hand-over's link.
const HANDOVER: &str = "/handovers/{token}";
/// Where one types the code of a claim letter.
pub const CLAIM: &str = "/claim";
/// Path pattern of the claim letter of a group.
const CLAIM_LETTER: &str = "/staff/groups/{id}/claim";
/// Where staff see all claims and print letters for many groups.
pub const CLAIMS: &str = "/staff/claims";

/// Address of the people of a group.
pub fn path(group_id: Uuid) -> String {
    format!("/me/groups/{group_id}/people")
}

/// Address of the people of a group for staff.
pub fn staff_path(group_id: Uuid) -> String {
    format!("/staff/groups/{group_id}/people")
}

/// Address of the claim letter of a group.
pub fn letter_path(group_id: Uuid) -> String {
    format!("/staff/groups/{group_id}/claim")
}

/// Address of a claim for staff.
pub fn claim_path(id: Uuid) -> String {
    format!("{CLAIMS}/{id}")
}

/// Address of an invitation's link.
fn invitation_path(token: &str) -> String {
    format!("/invitations/{token}")
}

/// Address of a hand-over's link.
fn handover_path(token: &str) -> String {
    format!("/handovers/{token}")
}

/// Address of the link that verifies a claim's address.
fn claim_link(token: &str) -> String {
    format!("{CLAIM}/{token}")
}

/// The pages about the people of groups.
pub fn routes() -> Router<App> {
    Router::new()
        .route(PEOPLE, get(pages::people))
        .route("/me/groups/{id}/people/invitations", post(invitation::pages::invite))
        .route("/me/groups/{id}/people/invitations/{invitation}/again", post(invitation::pages::again))
        .route("/me/groups/{id}/people/invitations/{invitation}/withdraw", post(invitation::pages::withdraw))
        .route("/me/groups/{id}/people/leave", get(leaving::pages::leave).post(leaving::pages::left))
        .route("/me/groups/{id}/people/{person}/remove", get(leaving::pages::remove).post(leaving::pages::removed))
        .route("/me/groups/{id}/people/hand-over", get(handover::pages::plan).post(handover::pages::begin))
        .route("/me/groups/{id}/people/hand-over/withdraw", post(handover::pages::withdraw))
        .route(INVITATION, get(invitation::pages::show))
        .route("/invitations/{token}/accept", post(invitation::pages::accept))
        .route("/invitations/{token}/decline", post(invitation::pages::decline))
        .route(INVITATION_ACCEPTED, get(pages::invitation_accepted))
        .route(INVITATION_DECLINED, get(pages::invitation_declined))
        .route(HANDOVER_CONFIRMED, get(pages::handover_confirmed))
        .route(HANDOVER_DECLINED, get(pages::handover_declined))
        .route(HANDOVER, get(handover::pages::show).post(handover::pages::confirm))
        .route("/handovers/{token}/decline", post(handover::pages::decline))
        .route(CLAIM, get(claim::pages::start).post(claim::pages::look_up))
        .route("/claim/apply", post(claim::pages::apply))
        .route("/claim/sent", get(claim::pages::sent))
        .route("/claim/{token}", get(claim::pages::show).post(claim::pages::verify))
        .merge(staff_routes())
}

fn staff_routes() -> Router<App> {
    Router::new()
        .route(STAFF, get(staff::people))
        .route("/staff/groups/{id}/people/add", post(staff::add))
        .route("/staff/groups/{id}/people/{person}/remove", get(staff::remove).post(staff::removed))
        .route("/staff/groups/{id}/people/representative", get(handover::staff::plan).post(handover::staff::force))
        .route("/staff/groups/{id}/people/hand-over/withdraw", post(handover::staff::withdraw))
        .route("/staff/groups/{id}/people/invitations/{invitation}/withdraw", post(staff::withdraw))
        .route(CLAIM_LETTER, get(code::staff::plan).post(code::staff::print))
        .route("/staff/groups/{id}/claim/end", post(code::staff::end))
        .route(CLAIMS, get(claim::staff::list))
        .route("/staff/claims/letters", get(code::staff::choose).post(code::staff::print_many))
        .route("/staff/claims/{id}", get(claim::staff::show))
        .route("/staff/claims/{id}/confirm", post(claim::staff::confirm))
        .route("/staff/claims/{id}/refuse", post(claim::staff::refuse))
}

/// The identifier in an address; anything else is no page.
fn id(text: &str) -> Result<Uuid, Error> {
    text.parse().map_err(|_| Error::NotFound)
}

/// The membership by which somebody may see a group's people; for everybody else the group is not there.
async fn own(app: &App, member: &Member, group: &str) -> Result<Membership, Error> {
    member::of(&app.db, member.account.id, id(group)?).await?.ok_or(Error::NotFound)
}

/// The name of somebody, or the address where nobody gave one.
fn shown<'a>(name: &'a str, mail: &'a str) -> &'a str {
    if name.is_empty() { mail } else { name }
}

/// Posts letters within the transaction of what they tell about.
async fn post_letters(db: &impl sea_orm::ConnectionTrait, app: &App, letters: &[Letter]) -> Result<(), Error> {
    mail::post_all(db, letters, &app.config.host(), app.clock.now()).await?;
    Ok(())
}
