//! An agenda as it is read: by everybody, by the groups that are invited, or by those who convene.

use sea_orm::{ConnectionTrait, DbErr};
use uuid::Uuid;

use super::carried::{self, Carried};
use super::item::{self, Item};
use super::outline;
use crate::meetings::materials::{self, Material};
use crate::meetings::meeting::Meeting;
use crate::meetings::seat;

/// Who reads an agenda.
#[derive(Clone, Copy, Debug)]
pub enum Eye {
    /// Everybody.
    Public,
    /// The people of one group that is invited.
    Group(Uuid),
    /// All groups that are invited, and who comes for them.
    Groups,
    /// Those who convene.
    Convener,
}

/// An item with its clock times and its materials.
#[derive(Clone, Debug)]
pub struct Line {
    /// The item.
    pub item: Item,
    /// When it begins and ends, in words; may be empty.
    pub time: String,
}

/// An agenda to be read.
#[derive(Clone, Debug, Default)]
pub struct Agenda {
    /// What is carried over from earlier meetings.
    pub carried: Vec<Carried>,
    /// The items in their order.
    pub lines: Vec<Line>,
    /// The materials in the order of the items.
    pub materials: Vec<Material>,
}

impl Agenda {
    /// Whether there is nothing to read.
    pub fn is_empty(&self) -> bool {
        self.carried.is_empty() && self.lines.is_empty() && self.materials.is_empty()
    }

    /// How many minutes the items take.
    pub fn total(&self) -> i64 {
        self.lines.iter().map(|line| i64::from(line.item.minutes)).sum()
    }

    /// What an item is called in a list of materials; empty where a material belongs to none.
    pub fn item_of(&self, material: &Material) -> &str {
        let line = self.lines.iter().find(|line| Some(line.item.id) == material.agenda_item_id);
        line.map_or("", |line| line.item.title.as_str())
    }

    /// The items in words, one a line: what stands in a letter under 議題.
    pub fn words(&self) -> String {
        let carried = (!self.carried.is_empty()).then_some("前回からの持ち越し");
        let titles = carried.into_iter().chain(self.lines.iter().map(|line| line.item.title.as_str()));
        titles.zip(1..).map(|(title, number)| format!("\n　({number}) {title}")).collect()
    }
}

/// The agenda of a meeting as somebody may read it.
pub async fn read(
    db: &impl ConnectionTrait,
    meeting: &Meeting,
    eye: Eye,
    zone: chrono_tz::Tz,
) -> Result<Agenda, DbErr> {
    let items = item::listed(db, meeting.id).await?;
    let carried = carried::of_meeting(db, meeting).await?;
    let carried = match eye {
        Eye::Public => carried::public(carried),
        Eye::Group(group) => carried::known_to(db, carried, &[group]).await?,
        Eye::Groups => {
            let seats = seat::of_meeting(db, meeting.id).await?;
            let groups: Vec<Uuid> = seats.iter().map(|seat| seat.group_id).collect();
            carried::known_to(db, carried, &groups).await?
        }
        Eye::Convener => carried,
    };
    let minutes: Vec<i32> = items.iter().map(|item| item.minutes).collect();
    let times = outline::times(meeting.starts_at, &minutes, zone);
    let place = |id: Option<Uuid>| items.iter().position(|item| Some(item.id) == id).unwrap_or(usize::MAX);
    let mut shown = materials::of_meeting(db, meeting.id).await?;
    shown.retain(|material| material.public || !matches!(eye, Eye::Public));
    shown.sort_by_key(|material| place(material.agenda_item_id));
    let lines = items.into_iter().zip(times).map(|(item, time)| Line { item, time }).collect();
    Ok(Agenda { carried, lines, materials: shown })
}
