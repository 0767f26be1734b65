//! The forms of the roll: from what was ticked and typed to a mark.

use super::mark::{Mark, Marking, Presence};
use super::roll::Line;
use crate::web::Form;

/// What was typed about a group or a guest.
pub(super) struct Typed {
    presence: Presence,
    people: i32,
    delegates: String,
    names_public: bool,
}

impl Typed {
    pub(super) fn draft(&self) -> Marking<'_> {
        Marking {
            presence: self.presence,
            people: self.people,
            delegates: &self.delegates,
            names_public: self.names_public,
        }
    }
}

/// Reads the detailed form of a seat.
pub(super) fn read(form: &mut Form) -> Option<Typed> {
    let presence = form.choice("state", "出席か欠席か", Presence::from_key);
    let people = form.number("people", "人数", 1, 500).unwrap_or(1);
    let delegates = form.block("delegates", "お名前", 1_000);
    let presence = presence.filter(|_| form.is_fine())?;
    let is_there = presence.is_there();
    Some(Typed {
        presence,
        people: if is_there { people } else { 0 },
        delegates: if is_there { delegates } else { String::new() },
        names_public: is_there && form.has("names_public", "1"),
    })
}

/// What one tap means: the people and names that were marked before, or else those of the reply.
pub(super) fn tapped(line: &Line, presence: Presence) -> Typed {
    if !presence.is_there() {
        return Typed { presence, people: 0, delegates: String::new(), names_public: false };
    }
    let marked = line.mark.as_ref().filter(|mark| mark.presence().is_there());
    match (marked, &line.reply) {
        (Some(mark), _) => {
            Typed { presence, people: mark.people, delegates: mark.delegates.clone(), names_public: mark.names_public }
        }
        (None, Some(reply)) => {
            let stands_in = presence == Presence::Proxy && !reply.proxy.is_empty();
            let delegates = if stands_in { &reply.proxy } else { &reply.delegates };
            Typed { presence, people: line.expected(), delegates: delegates.clone(), names_public: reply.names_public }
        }
        (None, None) => Typed { presence, people: 1, delegates: String::new(), names_public: false },
    }
}

/// Reads a guest: a name, how many, and whether the name may be published.
pub(super) fn read_guest(form: &mut Form) -> Option<(String, Typed)> {
    let name = form.needed_line("name", "団体かお名前", 200);
    let people = form.number("people", "人数", 1, 500).unwrap_or(1);
    let names_public = form.has("names_public", "1");
    let typed = Typed { presence: Presence::Present, people, delegates: String::new(), names_public };
    form.is_fine().then_some((name, typed))
}

/// A form that holds what is marked, or else what was replied.
pub(super) fn filled(line: &Line) -> Form {
    let presence = line.mark.as_ref().map_or(Presence::Present, Mark::presence);
    let typed = tapped(line, if presence.is_there() { presence } else { Presence::Present });
    let mut form = Form::new();
    if line.mark.is_some() {
        form.set("state", presence.key());
    }
    form.set("people", typed.people.to_string());
    form.set("delegates", typed.delegates);
    if typed.names_public {
        form.set("names_public", "1");
    }
    form.set("version", line.version().to_string());
    form
}
