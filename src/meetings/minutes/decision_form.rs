//! The form of a decision: from typed text to what is kept, and back.

use uuid::Uuid;

use super::point::Point;
use crate::meetings::convening::Room;
use crate::meetings::tasks::Kind;
use crate::meetings::tasks::decision::{Draft, Told};
use crate::web::Form;

/// Reads the form; nothing while something is wrong.
pub(super) fn read(form: &mut Form, points: &[Point], (room, owners): (&Room, &[(Uuid, String)])) -> Option<Draft> {
    let kind = form.choice("kind", "種類", Kind::from_key);
    let words = form.needed_block("words", "内容", 2_000);
    let agenda_item_id = points.iter().map(|point| point.id).find(|id| id.to_string() == form.get("point"));
    let owner_group = owners.iter().map(|(id, _)| *id).find(|id| id.to_string() == form.get("owner_group"));
    let owner = form.line("owner", "担当の課など", 200);
    let due_on = form.day("due_on", "期限");
    if kind == Some(Kind::Task) {
        if owner_group.is_none() && owner.is_empty() {
            form.fault("owner_group", "宿題には、担当の団体を選ぶか、担当の課などを書いてください。");
        }
        if due_on.is_none() && form.fault_of("due_on").is_none() {
            form.fault("due_on", "宿題には、期限の日を書いてください。");
        }
    }
    let items = room.items.iter().filter(|item| form.has("items", &item.code)).map(|item| item.id).collect();
    let kind = kind.filter(|_| form.is_fine())?;
    let is_owned = kind != Kind::Decision;
    Some(Draft {
        agenda_item_id,
        kind,
        words,
        owner_group: owner_group.filter(|_| is_owned),
        owner: if is_owned && owner_group.is_none() { owner } else { String::new() },
        due_on: due_on.filter(|_| is_owned),
        items,
    })
}

/// A form that holds a decision.
pub(super) fn filled(told: &Told) -> Form {
    let decision = &told.decision;
    let id = |id: Option<Uuid>| id.map(|id| id.to_string()).unwrap_or_default();
    let mut form = Form::filled([
        ("kind", decision.kind().key().to_owned()),
        ("words", decision.words.clone()),
        ("point", id(decision.agenda_item_id)),
        ("owner_group", id(decision.owner_group)),
        ("owner", decision.owner.clone()),
        ("due_on", decision.due_on.map(|day| day.to_string()).unwrap_or_default()),
        ("version", decision.version.to_string()),
    ]);
    for item in &told.items {
        form.add("items", item.code.clone());
    }
    form
}
