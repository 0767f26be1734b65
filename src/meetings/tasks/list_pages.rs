//! The lists of tasks: of a group for its members, of all meetings for staff.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use chrono::NaiveDate;
use uuid::Uuid;

use super::decision::Told;
use super::lists::{self, Filter};
use super::{Kind, STAFF, group_path};
use crate::app::App;
use crate::error::Error;
use crate::groups::{self, Named, member};
use crate::plan::{self, Item};
use crate::web::{Frame, Member, Query, Staff, html};

/// Most tasks on a page.
const MOST: u64 = 500;
/// What was just done.
const DONE: [(&str, &str); 1] = [("settled", "お知らせを受け取りました。")];

#[derive(Template)]
#[template(path = "meetings/tasks/group.html")]
struct GroupPage {
    page: Frame,
    group_id: Uuid,
    group_name: String,
    tasks: Vec<Told>,
    today: NaiveDate,
}

/// `GET /me/groups/{group}/tasks`.
pub async fn of_group(
    State(app): State<App>,
    Path(group): Path<Uuid>,
    mut query: Query,
    member: Member,
) -> Result<Response, Error> {
    let membership = member::of(&app.db, member.account.id, group).await?.ok_or(Error::NotFound)?;
    let mut tasks = lists::of_group(&app.db, group, MOST).await?;
    tasks.retain(|task| task.decision.kind() != Kind::Decision);
    let page = Frame::own(&app, &group_path(group), &member).saying(&mut query, &DONE);
    html(&GroupPage {
        page: page.ignoring(query.into_ignored()),
        group_id: group,
        group_name: membership.group_name,
        tasks,
        today: app.today(),
    })
}

#[derive(Template)]
#[template(path = "meetings/tasks/staff.html")]
struct StaffPage {
    page: Frame,
    tasks: Vec<Told>,
    today: NaiveDate,
    filter: Filter,
    groups: Vec<Named>,
    items: Vec<Item>,
}

impl StaffPage {
    fn is_group(&self, id: &Uuid) -> bool {
        self.filter.group == Some(*id)
    }

    fn is_item(&self, id: &Uuid) -> bool {
        self.filter.item == Some(*id)
    }
}

/// `GET /staff/meetings/tasks`: what is open, by group and by item of the plan if asked for.
pub async fn staff(State(app): State<App>, Staff(member): Staff, mut query: Query) -> Result<Response, Error> {
    let groups = groups::listed_names(&app.db).await?;
    let items = plan::current(&app).await?.map(|whole| whole.items.clone()).unwrap_or_default();
    let filter = Filter {
        group: query
            .choice("group", "団体", |typed| groups.iter().map(|group| group.id).find(|id| id.to_string() == typed)),
        item: query.choice("item", "項目", |typed| items.iter().find(|item| item.code == typed).map(|item| item.id)),
        all: query.choice("all", "範囲", |typed| (typed == "1").then_some(true)).unwrap_or(false),
    };
    let tasks = lists::all(&app.db, &filter, MOST).await?;
    let page = Frame::own(&app, STAFF, &member).saying(&mut query, &DONE).ignoring(query.into_ignored());
    html(&StaffPage { page, tasks, today: app.today(), filter, groups, items })
}
