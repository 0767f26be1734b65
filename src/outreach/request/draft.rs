//! A checked request; nothing else can be stored.

use sea_orm::Value;
use uuid::Uuid;
use validator::Validate;

use super::body::BodyKind;
use super::request::Request;
use super::wish::Wish;
use crate::outreach::session::Place;

/// What is asked for, checked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Validate)]
pub struct Draft {
    /// The topic of the menu; nothing for a wish of its own.
    pub topic_id: Option<Uuid>,
    /// The topic's title, or what is wished for.
    #[validate(length(min = 1, max = 200, message = "聞きたい内容は1文字から200文字までです。"))]
    pub title: String,
    /// How long it takes.
    pub length_minutes: i32,
    /// How many speakers go.
    pub people_needed: i32,
    /// What kind of body asks.
    pub body: BodyKind,
    /// The group of the register.
    pub group_id: Option<Uuid>,
    /// Key of the town that the body belongs to.
    pub body_town: String,
    /// The administrative district.
    pub district: String,
    /// Name of the body.
    #[validate(length(min = 1, max = 200, message = "団体の名前は1文字から200文字までです。"))]
    pub body_name: String,
    /// Who represents it.
    pub representative: String,
    /// Whom to ask.
    pub contact_name: String,
    /// Mail address; empty for whoever has none.
    pub mail: String,
    /// Telephone.
    pub phone: String,
    /// Telefax.
    pub fax: String,
    /// Postal address.
    pub address: String,
    /// Where it takes place.
    pub place: Place,
    /// How many people are expected.
    pub people: i32,
    /// Who they are.
    pub audience: String,
    /// What the place has.
    pub equipment: String,
    /// Where to park.
    pub parking: String,
    /// What helps people to take part.
    pub access: String,
    /// What they would like to ask.
    pub questions: String,
    /// Whether the session may stand in the calendar.
    pub public: bool,
    /// Whether they keep to a wish that nobody could reach.
    pub insists: bool,
    /// The wishes, the first one first.
    pub wishes: Vec<Wish>,
}

/// The columns that a draft fills, in the order of [`values`].
pub(super) const COLUMNS: [&str; 26] = [
    "topic_id",
    "own_title",
    "length_minutes",
    "people_needed",
    "body_kind",
    "group_id",
    "body_town",
    "district",
    "body_name",
    "representative",
    "contact_name",
    "mail",
    "phone",
    "fax",
    "address",
    "facility_id",
    "place",
    "place_address",
    "town_key",
    "people",
    "audience",
    "equipment",
    "parking",
    "access",
    "questions",
    "public",
];

/// The values of a draft for its columns.
pub(super) fn values(draft: &Draft) -> Vec<Value> {
    let text = |text: &str| Value::from(text.to_owned());
    vec![
        draft.topic_id.into(),
        text(&draft.title),
        draft.length_minutes.into(),
        draft.people_needed.into(),
        text(draft.body.key()),
        draft.group_id.into(),
        text(&draft.body_town),
        text(&draft.district),
        text(&draft.body_name),
        text(&draft.representative),
        text(&draft.contact_name),
        text(&draft.mail),
        text(&draft.phone),
        text(&draft.fax),
        text(&draft.address),
        draft.place.facility_id.into(),
        text(&draft.place.place),
        text(&draft.place.address),
        text(&draft.place.town_key),
        draft.people.into(),
        text(&draft.audience),
        text(&draft.equipment),
        text(&draft.parking),
        text(&draft.access),
        text(&draft.questions),
        draft.public.into(),
    ]
}

impl Draft {
    /// The draft that a request was made from.
    pub fn of(request: &Request, wishes: Vec<Wish>) -> Self {
        Self {
            topic_id: request.topic_id,
            title: request.own_title.clone(),
            length_minutes: request.length_minutes,
            people_needed: request.people_needed,
            body: request.body(),
            group_id: request.group_id,
            body_town: request.body_town.clone(),
            district: request.district.clone(),
            body_name: request.body_name.clone(),
            representative: request.representative.clone(),
            contact_name: request.contact_name.clone(),
            mail: request.mail.clone(),
            phone: request.phone.clone(),
            fax: request.fax.clone(),
            address: request.address.clone(),
            place: request.venue(),
            people: request.people,
            audience: request.audience.clone(),
            equipment: request.equipment.clone(),
            parking: request.parking.clone(),
            access: request.access.clone(),
            questions: request.questions.clone(),
            public: request.public,
            insists: request.insists,
            wishes,
        }
    }
}
