//! The minutes as others read them: everything that may be published and nothing else.

use sea_orm::{ConnectionTrait, DbErr};
use serde::Serialize;
use uuid::Uuid;

use super::minute::{self, Minutes};
use super::point;
use crate::city::{City, facility};
use crate::meetings::attendance::{self, Mark, Presence, Roll};
use crate::meetings::calendar_entry::place;
use crate::meetings::meeting::Meeting;
use crate::meetings::tasks::decision::{self, ForItem, Told};
use crate::meetings::work_pages::when;

/// A group that was there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Attended {
    /// The group, or whoever came without an invitation.
    pub name: String,
    /// How many people.
    pub people: i32,
    /// Whether somebody stood in for it.
    pub by_proxy: bool,
    /// The names of those who agreed to stand here.
    pub names: Vec<String>,
}

/// A point of the agenda.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Written {
    /// Title.
    pub title: String,
    /// What was said.
    pub summary: String,
    /// What was decided and given to do.
    pub decisions: Vec<Line>,
}

/// Something that was decided or given to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Line {
    /// 決まったこと, 宿題 or 持ち越し.
    pub kind: &'static str,
    /// What.
    pub words: String,
    /// Who does it; empty for a decision.
    pub owner: String,
    /// Until when, in words.
    pub due: String,
    /// How far it is.
    pub state: &'static str,
    /// What came of it.
    pub outcome: String,
    /// The items of the plan, each as the address of its page and what stands there.
    pub items: Vec<(String, String)>,
}

/// The minutes of a meeting.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Document {
    /// Title of the meeting.
    pub title: String,
    /// When.
    pub when: String,
    /// Where.
    pub place: String,
    /// Who convened it.
    pub convener: String,
    /// Who chaired it.
    pub chair: String,
    /// Who was there, in 五十音 order.
    pub attended: Vec<Attended>,
    /// How many more groups and people were there, whose names are not published.
    pub attended_unnamed: (usize, i32),
    /// Which groups were not there.
    pub absent: Vec<String>,
    /// How many more groups were not there.
    pub absent_unnamed: usize,
    /// Who was there for the office.
    pub office_staff: String,
    /// How many listened.
    pub observers: i32,
    /// What was said in general.
    pub overview: String,
    /// Point by point.
    pub points: Vec<Written>,
    /// What was decided apart from any point.
    pub others: Vec<Line>,
}

impl Document {
    /// How many things were decided or given to do.
    pub fn decisions(&self) -> usize {
        self.others.len() + self.points.iter().map(|point| point.decisions.len()).sum::<usize>()
    }

    /// How many groups and how many people were there.
    pub fn present(&self) -> (usize, i32) {
        let people: i32 = self.attended.iter().map(|one| one.people).sum();
        (self.attended.len() + self.attended_unnamed.0, people + self.attended_unnamed.1)
    }
}

/// The minutes of a meeting as they stand now. A group is named as long as it stands in the public register, a person with consent.
pub async fn of_meeting(db: &impl ConnectionTrait, city: &City, meeting: &Meeting) -> Result<Document, DbErr> {
    let Minutes { overview, observers, office_staff, .. } = minute::of_meeting(db, meeting.id).await?;
    let roll = attendance::call(db, meeting).await?;
    let told = decision::of_meeting(db, meeting.id).await?;
    let points = point::of_meeting(db, meeting.id).await?;
    let halls = facility::all(db).await?;
    let hall = halls.iter().find(|hall| Some(hall.id) == meeting.facility_id);
    let lines = |point: Option<Uuid>| {
        let known = |id: Uuid| points.iter().any(|one| one.id == id);
        let belongs = |one: &&Told| one.decision.agenda_item_id.filter(|id| known(*id)) == point;
        told.iter().filter(belongs).map(line).collect::<Vec<_>>()
    };
    let written = |point: &point::Point| Written {
        title: point.title.clone(),
        summary: point.summary.clone(),
        decisions: lines(Some(point.id)),
    };
    let mut document = Document {
        title: meeting.title.clone(),
        when: when(meeting, city.profile.zone),
        place: place(meeting, hall),
        convener: meeting.convener.clone(),
        chair: meeting.chair.clone(),
        attended: Vec::new(),
        attended_unnamed: (0, 0),
        absent: Vec::new(),
        absent_unnamed: 0,
        office_staff,
        observers,
        overview,
        points: points.iter().map(written).collect(),
        others: lines(None),
    };
    call(&mut document, &roll);
    Ok(document)
}

/// Writes down who was there and who was not.
fn call(document: &mut Document, roll: &Roll) {
    for line in &roll.lines {
        let is_listed = line.seat.listed;
        match line.mark.as_ref().filter(|mark| mark.presence().is_there()) {
            Some(mark) if is_listed => document.attended.push(attended(&line.seat.name, mark)),
            Some(mark) => unnamed(document, mark),
            None if is_listed => document.absent.push(line.seat.name.clone()),
            None => document.absent_unnamed += 1,
        }
    }
    for guest in &roll.guests {
        if guest.names_public {
            document.attended.push(attended(&guest.name, guest));
        } else {
            unnamed(document, guest);
        }
    }
}

fn unnamed(document: &mut Document, mark: &Mark) {
    document.attended_unnamed.0 += 1;
    document.attended_unnamed.1 += mark.people;
}

fn attended(name: &str, mark: &Mark) -> Attended {
    let names = if mark.names_public { mark.names() } else { Vec::new() };
    Attended {
        name: name.to_owned(),
        people: mark.people,
        by_proxy: mark.presence() == Presence::Proxy,
        names: names.into_iter().map(str::to_owned).collect(),
    }
}

fn line(told: &Told) -> Line {
    Line {
        kind: told.decision.kind().label(),
        words: told.decision.words.clone(),
        owner: told.public_owner().to_owned(),
        due: told.due(),
        state: told.decision.shown_state(),
        outcome: told.decision.outcome.clone(),
        items: told.items.iter().map(item).collect(),
    }
}

fn item(item: &ForItem) -> (String, String) {
    (format!("/plans/{}/items/{}", item.plan_key, item.code), format!("{} {}", item.code, item.title))
}
